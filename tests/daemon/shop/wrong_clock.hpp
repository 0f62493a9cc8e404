#pragma once

#include "tests/daemon/shop/shop.hpp"

#include <string>
#include <string_view>

namespace ecr::test {

/// A moment of that day in Hong Kong.
[[nodiscard]] inline timestamp hong_kong(int year, unsigned month, unsigned day,
                                         milliseconds of_day)
{
    return timestamp{std::chrono::sys_days{std::chrono::year{year} / static_cast<int>(month) /
                                           static_cast<int>(day)}} +
           of_day - cloud_utc_offset;
}

/// A shop whose machine is `ahead` of QFPay's time, which is `start`.
[[nodiscard]] inline shop_plan wrong_by(
    milliseconds ahead, timestamp start, std::function<void(daemon::config&)> bridge = [](auto&) {})
{
    return {.bridge = std::move(bridge),
            .cloud = [ahead](simulator::settings& c) { c.clock_offset = -ahead; },
            .start = start + ahead};
}

inline void daily_numbers(daemon::config& c)
{
    for (auto& link : c.links)
        link.numbers = daemon::numbering::daily;
}

/// Somebody, or a time server, sets this machine's clock. QFPay's goes on as before.
inline void set_pc_clock(shop& s, milliseconds by)
{
    s.time().shift_wall(by);
    s.cloud().behaviour().clock_offset -= by;
}

[[nodiscard]] inline std::size_t times_logged(std::string_view log, std::string_view event)
{
    std::size_t found = 0;
    for (auto at = log.find(event); at != log.npos; at = log.find(event, at + 1))
        ++found;
    return found;
}

}  // namespace ecr::test
