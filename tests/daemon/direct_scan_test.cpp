// A customer's code, scanned by the till: what the till is told, against the ledger.
#include "tests/daemon/direct_story.hpp"
#include "tests/daemon/shop/dialect_shop.hpp"

#include <gtest/gtest.h>

#include <fstream>

namespace ecr::test {
namespace {

using simulator::act;
using simulator::fault;
using simulator::fault_kind;
using simulator::movements;
using simulator::shopper;
using simulator::undo_plan;

constexpr const char* scan_a1 = "scan order=A1 amount=500 channel=wx auth_code=134857903088557555";

TEST(ScanTest, IsPaidAtOnce)
{
    shop s;
    const auto till = s.tcp_till();
    till->say(scan_a1);
    const auto result = s.result_of(*till, "A1", 5s);
    EXPECT_EQ(value_of(result, "state"), "paid") << result;
    EXPECT_EQ(value_of(result, "via"), "direct") << result;
    EXPECT_EQ(value_of(result, "syssn"), s.journal("A1")->syssn);
    EXPECT_EQ(s.truth().requests("/trade/v1/query"), 0);
    expect_truth(s, "A1", value_of(result, "state"));
}

TEST(ScanTest, IsPaidWhenTheShopperHasEnteredHisPassword)
{
    shop s;
    s.cloud().plan(shopper{.after = 40s});
    const auto till = s.tcp_till();
    till->say(scan_a1);
    const auto result = s.result_of(*till, "A1");
    EXPECT_EQ(value_of(result, "state"), "paid") << result;
    EXPECT_EQ(s.truth().requests("/trade/v1/reversal"), 0);
    expect_truth(s, "A1", value_of(result, "state"));
}

TEST(ScanTest, IsReversedAfterTwoMinutes)
{
    shop s;
    s.cloud().plan(shopper{.does = act::walks_away});
    const auto till = s.tcp_till();
    till->say(scan_a1);
    s.pass(119s);
    EXPECT_EQ(s.truth().requests("/trade/v1/reversal"), 0);
    const auto result = s.result_of(*till, "A1", 30s);
    EXPECT_EQ(s.truth().requests("/trade/v1/reversal"), 1);
    EXPECT_EQ(value_of(result, "state"), "cancelled") << result;
    EXPECT_EQ(value_of(result, "safe_to_retry"), "yes") << result;
    expect_truth(s, "A1", value_of(result, "state"));
}

/// What may become of the reversal of an order that has stayed open.
struct reversal_case {
    const char* name;
    undo_plan plan;
    std::vector<std::pair<std::string, std::string>> settings;
    act shopper_does = act::walks_away;

