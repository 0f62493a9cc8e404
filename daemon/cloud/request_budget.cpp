#include "daemon/cloud/request_budget.hpp"

#include <boost/asio/co_spawn.hpp>

#include <algorithm>
#include <exception>

namespace ecr::daemon {
namespace {

constexpr milliseconds minute{60'000};
constexpr milliseconds second{1'000};
constexpr milliseconds refusal_first{1'000};
constexpr int refusal_doublings_max = 5;  // 32 s: the minute slides on meanwhile

}  // namespace

request_budget::request_budget(asio::any_io_executor executor, clock& time, int per_minute,
                               int per_second)
    : executor_{std::move(executor)}, clock_{time}, per_minute_{per_minute}, per_second_{per_second}
{}

milliseconds request_budget::wait_needed(importance who)
{
    const auto now = clock_.now();
    while (!sent_.empty() && sent_.front() + minute <= now)
        sent_.pop_front();

    milliseconds wait = std::max(milliseconds{0}, not_before_ - now);
    // A tenth is kept for money, so that enquiries alone can never hold up a sale.
    const auto reserve = who == importance::money ? 0 : per_minute_ / 10;
    const auto minute_max = static_cast<std::size_t>(std::max(1, per_minute_ - reserve));
    if (sent_.size() >= minute_max)
        wait = std::max(wait, sent_[sent_.size() - minute_max] + minute - now);
    const auto second_max = static_cast<std::size_t>(per_second_);
    if (sent_.size() >= second_max)
        wait = std::max(wait, sent_[sent_.size() - second_max] + second - now);
    return wait;
}

asio::awaitable<bool> request_budget::turn(importance who)
{
    if (stopped_) co_return false;
    if (line_.size() == 0 && wait_needed(who) == milliseconds{0}) {
        sent_.push_back(clock_.now());
        co_return true;
    }
    if (!serving_) {
        serving_ = true;
        asio::co_spawn(executor_, serve(), [](std::exception_ptr failed) {
            if (failed) std::rethrow_exception(failed);
        });
    }
    const bool called = co_await line_.wait(static_cast<int>(who));
    co_return called;
}

asio::awaitable<void> request_budget::serve()
{
    // The waiter enters the line after this is spawned, so look only once it had the chance.
    (void)co_await sleep_for(clock_, milliseconds{1});
    while (!stopped_ && line_.size() > 0) {
        const auto who = static_cast<importance>(line_.first_priority());
        const auto wait = wait_needed(who);
        if (wait > milliseconds{0}) {
            // Not longer than it takes to notice that somebody more important has come.
            (void)co_await sleep_for(clock_, std::min(wait, milliseconds{100}));
            continue;
        }
        sent_.push_back(clock_.now());
        line_.call_next();
    }
    serving_ = false;
}

void request_budget::refused()
{
    const int doublings = std::min(refusals_++, refusal_doublings_max);
    not_before_ = std::max(not_before_, clock_.now() + refusal_first * (1 << doublings));
}

void request_budget::stop()
{
    stopped_ = true;
    line_.send_away_all();
}

}  // namespace ecr::daemon
