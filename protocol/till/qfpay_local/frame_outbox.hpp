#pragma once

#include "protocol/till/dialect.hpp"

#include <cstdint>
#include <deque>
#include <optional>
#include <string>

namespace ecr::protocol::till::qfpay_local {

/// Answers on their way to a serial till: one at a time, repeated until it says 20.
class frame_outbox {
public:
    /// `about`: what it answers, for settled(). The caller keeps to frame_queue_max.
    void put(std::optional<reply_id> id, std::string about, std::string text);

    /// Sends the next one when none is on its way. True when it did.
    bool pump(dialect_output& out);

    /// A 20. Returns: what was answered with that; empty: a 20 for nothing.
    std::string acknowledged(std::uint8_t ref, dialect_output& out);
    /// An error from the till about our frame: the same one again.
    void refused(std::uint8_t ref, dialect_output& out);
    /// No 20 in time: likewise. Given up after frame_tries_max.
    void elapsed(dialect_output& out);
    /// The till said something else instead. True when that counts as a wait in vain.
    bool talked_over(dialect_output& out);

    void close(dialect_output& out);

    [[nodiscard]] bool flying() const noexcept { return flying_; }
    [[nodiscard]] std::size_t size() const noexcept { return queue_.size(); }

private:
    struct entry {
        std::optional<reply_id> id;
        std::string about;
        std::string text;
    };

    void transmit(dialect_output& out);
    void finish(bool delivered, dialect_output& out);

    std::deque<entry> queue_;
    bool flying_ = false;  // the first of queue_ is
    std::uint8_t ref_ = 0;
    int tries_ = 0;
    int talked_over_ = 0;
};

}  // namespace ecr::protocol::till::qfpay_local
