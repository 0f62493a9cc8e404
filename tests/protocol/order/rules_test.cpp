#include "protocol/order/rules.hpp"

#include <gmock/gmock.h>

#include <string>

namespace ecr::protocol {
namespace {

using testing::IsEmpty;
using testing::StartsWith;

order payment_in(order_state state)
{
    order made;
    made.out_trade_no = "A1";
    made.state = state;
    made.amount_minor_units = 1000;
    made.created_at = timestamp{} + milliseconds{5'000};
    return made;
}

order refund_of(std::string number, order_state state, std::int64_t amount)
{
    auto made = payment_in(state);
    made.kind = order_kind::refund;
    made.out_trade_no = std::move(number);
    made.of = "A1";
    made.amount_minor_units = amount;
    if (is_final(state)) made.final_at = timestamp{} + milliseconds{4'000};
    return made;
}

TEST(RulesTest, AnOrderLeavesWhenTheJournalHasItAsBeingSentAndTheTerminalIsItsOwn)
{
    const auto o = payment_in(order_state::sending);
    push_moment now{.of = o, .journalled = order_state::sending, .has_terminal = true};
    EXPECT_THAT(broken_by_push(now), IsEmpty());
    for (const auto behind : {order_state{}, order_state::accepted, order_state::on_terminal}) {
        now.journalled = behind;
        EXPECT_THAT(broken_by_push(now), StartsWith("rule 1:"));
    }
    now.journalled = order_state::sending;
    now.may_have_left = true;
    EXPECT_THAT(broken_by_push(now), StartsWith("rule 3:"));
    now.may_have_left = now.has_terminal = false;
    EXPECT_THAT(broken_by_push(now), StartsWith("rule 8:"));
}

TEST(RulesTest, ADirectPaymentNeedsNoTerminal)
{
    auto o = payment_in(order_state::sending);
    o.route = order_route::direct;
    EXPECT_THAT(broken_by_push({.of = o, .journalled = order_state::sending}), IsEmpty());
}

TEST(RulesTest, AVerdictSaysNoMoreThanTheNetworkKnows)
{
    using enum order_event;
    for (const auto verdict : {push, refuse, doubt, not_sent, pay, decline}) {
        SCOPED_TRACE(name_of(verdict));
        EXPECT_EQ(broken_by_verdict(transport::not_sent, verdict).empty(), verdict == not_sent);
        EXPECT_EQ(broken_by_verdict(transport::no_answer, verdict).empty(), verdict == doubt);
        EXPECT_EQ(broken_by_verdict(transport::answered, verdict).empty(), verdict != not_sent);
    }
}

TEST(RulesTest, NoMoreIsGivenBackThanWasPaid)
{
    const auto payment = payment_in(order_state::paid);
    const auto refund = refund_of("R9", order_state::sending, 400);
    const auto done = refund_of("R1", order_state::paid, 600);
    const auto failed = refund_of("R2", order_state::declined, 900);
    EXPECT_THAT(broken_by_refund(refund, payment, {done, failed, refund}), IsEmpty());
    const auto too_much = refund_of("R3", order_state::paid, 1);
    EXPECT_THAT(broken_by_refund(refund, payment, {done, too_much, refund}),
                StartsWith("rule 10:"));
    auto late = too_much;  // nobody could have known when this one was begun
    late.final_at = refund.created_at + milliseconds{1};
    EXPECT_THAT(broken_by_refund(refund, payment, {done, late, refund}), IsEmpty());
}

TEST(RulesTest, OnlyTheCodeOfTheTransactionMakesAPaymentPaid)
{
    const auto o = payment_in(order_state::on_terminal);
    EXPECT_THAT(broken_by_end(o, order_event::pay, "0000"), IsEmpty());
    for (const auto* code : {"", "1143", "1145", "1136"})
        EXPECT_THAT(broken_by_end(o, order_event::pay, code), StartsWith("rule 5:"));
    EXPECT_THAT(broken_by_end(o, order_event::decline, "1201"), IsEmpty());
    EXPECT_THAT(broken_by_end(refund_of("R1", order_state::in_doubt, 5), order_event::pay, ""),
                IsEmpty());
}

TEST(RulesTest, ATillIsToldPaidAndMayRingAgainOnlyWhereThatIsTrue)
{
    using enum order_state;
    for (const auto state : {accepted, sending, on_terminal, in_doubt, paid, declined, cancelled,
                             expired, rejected, unresolved, resolved}) {
        SCOPED_TRACE(name_of(state));
        auto o = payment_in(state);
        if (state != accepted) o.sent_at = timestamp{};
        EXPECT_THAT(broken_by_reply(o, false, false), IsEmpty());
        EXPECT_EQ(broken_by_reply(o, true, false).empty(), state == paid);
        const bool open = state == sending || state == on_terminal || state == in_doubt;
        const bool may_be_paid = open || state == paid || state == unresolved;
        EXPECT_EQ(broken_by_reply(o, false, true).empty(), !may_be_paid);
    }
}

}  // namespace
}  // namespace ecr::protocol
