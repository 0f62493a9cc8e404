#include "store/journal.hpp"

#include "tests/store/other_program.hpp"
#include "tests/store/sample_order.hpp"
#include "tests/store/temporary_directory.hpp"

#include <gtest/gtest.h>

namespace ecr::store {
namespace {

using namespace protocol;
using namespace std::chrono_literals;

class JournalTest : public testing::Test {
protected:
    [[nodiscard]] order found(std::string_view out_trade_no)
    {
        auto order = journal_.find(out_trade_no);
        if (order && *order) return **order;
        ADD_FAILURE() << "no order " << out_trade_no;
        return {};
    }

    [[nodiscard]] std::vector<order_step> history(std::string_view out_trade_no)
    {
        return journal_.steps_of(out_trade_no).value();
    }

    temporary_directory directory_;
    std::filesystem::path path_ = directory_ / "journal.db";
    journal journal_{path_};
};

TEST_F(JournalTest, TheSampleOrderLeavesNoFieldAtItsDefault)
{
    for_each_field(full_order(), order{}, [](auto index, const auto& filled, const auto& initial) {
        EXPECT_FALSE(filled == initial) << "field " << index;
    });
}

TEST_F(JournalTest, AddKeepsEveryFieldOfTheQuestion)
{
    auto order = full_order();
    order.state = order_state::accepted;
    ASSERT_EQ(journal_.add(order, "the till asked"), error_code{});

    auto expected = order;
    expected.reason = "the till asked";
    expected.sent_at = std::nullopt;
    expected.updated_at = order.created_at;
    expected.final_at = std::nullopt;
    expect_same(found("R-1"), expected);
}

TEST_F(JournalTest, StepsFillInEveryFieldOfTheAnswer)
{
    const auto full = full_order();
    auto asked = full;
    asked.state = order_state::accepted;
    asked.needs = {};
    asked.facts = {};
    asked.refundable_before = asked.refundable_now = std::nullopt;
    asked.cancel_wanted = asked.cancel_acknowledged = asked.delivered = false;
    ASSERT_EQ(journal_.add(asked, "asked"), error_code{});

    const auto send = *decide(order_state::accepted, order_event::send);
    const auto pay = *decide(order_state::sending, order_event::pay);
    const auto learn = *decide(order_state::paid, order_event::learn);
    ASSERT_EQ(journal_.advance("R-1", send, "sent", *full.sent_at,
                               {.refundable_before = full.refundable_before}),
              error_code{});
    ASSERT_EQ(journal_.advance("R-1", pay, "paid", *full.final_at,
                               {.facts = full.facts, .refundable_now = full.refundable_now}),
              error_code{});
    ASSERT_EQ(
        journal_.advance("R-1", learn, full.reason, full.updated_at,
                         {.cancel_wanted = true, .cancel_acknowledged = true, .needs = full.needs}),
        error_code{});
    ASSERT_EQ(journal_.mark_delivered("R-1"), error_code{});

    expect_same(found("R-1"), full);
}

TEST_F(JournalTest, AnOptionalFieldLeftOutStaysOut)
{
    ASSERT_EQ(journal_.add(new_order("A1"), ""), error_code{});
    expect_same(found("A1"), new_order("A1"));
}

TEST_F(JournalTest, AnEmptyReasonWithoutAddressIsStillAText)
{
    ASSERT_EQ(journal_.add(new_order("A1"), std::string_view{}), error_code{});
    EXPECT_EQ(found("A1").reason, "");
}

TEST_F(JournalTest, HistoryBeginsWithTheAdding)
{
    ASSERT_EQ(journal_.add(new_order("A1", at(5)), "the till asked"), error_code{});
    EXPECT_EQ(history("A1"),
              (std::vector<order_step>{{order_state::accepted, order_event::learn,
                                        order_state::accepted, "the till asked", at(5)}}));
}

TEST_F(JournalTest, ASecondOrderOfTheSameNumberIsRefused)
{
    ASSERT_EQ(journal_.add(new_order("A1"), "first"), error_code{});
    auto second = new_order("A1");
    second.amount_minor_units = 999;
    EXPECT_EQ(journal_.add(second, "second"), errc::duplicate_order);

    EXPECT_EQ(found("A1").amount_minor_units, 110);
    EXPECT_EQ(history("A1").size(), 1U);
    EXPECT_FALSE(journal_.broken());
}

TEST_F(JournalTest, AnOrderThatBreaksTheSchemaIsNotCalledADuplicate)
{
    auto free = new_order("A1");
    free.amount_minor_units = 0;
    EXPECT_EQ(journal_.add(free, "for nothing"), make_sqlite_error(SQLITE_CONSTRAINT_CHECK));
    EXPECT_EQ(*journal_.find("A1"), std::nullopt);
    EXPECT_FALSE(journal_.broken());
}

// Every state and event, each from an order of its own.
template <class Visit>
void for_every_pair(journal& to, Visit visit)
{
    // In a group: a hundred times as fast on a disk, and a step must not care.
    ASSERT_EQ(to.begin_group(), error_code{});
    for (std::size_t s = 1; s <= order_state_count; ++s)
        for (std::size_t e = 0; e < order_event_count; ++e) {
            const auto from = static_cast<order_state>(s);
            const auto on = static_cast<order_event>(e);
            const auto number = std::string{name_of(from)}.append("/").append(name_of(on));
            SCOPED_TRACE(number);
            ASSERT_EQ(put(to, new_order(number), from), error_code{});
            visit(number, from, on);
        }
    ASSERT_EQ(to.commit_group(), error_code{});
}

TEST_F(JournalTest, EveryLegalStepIsTakenAndRemembered)
{
    for_every_pair(journal_, [&](const std::string& number, order_state from, order_event on) {
        const auto step = decide(from, on);
        if (!step) return;
        const auto before = history(number);
        ASSERT_EQ(journal_.advance(number, *step, "because", at(100)), error_code{});

        const auto after = found(number);
        EXPECT_EQ(after.state, step->to);
        EXPECT_EQ(after.reason, "because");
        EXPECT_EQ(after.updated_at, at(100));
        auto expected = before;
        expected.push_back({from, on, step->to, "because", at(100)});
        EXPECT_EQ(history(number), expected);
    });
}

TEST_F(JournalTest, AStepFromAnotherStateIsStaleAndWritesNothing)
{
    for_every_pair(journal_, [&](const std::string& number, order_state actual, order_event on) {
        const auto order_before = found(number);
        const auto steps_before = history(number);
        for (std::size_t s = 1; s <= order_state_count; ++s) {
            const auto believed = decide(static_cast<order_state>(s), on);
            if (!believed || believed->from == actual) continue;
            EXPECT_EQ(journal_.advance(number, *believed, "stale", at(100)), errc::stale_state);
        }
        expect_same(found(number), order_before);
        EXPECT_EQ(history(number), steps_before);
    });
    EXPECT_FALSE(journal_.broken());
}

TEST_F(JournalTest, AStepThatTheTableDoesNotKnowIsRefused)
{
    for_every_pair(journal_, [&](const std::string& number, order_state from, order_event on) {
        const auto before = found(number);
        for (std::size_t s = 1; s <= order_state_count; ++s) {
            const transition step{from, on, static_cast<order_state>(s)};
            const auto legal = decide(from, on);
            if (legal && *legal == step) continue;
            EXPECT_EQ(journal_.advance(number, step, "made up", at(100)), errc::illegal_transition);
        }
        expect_same(found(number), before);
    });
}

TEST_F(JournalTest, AnUnknownOrderIsSaidToBeUnknown)
{
    const auto step = *decide(order_state::accepted, order_event::send);
    EXPECT_EQ(journal_.advance("A9", step, "", at(1)), errc::unknown_order);
    EXPECT_EQ(journal_.mark_delivered("A9"), errc::unknown_order);
    EXPECT_EQ(ask(path_, "SELECT count(*) FROM steps"), 0);
    EXPECT_FALSE(journal_.broken());
}

TEST_F(JournalTest, SentAtIsTheMomentOfSendingAndNoLater)
{
    ASSERT_EQ(journal_.add(new_order("A1"), ""), error_code{});
    EXPECT_EQ(found("A1").sent_at, std::nullopt);
    ASSERT_EQ(walk(journal_, "A1", {order_event::send}, at(10)), error_code{});
    ASSERT_EQ(walk(journal_, "A1", {order_event::learn, order_event::push}, at(20)), error_code{});
    EXPECT_EQ(found("A1").sent_at, at(10));
}

TEST_F(JournalTest, FinalAtIsSetByEveryStepIntoAFinalState)
{
    for_every_pair(journal_, [&](const std::string& number, order_state from, order_event on) {
        const auto step = decide(from, on);
        if (!step) return;
        const auto before = found(number).final_at;
        EXPECT_EQ(before.has_value(), is_final(from));
        ASSERT_EQ(journal_.advance(number, *step, "", at(100)), error_code{});
        const bool enters = from != step->to && is_final(step->to);
        EXPECT_EQ(found(number).final_at, enters ? std::optional{at(100)} : before);
    });
}

TEST_F(JournalTest, ALateStepPutsTheOrderOnTheOperatorsList)
{
    for_every_pair(journal_, [&](const std::string& number, order_state from, order_event on) {
        const auto step = decide(from, on);
        if (!step) return;
        ASSERT_EQ(journal_.advance(number, *step, "", at(100)), error_code{});
        const bool late = on == order_event::pay && is_final(from);
        EXPECT_EQ(found(number).needs, late ? attention::late : attention::none);
    });
}

TEST_F(JournalTest, ReasonsForAttentionAddUp)
{
    ASSERT_EQ(put(journal_, new_order("A1"), order_state::declined), error_code{});
    const auto learn = *decide(order_state::declined, order_event::learn);
    const auto pay = *decide(order_state::declined, order_event::pay);
    ASSERT_EQ(journal_.advance("A1", learn, "", at(8), {.needs = attention::mismatch}),
              error_code{});
    ASSERT_EQ(journal_.advance("A1", pay, "", at(9), {.needs = attention::unresolved}),
              error_code{});
    EXPECT_EQ(found("A1").needs, attention::late | attention::mismatch | attention::unresolved);
}

TEST_F(JournalTest, FactsLeftOutKeepTheirValue)
{
    ASSERT_EQ(put(journal_, new_order("A1"), order_state::sending), error_code{});
    const auto learn = *decide(order_state::sending, order_event::learn);
    const step_facts all{.facts = full_order().facts,
                         .refundable_before = 5,
                         .refundable_now = 6,
                         .cancel_wanted = true,
                         .cancel_acknowledged = true};
    ASSERT_EQ(journal_.advance("A1", learn, "all", at(8), all), error_code{});
    const auto before = found("A1");
    ASSERT_EQ(journal_.advance("A1", learn, "all", at(8), {}), error_code{});
    expect_same(found("A1"), before);
}

[[nodiscard]] transaction_facts known(std::string syssn, std::string respcd)
{
    transaction_facts facts;
    facts.syssn = std::move(syssn);
    facts.respcd = std::move(respcd);
    return facts;
}

TEST_F(JournalTest, AnAnswerWithoutSyssnDoesNotForgetTheSyssn)
{
    ASSERT_EQ(put(journal_, new_order("A1"), order_state::sending), error_code{});
    const auto learn = *decide(order_state::sending, order_event::learn);
    ASSERT_EQ(journal_.advance("A1", learn, "", at(8), {.facts = known("S1", "1143")}),
              error_code{});
    ASSERT_EQ(journal_.advance("A1", learn, "", at(9), {.facts = known("", "0000")}), error_code{});
    EXPECT_EQ(found("A1").facts, (known("S1", "0000")));
}

TEST_F(JournalTest, AWishCanBeTakenBack)
{
    ASSERT_EQ(put(journal_, new_order("A1"), order_state::sending), error_code{});
    const auto learn = *decide(order_state::sending, order_event::learn);
    ASSERT_EQ(journal_.advance("A1", learn, "", at(8), {.cancel_wanted = true}), error_code{});
    EXPECT_TRUE(found("A1").cancel_wanted);
    ASSERT_EQ(journal_.advance("A1", learn, "", at(9), {.cancel_wanted = false}), error_code{});
    EXPECT_FALSE(found("A1").cancel_wanted);
}

TEST_F(JournalTest, DeliveringTwiceIsNoError)
{
    ASSERT_EQ(put(journal_, new_order("A1"), order_state::paid), error_code{});
    EXPECT_FALSE(found("A1").delivered);
    EXPECT_EQ(journal_.mark_delivered("A1"), error_code{});
    EXPECT_EQ(journal_.mark_delivered("A1"), error_code{});
    EXPECT_TRUE(found("A1").delivered);
}

TEST_F(JournalTest, TextsComeBackByteByByte)
{
    auto order = new_order("A1");
    order.content = std::string{"quote ' \" zero \0 GBK \xD2\xD1 end", 27};
    ASSERT_EQ(journal_.add(order, "'); DROP TABLE orders; --"), error_code{});
    EXPECT_EQ(found("A1").content, order.content);
    EXPECT_EQ(found("A1").reason, "'); DROP TABLE orders; --");
}

}  // namespace
}  // namespace ecr::store