    friend void PrintTo(const reversal_case& c, std::ostream* out) { *out << c.name; }
};

class ReversalTest : public testing::TestWithParam<reversal_case> {};

TEST_P(ReversalTest, NeverDecidesWithoutAnEnquiry)
{
    const auto& c = GetParam();
    shop s{{.cloud = [&](simulator::settings& settings) {
        for (const auto& [name, value] : c.settings)
            ASSERT_EQ(set_by_name(settings, name, value), "");
    }}};
    s.cloud().plan(shopper{.does = c.shopper_does, .after = 1h});
    s.cloud().plan_undo("A1", c.plan);
    const auto till = s.tcp_till();
    till->say(scan_a1);
    const auto result = s.result_of(*till, "A1", 15min);
    const auto told = value_of(result, "state");
    EXPECT_FALSE(told.empty());
    expect_told_truth_now(s, "A1", result);
    s.pass(27h);
    expect_kept_truth(s, "A1", result);
}

const std::vector<reversal_case> reversal_cases{
    {"AtOnce", {.respcd = "0000"}, {}},
    {"Pending1143", {.respcd = "1143", .after = 5s}, {}},
    {"Pending1145", {.respcd = "1145", .after = 5s}, {}},
    {"NeverHappens", {.respcd = "1145", .happens = false}, {}},
    {"LongAfter", {.respcd = "1145", .after = 3min}, {}},
    {"PayerIsFasterAndKept", {.respcd = "0000", .payer_is_faster = true}, {}},
    {"PayerIsFasterAndReturned",
     {.respcd = "0000", .payer_is_faster = true},
     {{"reversal_on_paid", "returns_money"}}},
    {"PayerIsFasterReturnedSoon",
     {.respcd = "1145", .after = 2s, .payer_is_faster = true},
     {{"reversal_on_paid", "returns_money"}}},
    {"Unsupported1297", {.respcd = "0000"}, {{"undo_support", "cam"}}},
    {"UnsupportedNoSyssn",
     {.respcd = "0000"},
     {{"undo_support", "cam"}, {"undo_unsupported", "no_syssn"}}},
    {"NoRowAfterwards", {.respcd = "0000"}, {{"ended_unpaid", "no_row"}}},
    {"SlowWallet", {.respcd = "0000"}, {}, act::slow_result},
};

INSTANTIATE_TEST_SUITE_P(Money, ReversalTest, testing::ValuesIn(reversal_cases),
                         [](const auto& i) { return std::string{i.param.name}; });

TEST(ScanTest, MoneyThatAReversalReturnsAfterPaidWasSaidIsShownToTheOperator)
{
    shop s{{.cloud = [](auto& c) {
        c.reversal_on_paid = simulator::reversal_on_paid::returns_money;
    }}};
    s.cloud().plan(shopper{.does = act::walks_away});
    s.cloud().plan_undo("A1", undo_plan{.respcd = "1145", .after = 20s, .payer_is_faster = true});
    const auto till = s.tcp_till();
    till->say(scan_a1);
    const auto result = s.result_of(*till, "A1");
    ASSERT_EQ(value_of(result, "state"), "paid") << result;
    EXPECT_EQ(s.journal("A1")->needs, 0);
    s.pass(10min);
    EXPECT_EQ(s.truth().reversed("A1"), (movements{1, 500}));
    EXPECT_EQ(s.journal("A1")->state, "paid");
    EXPECT_EQ(s.journal("A1")->needs, 8);
    s.ask(*till, "orders attention=yes");
    EXPECT_NE(till->last("row", "out_trade_no=A1").find("returned=yes"), std::string::npos)
        << till->last("row", "out_trade_no=A1");
}

TEST(ScanTest, TheSameIsSeenAfterAPowerCut)
{
    shop s{{.cloud = [](auto& c) {
        c.reversal_on_paid = simulator::reversal_on_paid::returns_money;
    }}};
    s.cloud().plan(shopper{.does = act::walks_away});
    s.cloud().plan_undo("A1", undo_plan{.respcd = "1145", .after = 20s, .payer_is_faster = true});
    auto till = s.tcp_till();
    till->say(scan_a1);
    ASSERT_EQ(value_of(s.result_of(*till, "A1"), "state"), "paid");
    s.restart();
    s.pass(10min);
    EXPECT_EQ(s.truth().reversed("A1"), (movements{1, 500}));
    EXPECT_EQ(s.journal("A1")->needs, 8);
}

TEST(ScanTest, IsDeclinedByTheWallet)
{
    for (const auto* code : {"1201", "1202", "1205"}) {
        SCOPED_TRACE(code);
        shop s;
        s.cloud().plan(shopper{.does = act::declines, .respcd = code});
        const auto till = s.tcp_till();
        till->say(scan_a1);
        const auto result = s.result_of(*till, "A1");
        EXPECT_EQ(value_of(result, "state"), "declined") << result;
        EXPECT_EQ(value_of(result, "safe_to_retry"), "yes");
        expect_truth(s, "A1", "declined");
    }
}

/// A payment whose answer is lost, spoilt or forged: the truth comes by the list.
struct lost_case {
    const char* name;
    fault what;
    bool charged = true;

