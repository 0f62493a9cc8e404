#pragma once

#include "daemon/clock.hpp"

#include <functional>
#include <optional>
#include <string>

namespace ecr::daemon {

class service_manager;

/// What a heartbeat looks at.
struct vital_signs {
    /// Returns when the thread of the journal has answered.
    std::function<asio::awaitable<void>()> answers;
    /// How things stand, in a sentence.
    std::function<std::string()> sentence;
};

/// Feeds the manager's watchdog and keeps its sentence true. Runs on the loop that runs the orders,
/// and feeds only after the journal's thread has answered: a bridge of which either is stuck is
/// ended by the manager, and started again.
class heartbeat {
public:
    heartbeat(asio::any_io_executor executor, clock& time, service_manager& manager,
              vital_signs signs);

    /// Returns at once when there is no manager, else after stop().
    [[nodiscard]] asio::awaitable<void> run();
    void stop();

private:
    [[nodiscard]] bool is_hungry() const;

    clock& time_;
    service_manager& manager_;
    vital_signs signs_;
    alarm next_;
    std::optional<milliseconds> fed_at_;
    bool stopped_ = false;
};

}  // namespace ecr::daemon
