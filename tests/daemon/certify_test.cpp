// What a trial of a till proves.
#include "daemon/certify/certify_case.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <ostream>

namespace ecr::daemon::certify {
namespace {

using protocol::order;
using protocol::order_state;
using testing::HasSubstr;

order sale(const std::string& number, order_state state)
{
    order o;
    o.out_trade_no = o.till_order = number;
    o.state = state;
    return o;
}
const order paid = sale("A1", order_state::paid);
const order unpaid = sale("A1", order_state::expired);

order cancelled()
{
    auto o = sale("A1", order_state::cancelled);
    o.cancel_wanted = true;
    return o;
}

order refunded(const std::string& number)
{
    auto o = sale(number, order_state::paid);
    o.kind = protocol::order_kind::refund;
    return o;
}

struct judge_case {
    const char* name;
    observation seen;
    mark how;
    const char* sentence;

    friend void PrintTo(const judge_case& c, std::ostream* out) { *out << c.name; }
};

class CertifyJudgeTest : public testing::TestWithParam<judge_case> {};

TEST_P(CertifyJudgeTest, SaysWhetherTheTillDidRight)
{
    const auto& c = GetParam();
    const auto judged = judge(c.seen);
    EXPECT_EQ(judged.how, c.how) << judged.sentence;
    EXPECT_THAT(judged.sentence, HasSubstr(c.sentence));
}

using enum mark;
// clang-format off
const judge_case cases[] = {
    {"Payment",        {trial::payment, {paid}, 1, 0, false, 0, shown::paid},              pass, "One payment"},
    {"NoPayment",      {trial::payment, {}, 0, 0, false, 0, shown::unknown},               fail, "sent no payment"},
    {"PaymentUnshown", {trial::payment, {paid}, 1, 0, false, 0, shown::not_paid},          fail, "does not show it"},
    {"PaymentTwice",   {trial::payment, {paid, sale("A2", order_state::paid)}, 2, 0, false, 0, shown::paid}, fail, "more than one payment for one sale: A1, then A2. The customer was charged 2 times"},
    {"ChargedTwice",   {trial::payment, {paid}, 2, 0, false, 0, shown::paid},              fail, "charged twice"},
    {"Declined",       {trial::decline, {sale("A1", order_state::declined)}, 0, 0, false, 0, shown::not_paid}, pass, "refused"},
    {"DeclinedShown",  {trial::decline, {sale("A1", order_state::declined)}, 0, 0, false, 0, shown::paid}, fail, "shows A1 as paid, and no money has moved"},
    {"Cancelled",      {trial::cancel, {cancelled()}, 0, 0, false, 0, shown::not_paid},    pass, "cancel arrived"},
    {"NotCancelled",   {trial::cancel, {unpaid}, 0, 0, false, 0, shown::not_paid},         fail, "No cancel"},
    {"Expired",        {trial::expiry, {unpaid}, 0, 0, false, 0, shown::not_paid},         pass, "nobody has paid"},
    {"Late",           {trial::late_payment, {paid}, 1, 0, false, 0, shown::not_paid},     pass, "did not charge again"},
    {"LateTwice",      {trial::late_payment, {paid, sale("A2", order_state::paid)}, 2, 0, false, 0, shown::paid}, fail, "more than one payment"},
    {"DoubtAsked",     {trial::in_doubt, {paid}, 1, 0, true, 3, shown::paid},              pass, "asked what became"},
    {"DoubtIgnored",   {trial::in_doubt, {paid}, 1, 0, true, 0, shown::not_paid},          fail, "ignored it: it never asked again"},
    {"DoubtNewNumber", {trial::in_doubt, {paid, sale("A2", order_state::paid)}, 2, 0, true, 1, shown::paid}, fail, "under a new number (A1, then A2)"},
    {"PowerAsked",     {trial::power_cut, {paid}, 1, 0, true, 1, shown::paid},             pass, "One charge"},
    {"PowerForgotten", {trial::power_cut, {paid}, 1, 0, true, 0, shown::unknown},          fail, "forgot its number: it never asked what became of A1"},
    {"PowerBlind",     {trial::power_cut, {paid}, 1, 0, true, 2, shown::not_paid},         fail, "still does not show"},
    {"TooSoon",        {trial::power_cut, {paid}, 1, 0, false, 0, shown::paid},            skipped, "over before"},
    {"ReplyNewNumber", {trial::lost_reply, {paid, sale("A2", order_state::paid)}, 2, 0, true, 1, shown::paid}, fail, "must ask for the status of A1, or repeat A1. The customer was charged 2 times"},
    {"Repeated",       {trial::repeat, {paid}, 1, 0, true, 1, shown::paid},                pass, "charged once"},
    {"NotRepeated",    {trial::repeat, {paid}, 1, 0, true, 0, shown::paid},                fail, "second time"},
    {"Busy",           {trial::busy, {}, 0, 0, false, 0, shown::not_paid},                 pass, "busy"},
    {"BusyShown",      {trial::busy, {}, 0, 0, false, 0, shown::paid},                     fail, "busy with another"},
    {"Refund",         {trial::refund, {refunded("R1")}, 0, 1, false, 0, shown::paid},     pass, "once"},
    {"NoRefund",       {trial::refund, {}, 0, 0, false, 0, shown::unknown},                fail, "no refund"},
    {"RefundTwice",    {trial::refund, {refunded("R1"), refunded("R2")}, 0, 2, false, 0, shown::paid}, fail, "R1, then R2"},
};
// clang-format on

INSTANTIATE_TEST_SUITE_P(All, CertifyJudgeTest, testing::ValuesIn(cases),
                         [](const auto& instance) { return instance.param.name; });

TEST(CertifyTrialsTest, EachHasItsNameAndItsWords)
{
    for (const auto& each : trials()) {
        EXPECT_EQ(trial_of(each.name), each.which);
        EXPECT_EQ(&text_of(each.which), &each);
        EXPECT_FALSE(each.what_to_do.empty() || each.what_for.empty()) << each.name;
    }
    EXPECT_FALSE(trial_of("nothing"));
}

}  // namespace
}  // namespace ecr::daemon::certify
