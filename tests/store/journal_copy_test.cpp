#include "store/journal_copy.hpp"

#include "store/journal.hpp"
#include "store/private_file.hpp"
#include "tests/store/other_program.hpp"
#include "tests/store/sample_order.hpp"
#include "tests/store/temporary_directory.hpp"

#include <boost/system/system_error.hpp>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <ostream>

namespace ecr::store {
namespace {

namespace fs = std::filesystem;
using namespace protocol;
using testing::Contains;
using testing::HasSubstr;
using testing::IsEmpty;

class JournalCopyTest : public testing::Test {
protected:
    JournalCopyTest()
    {
        for (std::size_t s = 1; s <= order_state_count; ++s) {
            const auto state = static_cast<order_state>(s);
            EXPECT_EQ(put(*writer_, new_order(std::string{name_of(state)}), state), error_code{});
        }
    }

    temporary_directory directory_;
    fs::path path_ = directory_ / "journal.db";
    fs::path copy_ = directory_ / "copy.db";
    fs::path part_ = copy_.string() + ".part-" + std::to_string(own_process_id());
    std::unique_ptr<journal> writer_ = std::make_unique<journal>(path_);
};

TEST_F(JournalCopyTest, EveryStateIsWhole)
{
    const auto found = examine_journal(path_);
    EXPECT_THAT(found.problems, IsEmpty());
    EXPECT_EQ(found.orders, static_cast<std::int64_t>(order_state_count));
    EXPECT_GT(found.steps, found.orders);
    EXPECT_TRUE(found.newest);
}

TEST_F(JournalCopyTest, ACopyOfAJournalInUseHasAllOfIt)
{
    copy_journal(path_, copy_);
    const auto found = examine_journal(copy_);
    EXPECT_THAT(found.problems, IsEmpty());
    EXPECT_EQ(found.orders, examine_journal(path_).orders);
    EXPECT_EQ(found.steps, examine_journal(path_).steps);
    // The writer goes on as if nothing had been.
    EXPECT_EQ(put(*writer_, new_order("later"), order_state::paid), error_code{});
    EXPECT_EQ(examine_journal(copy_).orders, found.orders);
}

TEST_F(JournalCopyTest, TheCopyIsOneFileAndAJournal)
{
    copy_journal(path_, copy_);
    for (const auto* more : {"-wal", "-shm", "-journal"})
        EXPECT_FALSE(fs::exists(copy_.string() + more)) << more;
    EXPECT_FALSE(fs::exists(part_));
    journal restored{copy_};
    EXPECT_EQ(restored.find("paid").value()->state, order_state::paid);
}

TEST_F(JournalCopyTest, AGroupThatIsNotDurableIsNotInTheCopy)
{
    const auto before = examine_journal(path_).orders;
    ASSERT_EQ(writer_->begin_group(), error_code{});
    ASSERT_EQ(put(*writer_, new_order("unsure"), order_state::paid), error_code{});
    copy_journal(path_, copy_);
    EXPECT_EQ(examine_journal(copy_).orders, before);
    ASSERT_EQ(writer_->commit_group(), error_code{});
}

TEST_F(JournalCopyTest, NothingIsOverwritten)
{
    std::ofstream{copy_} << "mine";
    EXPECT_THROW(copy_journal(path_, copy_), boost::system::system_error);
    EXPECT_EQ(fs::file_size(copy_), 4U);
}

TEST_F(JournalCopyTest, ALeftoverOfACopyThatWasCutShortIsNotInTheWay)
{
    std::ofstream{part_} << "half";
    copy_journal(path_, copy_);
    EXPECT_THAT(examine_journal(copy_).problems, IsEmpty());
    EXPECT_FALSE(fs::exists(part_));
}

TEST_F(JournalCopyTest, AFailureLeavesNoHalfCopy)
{
    EXPECT_THROW(copy_journal(directory_ / "absent.db", copy_), boost::system::system_error);
    EXPECT_THROW(copy_journal(path_, directory_ / "no/copy.db"), boost::system::system_error);
    std::ofstream{directory_ / "text"} << "this is a letter, and no database, as anybody can see";
    EXPECT_THROW(copy_journal(directory_ / "text", copy_), boost::system::system_error);
    EXPECT_FALSE(fs::exists(copy_));
    EXPECT_FALSE(fs::exists(part_));
}

TEST_F(JournalCopyTest, WhatIsToBeLookedAtIsCountedAsTheJournalDoes)
{
    EXPECT_EQ(examine_journal(path_).attention, writer_->count_orders().value().attention);
    EXPECT_GE(examine_journal(path_).attention, 2);  // in doubt, unresolved
}

TEST_F(JournalCopyTest, OpenOrdersAreThoseTheCloudHasYetToAnswerFor)
{
    EXPECT_EQ(count_open_orders(path_), 4);  // accepted, sending, on the terminal, in doubt
    EXPECT_EQ(count_open_orders(path_), writer_->count_orders().value().open);
    EXPECT_THROW((void)count_open_orders(copy_), boost::system::system_error);
}

TEST_F(JournalCopyTest, AnEmptyFileIsNoJournal)
{
    std::ofstream{copy_} << "";
    EXPECT_THROW((void)examine_journal(copy_), boost::system::system_error);
}

TEST_F(JournalCopyTest, AnOrderOfTheNumberOkIsNoAllClear)
{
    ASSERT_EQ(put(*writer_, new_order("ok"), order_state::paid), error_code{});
    writer_.reset();
    ASSERT_EQ(tamper(path_, "DROP TRIGGER orders_final_states_stay"), error_code{});
    ASSERT_EQ(tamper(path_, "UPDATE orders SET state = 6 WHERE out_trade_no = 'ok'"), error_code{});
    EXPECT_THAT(examine_journal(path_).problems, Contains(HasSubstr("history leads: ok")));
}

struct damage_case {
    const char* name;
    const char* sql;  // with the triggers that forbid it out of the way
    const char* said;

