#include "protocol/timestamp.hpp"

#include <array>
#include <charconv>
#include <cstdio>

namespace ecr {
namespace {

struct civil {
    std::chrono::year_month_day day{};
    std::chrono::hh_mm_ss<std::chrono::milliseconds> time;
};

civil civil_of(timestamp at) noexcept
{
    const auto midnight = std::chrono::floor<std::chrono::days>(at);
    return {std::chrono::year_month_day{midnight}, std::chrono::hh_mm_ss{at - midnight}};
}

template <class... Args>
std::string formatted(const char* format, Args... args)
{
    std::array<char, 40> text{};
    const int size = std::snprintf(text.data(), text.size(), format, args...);
    return {text.data(), static_cast<std::size_t>(size)};
}

bool read_number(std::string_view text, int& value) noexcept
{
    if (text.starts_with('-')) return false;  // from_chars would take the sign for part of a field
    const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), value);
    return failed == std::errc{} && end == text.data() + text.size();
}

}  // namespace

std::string to_cloud_time(timestamp at)
{
    const auto [day, time] = civil_of(at + cloud_utc_offset);
    return formatted("%04d-%02u-%02u %02ld:%02ld:%02lld", int{day.year()}, unsigned{day.month()},
                     unsigned{day.day()}, time.hours().count(), time.minutes().count(),
                     static_cast<long long>(time.seconds().count()));
}

result<timestamp> parse_cloud_time(std::string_view text) noexcept
{
    int year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0;
    if (text.size() != 19 || text[4] != '-' || text[7] != '-' || text[10] != ' ' ||
        text[13] != ':' || text[16] != ':')
        return errc::bad_parameter;
    if (!read_number(text.substr(0, 4), year) || !read_number(text.substr(5, 2), month) ||
        !read_number(text.substr(8, 2), day) || !read_number(text.substr(11, 2), hour) ||
        !read_number(text.substr(14, 2), minute) || !read_number(text.substr(17, 2), second))
        return errc::bad_parameter;

    const std::chrono::year_month_day date{std::chrono::year{year},
                                           std::chrono::month{static_cast<unsigned>(month)},
                                           std::chrono::day{static_cast<unsigned>(day)}};
    if (!date.ok() || hour > 23 || minute > 59 || second > 60) return errc::bad_parameter;
    return timestamp{std::chrono::sys_days{date}} + std::chrono::hours{hour} +
           std::chrono::minutes{minute} + std::chrono::seconds{second} - cloud_utc_offset;
}

std::string cloud_day(timestamp at)
{
    const auto day = civil_of(at + cloud_utc_offset).day;
    return formatted("%04d%02u%02u", int{day.year()}, unsigned{day.month()}, unsigned{day.day()});
}

std::string to_iso8601(timestamp at)
{
    const auto [day, time] = civil_of(at);
    return formatted("%04d-%02u-%02uT%02ld:%02ld:%02lld.%03lldZ", int{day.year()},
                     unsigned{day.month()}, unsigned{day.day()}, time.hours().count(),
                     time.minutes().count(), static_cast<long long>(time.seconds().count()),
                     static_cast<long long>(time.subseconds().count()));
}

int cloud_minute_of_day(timestamp at) noexcept
{
    const auto time = civil_of(at + cloud_utc_offset).time;
    return static_cast<int>(time.hours().count() * 60 + time.minutes().count());
}

}  // namespace ecr
