#pragma once

#include "daemon/clock.hpp"
#include "daemon/limits.hpp"

#include <cstdint>
#include <optional>
#include <utility>

namespace ecr::daemon {

/// Keeps strangers from filling the log: one line a minute for each kind of nuisance.
class log_pace {
public:
    explicit log_pace(const clock& time) : time_{time} {}

    /// How many times it has happened since the last line, this one included; 0: no line now.
    [[nodiscard]] std::uint64_t happened()
    {
        ++held_;
        if (said_at_ && time_.now() - *said_at_ < limits::nuisance_log_pace) return 0;
        said_at_ = time_.now();
        return std::exchange(held_, 0);
    }

private:
    const clock& time_;
    std::optional<milliseconds> said_at_;
    std::uint64_t held_ = 0;
};

}  // namespace ecr::daemon
