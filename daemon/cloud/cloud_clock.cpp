#include "daemon/cloud/cloud_clock.hpp"

#include "daemon/logging.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <vector>

namespace ecr::daemon {
namespace {

using namespace std::chrono_literals;

/// Both clocks drift apart by less than this while nobody sets one.
constexpr milliseconds set_from{1'000};

/// The digits at `at` as a number; -1: no digits.
int number(std::string_view text, std::size_t at, std::size_t size)
{
    int value = 0;
    const auto* end = text.data() + at + size;
    const auto [stopped, failed] = std::from_chars(text.data() + at, end, value);
    return failed == std::errc{} && stopped == end && value >= 0 ? value : -1;
}

}  // namespace

std::optional<timestamp> parse_http_date(std::string_view text)
{
    constexpr std::string_view shape = "Sun, 06 Nov 1994 08:49:37 GMT";
    static constexpr auto months = std::to_array<std::string_view>(
        {"Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"});
    if (text.size() != shape.size()) return std::nullopt;
    for (const std::size_t at : {3, 4, 7, 11, 16, 19, 22, 25, 26, 27, 28})
        if (text[at] != shape[at]) return std::nullopt;
    const auto* const month = std::ranges::find(months, text.substr(8, 3));
    if (month == months.end()) return std::nullopt;

    const auto day = std::chrono::year{number(text, 12, 4)} /
                     static_cast<int>(month - months.begin() + 1) / std::max(0, number(text, 5, 2));
    const int hour = number(text, 17, 2);
    const int minute = number(text, 20, 2);
    const int second = number(text, 23, 2);
    const bool in_day =
        hour >= 0 && hour < 24 && minute >= 0 && minute < 60 && second >= 0 && second <= 60;
    if (!day.ok() || number(text, 12, 4) < 0 || !in_day) return std::nullopt;
    return std::chrono::sys_days{day} + std::chrono::hours{hour} + std::chrono::minutes{minute} +
           std::chrono::seconds{second};
}

void cloud_clock::heard(std::string_view date, milliseconds took)
{
    const auto said = parse_http_date(date);
    if (!said || took > round_trip_max || took < 0ms) return;
    // The header leaves out what the second had of milliseconds: half of one, on average.
    const auto theirs = *said + 500ms;
    const auto ours = clock_.wall() - took / 2;
    samples_.push_back({std::chrono::duration_cast<milliseconds>(theirs - ours), boot()});
    if (samples_.size() > samples_max) samples_.pop_front();
    warn();
}

std::optional<milliseconds> cloud_clock::offset() const
{
    std::vector<milliseconds> good;
    for (const auto& each : samples_)
        if (std::chrono::abs(each.boot - boot()) <= set_from) good.push_back(each.offset);
    if (good.empty()) return std::nullopt;
    const auto middle = good.begin() + static_cast<std::ptrdiff_t>(good.size() / 2);
    std::ranges::nth_element(good, middle);
    return *middle;
}

timestamp cloud_clock::now() const
{
    return clock_.wall() + offset().value_or(0ms);
}

void cloud_clock::warn()
{
    const auto off = offset();
    if (!off) return;
    // Once: a clock that stays wrong is shown by `terminals`, and a log is for what happens.
    if (std::chrono::abs(*off) < calm_below) warned_ = false;
    if (warned_ || std::chrono::abs(*off) < warn_from) return;
    warned_ = true;
    log(log_level::warning, "cloud.clock",
        {{"ahead_s", *off / 1s},
         {"why", "the clock of this machine differs from the cloud's: set it, or let it be set"}});
}

}  // namespace ecr::daemon
