#include "store/journal.hpp"
#include "tests/store/other_program.hpp"
#include "tests/store/sample_order.hpp"
#include "tests/store/temporary_directory.hpp"

#include <gtest/gtest.h>

namespace ecr::store {
namespace {

using namespace protocol;

// Fails the append to the history, which is the second half of every verb that writes. ABORT
// undoes the statement; ROLLBACK is what SQLite does by itself to the whole transaction after some
// errors of the disk.
constexpr auto abort_on_bad_reason =
    "CREATE TRIGGER abort_it BEFORE INSERT ON steps WHEN NEW.reason = 'bad' "
    "BEGIN SELECT RAISE(ABORT, 'made to fail'); END";
constexpr auto roll_back_on_bad_reason =
    "CREATE TRIGGER roll_back BEFORE INSERT ON steps WHEN NEW.reason = 'bad' "
    "BEGIN SELECT RAISE(ROLLBACK, 'made to fail'); END";

class JournalGroupTest : public testing::Test {
protected:
    [[nodiscard]] std::string all() { return numbers_of(journal_->list({})); }
    void reopen()
    {
        journal_.reset();
        journal_ = std::make_unique<journal>(path_);
    }

    temporary_directory directory_;
    std::filesystem::path path_ = directory_ / "journal.db";
    std::unique_ptr<journal> journal_ = std::make_unique<journal>(path_);
    transition send_ = *decide(order_state::accepted, order_event::send);
};

TEST_F(JournalGroupTest, NothingIsVisibleBeforeTheCommit)
{
    ASSERT_EQ(journal_->begin_group(), error_code{});
    ASSERT_EQ(journal_->add(new_order("A1"), ""), error_code{});
    ASSERT_EQ(journal_->advance("A1", send_, "", at(1)), error_code{});
    EXPECT_EQ(ask(path_, "SELECT count(*) FROM orders"), 0);
    EXPECT_EQ(ask(path_, "SELECT count(*) FROM steps"), 0);

    ASSERT_EQ(journal_->commit_group(), error_code{});
    EXPECT_EQ(ask(path_, "SELECT count(*) FROM orders"), 1);
    EXPECT_EQ(ask(path_, "SELECT count(*) FROM steps"), 2);
}

TEST_F(JournalGroupTest, ALoneVerbIsVisibleAtOnce)
{
    ASSERT_EQ(journal_->add(new_order("A1"), ""), error_code{});
    EXPECT_EQ(ask(path_, "SELECT count(*) FROM orders"), 1);
    ASSERT_EQ(journal_->advance("A1", send_, "", at(1)), error_code{});
    EXPECT_EQ(ask(path_, "SELECT state FROM orders"), 2);
    ASSERT_EQ(journal_->mark_delivered("A1"), error_code{});
    EXPECT_EQ(ask(path_, "SELECT delivered FROM orders"), 1);
}

TEST_F(JournalGroupTest, VerbsOfAGroupSeeEachOther)
{
    ASSERT_EQ(journal_->begin_group(), error_code{});
    ASSERT_EQ(journal_->add(new_order("A1"), ""), error_code{});
    EXPECT_EQ(journal_->add(new_order("A1"), ""), errc::duplicate_order);
    EXPECT_EQ(all(), "A1");
    ASSERT_EQ(journal_->commit_group(), error_code{});
}

TEST_F(JournalGroupTest, AnEmptyGroupCommits)
{
    ASSERT_EQ(journal_->begin_group(), error_code{});
    ASSERT_EQ(journal_->commit_group(), error_code{});
    ASSERT_EQ(journal_->begin_group(), error_code{});
    ASSERT_EQ(journal_->commit_group(), error_code{});
}

TEST_F(JournalGroupTest, AGroupNeverCommittedIsGone)
{
    ASSERT_EQ(journal_->begin_group(), error_code{});
    ASSERT_EQ(journal_->add(new_order("A1"), ""), error_code{});
    reopen();
    EXPECT_EQ(all(), "");
}

TEST_F(JournalGroupTest, RefusedVerbsLeaveTheOthersStanding)
{
    ASSERT_EQ(journal_->add(new_order("A0"), ""), error_code{});
    ASSERT_EQ(journal_->begin_group(), error_code{});
    EXPECT_EQ(journal_->add(new_order("A1"), ""), error_code{});
    EXPECT_EQ(journal_->add(new_order("A0"), "again"), errc::duplicate_order);
    EXPECT_EQ(journal_->advance("A0", send_, "", at(1)), error_code{});
    EXPECT_EQ(journal_->advance("A0", send_, "again", at(2)), errc::stale_state);
    EXPECT_EQ(journal_->advance("A9", send_, "", at(3)), errc::unknown_order);
    EXPECT_EQ(journal_->mark_delivered("A9"), errc::unknown_order);
    EXPECT_EQ(journal_->add(new_order("A2"), ""), error_code{});
    ASSERT_EQ(journal_->commit_group(), error_code{});

    reopen();
    EXPECT_EQ(all(), "A2 A1 A0");
    EXPECT_EQ(journal_->steps_of("A0").value().size(), 2U);
    EXPECT_EQ(ask(path_, "SELECT count(*) FROM steps"), 4);
}

TEST_F(JournalGroupTest, AVerbThatFailsHalfwayLeavesNoTrace)
{
    ASSERT_EQ(tamper(path_, abort_on_bad_reason), error_code{});
    ASSERT_EQ(journal_->add(new_order("A0"), ""), error_code{});

    for (const bool grouped : {false, true}) {
        SCOPED_TRACE(grouped ? "in a group" : "alone");
        if (grouped) {
            ASSERT_EQ(journal_->begin_group(), error_code{});
            ASSERT_EQ(journal_->add(new_order("A1"), ""), error_code{});
        }
        EXPECT_EQ(journal_->add(new_order("A2"), "bad"),
                  make_sqlite_error(SQLITE_CONSTRAINT_TRIGGER));
        EXPECT_EQ(journal_->advance("A0", send_, "bad", at(1)),
                  make_sqlite_error(SQLITE_CONSTRAINT_TRIGGER));
        EXPECT_FALSE(journal_->broken());
        if (grouped) {
            ASSERT_EQ(journal_->commit_group(), error_code{});
        }
        EXPECT_EQ(all(), grouped ? "A1 A0" : "A0");
        EXPECT_EQ(journal_->find("A0").value()->state, order_state::accepted);
    }
}

TEST_F(JournalGroupTest, AGroupThatSqliteRolledBackIsLostAndTheJournalBroken)
{
    ASSERT_EQ(tamper(path_, roll_back_on_bad_reason), error_code{});
    ASSERT_EQ(journal_->add(new_order("A0"), ""), error_code{});

    ASSERT_EQ(journal_->begin_group(), error_code{});
    ASSERT_EQ(journal_->add(new_order("A1"), ""), error_code{});
    const auto lost = make_sqlite_error(SQLITE_CONSTRAINT_TRIGGER);
    EXPECT_EQ(journal_->add(new_order("A2"), "bad"), lost);
    EXPECT_TRUE(journal_->broken());
    // In particular it does not become a transaction of its own.
    EXPECT_EQ(journal_->add(new_order("A3"), ""), lost);
    EXPECT_EQ(journal_->commit_group(), lost);

    reopen();
    EXPECT_EQ(all(), "A0");
}

TEST_F(JournalGroupTest, ABrokenJournalRefusesEveryVerb)
{
    ASSERT_EQ(tamper(path_, roll_back_on_bad_reason), error_code{});
    ASSERT_EQ(journal_->begin_group(), error_code{});
    const auto lost = journal_->add(new_order("A1"), "bad");
    ASSERT_TRUE(lost.failed());
    ASSERT_EQ(journal_->commit_group(), lost);

    EXPECT_EQ(journal_->begin_group(), lost);
    EXPECT_EQ(journal_->add(new_order("A1"), ""), lost);
    EXPECT_EQ(journal_->advance("A1", send_, "", at(1)), lost);
    EXPECT_EQ(journal_->mark_delivered("A1"), lost);
    EXPECT_EQ(journal_->checkpoint(), lost);
    EXPECT_EQ(journal_->find("A1").error(), lost);
    EXPECT_EQ(journal_->find_till_order("till-1", "1").error(), lost);
    EXPECT_EQ(journal_->find_syssn("S1").error(), lost);
    EXPECT_EQ(journal_->last_of_till("till-1").error(), lost);
    EXPECT_EQ(journal_->refunds_of("A1").error(), lost);
    EXPECT_EQ(journal_->open_orders().error(), lost);
    EXPECT_EQ(journal_->watched_orders(at(0)).error(), lost);
    EXPECT_EQ(journal_->list({}).error(), lost);
    EXPECT_EQ(journal_->steps_of("A1").error(), lost);
    EXPECT_EQ(journal_->count_orders().error(), lost);
    EXPECT_EQ(journal_->integrity().error(), lost);
}

TEST_F(JournalGroupTest, ACommitThatFailsBreaksTheJournal)
{
    // A promise that SQLite checks only at the commit.
    ASSERT_EQ(tamper(path_,
                     "CREATE TABLE promises (id INTEGER REFERENCES orders (id) DEFERRABLE "
                     "INITIALLY DEFERRED); CREATE TRIGGER promise AFTER INSERT ON steps "
                     "WHEN NEW.reason = 'bad' BEGIN INSERT INTO promises VALUES (-1); END"),
              error_code{});
    ASSERT_EQ(journal_->add(new_order("A0"), ""), error_code{});
    const auto lost = make_sqlite_error(SQLITE_CONSTRAINT_FOREIGNKEY);

    ASSERT_EQ(journal_->begin_group(), error_code{});
    ASSERT_EQ(journal_->add(new_order("A1"), "bad"), error_code{});
    EXPECT_EQ(journal_->commit_group(), lost);
    EXPECT_TRUE(journal_->broken());
    EXPECT_EQ(journal_->find("A1").error(), lost);

    reopen();
    EXPECT_EQ(all(), "A0");
    EXPECT_EQ(journal_->add(new_order("A1"), "bad"), lost);
    EXPECT_TRUE(journal_->broken());
    reopen();
    EXPECT_EQ(all(), "A0");
}

TEST_F(JournalGroupTest, SomebodyElseWritingIsAnErrorAndBreaksNothing)
{
    database engineer{path_};
    ASSERT_EQ(engineer.exec("BEGIN IMMEDIATE"), error_code{});
    EXPECT_EQ(journal_->begin_group(), make_sqlite_error(SQLITE_BUSY));
    EXPECT_FALSE(journal_->broken());

    ASSERT_EQ(engineer.exec("ROLLBACK"), error_code{});
    EXPECT_EQ(journal_->add(new_order("A1"), ""), error_code{});
}

TEST_F(JournalGroupTest, ACheckpointEmptiesTheLog)
{
    ASSERT_EQ(journal_->add(new_order("A1"), ""), error_code{});
    const auto log = path_.string() + "-wal";
    EXPECT_GT(std::filesystem::file_size(log), 0U);
    EXPECT_EQ(journal_->checkpoint(), error_code{});
    EXPECT_EQ(std::filesystem::file_size(log), 0U);
    EXPECT_EQ(all(), "A1");
}

TEST_F(JournalGroupTest, ACheckpointBesideAReaderIsBusyAndBreaksNothing)
{
    ASSERT_EQ(journal_->add(new_order("A1"), ""), error_code{});
    database reader{path_};
    ASSERT_EQ(reader.exec("BEGIN; SELECT * FROM orders"), error_code{});
    ASSERT_EQ(journal_->add(new_order("A2"), ""), error_code{});
    EXPECT_EQ(journal_->checkpoint(), make_sqlite_error(SQLITE_BUSY));
    EXPECT_FALSE(journal_->broken());
    EXPECT_EQ(journal_->add(new_order("A3"), ""), error_code{});
}

}  // namespace
}  // namespace ecr::store
