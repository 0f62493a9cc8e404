#include "daemon/logging.hpp"

#include "protocol/errc.hpp"
#include "tests/support/temporary_folder.hpp"

#include <boost/system/system_error.hpp>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <fcntl.h>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <sys/stat.h>
#include <thread>
#include <unistd.h>

namespace ecr::daemon {
namespace {

namespace fs = std::filesystem;
using testing::MatchesRegex;

std::string text_of(const fs::path& file)
{
    std::ifstream in{file, std::ios::binary};
    std::ostringstream text;
    text << in.rdbuf();
    return text.str();
}

class LoggingTest : public testing::Test {
protected:
    LoggingTest()
    {
        how_.file = folder_ / "bridge.log";
        ::unsetenv("JOURNAL_STREAM");
        redirect_stderr();
    }
    ~LoggingTest() override
    {
        ::unsetenv("JOURNAL_STREAM");
        ::dup2(stderr_before_, STDERR_FILENO);
        ::close(stderr_before_);
        set_up_logging({});
    }

    void redirect_stderr()
    {
        stderr_before_ = ::dup(STDERR_FILENO);
        const int file = ::open(stderr_file().c_str(), O_CREAT | O_RDWR | O_APPEND, 0600);
        ::dup2(file, STDERR_FILENO);
        ::close(file);
    }
    [[nodiscard]] fs::path stderr_file() const { return folder_ / "stderr"; }

    /// What the file holds of a line after its time: "info event key=value\n".
    [[nodiscard]] std::string logged() const
    {
        std::istringstream in{text_of(how_.file)};
        std::string text;
        for (std::string line; std::getline(in, line); text += line.substr(25) + "\n")
            EXPECT_THAT(line, MatchesRegex("[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}"
                                           "\\.[0-9]{3}Z .*"));
        return text;
    }

    [[nodiscard]] std::uintmax_t size_on_disk() const
    {
        std::uintmax_t size = 0;
        for (const auto& entry : fs::directory_iterator{folder_})
            if (entry.path() != stderr_file()) size += entry.file_size();
        return size;
    }

