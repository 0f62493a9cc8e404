#include "daemon/log_often.hpp"

#include "tests/daemon/shop/shop.hpp"
#include "tests/support/temporary_folder.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <fcntl.h>
#include <fstream>
#include <sstream>
#include <unistd.h>

namespace ecr::daemon {
namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::HasSubstr;

#ifdef _WIN32
constexpr auto nowhere_at_all = "NUL";
#else
constexpr auto nowhere_at_all = "/dev/null";
#endif

/// The log goes into files of its own, and standard error to nowhere.
class LogOftenTest : public testing::Test {
protected:
    LogOftenTest()
    {
        stderr_before_ = ::dup(STDERR_FILENO);
        const int nowhere = ::open(nowhere_at_all, O_WRONLY);
        ::dup2(nowhere, STDERR_FILENO);
        ::close(nowhere);
        how_.file = place_ / "bridge.log";
        set_up_logging(how_);
    }
    ~LogOftenTest() override
    {
        ::dup2(stderr_before_, STDERR_FILENO);
        ::close(stderr_before_);
        set_up_logging({});  // on Windows it keeps the handle that it finds
    }
    static std::vector<std::string> lines_of(const fs::path& file)
    {
        std::vector<std::string> all;
        std::ifstream in{file};
        for (std::string line; std::getline(in, line);)
            all.push_back(line);
        return all;
    }
    /// Without their times and levels.
    [[nodiscard]] std::vector<std::string> logged() const
    {
        auto all = lines_of(how_.file);
        for (auto& line : all)
            line.erase(0, line.find(' ', line.find(' ') + 1) + 1);
        return all;
    }
    void fail(const std::string& order, const std::string& why = "timed out")
    {
        log_often(log_level::warning, "cloud.no_answer", {{"order", order}, {"why", why}});
    }

    test::temporary_folder place_;
    log_config how_;
    virtual_clock clock_{timestamp{std::chrono::sys_days{std::chrono::year{2026} / 11 / 18}}};

private:
    int stderr_before_ = -1;
};

TEST_F(LogOftenTest, WithoutAPaceEveryLineIsWritten)
{
    fail("A1");
    fail("A2");
    EXPECT_EQ(logged().size(), 2U);
}

TEST_F(LogOftenTest, ACauseIsSaidOnceAMinuteWithItsCount)
{
    const log_pacing pacing{clock_};
    for (int i = 1; i <= 10; ++i)
        fail("A" + std::to_string(i));
    EXPECT_THAT(logged(), ElementsAre("cloud.no_answer order=A1 why=\"timed out\""));
    clock_.advance_to_next(61s);
    fail("B1");
    EXPECT_THAT(logged(),
                ElementsAre(testing::_, "cloud.no_answer order=A10 why=\"timed out\" times=9"));
    clock_.advance_to_next(200s);
    fail("C1");
    EXPECT_EQ(logged().back(), "cloud.no_answer order=B1 why=\"timed out\"");
}

TEST_F(LogOftenTest, AnotherCauseIsNews)
{
    const log_pacing pacing{clock_};
    fail("A1");
    fail("A1", "no route to host");
    EXPECT_EQ(logged().size(), 2U);
}

TEST_F(LogOftenTest, WhatWasHeldBackIsSaidAtTheEnd)
{
    {
        const log_pacing pacing{clock_};
        fail("A1");
        fail("A2");
        fail("A3");
    }
    EXPECT_EQ(logged().back(), "cloud.no_answer order=A3 why=\"timed out\" times=2");
    fail("A4");
    EXPECT_EQ(logged().size(), 3U);
}

TEST_F(LogOftenTest, WhatWasHeldBackIsSaidAlthoughNoLineComes)
{
    log_pacing pacing{clock_};
    for (const auto* order : {"A1", "A2", "A3"})
        fail(order);
    pacing.say_overdue();
    EXPECT_EQ(logged().size(), 1U);
    clock_.advance_to_next(61s);
    pacing.say_overdue();
    EXPECT_EQ(logged().back(), "cloud.no_answer order=A3 why=\"timed out\" times=2");
    pacing.say_overdue();
    EXPECT_EQ(logged().size(), 2U);
}

TEST_F(LogOftenTest, CausesWithoutEndDoNotFillTheMemory)
{
    const log_pacing pacing{clock_};
    for (std::size_t i = 0; i < 2 * log_pacing::causes_max; ++i)
        fail("A", "reason " + std::to_string(i));
    EXPECT_EQ(logged().size(), 2 * log_pacing::causes_max);
    fail("A", "reason 0");  // forgotten, and so news
    EXPECT_EQ(logged().size(), 2 * log_pacing::causes_max + 1);
}

// --- A day with the cloud down ------------------------------------------------------------------

class LogDayTest : public LogOftenTest {
protected:
    /// The log's lines, oldest first, and its size.
    [[nodiscard]] std::vector<std::string> all_lines() const
    {
        std::vector<fs::path> files;
        for (const auto& each : fs::directory_iterator{place_.path()})
            files.push_back(each.path());
        std::ranges::sort(files, std::greater{});  // bridge.log is after bridge.1.log
        std::vector<std::string> all;
        for (const auto& file : files)
            std::ranges::move(lines_of(file), std::back_inserter(all));
        return all;
    }
    [[nodiscard]] std::uintmax_t size() const
    {
        std::uintmax_t sum = 0;
        for (const auto& each : fs::directory_iterator{place_.path()})
            sum += each.file_size();
        return sum;
    }
};

TEST_F(LogDayTest, StaysUnderItsCapAndReadable)
{
    how_.file_size_max = 64 * 1024;
    how_.files_max = 3;
    set_up_logging(how_);
    test::shop s;
    const log_pacing pacing{s.time()};
    // Forty orders whose push may have arrived: each is asked about until the cloud is back.
    const auto till = s.tcp_till();
    for (int i = 0; i < 40; ++i)
        s.cloud().plan(simulator::fault{.kind = simulator::fault_kind::close});
    for (int i = 0; i < 40; ++i)
        till->say("pay order=A" + std::to_string(i) + " amount=110 terminal=T" +
                  std::to_string(1 + i % 2));
    s.pass(1min);
    s.cloud().set_listening(false);
    for (int hour = 0; hour < 24; ++hour) {
        till->say("pay order=H" + std::to_string(hour) + " amount=110 terminal=T1");
        s.pass(1h);
    }
    EXPECT_LE(size(), how_.file_size_max * how_.files_max);

    const auto lines = all_lines();
    std::size_t about_cloud = 0;
    std::string text;
    for (const auto& line : lines) {
        text += line + '\n';
        EXPECT_LE(line.size(), 400U);
        EXPECT_TRUE(std::ranges::all_of(line, [](unsigned char c) { return c >= ' '; })) << line;
        about_cloud += line.find("cloud.no_answer") != std::string::npos ? 1 : 0;
    }
    // A line a minute at most, for each of the few ways in which it can fail.
    EXPECT_GT(about_cloud, 10U);
    EXPECT_LE(about_cloud, 24U * 60U * 2U);
    EXPECT_THAT(text, HasSubstr("times="));
    EXPECT_THAT(text, HasSubstr("H23"));
}

}  // namespace
}  // namespace ecr::daemon
