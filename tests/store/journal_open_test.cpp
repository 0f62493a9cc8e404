#include "store/journal.hpp"
#include "store/migrations.hpp"
#include "tests/store/child_process.hpp"
#include "tests/store/other_program.hpp"
#include "tests/store/sample_order.hpp"
#include "tests/store/temporary_directory.hpp"

#include <boost/system/system_error.hpp>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <sys/stat.h>

namespace ecr::store {
namespace {

using testing::HasSubstr;

struct failure {
    error_code error;
    std::string text;
};

/// How opening a journal there fails.
[[nodiscard]] failure opening(const std::filesystem::path& path)
{
    try {
        const journal opened{path};
    } catch (const boost::system::system_error& failed) {
        return {failed.code(), failed.what()};
    }
    return {};
}

[[nodiscard]] mode_t mode_of(const std::filesystem::path& path)
{
    struct stat status {};
    EXPECT_EQ(::stat(path.c_str(), &status), 0) << path;
    return status.st_mode & 07777;
}

class JournalOpenTest : public testing::Test {
protected:
    temporary_directory directory_;
    std::filesystem::path path_ = directory_ / "journal.db";
};

TEST_F(JournalOpenTest, ANewJournalIsMarkedAsOurs)
{
    {
        const journal created{path_};
    }
    EXPECT_EQ(ask(path_, "PRAGMA application_id"), journal_application_id);
    EXPECT_EQ(ask(path_, "PRAGMA user_version"), schema_version());
}

TEST_F(JournalOpenTest, AnEmptyFileBecomesAJournal)
{
    {
        const std::ofstream empty{path_};
    }
    EXPECT_EQ(opening(path_).error, error_code{});
}

TEST_F(JournalOpenTest, ReopeningKeepsTheOrders)
{
    {
        ASSERT_EQ(journal{path_}.add(new_order("A1"), ""), error_code{});
    }
    journal again{path_};
    EXPECT_EQ(numbers_of(again.list({})), "A1");
}

TEST_F(JournalOpenTest, ClosingLeavesOneFileAndTheLock)
{
    {
        ASSERT_EQ(journal{path_}.add(new_order("A1"), ""), error_code{});
    }
    EXPECT_FALSE(std::filesystem::exists(path_.string() + "-wal"));
    EXPECT_FALSE(std::filesystem::exists(path_.string() + "-shm"));
}

TEST_F(JournalOpenTest, OnlyTheOwnerMayReadWhateverTheUmask)
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

TEST_F(JournalOpenTest, ModeOfAnExistingFileIsLeftAlone)
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

TEST_F(JournalOpenTest, AnotherProcessIsRefusedWithTheHoldersNumber)
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

TEST_F(JournalOpenTest, ASecondJournalInTheSameProcessIsRefused)
{
    const journal held{path_};
    EXPECT_EQ(opening(path_).error, errc::journal_in_use);
}

TEST_F(JournalOpenTest, TheLockEndsWithItsHolderHoweverItEnds)
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

TEST_F(JournalOpenTest, AnotherProgramMayStillRead)
{
    journal held{path_};
    ASSERT_EQ(held.add(new_order("A1"), ""), error_code{});
    EXPECT_EQ(ask(path_, "SELECT count(*) FROM orders"), 1);
}

TEST_F(JournalOpenTest, ALaterSchemaIsRefusedUntouched)
{
    {
        const journal created{path_};
    }
    const auto later = "PRAGMA user_version = " + std::to_string(schema_version() + 1);
    ASSERT_EQ(tamper(path_, later.c_str()), error_code{});
    const auto refused = opening(path_);
    EXPECT_EQ(refused.error, errc::journal_too_new);
    EXPECT_THAT(refused.text, HasSubstr(std::to_string(schema_version() + 1)));
    EXPECT_EQ(ask(path_, "PRAGMA user_version"), schema_version() + 1);
}

// What a later version may do to a journal, so that this one can still be gone back to.
constexpr auto addition =
    "ALTER TABLE orders ADD COLUMN later TEXT NOT NULL DEFAULT 'x';"
    "CREATE TABLE later_things (id INTEGER PRIMARY KEY) STRICT;"
    "CREATE TABLE readable_by (schema INTEGER NOT NULL) STRICT;";

TEST_F(JournalOpenTest, ALaterSchemaThatSaysSoIsWorkedWithAndLeftAsItIs)
{
    {
        journal created{path_};
        ASSERT_EQ(created.add(new_order("A1"), ""), error_code{});
    }
    const auto later =
        addition + ("PRAGMA user_version = " + std::to_string(schema_version() + 1)) +
        "; INSERT INTO readable_by VALUES (" + std::to_string(schema_version()) + ")";
    ASSERT_EQ(tamper(path_, later.c_str()), error_code{});
    {
        journal opened{path_};
        expect_same(opened.find("A1").value().value(), new_order("A1"));
        ASSERT_EQ(put(opened, new_order("A2"), protocol::order_state::paid), error_code{});
        EXPECT_EQ(opened.integrity().value(), "");
    }
    EXPECT_EQ(ask(path_, "PRAGMA user_version"), schema_version() + 1);
    EXPECT_EQ(ask(path_, "SELECT count(*) FROM orders WHERE later = 'x'"), 2);
}

TEST_F(JournalOpenTest, ALaterSchemaForLaterProgramsIsRefused)
{
    {
        const journal created{path_};
    }
    const auto set = addition + ("PRAGMA user_version = " + std::to_string(schema_version() + 2));
    ASSERT_EQ(tamper(path_, set.c_str()), error_code{});
    EXPECT_EQ(opening(path_).error, errc::journal_too_new);  // nothing said
    const auto insert =
        "INSERT INTO readable_by VALUES (" + std::to_string(schema_version() + 1) + ")";
    ASSERT_EQ(tamper(path_, insert.c_str()), error_code{});
    EXPECT_EQ(opening(path_).error, errc::journal_too_new);
}

TEST_F(JournalOpenTest, AFileThatIsNoDatabaseIsRefusedUntouched)
{
    const std::string text(5000, 'x');
    std::ofstream{path_} << text;
    EXPECT_EQ(opening(path_).error, make_sqlite_error(SQLITE_NOTADB));
    std::string kept;
    std::getline(std::ifstream{path_}, kept);
    EXPECT_EQ(kept, text);
}

TEST_F(JournalOpenTest, TheDatabaseOfAnotherProgramIsRefusedUntouched)
{
    {
        const std::ofstream empty{path_};
    }
    ASSERT_EQ(tamper(path_, "CREATE TABLE recipes (name TEXT)"), error_code{});
    EXPECT_EQ(opening(path_).error, make_sqlite_error(SQLITE_NOTADB));
    EXPECT_EQ(ask(path_, "SELECT count(*) FROM sqlite_schema"), 1);
}

TEST_F(JournalOpenTest, PlacesWithoutAJournalAreErrorsOfTheDisk)
{
    {
        const std::ofstream file{directory_ / "file"};
    }
    const std::filesystem::path cases[] = {
        directory_ / "no/such/folder/journal.db",
        directory_ / "file/journal.db",  // the parent is a file
        directory_ / "",                 // a folder
        "",
    };
    for (const auto& path : cases)
        EXPECT_EQ(opening(path).error, make_sqlite_error(SQLITE_CANTOPEN)) << path;
}

TEST_F(JournalOpenTest, AFileWithoutPermissionIsAnErrorOfTheDisk)
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
