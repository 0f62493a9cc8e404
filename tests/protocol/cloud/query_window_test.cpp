#include "protocol/cloud/query_window.hpp"

#include <gtest/gtest.h>

#include <ostream>
#include <string>

namespace ecr::protocol::cloud {
namespace {

timestamp at(const std::string& cloud_time)
{
    return parse_cloud_time(cloud_time).value();
}

// A window as a person reads it: "2024-06-30 23:59:59 .. 2024-07-01 00:00:00".
std::string text_of(const month_window& window)
{
    return to_cloud_time(window.start) + " .. " + to_cloud_time(window.end);
}

std::vector<std::string> texts_of(const std::vector<month_window>& windows)
{
    std::vector<std::string> texts;
    for (const auto& window : windows)
        texts.push_back(text_of(window));
    return texts;
}

struct window_case {
    std::string name;
    std::string first;   // from, or sent at
    std::string second;  // to, or now
    std::vector<std::string> expected;

    friend void PrintTo(const window_case& c, std::ostream* out) { *out << c.name; }
};

const std::string june_2024 = "2024-06-01 00:00:00 .. 2024-06-30 23:59:59";
const std::string july_2024 = "2024-07-01 00:00:00 .. 2024-07-31 23:59:59";
const std::string august_2024 = "2024-08-01 00:00:00 .. 2024-08-31 23:59:59";

// --- A period ---------------------------------------------------------------------------------

class MonthsToAskTest : public testing::TestWithParam<window_case> {};

TEST_P(MonthsToAskTest, CutsThePeriodAtItsMonthEnds)
{
    const auto& c = GetParam();
    EXPECT_EQ(texts_of(months_to_ask(at(c.first), at(c.second))), c.expected);
}

// clang-format off
const window_case periods[] = {
    {"WithinAMonth", "2024-07-04 10:00:00", "2024-07-04 18:30:00", {"2024-07-04 10:00:00 .. 2024-07-04 18:30:00"}},
    {"OneSecond",    "2024-07-04 10:00:00", "2024-07-04 10:00:00", {"2024-07-04 10:00:00 .. 2024-07-04 10:00:00"}},
    {"WholeMonth",   "2024-07-01 00:00:00", "2024-07-31 23:59:59", {july_2024}},
    {"LastAndFirstSecond", "2024-06-30 23:59:59", "2024-07-01 00:00:00",
     {"2024-06-30 23:59:59 .. 2024-06-30 23:59:59", "2024-07-01 00:00:00 .. 2024-07-01 00:00:00"}},
    {"UpToTheLastSecond", "2024-06-30 23:30:00", "2024-06-30 23:59:59", {"2024-06-30 23:30:00 .. 2024-06-30 23:59:59"}},
    {"ThreeMonths",  "2024-06-15 12:00:00", "2024-08-02 01:02:03",
     {"2024-06-15 12:00:00 .. 2024-06-30 23:59:59", july_2024, "2024-08-01 00:00:00 .. 2024-08-02 01:02:03"}},
    {"LeapDay",      "2024-02-28 00:00:00", "2024-03-01 00:00:00",
     {"2024-02-28 00:00:00 .. 2024-02-29 23:59:59", "2024-03-01 00:00:00 .. 2024-03-01 00:00:00"}},
    {"NoLeapDay",    "2023-02-28 23:59:59", "2023-03-01 00:00:01",
     {"2023-02-28 23:59:59 .. 2023-02-28 23:59:59", "2023-03-01 00:00:00 .. 2023-03-01 00:00:01"}},
    {"LeapCentury",  "2000-02-29 00:00:00", "2000-02-29 23:59:59", {"2000-02-29 00:00:00 .. 2000-02-29 23:59:59"}},
    {"YearEnd",      "2024-12-31 23:59:59", "2025-01-01 00:00:00",
     {"2024-12-31 23:59:59 .. 2024-12-31 23:59:59", "2025-01-01 00:00:00 .. 2025-01-01 00:00:00"}},
    {"Backwards",    "2024-07-04 10:00:01", "2024-07-04 10:00:00", {}},
};
// clang-format on

INSTANTIATE_TEST_SUITE_P(Table, MonthsToAskTest, testing::ValuesIn(periods),
                         [](const auto& instance) { return instance.param.name; });

TEST(MonthsToAskTest, DropsFractionsOfASecond)
{
    using std::chrono::milliseconds;
    const auto windows = months_to_ask(at("2024-07-04 10:00:00") + milliseconds{999},
                                       at("2024-07-31 23:59:59") + milliseconds{999});
    ASSERT_EQ(windows.size(), 1U);
    EXPECT_EQ(windows[0], (month_window{at("2024-07-04 10:00:00"), at("2024-07-31 23:59:59")}));
}

// In UTC these are one day of June. QFPay's month turns at 16:00 UTC.
TEST(MonthsToAskTest, GoesByQfpaysMonth)
{
    const timestamp noon =
        std::chrono::sys_days{std::chrono::year{2024} / 6 / 30} + std::chrono::hours{12};
    EXPECT_EQ(months_to_ask(noon, noon + std::chrono::hours{8}).size(), 2U);
}

// Every second of four years is asked about once, and never two months at a time.
TEST(MonthsToAskTest, LeavesNoGapForFourYears)
{
    const auto from = at("2023-01-31 00:00:00");
    const auto to = at("2027-01-30 23:59:59");
    const auto windows = months_to_ask(from, to);
    ASSERT_EQ(windows.size(), 49U);
    EXPECT_EQ(windows.front().start, from);
    EXPECT_EQ(windows.back().end, to);
    for (std::size_t i = 0; i < windows.size(); ++i) {
        EXPECT_TRUE(in_one_month(windows[i].start, windows[i].end)) << text_of(windows[i]);
        if (i > 0) {
            EXPECT_EQ(windows[i].start, windows[i - 1].end + std::chrono::seconds{1});
        }
    }
}

// --- An order ---------------------------------------------------------------------------------

class WindowsForOrderTest : public testing::TestWithParam<window_case> {};

TEST_P(WindowsForOrderTest, AsksWhereItMayBeFound)
{
    const auto& c = GetParam();
    EXPECT_EQ(texts_of(windows_for_order(at(c.first), at(c.second))), c.expected);
}

// clang-format off
const window_case orders[] = {
    // name                  sent at                now                    asked, in this order
    {"MidMonth",             "2024-07-15 12:00:00", "2024-07-15 12:00:03", {july_2024}},
    {"FirstSecondOfMargin",  "2024-07-31 23:30:00", "2024-07-31 23:31:00", {july_2024, august_2024}},
    {"LastBeforeMargin",     "2024-07-31 23:29:59", "2024-07-31 23:31:00", {july_2024}},
    {"LastSecondOfMonth",    "2024-07-31 23:59:59", "2024-07-31 23:59:59", {july_2024, august_2024}},
    {"FirstSecondOfMonth",   "2024-07-01 00:00:00", "2024-07-01 00:00:03", {july_2024, june_2024}},
    {"LastSecondOfMargin",   "2024-07-01 00:29:59", "2024-07-01 00:30:03", {july_2024, june_2024}},
    {"FirstAfterMargin",     "2024-07-01 00:30:00", "2024-07-01 00:30:03", {july_2024}},
    {"NextMonthHasBegun",    "2024-07-15 12:00:00", "2024-08-01 00:00:00", {july_2024, august_2024}},
    {"NotQuiteBegun",        "2024-07-15 12:00:00", "2024-07-31 23:59:59", {july_2024}},
    {"RefundAfterMidnight",  "2024-07-31 22:00:00", "2024-08-01 00:03:00", {july_2024, august_2024}},
    {"MonthsLater",          "2024-07-15 12:00:00", "2024-10-02 09:00:00", {july_2024, august_2024}},
    {"BothNeighbours",       "2024-07-01 00:00:00", "2024-08-01 00:00:00", {july_2024, june_2024, august_2024}},
    {"ClockWentBack",        "2024-07-15 12:00:00", "2024-06-15 12:00:00", {july_2024}},
    {"LeapDay",              "2024-02-29 23:59:59", "2024-02-29 23:59:59",
     {"2024-02-01 00:00:00 .. 2024-02-29 23:59:59", "2024-03-01 00:00:00 .. 2024-03-31 23:59:59"}},
    {"AfterLeapDay",         "2024-03-01 00:00:00", "2024-03-01 00:00:00",
     {"2024-03-01 00:00:00 .. 2024-03-31 23:59:59", "2024-02-01 00:00:00 .. 2024-02-29 23:59:59"}},
    {"YearEnd",              "2024-12-31 23:59:59", "2024-12-31 23:59:59",
     {"2024-12-01 00:00:00 .. 2024-12-31 23:59:59", "2025-01-01 00:00:00 .. 2025-01-31 23:59:59"}},
    {"YearStart",            "2025-01-01 00:00:00", "2025-01-01 00:00:00",
     {"2025-01-01 00:00:00 .. 2025-01-31 23:59:59", "2024-12-01 00:00:00 .. 2024-12-31 23:59:59"}},
};
// clang-format on

INSTANTIATE_TEST_SUITE_P(Table, WindowsForOrderTest, testing::ValuesIn(orders),
                         [](const auto& instance) { return instance.param.name; });

TEST(WindowsForOrderTest, CountsMillisecondsInsideTheMargin)
{
    const auto sent = at("2024-07-01 00:29:59") + std::chrono::milliseconds{999};
    EXPECT_EQ(windows_for_order(sent, sent).size(), 2U);
}

}  // namespace
}  // namespace ecr::protocol::cloud