    friend void PrintTo(const lost_case& c, std::ostream* out) { *out << c.name; }
};

class LostAnswerTest : public testing::TestWithParam<lost_case> {};

TEST_P(LostAnswerTest, IsFoundOutByTheList)
{
    const auto& c = GetParam();
    shop s;
    auto what = c.what;
    what.path = "/trade/v1/payment";
    what.done = c.charged;
    s.cloud().plan(what);
    const auto till = s.tcp_till();
    till->say(scan_a1);
    const auto result = s.result_of(*till, "A1");
    EXPECT_EQ(value_of(result, "state"), c.charged ? "paid" : "expired") << result;
    EXPECT_EQ(value_of(result, "safe_to_retry"), c.charged ? "no" : "yes");
    EXPECT_LE(s.truth().times_pushed("A1"), 1);
    s.pass(27h);
    expect_kept_truth(s, "A1", result);
}

const std::vector<lost_case> lost_cases{
    {"NoAnswer", {.kind = fault_kind::no_answer}},
    {"Closed", {.kind = fault_kind::close}},
    {"Reset", {.kind = fault_kind::reset}},
    {"Status500", {.kind = fault_kind::status}},
    {"Status502Undone", {.kind = fault_kind::status, .http_status = 502}, false},
    {"ClosedUndone", {.kind = fault_kind::close}, false},
    {"Garbage", {.kind = fault_kind::garbage}},
    {"Html", {.kind = fault_kind::html}},
    {"Empty", {.kind = fault_kind::empty}},
    {"Truncated", {.kind = fault_kind::truncated}},
    {"WrongSignature", {.kind = fault_kind::wrong_signature}},
    {"UnknownCode", {.kind = fault_kind::respcd, .respcd = "3999"}},
    {"Repeated1251", {.kind = fault_kind::respcd, .respcd = "1251"}},
    {"Channel1296", {.kind = fault_kind::respcd, .respcd = "1296"}},
};

INSTANTIATE_TEST_SUITE_P(Money, LostAnswerTest, testing::ValuesIn(lost_cases),
                         [](const auto& i) { return std::string{i.param.name}; });

// --- Power cuts --------------------------------------------------------------------------------

TEST(ScanTest, APowerCutWhileTheAnswerIsUnderWayIsFoundOut)
{
    for (const bool charged : {true, false}) {
        shop s;
        s.cloud().plan(fault{.kind = fault_kind::no_answer, .path = "payment", .done = charged});
        auto till = s.tcp_till();
        till->say(scan_a1);
        ASSERT_TRUE(s.until([&] { return s.truth().requests("/trade/v1/payment") == 1; }));
        s.restart();
        till = s.tcp_till();
        till->say(scan_a1);  // said again: the same sale
        const auto result = s.result_of(*till, "A1");
        EXPECT_EQ(value_of(result, "state"), charged ? "paid" : "expired") << result;
        EXPECT_EQ(s.truth().requests("/trade/v1/payment"), 1);
        expect_told_truth_now(s, "A1", result);
    }
}

TEST(ScanTest, APowerCutWhileTheShopperPaysIsFoundOut)
{
    for (const auto pays_after : {milliseconds{20s}, milliseconds{90s}}) {
        shop s;
        s.cloud().plan(shopper{.after = pays_after});
        auto till = s.tcp_till();
        till->say(scan_a1);
        ASSERT_TRUE(
            s.until([&] { return s.journal("A1") && s.journal("A1")->state == "on_terminal"; }));
        s.away(30s);
        till = s.tcp_till();
        till->say(scan_a1);
        const auto result = s.result_of(*till, "A1");
        EXPECT_EQ(value_of(result, "state"), "paid") << result;
        expect_truth(s, "A1", "paid");
    }
}

TEST(ScanTest, APowerCutWhileItIsBeingReversedIsFoundOut)
{
    for (const bool returns : {true, false}) {
        shop s{{.cloud = [&](auto& c) {
            if (returns) c.reversal_on_paid = simulator::reversal_on_paid::returns_money;
        }}};
        s.cloud().plan(shopper{.does = act::walks_away});
        s.cloud().plan_undo("A1", undo_plan{.respcd = "0000", .payer_is_faster = true});
        s.cloud().plan(fault{.kind = fault_kind::no_answer, .path = "reversal"});
        auto till = s.tcp_till();
        till->say(scan_a1);
        ASSERT_TRUE(s.until([&] { return s.truth().requests("/trade/v1/reversal") == 1; }));
        s.restart();
        till = s.tcp_till();
        till->say(scan_a1);
        const auto result = s.result_of(*till, "A1");
        EXPECT_EQ(value_of(result, "state"), returns ? "cancelled" : "paid") << result;
        expect_told_truth_now(s, "A1", result);
    }
}

// --- Said again --------------------------------------------------------------------------------

TEST(ScanTest, TheSameNumberIsTheSameSaleWhateverCodeComesWithIt)
{
    shop s;
    s.cloud().plan(shopper{.after = 30s});
    const auto till = s.tcp_till();
    till->say(scan_a1);
    s.pass(5s);
    till->say("scan order=A1 amount=500 channel=wx auth_code=134857903088559999");  // running
    s.pass(60s);
    EXPECT_EQ(till->count("result", "state=paid"), 2U);
    const auto again = s.ask(*till, scan_a1);  // afterwards
    EXPECT_EQ(value_of(again, "state"), "paid") << again;
    EXPECT_EQ(s.truth().requests("/trade/v1/payment"), 1);
    const auto other = s.ask(*till, "scan order=A1 amount=600 channel=wx auth_code=1");
    EXPECT_EQ(value_of(other, "code"), "32") << other;
    EXPECT_EQ(s.truth().charged_in_all(), (movements{1, 500}));
}

TEST(ScanTest, WithoutANumberTheCodeTellsTwoSalesApart)
{
    shop s;
    s.cloud().plan(shopper{.after = 30s});
    const auto till = s.tcp_till();
    till->say("scan amount=500 channel=wx auth_code=134857903088557555");
    s.pass(5s);
    till->say("scan amount=500 channel=wx auth_code=134857903088557555");
    s.pass(60s);
    EXPECT_EQ(till->count("result", "state=paid"), 2U);
    EXPECT_EQ(till->count("accepted", "earlier=yes"), 1U);
    EXPECT_EQ(s.truth().charged_in_all(), (movements{1, 500}));
    till->say("scan amount=500 channel=wx auth_code=134857903088550000");  // the next customer
    s.pass(10s);
    EXPECT_EQ(s.truth().charged_in_all(), (movements{2, 1000}));
}

TEST(ScanTest, TheCustomersCodeIsWrittenDownNowhere)
{
    const std::string code = "134857903088557555";
    for (const bool answered : {true, false}) {
        shop s;
        if (!answered) s.cloud().plan(fault{.kind = fault_kind::garbage, .path = "payment"});
        const auto till = s.tcp_till();
        testing::internal::CaptureStderr();
        testing::internal::CaptureStdout();
        const log_catcher log;
        till->say("scan order=A1 amount=500 channel=wx auth_code=" + code);
        (void)s.result_of(*till, "A1");
        till->say("scan amount=500 channel=wx auth_code=" + code);
        s.pass(10s);
        till->say("scan order=A2 amount=1.5 auth_code=" + code);  // refused
        till->say("scan order=A3 amount=500 channel=octopus auth_code=" + code);
        s.ask(*till, "show order=A1");
        const auto logged =
            testing::internal::GetCapturedStderr() + testing::internal::GetCapturedStdout();
        EXPECT_EQ(log.text().find(code), std::string::npos);
        EXPECT_EQ(logged.find(code), std::string::npos);
        for (const auto& line : till->heard())
            EXPECT_EQ(line.find(code), std::string::npos) << line;
        for (const auto* end : {"", "-wal"}) {
            std::ifstream file{s.journal_file().string() + end, std::ios::binary};
            const std::string bytes{std::istreambuf_iterator<char>{file}, {}};
            EXPECT_EQ(bytes.find(code), std::string::npos) << end;
            EXPECT_TRUE(*end != '\0' || !bytes.empty());
        }
    }
}

}  // namespace
}  // namespace ecr::test
