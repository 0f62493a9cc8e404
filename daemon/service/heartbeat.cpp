#include "daemon/service/heartbeat.hpp"

#include "daemon/limits.hpp"
#include "daemon/service/service_manager.hpp"

#include <algorithm>
#include <utility>

namespace ecr::daemon {

heartbeat::heartbeat(asio::any_io_executor executor, clock& time, service_manager& manager,
                     vital_signs signs)
    : time_{time}, manager_{manager}, signs_{std::move(signs)}, next_{std::move(executor), time}
{}

asio::awaitable<void> heartbeat::run()
{
    if (!manager_.present()) co_return;
    milliseconds pace = limits::status_pace;
    if (const auto patience = manager_.patience()) pace = std::min(pace, *patience / 6);
    while (!stopped_) {
        if (is_hungry()) {
            co_await signs_.answers();
            manager_.feed();
            fed_at_ = time_.now();
        }
        manager_.status(signs_.sentence());
        next_.set(pace);
        (void)co_await next_.wait();
    }
}

void heartbeat::stop()
{
    stopped_ = true;
    next_.cancel();
}

bool heartbeat::is_hungry() const
{
    // Three times within its patience: one late answer of a slow disk is no reason to end it.
    const auto patience = manager_.patience();
    return patience && (!fed_at_ || time_.now() - *fed_at_ >= *patience / 3);
}

}  // namespace ecr::daemon
