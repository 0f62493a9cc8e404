#include "protocol/cloud/query_window.hpp"

#include <algorithm>

namespace ecr::protocol::cloud {
namespace {

using std::chrono::floor;
using std::chrono::seconds;

std::chrono::year_month calendar_month_of(timestamp at) noexcept
{
    const std::chrono::year_month_day day{floor<std::chrono::days>(at + cloud_utc_offset)};
    return day.year() / day.month();
}

timestamp start_of(std::chrono::year_month month) noexcept
{
    return timestamp{std::chrono::sys_days{month / 1}} - cloud_utc_offset;
}

}  // namespace

month_window month_of(timestamp at) noexcept
{
    const auto month = calendar_month_of(at);
    return {start_of(month), start_of(month + std::chrono::months{1}) - seconds{1}};
}

bool in_one_month(timestamp a, timestamp b) noexcept
{
    return calendar_month_of(a) == calendar_month_of(b);
}

std::vector<month_window> months_to_ask(timestamp from, timestamp to)
{
    const timestamp first = floor<seconds>(from);
    const timestamp last = floor<seconds>(to);
    std::vector<month_window> windows;
    for (auto start = first; start <= last;) {
        const auto end = month_of(start).end;
        windows.push_back({start, std::min(end, last)});
        start = end + seconds{1};
    }
    return windows;
}

std::vector<month_window> windows_for_order(timestamp sent_at, timestamp now)
{
    const auto own = month_of(sent_at);
    const auto before = month_of(own.start - seconds{1});
    const auto after = month_of(own.end + seconds{1});
    std::vector<month_window> windows{own};
    if (sent_at - month_margin < own.start) windows.push_back(before);
    if (sent_at + month_margin >= after.start || now >= after.start) windows.push_back(after);
    return windows;
}

}  // namespace ecr::protocol::cloud
