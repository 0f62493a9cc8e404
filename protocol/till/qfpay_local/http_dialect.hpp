#pragma once

#include "protocol/till/qfpay_local/explain.hpp"
#include "protocol/till/qfpay_local/http_reader.hpp"
#include "protocol/till/qfpay_local/restartable_timer.hpp"
#include "protocol/till/qfpay_local/translator.hpp"

namespace ecr::protocol::till::qfpay_local {

/// One HTTP/1 connection. One request at a time: what a till sends early waits for the answer to
/// what it sent before.
class http_dialect final : public dialect {
public:
    explicit http_dialect(const settings& how) : translator_{how} {}

    void receive(std::string_view bytes, dialect_output& out) override;
    void send(reply_id id, const reply& what, dialect_output& out) override;
    [[nodiscard]] std::optional<std::chrono::milliseconds> timer() const override;
    void elapsed(dialect_output& out) override;
    [[nodiscard]] bool confirms_delivery() const override { return false; }
    [[nodiscard]] std::unique_ptr<trace_cutter> make_cutter() const override
    {
        return make_http_cutter(translator_.how().pos_key);
    }

private:
    /// How the request in hand wants its answer.
    struct manner {
        std::string origin;
        bool keep_alive = false;
        bool quoted = false;  // its body was a JSON string
        bool head = false;
    };

    void pump(dialect_output& out);
    void handle(const http_event& event, dialect_output& out);
    void serve(const http_request& request, dialect_output& out);
    void serve_post(const http_request& request, dialect_output& out);
    void preflight(const http_request& request, dialect_output& out);
    void refuse(std::string_view status_line, std::string_view code, std::string text,
                dialect_output& out);
    void answer_with(const sealed_answer& what, dialect_output& out);
    void respond(std::string_view status_line, std::string_view more_headers, std::string_view body,
                 dialect_output& out);
    void hang_up(dialect_output& out);

    translator translator_;
    http_reader reader_;
    restartable_timer timer_;
    manner manner_;
    bool serving_ = false;  // a command is being served; its answer goes first
    bool deaf_ = false;     // it sent too much meanwhile: hang up after the answer
    bool closed_ = false;
};

}  // namespace ecr::protocol::till::qfpay_local
