#include "store/journal.hpp"
#include "tests/store/other_program.hpp"
#include "tests/store/sample_order.hpp"
#include "tests/store/temporary_directory.hpp"

#include <gtest/gtest.h>

namespace ecr::store {
namespace {

using namespace protocol;

class JournalTamperTest : public testing::Test {
protected:
    void SetUp() override
    {
        journal writer{path_};
        for (std::size_t s = 1; s <= order_state_count; ++s) {
            const auto state = static_cast<order_state>(s);
            ASSERT_EQ(put(writer, new_order(std::string{name_of(state)}), state), error_code{});
        }
    }

    temporary_directory directory_;
    std::filesystem::path path_ = directory_ / "journal.db";
};

TEST_F(JournalTamperTest, TheFileItselfRefusesWhatMustNeverHappen)
{
    const auto refused = make_sqlite_error(SQLITE_CONSTRAINT_TRIGGER);
    const char* const cases[] = {
        "DELETE FROM orders",
        "DELETE FROM orders WHERE out_trade_no = 'paid'",
        "DELETE FROM steps",
        "UPDATE steps SET reason = 'better'",
        "UPDATE steps SET to_state = 5 WHERE id = 1",
        "INSERT OR REPLACE INTO steps VALUES (1, 1, 1, 11, 1, 'replaced', 0)",
        "UPDATE orders SET amount_minor_units = 1",
        "UPDATE orders SET out_trade_no = 'other' WHERE out_trade_no = 'paid'",
        "UPDATE orders SET of_order = 'other'",
        "UPDATE orders SET created_at_ms = 0",
    };
    for (const auto* sql : cases)
        EXPECT_EQ(tamper(path_, sql), refused) << sql;
    EXPECT_EQ(ask(path_, "SELECT count(*) FROM orders"), 11);
    EXPECT_EQ(ask(path_, "SELECT sum(amount_minor_units) FROM orders"), 1210);
}

// The trigger's numbers against the table in protocol/, for every pair of states.
TEST_F(JournalTamperTest, AFinalStateChangesOnlyToPaid)
{
    for (std::size_t f = 1; f <= order_state_count; ++f)
        for (std::size_t t = 1; t <= order_state_count; ++t) {
            const auto from = static_cast<order_state>(f);
            const auto to = static_cast<order_state>(t);
            const auto sql = "UPDATE orders SET state = " + std::to_string(t) +
                             " WHERE out_trade_no = '" + std::string{name_of(from)} + "'";
            SCOPED_TRACE(sql);
            const bool allowed = !is_final(from) || to == from || to == order_state::paid;
            const auto undone = "BEGIN; " + sql + "; ROLLBACK";
            EXPECT_EQ(tamper(path_, undone.c_str()),
                      allowed ? error_code{} : make_sqlite_error(SQLITE_CONSTRAINT_TRIGGER));
        }
}

TEST_F(JournalTamperTest, ColumnsHaveTypesAndLimits)
{
    const struct {
        const char* sql;
        int code;
    } cases[] = {
        {"UPDATE orders SET needs = 'late'", SQLITE_CONSTRAINT_DATATYPE},
        {"UPDATE orders SET reason = NULL", SQLITE_CONSTRAINT_NOTNULL},
        {"UPDATE orders SET delivered = 2", SQLITE_CONSTRAINT_CHECK},
        {"INSERT INTO steps VALUES (NULL, 1, 1, 11, 1, 'x', 'noon')", SQLITE_CONSTRAINT_DATATYPE},
    };
    for (const auto& c : cases)
        EXPECT_EQ(tamper(path_, c.sql), make_sqlite_error(c.code)) << c.sql;
}

}  // namespace
}  // namespace ecr::store
