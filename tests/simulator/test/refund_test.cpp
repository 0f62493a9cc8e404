#include "tests/simulator/test/shop.hpp"

#include <gtest/gtest.h>

namespace ecr::simulator {
namespace {

json row_of(shop& s, const std::string& syssn)
{
    return s.ask_syssn(syssn).at("respmsg");
}

TEST(RefundTest, ConfirmedRefundMovesMoneyBack)
{
    shop s;
    const auto syssn = s.paid("P1", 300);
    ASSERT_EQ(s.refund(syssn, "100", "R1"), "0000");
    EXPECT_EQ(row_of(s, syssn).at("allow_refund_amt"), 300) << "an acknowledgement moves nothing";
    s.pass(10s);
    EXPECT_EQ(row_of(s, syssn).at("allow_refund_amt"), 200);
    EXPECT_EQ(row_of(s, syssn).at("txamt"), 300);
    EXPECT_EQ(s.sim.truth().refunded("P1"), (movements{1, 100}));
    EXPECT_EQ(s.sim.truth().truth_of("R1"), truth::paid);
}

TEST(RefundTest, WithoutAnAmountItIsAllThatIsLeft)
{
    shop s;
    const auto syssn = s.paid("P1", 300);
    s.refund(syssn, "100", "R1");
    s.pass(10s);
    s.refund(syssn, "", "R2");
    s.pass(10s);
    EXPECT_EQ(s.sim.truth().refunded("P1"), (movements{2, 300}));
    EXPECT_EQ(row_of(s, syssn).at("cancel"), 3);
}

struct refund_end_case {
    std::string name;
    shopper who;
    std::string state;
    int refunds;

    friend void PrintTo(const refund_end_case& c, std::ostream* out) { *out << c.name; }
};

class RefundEndTest : public testing::TestWithParam<refund_end_case> {};

TEST_P(RefundEndTest, CashierDecides)
{
    const auto& c = GetParam();
    shop s;
    const auto syssn = s.paid("P1", 300);
    s.sim.plan(c.who);
    ASSERT_EQ(s.refund(syssn, "300", "R1"), "0000");
    s.pass(200s);
    EXPECT_EQ(s.state("R1"), c.state);
    EXPECT_EQ(s.sim.truth().refunded("P1").count, c.refunds);
    EXPECT_EQ(row_of(s, syssn).at("allow_refund_amt"), c.refunds == 0 ? 300 : 0);
}

// clang-format off
const refund_end_case refund_end_cases[] = {
    {"Confirms",   {},                                          "row 0000", 1},
    {"Refuses",    {.does = act::cancels_at_terminal},          "row 1142", 0},
    {"WalksAway",  {.does = act::walks_away},                   "row 1181", 0},
    {"Declined",   {.does = act::declines, .respcd = "1155"},   "row 1155", 0},
    {"Slow",       {.does = act::slow_result, .late = 150s},    "row 0000", 1},
    {"NeverShown", {.does = act::never_shown},                  "1136",     0},
    {"LateIsNoRefund", {.does = act::pays_late},                "row 1181", 0},
};
// clang-format on

INSTANTIATE_TEST_SUITE_P(All, RefundEndTest, testing::ValuesIn(refund_end_cases),
                         [](const auto& instance) { return instance.param.name; });

struct refusal_case {
    std::string name;
    std::string channel;
    std::string amount;
    milliseconds later;
    std::string respcd;

