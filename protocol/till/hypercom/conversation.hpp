#pragma once

#include "protocol/till/frame_outbox.hpp"
#include "protocol/till/hypercom/explain.hpp"
#include "protocol/till/hypercom/frame.hpp"
#include "protocol/till/hypercom/request.hpp"
#include "protocol/till/restartable_timer.hpp"

#include <optional>
#include <string>

namespace ecr::protocol::till::hypercom {

/// Requests and responses with one till. The messages name no exchange, so at most one is open: a
/// new request ends the one before, and what is still to be said about that is never sent.
class conversation final : public dialect {
public:
    explicit conversation(const settings& how);

    void receive(std::string_view bytes, dialect_output& out) override;
    void send(reply_id id, const reply& what, dialect_output& out) override;
    [[nodiscard]] std::optional<std::chrono::milliseconds> timer() const override;
    void elapsed(dialect_output& out) override;
    [[nodiscard]] bool confirms_delivery() const override { return how_.acknowledges; }
    [[nodiscard]] std::unique_ptr<trace_cutter> make_cutter() const override
    {
        return make_frame_cutter();
    }

private:
    enum class waiting : std::uint8_t { nothing, byte, acknowledgement, settling, resend };

    void handle(const frame_event& event, dialect_output& out);
    void hear(std::string_view bytes, dialect_output& out);
    void hear_again(dialect_output& out);
    void begin(message&& request, dialect_output& out);
    void respond(std::optional<reply_id> id, const message& m, dialect_output& out);
    void pump(dialect_output& out);
    void bad(dialect_output& out);
    void hang_up(dialect_output& out);
    void forget_request();
    void forget_request_if_over();
    [[nodiscard]] waiting wait() const noexcept;

    settings how_;
    frame_reader frames_;
    frame_outbox outbox_;  // used when the till acknowledges
    restartable_timer timer_;
    int bad_in_a_row_ = 0;
    bool closed_ = false;

    // The exchange. `tag_` is empty when no reply is waited for.
    std::uint64_t exchanges_ = 0;
    std::string tag_;
    message request_;
    bool responded_ = false;
    std::string response_;          // of a till that acknowledges nothing: its frame
    std::optional<reply_id> held_;  // and whose it is, while it waits for
    bool holding_ = false;          // the till to stop sending

    // The request as it came, while the till may not know that it has arrived.
    std::string last_;
    std::chrono::milliseconds since_last_{};
};

}  // namespace ecr::protocol::till::hypercom
