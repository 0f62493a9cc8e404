// Each kind of difference by itself, and what is none.
#include "tests/protocol/order/record_sample.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace ecr::protocol {
namespace {

using cloud::trade_row;
using enum difference_kind;
using testing::ElementsAre;
using testing::IsEmpty;

/// "what type number-or-syssn ours theirs", one a difference.
std::vector<std::string> told(const std::vector<order>& orders, const std::vector<trade_row>& rows)
{
    std::vector<std::string> all;
    for (const auto& d : reconcile(orders, rows, sample_day()).differences)
        all.push_back(summary_of(d));
    return all;
}

struct comparison_case {
    std::string name;
    std::vector<order> orders;
    std::vector<trade_row> rows;
    std::vector<std::string> differences = {};

    friend void PrintTo(const comparison_case& c, std::ostream* out) { *out << c.name; }
};

order in_state(order o, order_state state)
{
    o.state = state;
    return o;
}

trade_row with(trade_row row, auto change)
{
    change(row);
    return row;
}

const order a1 = sample_payment("A1", "S1", "12:00:00");
const order r1 = sample_refund("R1", "A1", "S1", "12:30:00", 40);
const trade_row s1 = sample_row("A1", "S1", "12:00:00");
const trade_row s2 = sample_row("A1", "S2", "12:01:00");
const trade_row back = sample_refund_row("R1", "S9", "S1", "12:30:00", 40);
const auto digit = [](int value) { return [value](trade_row& r) { r.cancel = value; }; };
const auto amount = [](int value) { return [value](trade_row& r) { r.txamt = value; }; };
const auto currency = [](const char* v) { return [v](trade_row& r) { r.txcurrcd = v; }; };
const auto numberless = [](trade_row& r) { r.out_trade_no.clear(); };
const auto failed = [](trade_row& r) { r.respcd = "1205"; };

const order said_paid = [] {
    auto o = in_state(a1, order_state::resolved);
    o.resolved_paid = true;
    return o;
}();
const order yuan = [] {
    auto o = a1;
    o.currency = "156";
    return o;
}();

std::string name_of_case(const testing::TestParamInfo<comparison_case>& of)
{
    return of.param.name;
}

class ComparisonTest : public testing::TestWithParam<comparison_case> {};

TEST_P(ComparisonTest, TellsWhatDiffersAndNothingElse)
{
    const auto& c = GetParam();
    EXPECT_EQ(told(c.orders, c.rows), c.differences);
}

// clang-format off
INSTANTIATE_TEST_SUITE_P(Payments, ComparisonTest, testing::Values(
    comparison_case{"AllTheSame",       {a1}, {s1}},
    comparison_case{"NothingAtAll",     {}, {}},
    comparison_case{"UnknownHere",      {}, {s1},                                     {"missing_here payment A1/S1 -/100"}},
    comparison_case{"Keyed",            {}, {with(s1, numberless)},                   {"missing_here payment /S1 -/100"}},
    comparison_case{"ExpiredHere",      {in_state(a1, order_state::expired)}, {s1},   {"missing_here payment A1/S1 100/100"}},
    comparison_case{"RejectedHere",     {in_state(a1, order_state::rejected)}, {s1},  {"missing_here payment A1/S1 100/100"}},
    comparison_case{"InDoubtHere",      {in_state(a1, order_state::in_doubt)}, {s1}},
    comparison_case{"UnresolvedHere",   {in_state(a1, order_state::unresolved)}, {s1}},
    comparison_case{"ResolvedAsPaid",   {said_paid}, {s1}},
    comparison_case{"ResolvedNotThere", {said_paid}, {},                              {"missing_there payment A1/S1 100/-"}},
    comparison_case{"ReversedBoth",     {in_state(a1, order_state::cancelled)}, {with(s1, digit(1))}},
    comparison_case{"ClosedBoth",       {in_state(a1, order_state::cancelled)}, {with(s1, digit(2))}},
    comparison_case{"RefundedThere",    {in_state(a1, order_state::cancelled)}, {with(s1, digit(3))}, {"missing_here payment A1/S1 100/100"}},
    comparison_case{"UnknownThere",     {a1}, {},                                     {"missing_there payment A1/S1 100/-"}},
    comparison_case{"FailedThere",      {a1}, {with(s1, failed)},                     {"missing_there payment A1/S1 100/-"}},
    comparison_case{"FailedThenPaid",   {a1}, {with(s2, failed), s1}},
    comparison_case{"DeclinedBoth",     {in_state(a1, order_state::declined)}, {with(s1, failed)}},
    comparison_case{"BySyssn",          {a1}, {with(s1, numberless)}},
    comparison_case{"OtherAmount",      {a1}, {with(s1, amount(101))},                {"amount_differs payment A1/S1 100/101"}},
    comparison_case{"NoAmount",         {a1}, {with(s1, [](trade_row& r) { r.txamt.reset(); })}, {"amount_differs payment A1/S1 100/-"}},
    comparison_case{"OtherCurrency",    {yuan}, {s1},                                 {"amount_differs payment A1/S1 100/100"}},
    comparison_case{"NumericCurrency",  {a1}, {with(s1, currency("344"))}},
    comparison_case{"RowsOf2017",       {yuan}, {with(s1, currency(""))}},
    comparison_case{"PaidTwice",        {a1}, {s1, s2},                               {"paid_twice payment A1/S2 100/100"}},
    comparison_case{"PaidTwiceNewest",  {a1}, {s2, s1},                               {"paid_twice payment A1/S2 100/100"}},
    comparison_case{"PaidThrice",       {a1}, {s1, s2, sample_row("A1", "S3", "12:02:00")},
                                        {"paid_twice payment A1/S2 100/100", "paid_twice payment A1/S3 100/100"}},
    comparison_case{"TwiceAndUnknown",  {}, {s1, s2},                                 {"missing_here payment A1/S1 -/100", "paid_twice payment A1/S2 -/100"}},
    comparison_case{"SecondHasOrder",   {a1, sample_payment("again-S2", "S2", "12:01:00")}, {s1, s2}, {"paid_twice payment A1/S2 100/100"}},
    comparison_case{"TwoOrdersOneRow",  {a1, sample_payment("B1", "S1", "12:00:00")}, {s1}, {"missing_there payment B1/S1 100/-"}},
    comparison_case{"SameRowTwice",     {a1}, {s1, s1}},
    comparison_case{"CloseIsNoPayment", {}, {with(s1, [](trade_row& r) { r.order_type = "close"; })}}),
    name_of_case);

INSTANTIATE_TEST_SUITE_P(Refunds, ComparisonTest, testing::Values(
    comparison_case{"AllTheSame",       {a1, r1}, {with(s1, digit(5)), back}},
    comparison_case{"NumberNotKept",    {a1, r1}, {with(s1, digit(5)), with(back, numberless)}},
    comparison_case{"PaymentsNumber",   {a1, r1}, {s1, with(back, [](trade_row& r) { r.out_trade_no = "A1"; r.origssn = ""; })}},
    comparison_case{"TwoOfOnePayment",  {a1, r1, sample_refund("R2", "A1", "S1", "13:00:00", 60)},
                                        {with(s1, digit(3)), with(sample_refund_row("", "S8", "S1", "13:00:00", 60), numberless), with(back, numberless)}},
    comparison_case{"Elsewhere",        {a1}, {with(s1, digit(3)), back},             {"refunded_elsewhere refund A1/S9 -/40"}},
    comparison_case{"ElsewhereToo",     {a1, r1}, {with(s1, digit(3)), back, sample_refund_row("X", "S8", "S1", "13:00:00", 40)},
                                        {"refunded_elsewhere refund A1/S8 -/40"}},
    comparison_case{"DigitAlone",       {a1}, {with(s1, digit(1))},                   {"refunded_elsewhere payment A1/S1 100/100"}},
    comparison_case{"DigitByOurRefund", {a1, r1}, {with(s1, digit(1)), back}},
    comparison_case{"DigitOfAnOpenOne", {a1, in_state(r1, order_state::in_doubt)}, {with(s1, digit(5))}},
    comparison_case{"DigitAndFailed",   {a1, in_state(r1, order_state::declined)}, {with(s1, digit(5))}, {"refunded_elsewhere payment A1/S1 100/100"}},
    comparison_case{"RefundMissing",    {a1, r1}, {s1},                               {"missing_there refund R1/ 40/-"}},
    comparison_case{"DeclinedHere",     {a1, in_state(r1, order_state::declined)}, {s1, back}, {"missing_here refund R1/S9 40/40"}},
    comparison_case{"InDoubtHere",      {a1, in_state(r1, order_state::in_doubt)}, {s1, back}},
    comparison_case{"OtherAmount",      {a1, r1}, {s1, with(back, amount(50))},       {"amount_differs refund R1/S9 40/50"}},
    comparison_case{"ChangedAtTerminal",{a1, r1}, {s1, with(with(back, amount(50)), numberless)}, {"amount_differs refund R1/S9 40/50"}},
    comparison_case{"UnknownPayment",   {}, {back},                                   {"missing_here refund R1/S9 -/40"}},
    comparison_case{"FailedThere",      {a1, r1}, {s1, with(back, failed)},           {"missing_there refund R1/ 40/-"}}),
    name_of_case);
// clang-format on

TEST(ReconciliationTest, OnlyWhatBelongsToThePeriodIsReported)
{
    const auto day = sample_day();
    auto before = sample_payment("B", "SB", "00:00:00");
    before.facts.sysdtm = "2026-11-17 23:59:59";
    auto after = sample_payment("C", "SC", "00:00:00");
    after.facts.sysdtm = "2026-11-19 00:00:00";
    auto row_before = sample_row("D", "SD", "00:00:00");
    row_before.sysdtm = "2026-11-17 23:59:59";
    auto row_after = sample_row("E", "SE", "00:00:00");
    row_after.sysdtm = "2026-11-19 00:00:00";
    const auto first = sample_row("F", "SF", "00:00:00");
    const auto last = sample_row("G", "SG", "23:59:59");
    const std::vector<order> orders{before, after};
    const std::vector<trade_row> rows{row_before, row_after, first, last};
    const auto found = reconcile(orders, rows, day);
    ASSERT_EQ(found.differences.size(), 2U);
    EXPECT_EQ(found.differences[0].theirs->syssn, "SF");
    EXPECT_EQ(found.differences[1].theirs->syssn, "SG");
    EXPECT_EQ(found.orders, 0U);
    EXPECT_EQ(found.rows, 2U);
}

// Our clock had it on the day before, QFPay's on the day itself: they find each other.
TEST(ReconciliationTest, TheTwoHalvesOfMidnightFindEachOther)
{
    auto sent_before = sample_payment("A1", "", "00:00:00");
    sent_before.facts.sysdtm.clear();
    sent_before.sent_at = sent_before.created_at - std::chrono::seconds{2};
    EXPECT_THAT(told({sent_before}, {sample_row("A1", "S1", "00:00:01")}), IsEmpty());
    EXPECT_THAT(told({sent_before}, {sample_row("A1", "S1", "00:00:01", 7)}),
                ElementsAre("amount_differs payment A1/S1 100/7"));
}

TEST(ReconciliationTest, ARowWithoutATimeIsNotLost)
{
    auto row = sample_row("A1", "S1", "12:00:00");
    row.sysdtm.clear();
    EXPECT_THAT(told({}, {row}), ElementsAre("missing_here payment A1/S1 -/100"));
}

TEST(ReconciliationTest, WhatIsOpenIsShownAsSuch)
{
    const std::vector<order> orders{
        in_state(a1, order_state::in_doubt),
        in_state(sample_payment("A2", "", "13:00:00"), order_state::unresolved),
        sample_payment("A3", "S3", "14:00:00")};
    const std::vector<trade_row> rows{s1, sample_row("A3", "S3", "14:00:00")};
    const auto found = reconcile(orders, rows, sample_day());
    EXPECT_THAT(found.differences, IsEmpty());
    ASSERT_EQ(found.open.size(), 2U);
    EXPECT_EQ(found.open[0]->out_trade_no, "A1");
    EXPECT_EQ(found.open[1]->out_trade_no, "A2");
    EXPECT_EQ(found.orders, 3U);
    EXPECT_EQ(found.rows, 2U);
}

}  // namespace
}  // namespace ecr::protocol
