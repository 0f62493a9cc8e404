#include "store/journal.hpp"
#include "store/migrations.hpp"
#include "tests/store/opening.hpp"
#include "tests/store/other_program.hpp"
#include "tests/store/sample_order.hpp"
#include "tests/store/temporary_directory.hpp"

#include <boost/system/system_error.hpp>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>

namespace ecr::store {
namespace {

using testing::HasSubstr;

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

TEST_F(JournalOpenTest, ASecondJournalInTheSameProcessIsRefused)
{
    const journal held{path_};
    EXPECT_EQ(opening(path_).error, errc::journal_in_use);
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
    const auto next = std::to_string(schema_version() + 1);
    const auto later =
        "PRAGMA user_version = " + next + "; UPDATE readable_by SET schema = " + next;
    ASSERT_EQ(tamper(path_, later.c_str()), error_code{});
    const auto refused = opening(path_);
    EXPECT_EQ(refused.error, errc::journal_too_new);
    EXPECT_THAT(refused.text, HasSubstr(std::to_string(schema_version() + 1)));
    EXPECT_EQ(ask(path_, "PRAGMA user_version"), schema_version() + 1);
}

// What a later version may do to a journal, so that this one can still be gone back to.
constexpr auto addition =
    "ALTER TABLE orders ADD COLUMN later TEXT NOT NULL DEFAULT 'x';"
    "CREATE TABLE later_things (id INTEGER PRIMARY KEY) STRICT;";

TEST_F(JournalOpenTest, ALaterSchemaThatSaysSoIsWorkedWithAndLeftAsItIs)
{
    {
        journal created{path_};
        ASSERT_EQ(created.add(new_order("A1"), ""), error_code{});
    }
    const auto later = addition +
                       ("PRAGMA user_version = " + std::to_string(schema_version() + 1)) +
                       "; UPDATE readable_by SET schema = " + std::to_string(schema_version());
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
    const auto set = addition + ("PRAGMA user_version = " + std::to_string(schema_version() + 2)) +
                     "; DELETE FROM readable_by";
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

}  // namespace
}  // namespace ecr::store
