#pragma once

#include "protocol/till/qfpay_local/explain.hpp"
#include "protocol/till/qfpay_local/restartable_timer.hpp"
#include "protocol/till/qfpay_local/translator.hpp"

namespace ecr::protocol::till::qfpay_local {

/// Base64 on a stream, without a delimiter: a message ends where it decrypts and its digest fits.
/// Answers go out in the order in which they become known.
class tcp_dialect final : public dialect {
public:
    explicit tcp_dialect(const settings& how) : translator_{how} {}

    void receive(std::string_view bytes, dialect_output& out) override;
    void send(reply_id id, const reply& what, dialect_output& out) override;
    [[nodiscard]] std::optional<std::chrono::milliseconds> timer() const override;
    void elapsed(dialect_output& out) override;
    [[nodiscard]] bool confirms_delivery() const override { return false; }
    [[nodiscard]] std::unique_ptr<trace_cutter> make_cutter() const override
    {
        return make_tcp_cutter(translator_.how().pos_key);
    }

private:
    void take(char c, dialect_output& out);
    void take_plain(char c, dialect_output& out);
    void take_base64(char c, dialect_output& out);
    void end_line();
    void try_to_open(dialect_output& out);
    void read(const opened& request, dialect_output& out);
    void throw_away();
    void put(const sealed_answer& what, dialect_output& out) const;
    void forget();
    [[nodiscard]] bool inside() const noexcept { return !buffer_.empty() || dropped_ > 0; }

    translator translator_;
    restartable_timer timer_;
    std::string buffer_;               // Base64 digits, or the begin of an object
    std::vector<std::size_t> starts_;  // in buffer_: where a message may begin
    object_scanner scanner_;
    bool plain_ = false;       // buffer_ is the begin of an object
    std::size_t dropped_ = 0;  // since the last message
    char before_ = 0;
    std::string_view line_end_;  // as the till ends its messages
    bool closed_ = false;
};

}  // namespace ecr::protocol::till::qfpay_local
