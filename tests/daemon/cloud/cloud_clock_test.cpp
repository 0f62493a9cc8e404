#include "daemon/cloud/cloud_clock.hpp"

#include "tests/daemon/shop/dialect_shop.hpp"

#include <gtest/gtest.h>

#include <ctime>
#include <string>

namespace ecr::daemon {
namespace {

using namespace std::chrono_literals;

constexpr timestamp start{1'720'000'000'000ms};

/// A Date header of the moment, as a server writes it: the milliseconds are left out.
std::string date_of(timestamp at)
{
    const auto seconds =
        std::chrono::system_clock::to_time_t(std::chrono::floor<std::chrono::seconds>(at));
    std::tm parts{};
    ::gmtime_r(&seconds, &parts);
    char text[64];
    const auto size = std::strftime(text, sizeof text, "%a, %d %b %Y %H:%M:%S GMT", &parts);
    return {text, size};
}

class CloudClockTest : public testing::Test {
protected:
    /// Answers at odd moments, whose Date was written halfway.
    void hear(int count, milliseconds cloud_ahead, milliseconds took = 200ms)
    {
        for (int i = 0; i < count; ++i) {
            time_.advance_to_next(time_.now() + 3'137ms);
            offset_.heard(date_of(time_.wall() - took / 2 + cloud_ahead), took);
        }
    }

    virtual_clock time_{start};
    cloud_clock offset_{time_};
};

TEST_F(CloudClockTest, KnowsNothingBeforeTheFirstAnswer)
{
    EXPECT_FALSE(offset_.offset().has_value());
    EXPECT_EQ(offset_.now(), time_.wall());
}

TEST_F(CloudClockTest, MeasuresHowFarTheCloudIsAhead)
{
    for (const auto ahead : {0ms, 42'000ms, -7'200'000ms}) {
        for (int i = 0; i < 9; ++i)
            offset_.heard(date_of(time_.wall() + ahead), 0ms);
        hear(9, ahead, 800ms);
        ASSERT_TRUE(offset_.offset().has_value());
        EXPECT_LE(std::chrono::abs(*offset_.offset() - ahead), 500ms);
        EXPECT_EQ(offset_.now(), time_.wall() + *offset_.offset());
    }
}

TEST_F(CloudClockTest, AFewAnswersOfAnotherMindDoNotCount)
{
    hear(5, 10'000ms);
    hear(4, -3'600'000ms);
    EXPECT_LE(std::chrono::abs(*offset_.offset() - 10'000ms), 500ms);
}

TEST_F(CloudClockTest, SlowAnswersSayTooLittle)
{
    hear(3, 60'000ms, 5'001ms);
    EXPECT_FALSE(offset_.offset().has_value());
    hear(1, 60'000ms, 5'000ms);
    EXPECT_TRUE(offset_.offset().has_value());
}

TEST_F(CloudClockTest, ForgetsWhenOurOwnClockIsSet)
{
    hear(9, 3'600'000ms);
    time_.shift_wall(3'600'000ms);  // somebody has set it right
    EXPECT_FALSE(offset_.offset().has_value());
    EXPECT_EQ(offset_.now(), time_.wall());
    hear(1, 0ms);
    EXPECT_LE(std::chrono::abs(*offset_.offset()), 500ms);
}

TEST_F(CloudClockTest, WarnsOnceACrossing)
{
    const auto warnings = [&](int answers, milliseconds ahead) {
        const test::log_catcher log;
        hear(answers, ahead);
        const auto text = log.text();
        std::size_t found = 0;
        for (auto at = text.find("cloud.clock"); at != std::string::npos;
             at = text.find("cloud.clock", at + 1))
            ++found;
        return found;
    };
    EXPECT_EQ(warnings(9, 29'000ms), 0U);
    EXPECT_EQ(warnings(20, 31'000ms), 1U);
    EXPECT_EQ(warnings(2'000, 45'000ms), 0U) << "for two hours";
    for (int i = 0; i < 20; ++i) {
        EXPECT_EQ(warnings(9, 28'000ms), 0U) << "near the border";
        EXPECT_EQ(warnings(9, 31'000ms), 0U);
    }
    EXPECT_EQ(warnings(9, 1'000ms), 0U);
    EXPECT_EQ(warnings(9, -31'000ms), 1U);
    EXPECT_EQ(warnings(9, -29'000ms), 0U);
}

TEST(HttpDateTest, IsReadOrRefused)
{
    EXPECT_EQ(parse_http_date("Sun, 06 Nov 1994 08:49:37 GMT"), timestamp{784'111'777'000ms});
    EXPECT_EQ(parse_http_date("Thu, 29 Feb 2024 00:00:00 GMT"), timestamp{1'709'164'800'000ms});
    for (const auto* text : {"", "Sunday, 06-Nov-94 08:49:37 GMT", "Sun Nov  6 08:49:37 1994",
                             "Sun, 06 Nov 1994 08:49:37 UTC", "Sun, 31 Feb 2024 08:49:37 GMT",
                             "Sun, 06 Nux 1994 08:49:37 GMT", "Sun, 06 Nov 1994 24:49:37 GMT",
                             "Sun, -6 Nov 1994 08:49:37 GMT", "Sun, 06 Nov 1994 08:4x:37 GMT"})
        EXPECT_FALSE(parse_http_date(text).has_value()) << text;
}

}  // namespace
}  // namespace ecr::daemon
