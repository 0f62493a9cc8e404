// A code that the till shows: what the till is told, against the ledger.
#include "tests/daemon/direct_story.hpp"

#include <gtest/gtest.h>

namespace ecr::test {
namespace {

using simulator::act;
using simulator::fault;
using simulator::fault_kind;
using simulator::movements;
using simulator::shopper;
using simulator::undo_plan;

constexpr const char* qr_a1 = "qr order=A1 amount=500 channel=wx timeout=300";

bool code_is_shown(shop& s, sample_till& till)
{
    return s.until([&] { return till.count("code", "order=A1") > 0; }, 10s);
}

TEST(QrTest, IsShownAndPaid)
{
    shop s;
    s.cloud().plan(shopper{.after = 60s});
    const auto till = s.tcp_till();
    till->say(qr_a1);
    ASSERT_TRUE(code_is_shown(s, *till));
    const auto code = till->last("code");
    EXPECT_EQ(value_of(code, "text"), "https://qr.invalid/" + s.journal("A1")->syssn) << code;
    EXPECT_EQ(till->count("result"), 0U);  // 0000 was the order, not the money
    const auto result = s.result_of(*till, "A1");
    EXPECT_EQ(value_of(result, "state"), "paid") << result;
    EXPECT_EQ(s.truth().requests("/trade/v1/close"), 0);
    expect_truth(s, "A1", "paid");
}

TEST(QrTest, IsShownAgainToATillThatAsksAgain)
{
    shop s;
    s.cloud().plan(shopper{.after = 2min});
    auto till = s.tcp_till();
    till->say(qr_a1);
    ASSERT_TRUE(code_is_shown(s, *till));
    const auto code = till->last("code");
    till->say(qr_a1);
    s.pass(1s);
    EXPECT_EQ(till->count("code"), 2U);
    s.restart();
    till = s.tcp_till();
    till->say(qr_a1);
    s.pass(1s);
    EXPECT_EQ(till->last("code"), code);
    EXPECT_EQ(value_of(s.result_of(*till, "A1"), "state"), "paid");
    EXPECT_EQ(s.truth().requests("/trade/v1/payment"), 1);
    expect_truth(s, "A1", "paid");
}

TEST(QrTest, IsDrawnWhenAskedFor)
{
    shop s;
    const auto till = s.tcp_till();
    till->say(std::string{qr_a1} + " draw=blocks");
    ASSERT_TRUE(code_is_shown(s, *till));
    EXPECT_GT(till->count("row", "line="), 10U);
    EXPECT_EQ(value_of(s.result_of(*till, "A1"), "state"), "paid");
}

TEST(QrTest, EveryNameOfTheCodeIsShown)
{
    for (const auto* field : {"qrcode", "code_url", "pay_url"}) {
        shop s{
            {.cloud = [&](auto& c) { EXPECT_EQ(set_by_name(c, "trade_code_field", field), ""); }}};
        const auto till = s.tcp_till();
        till->say(qr_a1);
        EXPECT_TRUE(code_is_shown(s, *till)) << field;
        EXPECT_EQ(value_of(s.result_of(*till, "A1"), "state"), "paid") << field;
    }
}

TEST(QrTest, ATimeoutThatTheWalletDoesNotKnowIsRefused)
{
    shop s;
    const auto till = s.tcp_till();
    const auto answer = s.ask(*till, "qr order=A1 amount=500 channel=payme timeout=300");
    EXPECT_EQ(value_of(answer, "code"), "30") << answer;
    EXPECT_EQ(s.truth().requests_in_all(), 0);
    EXPECT_EQ(value_of(s.ask(*till, "qr order=A1 amount=500 channel=payme"), "state"), "paid");
}

/// How a code that is shown may end.
struct qr_case {
    const char* name;
    shopper who;
    bool closed_by_till = false;
    std::optional<undo_plan> undo;
    std::vector<std::pair<std::string, std::string>> settings;
    std::string state;
    const char* pay = "channel=wx timeout=300";

