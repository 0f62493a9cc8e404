#pragma once

#include "protocol/till/dialect.hpp"

#include <optional>
#include <string>
#include <vector>

namespace ecr::protocol::till {

struct outbox_limits {
    std::size_t queue_max = 1;  // replies waiting, the one that flies included
    int tries_max = 1;          // transmissions of one frame
    int talked_over_max = 1;    // frames of the till that count as one wait for an ACK
};

/// What goes first when the queue is full: the least of these.
enum class worth : std::uint8_t { progress, accepted, row, answer, outcome };

/// Our side of a link with ACK and NAK: one frame at a time, each until it is acknowledged or given
/// up. Every reply put in gets exactly one receipt. Knows no frame: it is given whole ones.
class frame_outbox {
public:
    explicit frame_outbox(const outbox_limits& how) : how_{how} {}

    /// `id` is empty for our own errors: nobody waits for a receipt.
    void put(std::optional<reply_id> id, worth value, std::string bytes, dialect_output& out);

    /// Sends the next frame when none is on its way. Not to be called while the till is sending.
    void pump(dialect_output& out);

    void acknowledged(dialect_output& out);
    void refused(dialect_output& out);
    /// The time of wait() is over.
    void elapsed(dialect_output& out);
    /// The till has sent a frame of its own while ours is unanswered. A few of these are as good as
    /// silence: each starts the timer anew, and a till that never falls silent must not stop us.
    ///
    /// Returns: true when the timer has to start anew.
    [[nodiscard]] bool talked_over(dialect_output& out);
    /// Gives everything up: the till has turned to something else. ACKs that are still on their way
    /// are waited for as ever, so that they cannot be taken for those of the next frame.
    void withdraw(dialect_output& out);
    /// Gives everything up: the link is lost.
    void close(dialect_output& out);

    enum class waiting : std::uint8_t { nothing, acknowledgement, settling };
    [[nodiscard]] waiting wait() const noexcept;

    [[nodiscard]] bool empty() const noexcept { return queue_.empty(); }

    /// True when a further outcome would have nothing to push out.
    [[nodiscard]] bool full_of_answers() const noexcept;

    /// Frames sent so far, repeats not counted.
    [[nodiscard]] std::uint64_t begun() const noexcept { return begun_; }
    /// The last of them that was acknowledged, or given up after silence.
    [[nodiscard]] std::uint64_t settled() const noexcept { return settled_; }

private:
    struct entry {
        std::optional<reply_id> id;
        worth value{};
        std::string bytes;
    };

    void transmit(dialect_output& out);
    void finish(bool delivered, dialect_output& out);
    static void receipt(const entry& e, bool delivered, dialect_output& out);

    outbox_limits how_;
    std::vector<entry> queue_;  // the front is the one that flies
    bool flying_ = false;
    int tries_ = 0;
    int talked_over_ = 0;
    int unanswered_ = 0;  // transmissions of the frames so far that were neither ACKed nor NAKed
    std::uint64_t begun_ = 0;
    std::uint64_t settled_ = 0;
};

}  // namespace ecr::protocol::till
