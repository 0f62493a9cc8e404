#include "daemon/service/journal_entry.hpp"

#include "daemon/logging.hpp"
#include "tests/support/datagram_box.hpp"
#include "tests/support/temporary_folder.hpp"

#include <gmock/gmock.h>

#include <cstdlib>
#include <fcntl.h>
#include <fstream>
#include <iterator>
#include <sys/stat.h>

namespace ecr::daemon {
namespace {

using namespace std::chrono_literals;
using testing::AllOf;
using testing::HasSubstr;
using testing::Not;
using testing::Optional;

// Source: systemd.io/JOURNAL_NATIVE_PROTOCOL, the lengths being 64 bits, little endian.
TEST(JournalEntryTest, IsWhatTheProtocolSays)
{
    const std::pair<std::string_view, std::string> fields[] = {
        {"MESSAGE", "a=b"}, {"TWO_LINES", "x\ny"}, {"EMPTY", ""}};
    const std::string expected{"MESSAGE=a=b\nTWO_LINES\n\3\0\0\0\0\0\0\0x\ny\nEMPTY=\n", 41};
    EXPECT_EQ(journal_entry(fields), expected);
}

TEST(JournalEntryTest, NamesAreOfCapitalsOnly)
{
    EXPECT_EQ(journal_name("order"), "ECR_ORDER");
    EXPECT_EQ(journal_name("took_ms"), "ECR_TOOK_MS");
    EXPECT_EQ(journal_name("a-b=c\n"), "ECR_A_B_C_");
}

class JournalLogTest : public testing::Test {
protected:
    JournalLogTest()
    {
        before_ = ::dup(STDERR_FILENO);
        const int file = ::open(screen().c_str(), O_CREAT | O_RDWR | O_APPEND, 0600);
        ::dup2(file, STDERR_FILENO);
        ::close(file);
        struct stat facts {};
        ::fstat(STDERR_FILENO, &facts);
        const auto stream = std::to_string(facts.st_dev) + ":" + std::to_string(facts.st_ino);
        ::setenv("JOURNAL_STREAM", stream.c_str(), 1);
    }
    ~JournalLogTest() override
    {
        ::unsetenv("JOURNAL_STREAM");
        ::dup2(before_, STDERR_FILENO);
        ::close(before_);
        set_up_logging({});
    }

    [[nodiscard]] std::filesystem::path screen() const { return place_.path() / "stderr"; }
    [[nodiscard]] std::string on_screen() const
    {
        std::ifstream in{screen(), std::ios::binary};
        return {std::istreambuf_iterator<char>{in}, {}};
    }

    test::temporary_folder place_;
    int before_ = -1;
};

TEST_F(JournalLogTest, EntriesHaveTheFieldsOfTheLine)
{
    test::datagram_box journald{place_.path() / "socket"};
    set_up_logging({}, journald.path());
    log(log_level::warning, "order.step",
        {{"order", "A1"}, {"link", "shop"}, {"text", "two words"}, {"card", "5200828282828210"}});
    EXPECT_THAT(
        journald.next(1s),
        Optional(std::string{"MESSAGE=order.step order=A1 link=shop text=\"two words\" "
                             "card=520082******8210\nPRIORITY=4\nSYSLOG_IDENTIFIER=ecrbridged\n"
                             "ECR_EVENT=order.step\nECR_ORDER=A1\nECR_LINK=shop\n"
                             "ECR_TEXT=two words\nECR_CARD=520082******8210\n"}));
    EXPECT_EQ(on_screen(), "");
}

TEST_F(JournalLogTest, LowerLevelsAreLeftOut)
{
    test::datagram_box journald{place_.path() / "socket"};
    set_up_logging({.level = "warning"}, journald.path());
    log(log_level::info, "a");
    log(log_level::error, "b");
    EXPECT_THAT(journald.next(1s), Optional(AllOf(HasSubstr("=b\n"), HasSubstr("PRIORITY=3"))));
}

TEST_F(JournalLogTest, WithoutAJournalNothingIsLost)
{
    set_up_logging({}, place_.path() / "nobody");
    log(log_level::error, "a", {{"order", "A1"}});
    EXPECT_EQ(on_screen(), "<3>a order=A1\n");
}

TEST_F(JournalLogTest, AJournalThatStartsAgainIsFoundAgain)
{
    {
        test::datagram_box journald{place_.path() / "socket"};
        set_up_logging({}, journald.path());
        log(log_level::info, "a");
        EXPECT_TRUE(journald.next(1s));
    }
    log(log_level::info, "b");
    EXPECT_EQ(on_screen(), "<6>b\n");
    test::datagram_box journald{place_.path() / "socket"};
    log(log_level::info, "c");
    EXPECT_THAT(journald.next(1s), Optional(HasSubstr("MESSAGE=c\n")));
}

TEST_F(JournalLogTest, AFullJournalHoldsNobodyUp)
{
    test::datagram_box journald{place_.path() / "socket"};  // that nobody reads
    set_up_logging({}, journald.path());
    for (int i = 0; i < 2000 && on_screen().empty(); ++i)
        log(log_level::info, "a", {{"n", i}, {"text", std::string(900, 'x')}});
    EXPECT_THAT(on_screen(), HasSubstr("<6>a n="));
    EXPECT_THAT(on_screen(), Not(HasSubstr(" n=0 ")));
}

}  // namespace
}  // namespace ecr::daemon
