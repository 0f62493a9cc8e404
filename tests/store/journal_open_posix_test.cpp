// Who may look at a journal, and who holds it: with modes and processes of POSIX.
#include "protocol/errc.hpp"
#include "store/journal.hpp"
#include "store/sqlite.hpp"
#include "tests/store/child_process.hpp"
#include "tests/store/opening.hpp"
#include "tests/store/sample_order.hpp"
#include "tests/store/temporary_directory.hpp"

#include <gtest/gtest.h>

#include <csignal>
#include <memory>
#include <sys/stat.h>

namespace ecr::store {
namespace {

[[nodiscard]] mode_t mode_of(const std::filesystem::path& path)
{
    struct stat status {};
    EXPECT_EQ(::stat(path.c_str(), &status), 0) << path;
    return status.st_mode & 07777;
}

class JournalOpenPosixTest : public testing::Test {
protected:
    temporary_directory directory_;
    std::filesystem::path path_ = directory_ / "journal.db";
};

TEST_F(JournalOpenPosixTest, OnlyTheOwnerMayReadWhateverTheUmask)
{
    for (const mode_t mask : {0000, 0377, 0777}) {
        SCOPED_TRACE(mask);
        const auto path = directory_ / ("journal" + std::to_string(mask));
        const auto before = ::umask(mask);
        const auto opened = std::make_unique<journal>(path);
        ::umask(before);
        EXPECT_EQ(opened->add(new_order("A1"), ""), error_code{});
        for (const auto* suffix : {"", "-wal", "-shm", ".lock"})
            EXPECT_EQ(mode_of(path.string() + suffix), 0600U) << suffix;
    }
}

TEST_F(JournalOpenPosixTest, ModeOfAnExistingFileIsLeftAlone)
{
    {
        const journal created{path_};
    }
    ASSERT_EQ(::chmod(path_.c_str(), 0640), 0);
    {
        const journal opened{path_};
    }
    EXPECT_EQ(mode_of(path_), 0640U);
}

TEST_F(JournalOpenPosixTest, AnotherProcessIsRefusedWithTheHoldersNumber)
{
    const journal held{path_};
    const int code = run_child([&] {
        const auto refused = opening(path_);
        const bool named =
            refused.text.find("process " + std::to_string(::getppid())) != std::string::npos;
        return refused.error != errc::journal_in_use ? 1 : named ? 0 : 2;
    });
    EXPECT_EQ(code, 0);
}

TEST_F(JournalOpenPosixTest, TheLockEndsWithItsHolderHoweverItEnds)
{
    const int killed = run_child([&] {
        const journal held{path_};
        ::kill(::getpid(), SIGKILL);
        return 0;
    });
    ASSERT_EQ(killed, -SIGKILL);
    EXPECT_EQ(opening(path_).error, error_code{});
    EXPECT_EQ(opening(path_).error, error_code{}) << "and with an ordinary end";
}

TEST_F(JournalOpenPosixTest, AFileWithoutPermissionIsAnErrorOfTheDisk)
{
    if (::geteuid() != 0) GTEST_SKIP() << "needs a second user";
    {
        const journal created{path_};
    }
    ASSERT_EQ(::chmod((directory_ / "").c_str(), 0755), 0);
    const struct {
        mode_t mode;
        int expected;
    } cases[] = {
        {0600, SQLITE_CANTOPEN},  // may not even look
        {0644, SQLITE_READONLY},  // may look: still no place to keep an order in
    };
    for (const auto& c : cases) {
        SCOPED_TRACE(c.mode);
        ASSERT_EQ(::chmod(path_.c_str(), c.mode), 0);
        ASSERT_EQ(::chmod((path_.string() + ".lock").c_str(), 0666), 0);
        const int code = run_child([&] {
            if (::setuid(65534) != 0) return 98;
            return opening(path_).error == make_sqlite_error(c.expected) ? 0 : 1;
        });
        EXPECT_EQ(code, 0);
    }
}

}  // namespace
}  // namespace ecr::store
