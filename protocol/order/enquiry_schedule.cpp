#include "protocol/order/enquiry_schedule.hpp"

#include <algorithm>

namespace ecr::protocol {
namespace {

constexpr int doublings_max = 12;  // keeps the shift below any overflow; the caps come far earlier

milliseconds after_failures(const enquiry_pace& pace, const enquiry_moment& moment,
                            milliseconds most) noexcept
{
    const int doublings = std::clamp(moment.failures - 1, 0, doublings_max);
    const auto wait = std::min(most, pace.outage_first * (1 << doublings));
    // Up to a quarter less, so that bridges that lost the cloud together do not return together.
    const auto spread = static_cast<double>(wait.count()) * 0.25 * moment.jitter;
    return wait - milliseconds{static_cast<std::int64_t>(spread)};
}

milliseconds watch_interval(const enquiry_pace& pace, milliseconds age) noexcept
{
    if (age < pace.doubt_until) return pace.doubt;
    if (age < pace.watch_soon_until) return pace.watch_soon;
    return pace.watch;
}

milliseconds waiting_interval(const enquiry_pace& pace, const enquiry_moment& moment) noexcept
{
    switch (moment.last) {
        case last_answer::none: return std::max(milliseconds{0}, pace.first - moment.age);
        case last_answer::processing: return pace.after_processing;
        case last_answer::unconfirmed: return pace.confirmation;
        case last_answer::failed: return after_failures(pace, moment, pace.outage_max_waiting);
        case last_answer::undecided: return pace.while_waiting;
    }
    return pace.while_waiting;
}

}  // namespace

milliseconds window_end(const enquiry_pace& pace, milliseconds payment_timeout) noexcept
{
    return payment_timeout + pace.window_slack;
}

milliseconds patience_end(const enquiry_pace& pace, milliseconds payment_timeout) noexcept
{
    return window_end(pace, payment_timeout) + pace.conclusion + pace.patience;
}

enquiry_phase phase_of(const enquiry_pace& pace, milliseconds age,
                       milliseconds payment_timeout) noexcept
{
    if (age < window_end(pace, payment_timeout)) return enquiry_phase::window;
    if (age < patience_end(pace, payment_timeout)) return enquiry_phase::conclusion;
    if (age < pace.watch_until) return enquiry_phase::doubt;
    return enquiry_phase::over;
}

std::optional<milliseconds> next_enquiry(const enquiry_pace& pace,
                                         const enquiry_moment& moment) noexcept
{
    const auto phase = phase_of(pace, moment.age, moment.payment_timeout);
    if (phase == enquiry_phase::over) return std::nullopt;
    if (moment.last == last_answer::unconfirmed) return pace.confirmation;

    if (moment.settled || phase == enquiry_phase::doubt) {
        if (moment.last == last_answer::failed)
            return after_failures(pace, moment,
                                  std::max(pace.outage_max, watch_interval(pace, moment.age)));
        return watch_interval(pace, moment.age);
    }

    const auto wait = waiting_interval(pace, moment);
    // Not past the end of the window: the terminal has to be told to cancel then.
    const auto end = window_end(pace, moment.payment_timeout);
    if (phase == enquiry_phase::window && moment.age + wait > end) return end - moment.age;
    return wait;
}

}  // namespace ecr::protocol
