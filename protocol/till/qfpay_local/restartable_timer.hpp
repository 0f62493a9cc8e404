#pragma once

#include <chrono>
#include <utility>

namespace ecr::protocol::till::qfpay_local {

/// A dialect's caller starts a timer anew when its value changes; an odd millisecond makes it
/// change.
class restartable_timer {
public:
    void restart() noexcept { restart_ = true; }

    /// Once a call, so that a timer started twice in it is still seen to have changed.
    void end_call() noexcept
    {
        if (std::exchange(restart_, false)) odd_ = !odd_;
    }

    [[nodiscard]] std::chrono::milliseconds of(std::chrono::milliseconds wait) const noexcept
    {
        return wait + std::chrono::milliseconds{odd_ ? 1 : 0};
    }

private:
    bool restart_ = false;
    bool odd_ = false;
};

}  // namespace ecr::protocol::till::qfpay_local
