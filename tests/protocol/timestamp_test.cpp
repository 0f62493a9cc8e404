#include "protocol/timestamp.hpp"

#include <gtest/gtest.h>

#include <ostream>
#include <string>

namespace ecr {
namespace {

using namespace std::chrono_literals;
using std::chrono::milliseconds;
using std::chrono::sys_days;
using std::chrono::year;

// 2024-07-04 15:14:25.123 at QFPay, 07:14:25.123 UTC.
const timestamp afternoon = sys_days{year{2024} / 7 / 4} + 7h + 14min + 25s + 123ms;

struct moment_case {
    std::string name;
    timestamp at;
    std::string cloud_time;
    std::string day;
    int minute_of_day;

    friend void PrintTo(const moment_case& c, std::ostream* out) { *out << c.name; }
};

class TimestampTest : public testing::TestWithParam<moment_case> {};

TEST_P(TimestampTest, IsWrittenInCloudTime)
{
    EXPECT_EQ(to_cloud_time(GetParam().at), GetParam().cloud_time);
    EXPECT_EQ(cloud_day(GetParam().at), GetParam().day);
    EXPECT_EQ(cloud_minute_of_day(GetParam().at), GetParam().minute_of_day);
}

TEST_P(TimestampTest, RoundTripsToTheSecond)
{
    const auto parsed = parse_cloud_time(GetParam().cloud_time);
    EXPECT_EQ(parsed.value(), std::chrono::floor<std::chrono::seconds>(GetParam().at));
}

timestamp utc(int y, unsigned m, unsigned d, milliseconds time)
{
    return sys_days{year{y} / std::chrono::month{m} / std::chrono::day{d}} + time;
}

// clang-format off
const moment_case moment_cases[] = {
    // name             UTC                           QFPay's time           day         minute
    {"Afternoon",      afternoon,                    "2024-07-04 15:14:25", "20240704", 914},
    {"Epoch",          timestamp{},                  "1970-01-01 08:00:00", "19700101", 480},
    {"BeforeEpoch",    timestamp{-1ms},              "1970-01-01 07:59:59", "19700101", 479},
    {"BeforeMidnight", utc(2024, 7, 4, 16h - 1ms),   "2024-07-04 23:59:59", "20240704", 1439},
    {"Midnight",       utc(2024, 7, 4, 16h),         "2024-07-05 00:00:00", "20240705", 0},
    {"UtcMidnight",    utc(2024, 7, 5, 0h),          "2024-07-05 08:00:00", "20240705", 480},
    {"MonthEnd",       utc(2024, 7, 31, 16h),        "2024-08-01 00:00:00", "20240801", 0},
    {"YearEnd",        utc(2024, 12, 31, 16h + 1ms), "2025-01-01 00:00:00", "20250101", 0},
    {"LeapDay",        utc(2024, 2, 28, 16h),        "2024-02-29 00:00:00", "20240229", 0},
    {"NoLeapDay",      utc(2025, 2, 28, 16h),        "2025-03-01 00:00:00", "20250301", 0},
    {"RefundsStop",    utc(2024, 7, 4, 15h + 30min), "2024-07-04 23:30:00", "20240704", 1410},
};
// clang-format on

INSTANTIATE_TEST_SUITE_P(Table, TimestampTest, testing::ValuesIn(moment_cases),
                         [](const auto& instance) { return instance.param.name; });

struct iso_case {
    timestamp at;
    std::string text;

    friend void PrintTo(const iso_case& c, std::ostream* out) { *out << c.text; }
};

class Iso8601Test : public testing::TestWithParam<iso_case> {};

TEST_P(Iso8601Test, IsUtcToTheMillisecond)
{
    EXPECT_EQ(to_iso8601(GetParam().at), GetParam().text);
}

const iso_case iso_cases[] = {
    {afternoon, "2024-07-04T07:14:25.123Z"},
    {timestamp{}, "1970-01-01T00:00:00.000Z"},
    {timestamp{-1ms}, "1969-12-31T23:59:59.999Z"},
    {utc(2024, 12, 31, 16h + 1ms), "2024-12-31T16:00:00.001Z"},
    {utc(2024, 2, 29, 23h + 59min + 59s + 999ms), "2024-02-29T23:59:59.999Z"},
};

INSTANTIATE_TEST_SUITE_P(Table, Iso8601Test, testing::ValuesIn(iso_cases));

struct bad_time {
    std::string name;
    std::string text;

    friend void PrintTo(const bad_time& c, std::ostream* out) { *out << c.name << ": " << c.text; }
};

class BadTimeTest : public testing::TestWithParam<bad_time> {};

TEST_P(BadTimeTest, IsRefused)
{
    EXPECT_EQ(parse_cloud_time(GetParam().text).error(), errc::bad_parameter);
}

// clang-format off
const bad_time bad_times[] = {
    {"Empty",           ""},
    {"DateOnly",        "2024-07-04"},
    {"TooShort",        "2024-07-04 15:14:2"},
    {"TooLong",         "2024-07-04 15:14:250"},
    {"Iso8601",         "2024-07-04T15:14:25"},
    {"Slashes",         "2024/07/04 15:14:25"},
    {"Points",          "2024-07-04 15.14.25"},
    {"Letters",         "2024-07-04 15:14:2x"},
    {"BlankForZero",    "2024-07- 4 15:14:25"},
    {"NoSuchMonth",     "2024-13-04 15:14:25"},
    {"MonthZero",       "2024-00-04 15:14:25"},
    {"DayZero",         "2024-07-00 15:14:25"},
    {"NoSuchDay",       "2024-06-31 15:14:25"},
    {"NoLeapYear",      "2025-02-29 15:14:25"},
    {"NoSuchHour",      "2024-07-04 24:00:00"},
    {"NoSuchMinute",    "2024-07-04 15:60:00"},
    {"NoSuchSecond",    "2024-07-04 15:14:61"},
    {"NegativeYear",    "-024-07-04 15:14:25"},
    {"NegativeMonth",   "2024--7-04 15:14:25"},
    {"NegativeHour",    "2024-07-04 -1:14:25"},
    {"NegativeZero",    "2024-07-04 -0:14:25"},
};
// clang-format on

INSTANTIATE_TEST_SUITE_P(Table, BadTimeTest, testing::ValuesIn(bad_times),
                         [](const auto& instance) { return instance.param.name; });

TEST(TimestampTest, ALeapSecondIsTheNextSecond)
{
    EXPECT_EQ(parse_cloud_time("2017-01-01 07:59:60").value(),
              parse_cloud_time("2017-01-01 08:00:00").value());
}

}  // namespace
}  // namespace ecr
