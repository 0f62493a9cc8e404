#pragma once

#include <chrono>
#include <optional>
#include <utility>

namespace ecr::protocol::till {

/// A caller of dialect::timer() starts anew when the value changes. This makes it change when the
/// wait has to start anew though it is as long as before: by an odd millisecond.
class restartable_timer {
public:
    void restart() noexcept { wanted_ = true; }
    /// Once a call of the dialect, so that a timer started twice in it is still seen to change.
    void end_call() noexcept
    {
        if (std::exchange(wanted_, false)) odd_ = !odd_;
    }
    /// `wait` as the caller is to see it; zero: no timer.
    [[nodiscard]] std::optional<std::chrono::milliseconds> value(
        std::chrono::milliseconds wait) const noexcept
    {
        if (wait == wait.zero()) return std::nullopt;
        return wait + std::chrono::milliseconds{odd_ ? 1 : 0};
    }

private:
    bool wanted_ = false;
    bool odd_ = false;
};

}  // namespace ecr::protocol::till