    friend void PrintTo(const refusal_case& c, std::ostream* out) { *out << c.name; }
};

class RefundRefusalTest : public testing::TestWithParam<refusal_case> {};

TEST_P(RefundRefusalTest, CloudRefusesBeforeTheTerminalHears)
{
    const auto& c = GetParam();
    shop s;
    const auto syssn = s.paid("P1", 300, c.channel);
    s.pass(c.later);
    EXPECT_EQ(s.refund(syssn, c.amount), c.respcd);
    EXPECT_EQ(s.sim.terminal("T1").busy(), c.respcd == "0000");
}

// Paid at 15:00:10 at QFPay.
// clang-format off
const refusal_case refusal_cases[] = {
    {"WalletPartSameDay",      "wx",            "100", 0s,                     "0000"},
    {"TooMuch",                "wx",            "301", 0s,                     "1272"},
    {"CardPartSameDay",        "card_payment",  "100", 0s,                     "1124"},
    {"CardFullSameDay",        "card_payment",  "300", 0s,                     "0000"},
    {"CardPartNextDay",        "card_payment",  "100", 24h,                    "0000"},
    {"UnionpayCardSameDay",    "unionpay_card", "100", 0s,                     "1124"},
    {"AmexCardSameDay",        "amex_card",     "100", 0s,                     "1124"},
    {"Octopus",                "octopus",       "300", 0s,                     "1199"},
    {"JustBeforeTheBlackout",  "wx",            "100", 8h + 29min + 40s,       "0000"},
    {"BlackoutBegins",         "wx",            "100", 8h + 29min + 50s,       "1265"},
    {"Midnight",               "wx",            "100", 9h,                     "1265"},
    {"BlackoutEnds",           "wx",            "100", 9h + 29min + 50s,       "1265"},
    {"JustAfterTheBlackout",   "wx",            "100", 9h + 31min,             "0000"},
};
// clang-format on

INSTANTIATE_TEST_SUITE_P(All, RefundRefusalTest, testing::ValuesIn(refusal_cases),
                         [](const auto& instance) { return instance.param.name; });

TEST(RefundTest, AnUnpaidPaymentCannotBeRefunded)
{
    shop s;
    s.sim.behaviour().busy_enquiry = busy_enquiry::row_1145;
    s.sim.plan({.does = act::walks_away});
    s.pay("P1");
    s.pass(1s);
    const auto syssn = s.ask("P1").at("respmsg").at("syssn").get<std::string>();
    EXPECT_EQ(s.refund(syssn, "100", "", "T2"), "1261");
}

TEST(RefundTest, ASecondRefundWaitsForTheFirst)
{
    shop s;
    const auto syssn = s.paid("P1", 300);
    s.refund(syssn, "100", "R1", "T1");
    const auto second = s.call(refund_path, {{"syssn", syssn}, {"termid", "T2"}, {"txamt", "50"}});
    EXPECT_EQ(second.at("respcd"), "1198");
    EXPECT_EQ(second.at("resperr"), "You still have processing requests");
    s.pass(10s);
    EXPECT_EQ(s.refund(syssn, "50", "R2", "T2"), "0000");
}

TEST(RefundTest, ARefundCannotBeRefunded)
{
    shop s;
    const auto syssn = s.paid("P1", 300);
    s.refund(syssn, "300", "R1");
    s.pass(10s);
    EXPECT_EQ(s.refund(s.ask("R1").at("respmsg").at("syssn"), "300", "R2"), "1136");
}

TEST(RefundTest, ItsNumberMustBeNew)
{
    shop s;
    EXPECT_EQ(s.refund(s.paid("P1"), "50", "P1"), "1102");
}

TEST(RefundTest, ABusyTerminalTakesNone)
{
    shop s;
    const auto syssn = s.paid("P1");
    s.pay("P2");
    EXPECT_EQ(s.refund(syssn, "50", "R1"), "1145");
    EXPECT_EQ(s.sim.truth().pushed_to_busy_terminal(), 1);
}

TEST(RefundTest, CancelStopsIt)
{
    shop s;
    const auto syssn = s.paid("P1");
    s.sim.plan({.after = 30s});
    s.refund(syssn, "50", "R1");
    s.pass(1s);
    s.cancel();
    s.pass(60s);
    EXPECT_EQ(s.sim.truth().refunded("P1").count, 0);
}

TEST(RefundTest, CashierChangesTheAmountOnlyWhenAllowed)
{
    for (const bool allowed : {false, true}) {
        shop s;
        const auto syssn = s.paid("P1", 300);
        s.sim.plan({.modified_amount = 120});
        s.respcd(refund_path, {{"syssn", syssn},
                               {"termid", "T1"},
                               {"txamt", "100"},
                               {"allow_modify_flag", allowed ? "1" : "0"}});
        s.pass(10s);
        EXPECT_EQ(s.sim.truth().refunded("P1").sum_minor_units, allowed ? 120 : 100);
    }
}

struct month_case {
    std::string name;
    std::chrono::sys_days paid_on;
    std::chrono::sys_days asked_on;
    std::string by_number;

    friend void PrintTo(const month_case& c, std::ostream* out) { *out << c.name; }
};

class EnquiryMonthTest : public testing::TestWithParam<month_case> {};

TEST_P(EnquiryMonthTest, NumbersReachIntoTheLastMonth)
{
    const auto& c = GetParam();
    shop s{{}, timestamp{c.paid_on + 4h}};
    const auto syssn = s.paid("P1");
    // The wall clock alone: connections and terminals need not live through the months.
    s.clock.shift_wall(c.asked_on - c.paid_on);
    EXPECT_EQ(s.state("P1"), c.by_number);
    EXPECT_EQ(row_of(s, syssn).at("respcd"), "0000");
}

using std::chrono::December, std::chrono::November;
using std::chrono::January, std::chrono::July, std::chrono::August, std::chrono::September;
constexpr auto y2024 = std::chrono::year{2024};
constexpr auto y2025 = std::chrono::year{2025};

// clang-format off
const month_case month_cases[] = {
    {"SameMonth",      y2024 / July / 4,     y2024 / July / 31,      "row 0000"},
    {"NextMonth",      y2024 / July / 1,     y2024 / August / 31,    "row 0000"},
    {"MonthAfterNext", y2024 / July / 31,    y2024 / September / 1,  "1136"},
    {"OverNewYear",    y2024 / December / 1, y2025 / January / 31,   "row 0000"},
    {"TooFarBack",     y2024 / November / 30, y2025 / January / 1,   "1136"},
};
// clang-format on

INSTANTIATE_TEST_SUITE_P(All, EnquiryMonthTest, testing::ValuesIn(month_cases),
                         [](const auto& instance) { return instance.param.name; });

TEST(EnquiryMonthTest, TheMonthIsQfpays)
{
    // 2024-08-31 23:50 at QFPay is still August there; ten minutes later it is September.
    shop s{{}, timestamp{std::chrono::sys_days{y2024 / July / 31} + 15h}};
    s.paid("P1");
    s.clock.shift_wall(std::chrono::sys_days{y2024 / August / 31} -
                       std::chrono::sys_days{y2024 / July / 31} + 50min);
    EXPECT_EQ(s.state("P1"), "row 0000");
    s.clock.shift_wall(10min);
    EXPECT_EQ(s.state("P1"), "1136");
}

TEST(ReceiptTest, NeedsAPaidOrderThatMatches)
{
    shop s;
    const auto syssn = s.paid("P1");
    const auto print = [&](const std::string& number) {
        return s.respcd(receipt_path,
                        {{"syssn", syssn}, {"out_trade_no", number}, {"termid", "T1"}});
    };
    EXPECT_EQ(print("P1"), "0000");
    EXPECT_EQ(print("P2"), "1136");
}

}  // namespace
}  // namespace ecr::simulator
