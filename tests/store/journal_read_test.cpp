#include "store/journal.hpp"
#include "store/journal_file.hpp"
#include "store/statements.hpp"
#include "tests/store/other_program.hpp"
#include "tests/store/sample_order.hpp"
#include "tests/store/temporary_directory.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <vector>

namespace ecr::store {
namespace {

using namespace protocol;
using testing::HasSubstr;

class JournalReadTest : public testing::Test {
protected:
    temporary_directory directory_;
    std::filesystem::path path_ = directory_ / "journal.db";
    journal journal_{path_};
};

[[nodiscard]] std::string number_of(const result<std::optional<order>>& found)
{
    if (!found) return found.error().message();
    return *found ? (*found)->out_trade_no : "-";
}

// One order in every state, each sent 10 s after the one before it.
void put_one_in_every_state(journal& to)
{
    for (std::size_t s = 1; s <= order_state_count; ++s) {
        const auto state = static_cast<order_state>(s);
        const auto moment = static_cast<std::int64_t>(10 * s);
        ASSERT_EQ(put(to, new_order(std::string{name_of(state)}, at(moment)), state, at(moment)),
                  error_code{});
    }
}

TEST_F(JournalReadTest, TillOrderIsTheNewestOfThatTill)
{
    struct {
        const char *number, *till, *till_order;
    } const rows[] = {
        {"A1", "till-1", "7"}, {"A2", "till-1", "8"}, {"A3", "till-1", "7"},
        {"A4", "till-2", "7"}, {"A5", "till-1", ""},
    };
    for (const auto& row : rows) {
        auto order = new_order(row.number);
        order.till = row.till;
        order.till_order = row.till_order;
        ASSERT_EQ(journal_.add(order, ""), error_code{});
    }

    EXPECT_EQ(number_of(journal_.find_till_order("till-1", "7")), "A3");
    EXPECT_EQ(number_of(journal_.find_till_order("till-1", "8")), "A2");
    EXPECT_EQ(number_of(journal_.find_till_order("till-2", "7")), "A4");
    EXPECT_EQ(number_of(journal_.find_till_order("till-2", "8")), "-");
    EXPECT_EQ(number_of(journal_.find_till_order("till-1", "")), "-");

    EXPECT_EQ(number_of(journal_.last_of_till("till-1")), "A5");
    EXPECT_EQ(number_of(journal_.last_of_till("till-2")), "A4");
    EXPECT_EQ(number_of(journal_.last_of_till("till-3")), "-");
}

TEST_F(JournalReadTest, SyssnIsFoundWithThePaymentFirst)
{
    struct {
        const char* number;
        order_kind kind;
        const char* syssn;
    } const rows[] = {
        {"A1", order_kind::payment, "S1"}, {"A2", order_kind::payment, "S2"},
        {"R1", order_kind::refund, "S2"},  {"R2", order_kind::refund, "S3"},
        {"A3", order_kind::payment, ""},
    };
    for (const auto& row : rows) {
        auto order = new_order(row.number);
        order.kind = row.kind;
        order.facts.syssn = row.syssn;
        ASSERT_EQ(journal_.add(order, ""), error_code{});
    }

    EXPECT_EQ(number_of(journal_.find_syssn("S1")), "A1");
    EXPECT_EQ(number_of(journal_.find_syssn("S2")), "A2");
    EXPECT_EQ(number_of(journal_.find_syssn("S3")), "R2");
    EXPECT_EQ(number_of(journal_.find_syssn("S4")), "-");
    EXPECT_EQ(number_of(journal_.find_syssn("")), "-");
}

TEST_F(JournalReadTest, RefundsOfAPaymentAreOldestFirst)
{
    ASSERT_EQ(journal_.add(new_order("A1"), ""), error_code{});
    for (const auto* number : {"R2", "R1"}) {
        auto refund = new_order(number);
        refund.kind = order_kind::refund;
        refund.of = "A1";
        ASSERT_EQ(journal_.add(refund, ""), error_code{});
    }
    EXPECT_EQ(numbers_of(journal_.refunds_of("A1")), "R2 R1");
    EXPECT_EQ(numbers_of(journal_.refunds_of("R1")), "");
    EXPECT_EQ(numbers_of(journal_.refunds_of("")), "");
}

TEST_F(JournalReadTest, OpenOrdersAreThoseThatRecoveryGoesOnWith)
{
    put_one_in_every_state(journal_);
    EXPECT_EQ(numbers_of(journal_.open_orders()), "accepted sending on_terminal in_doubt");
    // Oldest first means the journal's age, not the state.
    ASSERT_EQ(put(journal_, new_order("young"), order_state::accepted), error_code{});
    EXPECT_EQ(numbers_of(journal_.open_orders()), "accepted sending on_terminal in_doubt young");
}

TEST_F(JournalReadTest, WatchedOrdersWereSentSinceAndEndedUnpaid)
{
    put_one_in_every_state(journal_);
    // Taken back before it was sent: nothing can come of it.
    ASSERT_EQ(journal_.add(new_order("withdrawn", at(75)), ""), error_code{});
    ASSERT_EQ(walk(journal_, "withdrawn", {order_event::withdraw}, at(75)), error_code{});

    EXPECT_EQ(numbers_of(journal_.watched_orders(at(0))), "declined cancelled expired resolved");
    EXPECT_EQ(numbers_of(journal_.watched_orders(at(70))), "cancelled expired resolved");
    EXPECT_EQ(numbers_of(journal_.watched_orders(at(71))), "expired resolved");
    EXPECT_EQ(numbers_of(journal_.watched_orders(at(81))), "resolved");
    EXPECT_EQ(numbers_of(journal_.watched_orders(at(200))), "");

    ASSERT_EQ(walk(journal_, "cancelled", {order_event::pay}, at(90)), error_code{});
    EXPECT_EQ(numbers_of(journal_.watched_orders(at(0))), "declined expired resolved");
}

TEST_F(JournalReadTest, ListGivesWhatTheFilterAsksFor)
{
    put_one_in_every_state(journal_);
    ASSERT_EQ(walk(journal_, "declined", {order_event::pay}, at(200)), error_code{});  // late
    const auto learn = *decide(order_state::in_doubt, order_event::learn);
    ASSERT_EQ(journal_.advance("in_doubt", learn, "", at(201), {.needs = attention::mismatch}),
              error_code{});

    const struct {
        order_filter filter;
        const char* numbers = "";
    } cases[] = {
        {{},
         "resolved unresolved rejected expired cancelled declined paid in_doubt on_terminal "
         "sending accepted"},
        {{.limit = 2}, "resolved unresolved"},
        {{.limit = 0}, ""},
        {{.limit = -1}, ""},
        {{.since = at(80)}, "resolved unresolved rejected expired"},
        {{.before = at(30)}, "sending accepted"},
        {{.since = at(30), .before = at(50)}, "in_doubt on_terminal"},
        {{.since = at(30), .before = at(50), .limit = 1}, "in_doubt"},
        {{.state = order_state::paid}, "declined paid"},
        {{.state = order_state::on_terminal}, "on_terminal"},
        {{.state = order_state::unresolved}, "unresolved"},
        {{.state = order_state::declined}, ""},
        {{.needs_attention = true}, "unresolved declined in_doubt"},
        {{.needs_attention = true, .limit = 1}, "unresolved"},
        {{.state = order_state::in_doubt, .needs_attention = true}, "in_doubt"},
        {{.state = order_state::on_terminal, .needs_attention = true}, ""},
        {{.state = order_state::paid, .since = at(50)}, "declined paid"},
        {{.state = order_state::paid, .since = at(51)}, "declined"},
    };
    int line = 0;
    for (const auto& c : cases) {
        SCOPED_TRACE("case " + std::to_string(line++));
        EXPECT_EQ(numbers_of(journal_.list(c.filter)), c.numbers);
    }
}

TEST_F(JournalReadTest, CountsAgreeWithTheLists)
{
    const auto empty = journal_.count_orders().value();
    EXPECT_EQ(empty.open + empty.attention + empty.total, 0);

    put_one_in_every_state(journal_);
    ASSERT_EQ(walk(journal_, "declined", {order_event::pay}), error_code{});
    const auto counted = journal_.count_orders().value();
    EXPECT_EQ(counted.open, 4);
    EXPECT_EQ(counted.attention, 3);  // the late one, the one in doubt, the unresolved one
    EXPECT_EQ(counted.total, 11);
    EXPECT_EQ(counted.total, ask(path_, "SELECT count(*) FROM orders"));
}

TEST_F(JournalReadTest, AnUnknownOrderHasNoHistory)
{
    EXPECT_EQ(number_of(journal_.find("A9")), "-");
    EXPECT_TRUE(journal_.steps_of("A9").value().empty());
}

TEST_F(JournalReadTest, ARowWithANumberOfNoEnumIsAnErrorAndBreaksNothing)
{
    const struct {
        const char *column, *value;
    } cases[] = {{"state", "12"}, {"needs", "256"}, {"needs", "-1"}};
    for (const auto& c : cases) {
        SCOPED_TRACE(c.column);
        const auto number = std::string{c.column} + c.value;
        ASSERT_EQ(journal_.add(new_order(number), ""), error_code{});
        const auto sql = std::string{"UPDATE orders SET "} + c.column + " = " + c.value +
                         " WHERE out_trade_no = '" + number + "'";
        ASSERT_EQ(tamper(path_, sql.c_str()), error_code{});
        EXPECT_EQ(journal_.find(number).error(), make_sqlite_error(SQLITE_CORRUPT));
    }
    EXPECT_FALSE(journal_.broken());
}

TEST_F(JournalReadTest, IntegrityOfAFreshJournalHasNoComplaint)
{
    put_one_in_every_state(journal_);
    EXPECT_EQ(journal_.integrity().value(), "");
}

TEST_F(JournalReadTest, IntegrityNamesAStepWithoutItsOrder)
{
    ASSERT_EQ(tamper(path_, "INSERT INTO steps VALUES (1, 77, 1, 11, 1, 'from nowhere', 0)"),
              error_code{});
    EXPECT_THAT(journal_.integrity().value(), HasSubstr("steps"));
}

/// The lines of SQLite's plan for a statement.
[[nodiscard]] std::vector<std::string> plan_of(const database& db, const std::string& sql)
{
    sqlite3_stmt* compiled = nullptr;
    throw_if(sqlite3_prepare_v2(db.handle(), ("EXPLAIN QUERY PLAN " + sql).c_str(), -1, &compiled,
                                nullptr),
             sql);
    const std::unique_ptr<sqlite3_stmt, int (*)(sqlite3_stmt*)> owner{compiled, sqlite3_finalize};
    std::vector<std::string> lines;
    while (sqlite3_step(compiled) == SQLITE_ROW)
        lines.emplace_back(reinterpret_cast<const char*>(sqlite3_column_text(compiled, 3)));
    return lines;
}

// A journal grows for years. A verb that reads all of it would be fast in every test but this one.
TEST_F(JournalReadTest, NoVerbReadsTheWholeTable)
{
    const auto db = open_journal_file(path_);
    const statements sql{db};
    int lines = 0;
    for (auto* each = sqlite3_next_stmt(db.handle(), nullptr); each != nullptr;
         each = sqlite3_next_stmt(db.handle(), each)) {
        const std::string text = sqlite3_sql(each);
        if (text.starts_with("PRAGMA")) continue;  // the integrity check does, and says so
        for (const auto& line : plan_of(db, text)) {
            const bool whole = line.starts_with("SCAN") && line != "SCAN CONSTANT ROW" &&
                               line != "SCAN orders USING INDEX orders_attention" &&
                               line != "SCAN tills" &&  // their names, each found by a step
                               !line.starts_with("SCAN (subquery");  // which has a limit
            EXPECT_FALSE(whole) << line << "\nin " << text;
            // The operator's list is short, and may lie years apart.
            const bool by_age = line.find("orders_created_at") != std::string::npos;
            EXPECT_FALSE(by_age && text.find("needs <> 0") != std::string::npos) << text;
            ++lines;
        }
    }
    EXPECT_GT(lines, 15);
}

}  // namespace
}  // namespace ecr::store