    test::temporary_folder place_;
    fs::path folder_ = place_.path();
    log_config how_;
    int stderr_before_ = -1;
};

TEST_F(LoggingTest, ALineIsTheEventThenItsFields)
{
    set_up_logging(how_);
    log(log_level::info, "order.step",
        {{"id", std::string{"A1"}}, {"amount", 110}, {"late", true}, {"to", "paid"}});
    EXPECT_EQ(logged(), "info order.step id=A1 amount=110 late=yes to=paid\n");
}

TEST_F(LoggingTest, FileAndStandardErrorGetTheSame)
{
    set_up_logging(how_);
    log(log_level::warning, "clock.wrong", {{"by_s", 90}});
    EXPECT_EQ(logged(), "warning clock.wrong by_s=90\n");
    // To the millisecond: were each given a time of its own, some of these would differ.
    for (int i = 0; i < 2000; ++i)
        log(log_level::info, "a");
    EXPECT_EQ(text_of(stderr_file()), text_of(how_.file));
}

TEST_F(LoggingTest, WithoutAFileItGoesToStandardErrorOnly)
{
    set_up_logging({});
    log(log_level::info, "bridge.start");
    EXPECT_THAT(text_of(stderr_file()), testing::EndsWith(" info bridge.start\n"));
    EXPECT_FALSE(fs::exists(how_.file));
}

TEST_F(LoggingTest, TheJournalGetsPrioritiesInPlaceOfTimes)
{
    struct stat facts {};
    ASSERT_EQ(::fstat(STDERR_FILENO, &facts), 0);
    const auto stream = std::to_string(facts.st_dev) + ":" + std::to_string(facts.st_ino);
    ::setenv("JOURNAL_STREAM", stream.c_str(), 1);
    how_.level = "debug";
    set_up_logging(how_, folder_ / "nobody");  // its socket; else the entries would go there
    log(log_level::error, "a");
    log(log_level::warning, "b");
    log(log_level::info, "c");
    log(log_level::debug, "d");
    EXPECT_EQ(text_of(stderr_file()), "<3>a\n<4>b\n<6>c\n<7>d\n");
    EXPECT_EQ(logged(), "error a\nwarning b\ninfo c\ndebug d\n");
}

TEST_F(LoggingTest, StandardErrorThatWasRedirectedIsNotTheJournal)
{
    ::setenv("JOURNAL_STREAM", "1:2", 1);
    set_up_logging({});
    log(log_level::info, "a");
    EXPECT_THAT(text_of(stderr_file()), testing::EndsWith("Z info a\n"));
}

TEST_F(LoggingTest, LowerLevelsAreLeftOut)
{
    how_.level = "warning";
    set_up_logging(how_);
    log(log_level::debug, "a");
    log(log_level::info, "b");
    log(log_level::warning, "c");
    log(log_level::error, "d");
    EXPECT_EQ(logged(), "warning c\nerror d\n");
}

TEST_F(LoggingTest, AFileThatCannotBeWrittenIsToldAtOnce)
{
    how_.file = folder_ / "bridge.log" / "below-a-file";
    std::ofstream{folder_ / "bridge.log"} << "x";
    try {
        set_up_logging(how_);
        FAIL() << "no complaint";
    } catch (const boost::system::system_error& failed) {
        EXPECT_EQ(failed.code(), make_error_code(errc::bad_configuration));
        EXPECT_THAT(failed.what(), testing::HasSubstr("below-a-file"));
    }
}

TEST_F(LoggingTest, AllFilesTogetherStayBelowTheCap)
{
    how_.file_size_max = 10'000;
    how_.files_max = 3;
    set_up_logging(how_);
    for (int i = 0; i < 1000; ++i) {
        log(log_level::info, "order.step", {{"n", i}, {"text", std::string(100, 'x')}});
        ASSERT_LE(size_on_disk(), 30'000U);
    }
    EXPECT_GT(size_on_disk(), 20'000U);
    EXPECT_THAT(logged(), testing::HasSubstr(" n=999 "));
}

TEST_F(LoggingTest, TheCapHoldsForASingleFile)
{
    how_.file_size_max = 10'000;
    how_.files_max = 1;
    set_up_logging(how_);
    for (int i = 0; i < 300; ++i)
        log(log_level::info, "order.step", {{"n", i}, {"text", std::string(100, 'x')}});
    EXPECT_LE(size_on_disk(), 10'000U);
    EXPECT_THAT(logged(), testing::HasSubstr(" n=299 "));
}

TEST_F(LoggingTest, AfterARestartTheFileGoesOn)
{
    set_up_logging(how_);
    log(log_level::info, "a");
    set_up_logging(how_);
    log(log_level::info, "b");
    EXPECT_EQ(logged(), "info a\ninfo b\n");
}

TEST_F(LoggingTest, AnotherThreadGoesOnWhileItIsSetUpAnew)
{
    constexpr int lines = 500;
    set_up_logging(how_);
    std::jthread other{[] {
        for (int i = 0; i < lines; ++i)
            log(log_level::info, "other", {{"n", i}});
    }};
    for (int i = 0; i < 50; ++i)
        set_up_logging(how_);
    other.join();
    const auto text = logged();
    EXPECT_EQ(std::ranges::count(text, '\n'), lines);
}

TEST_F(LoggingTest, SecretsAreOurOwnMistake)
{
    for (const auto* key : {"sign", "key", "client_key", "secret", "auth_code", "token"})
        EXPECT_DEATH(log(log_level::info, "x", {{key, "1"}}), "forbidden_keys") << key;
}

struct value_case {
    std::string name;
    std::string key;
    std::string value;
    std::string line;

    friend void PrintTo(const value_case& c, std::ostream* out) { *out << c.name; }
};

class LogValueTest : public LoggingTest, public testing::WithParamInterface<value_case> {};

TEST_P(LogValueTest, IsWrittenAs)
{
    set_up_logging(how_);
    log(log_level::info, "x", {{GetParam().key, GetParam().value}});
    EXPECT_EQ(logged(), "info x " + GetParam().line + "\n");
}

// clang-format off
const value_case value_cases[] = {
    {"Word",        "id",   "A-1.2/3:x",                R"(id=A-1.2/3:x)"},
    {"Empty",       "id",   "",                         R"(id="")"},
    {"Blank",       "why",  "host timeout",             R"(why="host timeout")"},
    {"Quote",       "why",  "say \"hi\"",               R"(why="say \"hi\"")"},
    {"Equals",      "why",  "a=b",                      R"(why="a=b")"},
    {"Backslash",   "why",  "a\\nb",                    R"(why="a\\nb")"},
    {"NewLine",     "till", "x\n2024 error forged",     R"(till="x\n2024 error forged")"},
    {"Escape",      "till", "\x1b[2J",                  R"(till="\u001b[2J")"},
    {"Nul",         "till", std::string("a\0b", 3),     R"(till="a\u0000b")"},
    {"Delete",      "till", "a\x7f",                    R"(till="a ")"},
    {"Latin1Csi",   "till", "a\xc2\x9b" "2J",           R"(till="a 2J")"},
    {"Chinese",     "text", "已付",                     R"(text="已付")"},
    {"NotUtf8",     "till", "a\xff",                    "till=\"a\xef\xbf\xbd\""},
    {"Long",        "text", std::string(2000, 'x'),     "text=" + std::string(1021, 'x') + "..."},
    {"Braces",      "text", "{}%s%n",                   "text={}%s%n"},

    {"Card13",      "card", "4000000000001",            "card=400000***0001"},
    {"Card16",      "card", "5200000000000007",         "card=520000******0007"},
    {"Card19",      "card", "6200000000000000009",      "card=620000*********0009"},
    {"Masked",      "card", "520000******0007",         "card=520000******0007"},
    {"TwoCards",    "card", "4000000000001,5200000000000007", "card=400000***0001,520000******0007"},
    {"ShortNumber", "card", "400000000001",             "card=400000000001"},
    {"LongNumber",  "card", "20240704180500020000",     "card=20240704180500020000"},
    {"Syssn",       "syssn", "2024070418050002",        "syssn=2024070418050002"},
};
// clang-format on

INSTANTIATE_TEST_SUITE_P(Values, LogValueTest, testing::ValuesIn(value_cases),
                         [](const auto& instance) { return instance.param.name; });

}  // namespace
}  // namespace ecr::daemon
