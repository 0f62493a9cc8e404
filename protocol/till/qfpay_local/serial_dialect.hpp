#pragma once

#include "protocol/till/qfpay_local/explain.hpp"
#include "protocol/till/qfpay_local/fragments.hpp"
#include "protocol/till/qfpay_local/frame_outbox.hpp"
#include "protocol/till/qfpay_local/restartable_timer.hpp"
#include "protocol/till/qfpay_local/translator.hpp"

namespace ecr::protocol::till::qfpay_local {

/// Frames on a serial line: each request is acknowledged at once, its result is a frame of ours.
class serial_dialect final : public dialect {
public:
    explicit serial_dialect(const settings& how) : translator_{how} {}

    void receive(std::string_view bytes, dialect_output& out) override;
    void send(reply_id id, const reply& what, dialect_output& out) override;
    [[nodiscard]] std::optional<std::chrono::milliseconds> timer() const override;
    void elapsed(dialect_output& out) override;
    [[nodiscard]] bool confirms_delivery() const override { return true; }
    [[nodiscard]] std::unique_ptr<trace_cutter> make_cutter() const override
    {
        return make_serial_cutter(translator_.how().pos_key);
    }

private:
    enum class waiting : std::uint8_t { nothing, byte, fragment, acknowledgement, late, repeat };

    void handle(frame_event&& event, dialect_output& out);
    void hear(frame_event&& frame, dialect_output& out);
    void serve(std::uint8_t ref, std::string data, dialect_output& out);
    [[nodiscard]] std::uint8_t read(std::uint8_t ref, const std::string& data, dialect_output& out);
    void pump(dialect_output& out);
    void hang_up(dialect_output& out);
    [[nodiscard]] waiting wait() const;

    translator translator_;
    frame_reader frames_;
    fragments fragments_;
    frame_outbox outbox_;
    restartable_timer timer_;

    /// The last request that was answered, while the till may not know yet that it was.
    struct answered_request {
        std::uint8_t ref = 0;  // 0: none
        std::string data;
        std::uint8_t with = 0;  // type
        std::string about;      // what the outbox calls its answer
    } last_;
    bool closed_ = false;
};

}  // namespace ecr::protocol::till::qfpay_local
