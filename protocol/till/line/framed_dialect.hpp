#pragma once

#include "protocol/till/frame_outbox.hpp"
#include "protocol/till/line/explain.hpp"
#include "protocol/till/line/frame.hpp"
#include "protocol/till/line/translator.hpp"
#include "protocol/till/restartable_timer.hpp"

namespace ecr::protocol::till::line {

/// Lines in frames, for serial links: STX text ETX LRC, ACK and NAK both ways.
class framed_dialect final : public dialect {
public:
    explicit framed_dialect(const settings& how) : translator_{how} {}

    void receive(std::string_view bytes, dialect_output& out) override;
    void send(reply_id id, const reply& what, dialect_output& out) override;
    [[nodiscard]] std::optional<std::chrono::milliseconds> timer() const override;
    void elapsed(dialect_output& out) override;
    [[nodiscard]] bool confirms_delivery() const override { return true; }
    [[nodiscard]] std::unique_ptr<trace_cutter> make_cutter() const override
    {
        return make_framed_cutter();
    }

private:
    enum class waiting : std::uint8_t { nothing, byte, acknowledgement, settling, resend };

    void handle(const frame_event& event, dialect_output& out);
    void hear(std::string_view text, dialect_output& out);
    void pump(dialect_output& out);
    void hang_up(dialect_output& out);
    void forget_last_if_settled();
    [[nodiscard]] waiting wait() const;
    void restart_timer() noexcept { timer_.restart(); }

    frame_reader frames_;
    frame_outbox outbox_{{.queue_max = frame_queue_max,
                          .tries_max = frame_tries_max,
                          .talked_over_max = frame_talked_over_max}};
    translator translator_;

    // The last frame that was served, while the till may not know yet that it was.
    std::string last_;
    std::uint64_t begun_at_last_ = 0;  // our frames that had been sent then

    restartable_timer timer_;
    bool closed_ = false;
};

}  // namespace ecr::protocol::till::line
