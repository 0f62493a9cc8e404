#include "store/journal.hpp"
#include "store/migrations.hpp"
#include "tests/store/other_program.hpp"
#include "tests/store/sample_order.hpp"
#include "tests/store/temporary_directory.hpp"

#include <gtest/gtest.h>

namespace ecr::store {
namespace {

using namespace protocol;

[[nodiscard]] std::filesystem::path released_journal(int version)
{
    return std::filesystem::path{ECR_SOURCE_DIR} / "tests/data" /
           ("journal_v" + std::to_string(version) + ".db");
}

/// What every released journal holds: a payment of few fields, and a refund of all of them.
void write_sample(journal& to)
{
    ASSERT_EQ(put(to, new_order("A-1"), order_state::declined), error_code{});
    const auto pay = *decide(order_state::declined, order_event::pay);
    ASSERT_EQ(to.advance("A-1", pay, "late", at(50)), error_code{});

    const auto full = full_order();
    auto asked = full;
    asked.state = order_state::accepted;
    ASSERT_EQ(to.add(asked, "the till asked"), error_code{});
    const auto send = *decide(order_state::accepted, order_event::send);
    const auto paid = *decide(order_state::sending, order_event::pay);
    const auto learn = *decide(order_state::paid, order_event::learn);
    ASSERT_EQ(to.advance("R-1", send, "sent", *full.sent_at), error_code{});
    ASSERT_EQ(to.advance("R-1", paid, "paid", *full.final_at), error_code{});
    ASSERT_EQ(to.advance("R-1", learn, full.reason, full.updated_at), error_code{});
}

/// The refund of all fields, as far as a journal of that version knew them. A later version that
/// adds a field gives it the value here that its migration gives.
[[nodiscard]] order full_order_of(int version)
{
    auto full = full_order();
    if (version < 2) {
        const order before;
        full.facts.shown.clear();
        full.merchant.clear();
        full.route = before.route;
        full.pay_type.clear();
        full.txdtm.clear();
        full.not_before.reset();
        full.resolved_paid.reset();
    }
    return full;
}

void expect_sample(journal& in, int version)
{
    auto payment = new_order("A-1");
    payment.state = order_state::paid;
    payment.reason = "late";
    payment.needs = attention::late;
    payment.sent_at = at(1);
    payment.updated_at = at(50);
    payment.final_at = at(50);
    expect_same(in.find("A-1").value().value(), payment);
    expect_same(in.find("R-1").value().value(), full_order_of(version));

    const std::vector<order_step> expected{
        {order_state::accepted, order_event::learn, order_state::accepted, "asked", at(0)},
        {order_state::accepted, order_event::send, order_state::sending, "send", at(1)},
        {order_state::sending, order_event::decline, order_state::declined, "decline", at(2)},
        {order_state::declined, order_event::pay, order_state::paid, "late", at(50)},
    };
    EXPECT_EQ(in.steps_of("A-1").value(), expected);
    EXPECT_EQ(in.steps_of("R-1").value().size(), 4U);
    EXPECT_EQ(in.integrity().value(), "");
}

class ReleasedSchemaTest : public testing::TestWithParam<int> {
protected:
    temporary_directory directory_;
    std::filesystem::path path_ = directory_ / "journal.db";
};

TEST_P(ReleasedSchemaTest, OpensAndReadsAsItWasWritten)
{
    std::filesystem::copy_file(released_journal(GetParam()), path_);
    ASSERT_EQ(ask(path_, "PRAGMA user_version"), GetParam());
    {
        journal opened{path_};
        expect_sample(opened, GetParam());
        EXPECT_EQ(put(opened, new_order("A-2"), order_state::paid), error_code{});
    }
    EXPECT_EQ(ask(path_, "PRAGMA user_version"), schema_version());
}

// Else a migration has been edited that shops have run.
TEST_P(ReleasedSchemaTest, BroughtUpToDateItHasTheSchemaOfANewOne)
{
    constexpr auto schema =
        "SELECT group_concat(sql, char(10)) FROM "
        "(SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL ORDER BY type, name)";
    std::filesystem::copy_file(released_journal(GetParam()), path_);
    const auto fresh = directory_ / "fresh.db";
    {
        const journal migrated{path_};
        const journal created{fresh};
    }
    const auto expected = ask_text(fresh, schema);
    EXPECT_GT(expected.size(), 1000U);
    EXPECT_EQ(ask_text(path_, schema), expected);
}

INSTANTIATE_TEST_SUITE_P(Versions, ReleasedSchemaTest, testing::Range(1, schema_version() + 1));

// Not a test: writes tests/data/journal_v<this version>.db. See store/README.md.
TEST(ReleasedSchemaWriter, DISABLED_WritesTheJournalOfThisVersion)
{
    const auto path = released_journal(schema_version());
    ASSERT_FALSE(std::filesystem::exists(path)) << "a released journal is never rewritten";
    {
        journal created{path};
        write_sample(created);
    }
    std::filesystem::remove(path.string() + ".lock");
}

// So that the writer keeps writing what the readers expect.
TEST(ReleasedSchemaWriter, WritesWhatIsExpected)
{
    const temporary_directory directory;
    journal created{directory / "journal.db"};
    write_sample(created);
    expect_sample(created, schema_version());
}

}  // namespace
}  // namespace ecr::store
