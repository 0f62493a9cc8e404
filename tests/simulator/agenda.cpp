#include "tests/simulator/agenda.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <exception>

namespace ecr::simulator {

agenda::agenda(asio::any_io_executor executor, daemon::clock& source, const milliseconds* ahead)
    : executor_{executor},
      clock_{source},
      ahead_{ahead},
      alarm_{executor, source},
      nothing_to_do_{executor, asio::steady_timer::time_point::max()}
{}

void agenda::start()
{
    run_task(executor_, run());
}

void agenda::stop()
{
    stopped_ = true;
    clear();
}

agenda::entry agenda::after(milliseconds delay, std::function<void()> action)
{
    return at(clock_.now() + delay, std::move(action));
}

agenda::entry agenda::at(milliseconds moment, std::function<void()> action)
{
    const entry key{moment, next_id_++};
    const auto where = entries_.emplace(key, std::move(action)).first;
    if (where == entries_.begin()) nudge();
    return key;
}

void agenda::drop(const entry& which)
{
    const auto found = entries_.find(which);
    if (found == entries_.end()) return;
    const bool was_first = found == entries_.begin();
    entries_.erase(found);
    if (was_first) nudge();
}

void agenda::clear()
{
    entries_.clear();
    nudge();
}

void agenda::nudge()
{
    alarm_.cancel();
    nothing_to_do_.cancel();
}

asio::awaitable<void> agenda::run()
{
    const auto self = shared_from_this();
    while (!stopped_) {
        if (entries_.empty()) {
            co_await nothing_to_do_.async_wait(asio::as_tuple(asio::use_awaitable));
            continue;
        }
        const auto first = entries_.begin();
        if (first->first.first > clock_.now()) {
            alarm_.set_at(first->first.first);
            co_await alarm_.wait();
            continue;
        }
        const auto action = std::move(first->second);
        entries_.erase(first);
        action();
    }
}

void run_task(const asio::any_io_executor& executor, asio::awaitable<void> task)
{
    const auto rethrow = [](std::exception_ptr failed) {
        if (failed) std::rethrow_exception(failed);
    };
    asio::co_spawn(executor, std::move(task), rethrow);
}

}  // namespace ecr::simulator
