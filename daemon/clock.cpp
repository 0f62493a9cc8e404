#include "daemon/clock.hpp"

#include "daemon/stopwatch.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace ecr::daemon {

asio::steady_timer& clock::timer_of(alarm& a)
{
    return a.timer_;
}

void clock::ring(alarm& a)
{
    a.moment_->state = alarm::moment::come;
    a.timer_.cancel();
}

alarm::alarm(asio::any_io_executor executor, clock& source)
    : clock_{source}, timer_{executor, asio::steady_timer::time_point::max()}
{}

alarm::~alarm()
{
    moment_->state = moment::off;
    clock_.disarm(*this);
}

void alarm::set(milliseconds after)
{
    set_at(clock_.now() + after);
}

void alarm::set_at(milliseconds at)
{
    moment_->state = moment::off;
    moment_ = std::make_shared<moment>();
    clock_.disarm(*this);
    clock_.arm(*this, at);
}

void alarm::cancel()
{
    moment_->state = moment::off;
    clock_.disarm(*this);
    timer_.cancel();
}

asio::awaitable<bool> alarm::wait()
{
    const auto m = moment_;
    if (m->state == moment::ahead) {
        const auto [failed] = co_await timer_.async_wait(asio::as_tuple(asio::use_awaitable));
        if (!failed && m->state == moment::ahead) m->state = moment::come;
    }
    co_return m->state == moment::come;
}

std::chrono::nanoseconds stopwatch::moment()
{
    return std::chrono::steady_clock::now().time_since_epoch();
}

std::chrono::nanoseconds stopwatch::elapsed() const
{
    return moment() - begun_;
}

milliseconds real_clock::now() const
{
    return std::chrono::duration_cast<milliseconds>(
        std::chrono::steady_clock::now().time_since_epoch());
}

timestamp real_clock::wall() const
{
    return std::chrono::floor<milliseconds>(std::chrono::system_clock::now());
}

void real_clock::arm(alarm& a, milliseconds at)
{
    timer_of(a).expires_at(asio::steady_timer::time_point{at});
}

void real_clock::disarm(alarm&) {}

bool virtual_clock::advance_to_next(milliseconds limit)
{
    if (armed_.empty() || armed_.begin()->first > limit) {
        now_ = std::max(now_, limit);
        return false;
    }
    now_ = std::max(now_, armed_.begin()->first);
    while (!armed_.empty() && armed_.begin()->first <= now_) {
        auto& due = *armed_.begin()->second;
        armed_.erase(armed_.begin());
        ring(due);
    }
    return true;
}

void virtual_clock::arm(alarm& a, milliseconds at)
{
    timer_of(a).expires_at(asio::steady_timer::time_point::max());
    armed_.emplace(at, &a);
}

void virtual_clock::disarm(alarm& a)
{
    std::erase_if(armed_, [&](const auto& entry) { return entry.second == &a; });
}

asio::awaitable<bool> sleep_for(clock& source, milliseconds duration)
{
    alarm timer{co_await asio::this_coro::executor, source};
    timer.set(duration);
    co_return co_await timer.wait();
}

}  // namespace ecr::daemon
