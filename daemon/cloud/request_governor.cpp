#include "daemon/cloud/request_governor.hpp"

#include <algorithm>
#include <cmath>

namespace ecr::daemon {
namespace {

constexpr milliseconds none{0};
constexpr milliseconds second{1'000};
constexpr milliseconds minute{60'000};

constexpr milliseconds refusal_first{1'000};
constexpr int refusal_doublings_max = 5;  // 32 s
constexpr double share_min = 1.0 / 16;
constexpr double recovery_a_minute = 0.12;  // of the full pace: half of it returns in four minutes

/// How many of our own requests must have left the cloud's minute before the next enquiry, beyond
/// what the others are thought to need.
constexpr std::size_t distance_parts = 40;

}  // namespace

request_governor::request_governor(asio::any_io_executor executor, clock& time, int per_minute,
                                   int per_second)
    : clock_{time},
      per_minute_{per_minute},
      per_second_{per_second},
      reserve_{per_minute / 32},
      burst_{std::max(1.0, per_minute / 100.0)},
      tokens_{burst_},
      filled_{time.now()},
      next_{std::move(executor), time}
{}

std::size_t request_governor::in_line() const
{
    std::size_t all = 0;
    for (const auto& each : lines_)
        all += each.size();
    return all;
}

/// What money used in the last minute is not there for enquiries. Said by a slower pace, not by a
/// pause.
double request_governor::pace() const
{
    const auto money = static_cast<double>(money_.size());
    const double floor = std::max(0.5, per_minute_ / 20.0);
    const double left = std::max(per_minute_ - reserve_ - burst_ - money, floor);
    return share_ * left / static_cast<double>(minute.count());
}

void request_governor::bring_up_to_date()
{
    const auto now = clock_.now();
    for (auto* each : {&sent_, &money_})
        while (!each->empty() && each->front() + minute <= now)
            each->pop_front();
    const auto passed = static_cast<double>((now - filled_).count());
    tokens_ = std::min(burst_, tokens_ + passed * pace());
    // The cloud's minute still remembers a refusal for as long.
    const auto calm_since = std::max(filled_, refused_last_ + minute);
    if (share_ < 1 && now > calm_since)
        share_ = std::min(1.0, share_ + recovery_a_minute *
                                            static_cast<double>((now - calm_since).count()) /
                                            static_cast<double>(minute.count()));
    filled_ = now;
    if (own_max_ && sent_.size() <= *own_max_) own_max_.reset();
}

/// Until fewer than so many were sent in the last minute and the last second.
milliseconds request_governor::wait_within(std::size_t minute_max, std::size_t second_max) const
{
    const auto now = clock_.now();
    auto wait = std::max(none, not_before_ - now);
    if (sent_.size() >= minute_max)
        wait = std::max(wait, sent_[sent_.size() - minute_max] + minute - now);
    if (sent_.size() >= second_max)
        wait = std::max(wait, sent_[sent_.size() - second_max] + second - now);
    return wait;
}

milliseconds request_governor::wait_needed(importance who)
{
    bring_up_to_date();
    const auto at_least_one = [](int count) {
        return static_cast<std::size_t>(std::max(1, count));
    };
    if (who == importance::money)
        return wait_within(at_least_one(per_minute_), at_least_one(per_second_));

    auto minute_max = at_least_one(per_minute_ - reserve_);
    if (own_max_) minute_max = std::min(minute_max, *own_max_ + 1);
    auto wait = wait_within(minute_max, at_least_one(per_second_ - per_second_ / 10));
    if (tokens_ < 1)
        wait = std::max(
            wait, milliseconds{static_cast<milliseconds::rep>(std::ceil((1 - tokens_) / pace()))});
    return wait;
}

void request_governor::note(importance who)
{
    sent_.push_back(clock_.now());
    if (who == importance::money) {
        money_.push_back(clock_.now());
        return;
    }
    tokens_ -= 1;
    for (std::size_t i = 1; i < importance_count; ++i)
        passed_over_[i] = lines_[i].size() > 0 ? passed_over_[i] + 1 : 0;
    passed_over_[static_cast<std::size_t>(who)] = 0;
}

importance request_governor::next_class() const
{
    std::size_t chosen = 0;
    while (chosen + 1 < importance_count && lines_[chosen].size() == 0)
        ++chosen;
    if (chosen == 0) return importance::money;
    for (std::size_t i = chosen + 1; i < importance_count; ++i)
        if (lines_[i].size() > 0 && passed_over_[i] >= passed_over_max &&
            passed_over_[i] >= passed_over_[chosen])
            chosen = i;
    return static_cast<importance>(chosen);
}

void request_governor::serve()
{
    while (!stopped_ && in_line() > 0) {
        const auto who = next_class();
        const auto wait = wait_needed(who);
        if (wait > none) {
            next_.set(wait);
            next_.on_ring([this] { serve(); });
            return;
        }
        note(who);
        line(who).call_next();
    }
}

asio::awaitable<bool> request_governor::turn(importance who)
{
    if (stopped_) co_return false;
    const bool first = who == importance::money ? line(who).size() == 0 : in_line() == 0;
    const auto wait = wait_needed(who);
    if (first && wait == none) {
        note(who);
        co_return true;
    }
    // The alarm rings from the loop, and so finds the waiter in its line. Whoever was first before
    // this one keeps the alarm, unless this one is to go before him.
    if (first) {
        next_.set(wait);
        next_.on_ring([this] { serve(); });
    }
    const auto arrived = arrivals_.insert(clock_.now());
    const bool called = co_await line(who).wait();
    arrivals_.erase(arrived);
    co_return called;
}

void request_governor::give_back(importance who)
{
    if (!sent_.empty()) sent_.pop_back();
    if (who == importance::money && !money_.empty()) money_.pop_back();
    if (who != importance::money) tokens_ = std::min(burst_, tokens_ + 1);
    serve();
}

/// A refusal proves that the cloud has counted `per_minute_` requests in its minute, ours and those
/// of bridges we cannot see. Ours are known, so the others are what is missing. They go on
/// meanwhile: when our own log is shorter than a minute, theirs may be too, and will grow as ours
/// did; more than half of the budget nobody should need.
void request_governor::refused()
{
    const auto now = clock_.now();
    bring_up_to_date();
    if (now < not_before_) return;  // sent before the refusal that is being waited for
    const int doublings = std::min(refusals_++, refusal_doublings_max);
    not_before_ = now + refusal_first * (1 << doublings);
    refused_last_ = now;
    if (!own_max_) share_ = std::max(share_min, share_ / 2);
    tokens_ = std::min(tokens_, 0.0);

    const auto limit = static_cast<std::size_t>(per_minute_);
    const auto own = sent_.size();
    const auto others = limit > own ? limit - own : 0;
    const auto span = own == 0 ? minute : std::max(second, now - sent_.front());
    const auto grown = others * static_cast<std::size_t>(minute / second) /
                       static_cast<std::size_t>(std::max<std::int64_t>(1, span / second));
    const auto foreign = std::max(others, std::min(grown, limit / 2));
    const auto distance = std::max<std::size_t>(1, limit / distance_parts);
    const auto fits = std::min(own, limit > foreign ? limit - foreign : 0);
    own_max_ = fits > distance ? fits - distance : 0;
    serve();
}

void request_governor::answered()
{
    // An answer to something sent before the refusal says nothing about it.
    if (clock_.now() >= not_before_) refusals_ = 0;
}

headroom request_governor::room() const
{
    const auto now = clock_.now();
    const auto recent = std::ranges::upper_bound(sent_, now - minute);
    headroom it{.used_last_minute = static_cast<int>(sent_.end() - recent),
                .per_minute = per_minute_,
                .backing_off = now < not_before_ || own_max_.has_value()};
    for (std::size_t i = 0; i < importance_count; ++i)
        it.waiting[i] = lines_[i].size();
    if (!arrivals_.empty()) it.longest_wait = now - *arrivals_.begin();
    return it;
}

void request_governor::stop()
{
    stopped_ = true;
    next_.cancel();
    for (auto& each : lines_)
        each.send_away_all();
}

}  // namespace ecr::daemon