    friend void PrintTo(const qr_case& c, std::ostream* out) { *out << c.name; }
};

class QrEndTest : public testing::TestWithParam<qr_case> {};

TEST_P(QrEndTest, IsToldAsItIs)
{
    const auto& c = GetParam();
    shop s{{.cloud = [&](simulator::settings& settings) {
        for (const auto& [name, value] : c.settings)
            ASSERT_EQ(set_by_name(settings, name, value), "");
    }}};
    s.cloud().plan(c.who);
    if (c.undo) s.cloud().plan_undo("A1", *c.undo);
    const auto till = s.tcp_till();
    till->say(std::string{"qr order=A1 amount=500 "} + c.pay);
    ASSERT_TRUE(code_is_shown(s, *till));
    if (c.closed_by_till) {
        s.pass(20s);
        till->say("close of=A1");
    }
    const auto result = s.result_of(*till, "A1", 40min);
    EXPECT_EQ(value_of(result, "state"), c.state) << result;
    expect_told_truth_now(s, "A1", result);
    s.pass(27h);
    expect_kept_truth(s, "A1", result);
    EXPECT_EQ(s.journal("A1")->needs, 0);
}

// clang-format off
const std::vector<qr_case> qr_cases{
    {"WalksAway",        {.does = act::walks_away}, false, {}, {}, "cancelled"},
    {"WalksAwayNoRow",   {.does = act::walks_away}, false, {}, {{"ended_unpaid", "no_row"}}, "expired"},
    {"WalksAwayOpenNoRow", {.does = act::walks_away}, false, {}, {{"trade_open_row", "no_row"}}, "cancelled"},
    {"ExpiresByItself",  {.does = act::walks_away}, false, {}, {{"trade_expired_code", "code_1181"}}, "expired", "channel=payme"},
    {"ExpiresAs1142",    {.does = act::walks_away}, false, {}, {}, "cancelled", "channel=payme"},
    {"NoRowEver",        {.does = act::walks_away}, false, {}, {{"ended_unpaid", "no_row"}, {"trade_open_row", "no_row"}}, "expired", "channel=payme"},
    {"LastMoment",       {.does = act::pays_at_the_last_moment}, false, {}, {}, "paid"},
    {"Closed",           {.does = act::walks_away}, true, {}, {}, "cancelled"},
    {"ClosedLater",      {.does = act::walks_away}, true, undo_plan{.respcd = "1145", .after = 8s}, {}, "cancelled"},
    {"ClosedAsHePays",   {.does = act::walks_away}, true, undo_plan{.respcd = "0000", .payer_is_faster = true}, {}, "paid"},
    {"ClosedAndReturned", {.does = act::walks_away}, true, undo_plan{.respcd = "0000", .payer_is_faster = true}, {{"close_on_paid", "returns_money"}}, "cancelled"},
    {"CloseUnsupported", {.does = act::walks_away}, true, {}, {{"undo_support", "cam"}}, "cancelled"},
    {"CloseUnsupportedNoSyssn", {.does = act::walks_away}, true, {}, {{"undo_support", "cam"}, {"undo_unsupported", "no_syssn"}}, "cancelled"},
    {"CloseUnsupportedThenPaid", {.after = 2min}, true, {}, {{"undo_support", "cam"}}, "paid"},
    {"NoCallForIt",      {.does = act::walks_away}, true, {}, {}, "cancelled", "channel=payme"},
    {"NoCallThenPaid",   {.after = 2min}, true, {}, {}, "paid", "channel=payme"},
};
// clang-format on

INSTANTIATE_TEST_SUITE_P(Money, QrEndTest, testing::ValuesIn(qr_cases),
                         [](const auto& i) { return std::string{i.param.name}; });

TEST(QrTest, ReturnedMoneyIsSaidToBe)
{
    shop s{{.cloud = [](auto& c) { c.close_on_paid = simulator::close_on_paid::returns_money; }}};
    s.cloud().plan(shopper{.does = act::walks_away});
    s.cloud().plan_undo("A1", undo_plan{.respcd = "0000", .payer_is_faster = true});
    const auto till = s.tcp_till();
    till->say(qr_a1);
    ASSERT_TRUE(code_is_shown(s, *till));
    till->say("close of=A1");
    const auto result = s.result_of(*till, "A1");
    EXPECT_EQ(value_of(result, "state"), "cancelled") << result;
    EXPECT_NE(result.find("the money went back"), std::string::npos) << result;
    EXPECT_EQ(s.truth().reversed("A1"), (movements{1, 500}));
}

TEST(QrTest, TheAccountSaysWhichAlipayAndHowLongACodeLives)
{
    for (const std::string type : {"800101", "801501"}) {
        shop s{{.bridge = [&](daemon::config& c) {
            c.cloud.alipay_qr = type;
            c.cloud.qr_minutes = 10;
            c.cloud.udid = "till-pc-1";
        }}};
        s.cloud().plan(shopper{.does = act::walks_away});
        const auto till = s.tcp_till();
        till->say("qr order=A1 amount=500 channel=alipay");
        ASSERT_TRUE(code_is_shown(s, *till));
        s.pass(9min);
        EXPECT_EQ(till->count("result"), 0U);
        const auto result = s.result_of(*till, "A1", 5min);
        EXPECT_EQ(value_of(result, "pay_type"), type) << result;
        EXPECT_EQ(value_of(result, "safe_to_retry"), "yes") << result;
    }
}

TEST(QrTest, ASecondPaymentUnderOneNumberIsShownToTheOperator)
{
    shop s;
    s.cloud().plan(shopper{.after = 61s});  // between two enquiries
    const auto till = s.tcp_till();
    till->say(qr_a1);
    ASSERT_TRUE(code_is_shown(s, *till));
    ASSERT_TRUE(s.until([&] { return s.truth().charged("A1").count == 1; }));
    s.cloud().plant({.out_trade_no = "A1", .sysdtm = s.time().wall(), .amount_minor_units = 500});
    const auto result = s.result_of(*till, "A1");
    EXPECT_EQ(value_of(result, "state"), "paid") << result;
    s.pass(2min);
    s.ask(*till, "orders attention=yes");
    EXPECT_NE(till->last("row", "out_trade_no=A1").find("paid_twice=yes"), std::string::npos)
        << till->last("row", "out_trade_no=A1");
}

TEST(QrTest, APowerCutAfterTheOrderWasMadeShowsTheSameCode)
{
    shop s;
    s.cloud().plan(shopper{.after = 3min});
    s.cloud().plan(fault{.kind = fault_kind::no_answer, .path = "payment"});
    auto till = s.tcp_till();
    till->say(qr_a1);
    ASSERT_TRUE(s.until([&] { return s.truth().requests("/trade/v1/payment") == 1; }));
    s.restart();
    till = s.tcp_till();
    till->say(qr_a1);
    // The code was in the answer that is lost. The sale is not made twice for that.
    const auto result = s.result_of(*till, "A1");
    EXPECT_EQ(s.truth().requests("/trade/v1/payment"), 1);
    expect_told_truth_now(s, "A1", result);
}

}  // namespace
}  // namespace ecr::test
