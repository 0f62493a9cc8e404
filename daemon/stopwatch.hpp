#pragma once

#include <chrono>

namespace ecr::daemon {

/// How long this machine takes for something: real time, by whatever clock the shop goes.
class stopwatch {
public:
    [[nodiscard]] std::chrono::nanoseconds elapsed() const;

private:
    static std::chrono::nanoseconds moment();

    std::chrono::nanoseconds begun_ = moment();
};

}  // namespace ecr::daemon