    friend void PrintTo(const damage_case& c, std::ostream* out) { *out << c.name; }
};

class JournalDamageTest : public JournalCopyTest,
                          public testing::WithParamInterface<damage_case> {};

TEST_P(JournalDamageTest, IsFound)
{
    writer_.reset();
    for (const auto* trigger :
         {"orders_final_states_stay", "orders_stay", "steps_stay", "steps_never_change"})
        ASSERT_EQ(tamper(path_, ("DROP TRIGGER " + std::string{trigger}).c_str()), error_code{});
    ASSERT_EQ(tamper(path_, GetParam().sql), error_code{});
    EXPECT_THAT(examine_journal(path_).problems, Contains(HasSubstr(GetParam().said)));
}

// clang-format off
const damage_case damage_cases[] = {
    {"NoHistory", "DELETE FROM steps WHERE order_id = (SELECT id FROM orders WHERE out_trade_no = 'paid')", "without a history: paid"},
    {"Elsewhere", "UPDATE orders SET state = 6 WHERE out_trade_no = 'paid'",                                "not where its history leads: paid"},
    {"Gap",       "DELETE FROM steps WHERE id = (SELECT min(id) + 1 FROM steps WHERE order_id = (SELECT id FROM orders WHERE out_trade_no = 'paid'))", "gap in its history: paid"},
    {"NoOrder",   "PRAGMA foreign_keys = OFF; DELETE FROM orders WHERE out_trade_no = 'paid'",              "belongs to none, in steps"},
};
// clang-format on

INSTANTIATE_TEST_SUITE_P(All, JournalDamageTest, testing::ValuesIn(damage_cases),
                         [](const auto& instance) { return instance.param.name; });

TEST_F(JournalCopyTest, APageOfRubbishIsFound)
{
    writer_.reset();
    const auto size = fs::file_size(path_);
    std::fstream file{path_, std::ios::binary | std::ios::in | std::ios::out};
    file.seekp(static_cast<std::streamoff>(size - 4096));
    file << std::string(4096, 'x');
    file.close();
    EXPECT_THAT(examine_journal(path_).problems, testing::Not(IsEmpty()));
}

}  // namespace
}  // namespace ecr::store
