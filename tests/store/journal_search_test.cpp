// What the status page reads: sums, counts, and orders by what people know of them.
#include "store/journal.hpp"
#include "tests/store/sample_order.hpp"
#include "tests/store/temporary_directory.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <sstream>

namespace ecr::store {
namespace {

using namespace protocol;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::UnorderedElementsAre;

constexpr std::int64_t hour = 3600;

class JournalSearchTest : public testing::Test {
protected:
    void keep(order o, order_state state = order_state::paid, step_facts facts = {})
    {
        const auto created = o.created_at;
        const auto number = o.out_trade_no;
        ASSERT_EQ(put(journal_, o, state, created), error_code{});
        const bool something = facts.needs != attention::none || facts.resolved_paid || facts.facts;
        if (!something) return;
        const auto note = decide(state, order_event::learn).value();
        ASSERT_EQ(journal_.advance(number, note, "", created, facts), error_code{});
    }

    /// "hour till channel kind xCOUNT AMOUNT" with a mark for what is not plainly paid.
    std::vector<std::string> totals(timestamp since, timestamp before)
    {
        std::vector<std::string> all;
        const auto found = journal_.totals(since, before);
        for (const auto& t : found.value()) {
            std::ostringstream out;
            out << t.hour << ' ' << t.till << ' ' << name_of(t.via)
                << (t.kind == order_kind::refund ? " refund x" : " x") << t.count << ' '
                << t.amount_minor_units << (t.returned ? " returned" : "")
                << (t.by_hand ? " by hand" : "");
            all.push_back(out.str());
        }
        return all;
    }

    temporary_directory directory_;
    journal journal_{directory_ / "journal.db"};
};

order of(std::string number, timestamp created, std::string till = "till-1",
         channel via = channel::wx)
{
    auto made = new_order(std::move(number), created);
    made.till = std::move(till);
    made.via = via;
    return made;
}

TEST_F(JournalSearchTest, TotalsAreByHourTillAndChannel)
{
    keep(of("A1", at(0)));
    keep(of("A2", at(hour - 1)));
    keep(of("A3", at(hour)));
    keep(of("A4", at(hour), "till-2"));
    keep(of("A5", at(hour), "till-2", channel::fps));
    EXPECT_THAT(totals(at(0), at(9 * hour)),
                UnorderedElementsAre("0 till-1 wx x2 220", "1 till-1 wx x1 110",
                                     "1 till-2 wx x1 110", "1 till-2 fps x1 110"));
}

TEST_F(JournalSearchTest, TotalsAreOfOrdersCreatedWithinTheTime)
{
    keep(of("A1", at(-1)));
    keep(of("A2", at(0)));
    keep(of("A3", at(hour - 1)));
    keep(of("A4", at(hour)));
    EXPECT_THAT(totals(at(0), at(hour)), ElementsAre("0 till-1 wx x2 220"));
}

TEST_F(JournalSearchTest, TotalsHoldOnlyWhatHasMoved)
{
    for (std::size_t s = 1; s <= order_state_count; ++s) {
        const auto state = static_cast<order_state>(s);
        keep(of(std::string{name_of(state)}, at(0)), state);
    }
    EXPECT_THAT(totals(at(0), at(hour)), ElementsAre("0 till-1 wx x1 110"));
}

TEST_F(JournalSearchTest, TotalsTellApartWhatIsNotPlainlyPaid)
{
    auto refund = of("R1", at(0));
    refund.kind = order_kind::refund;
    keep(of("A1", at(0)));
    keep(refund);
    keep(of("A2", at(0)), order_state::paid, {.needs = attention::returned});
    keep(of("A3", at(0)), order_state::paid, {.needs = attention::late});
    keep(of("A4", at(0)), order_state::resolved, {.resolved_paid = true});
    keep(of("A5", at(0)), order_state::resolved, {.resolved_paid = false});
    EXPECT_THAT(totals(at(0), at(hour)),
                UnorderedElementsAre("0 till-1 wx x2 220", "0 till-1 wx refund x1 110",
                                     "0 till-1 wx x1 110 returned", "0 till-1 wx x1 110 by hand"));
}

TEST_F(JournalSearchTest, UnfinishedOrdersAreCountedByStateWithTheirOldest)
{
    keep(of("A1", at(5)), order_state::in_doubt);
    keep(of("A2", at(3)), order_state::in_doubt);
    keep(of("A3", at(4)), order_state::unresolved);
    keep(of("A4", at(1)), order_state::paid);
    std::vector<std::string> all;
    const auto counted = journal_.count_unfinished();
    for (const auto& [state, count, oldest] : counted.value())
        all.push_back(std::string{name_of(state)} + ' ' + std::to_string(count) + ' ' +
                      std::to_string((oldest - at(0)) / std::chrono::seconds{1}));
    EXPECT_THAT(all, UnorderedElementsAre("in_doubt 2 3", "unresolved 1 4"));
}

TEST_F(JournalSearchTest, ANumberFindsEverythingThatIsKnownByIt)
{
    auto ours = of("N1", at(1));
    auto tills = of("X1", at(2), "till-1");
    auto another_tills = of("X2", at(3), "till-9");
    auto refund = of("X3", at(4));
    tills.till_order = another_tills.till_order = "N1";
    refund.kind = order_kind::refund;
    refund.of = "N1";
    for (const auto& o : {ours, tills, another_tills, refund})
        keep(o);
    keep(of("X4", at(5)), order_state::paid, {.facts = transaction_facts{.syssn = "N1"}});
    keep(of("N11", at(6)));
    EXPECT_EQ(numbers_of(journal_.find_all("N1", 50)), "X4 X3 X2 X1 N1");
    EXPECT_EQ(numbers_of(journal_.find_all("N1", 2)), "X4 X3");
    EXPECT_EQ(numbers_of(journal_.find_all("", 50)), "");
    EXPECT_EQ(numbers_of(journal_.find_all("N", 50)), "");
}

TEST_F(JournalSearchTest, AnAmountIsFoundNewestFirstWithinTheTime)
{
    for (int i = 0; i < 6; ++i) {
        auto o = of("A" + std::to_string(i), at(i));
        o.amount_minor_units = i % 2 == 0 ? 500 : 501;
        keep(o);
    }
    const auto find = [&](amount_search what) {
        what.amount_minor_units = 500;
        return numbers_of(journal_.find_amount(what).value().orders);
    };
    EXPECT_EQ(find({}), "A4 A2 A0");
    EXPECT_EQ(find({.limit = 2}), "A4 A2");
    EXPECT_EQ(find({.since = at(2)}), "A4 A2");
    EXPECT_EQ(find({.before = at(4)}), "A2 A0");
    EXPECT_EQ(find({.since = at(1), .before = at(2)}), "");
}

TEST_F(JournalSearchTest, ASearchThatEndsEarlySaysWhere)
{
    for (int i = 0; i < 6; ++i)
        keep(of("A" + std::to_string(i), at(i)));
    std::string found;
    int looks = 0;
    amount_search what{.amount_minor_units = 110, .look_at_max = 2};
    for (;;) {
        const auto part = journal_.find_amount(what).value();
        ++looks;
        found += numbers_of(part.orders) + ' ';
        if (!part.unseen_from) break;
        what.before = part.unseen_from;
    }
    EXPECT_EQ(found, "A5 A4 A3 A2 A1 A0 ");
    EXPECT_EQ(looks, 3);
    EXPECT_FALSE(journal_.find_amount({.amount_minor_units = 110, .look_at_max = 6})
                     .value()
                     .unseen_from.has_value());
}

}  // namespace
}  // namespace ecr::store
