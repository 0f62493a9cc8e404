// The money-safety cases by number, 23 to 32: what is believed, and about what. See README.md.
#include "tests/daemon/shop/case_shop.hpp"
#include "tests/daemon/shop/listening_shop.hpp"

#include <gtest/gtest.h>

#include <fstream>
#include <set>

namespace ecr::test {
namespace {

using simulator::act;
using simulator::fault;
using simulator::fault_kind;
using simulator::movements;
using simulator::notice;
using simulator::shopper;

/// Makes QFPay notify this shop.
void be_notified(listening_shop& s)
{
    s.cloud().behaviour().notify_url =
        "http://127.0.0.1:" + std::to_string(s.bridge().notifications()->port()) + "/qfpay/notify";
}

TEST(MoneyCase, Case23_WithoutANotificationPollingFindsThePayment)
{
    for (const auto w : every_way) {
        SCOPED_TRACE(name_of(w));
        listening_shop s;
        be_notified(s);
        s.cloud().plan(simulator::notice_plan{.kind = notice::lost});
        s.cloud().plan(shopper{.after = 20s});
        const auto till = s.tcp_till();
        till->say(command(w, "A1"));
        expect_told(s.result_of(*till, "A1"), told_paid);
        EXPECT_EQ(s.counts().received, 0U);
        expect_end(s, "A1", {.state = "paid", .charges = 1});
    }
}

TEST(MoneyCase, Case24_AForgedOrAlteredNotificationIsNotBelieved)
{
    for (const auto kind : {notice::forged, notice::altered_amount, notice::unsigned_body}) {
        SCOPED_TRACE(name_of(kind));
        listening_shop s;
        be_notified(s);
        s.cloud().plan(simulator::notice_plan{.kind = kind});
        s.cloud().plan(fault{.kind = fault_kind::empty, .path = "/query", .count = 4});
        const auto till = s.tcp_till();
        till->say(command(way::terminal, "A1"));
        ASSERT_TRUE(s.until([&] { return s.counts().forged > 0; }));
        s.pass(1s);
        EXPECT_EQ(s.counts().received, 0U);
        EXPECT_EQ(s.journal("A1")->state, "on_terminal");
        expect_told(s.result_of(*till, "A1"), told_paid);
    }
}

TEST(MoneyCase, Case24_ATrueSignatureMakesNoPaymentOfAnUnpaidOrder)
{
    for (const auto w : every_way) {
        SCOPED_TRACE(name_of(w));
        listening_shop s{
            [](auto&) {},
            [](simulator::settings& c) { c.cpm_reply = simulator::cpm_reply::pending; }};
        s.cloud().plan(shopper{.does = act::walks_away});
        const auto till = s.tcp_till();
        till->say(command(w, "A1"));
        ASSERT_TRUE(
            s.until([&] { return s.journal("A1") && s.journal("A1")->state != "sending"; }));
        for (int i = 0; i < 3; ++i) {
            EXPECT_EQ(s.notify(payment("A1")).body, "SUCCESS");
            s.pass(2s);
        }
        EXPECT_EQ(s.counts().duplicates, 2U);
        EXPECT_EQ(s.journal("A1")->state, "on_terminal");
        const auto end = s.result_of(*till, "A1", 90min);
        EXPECT_EQ(value_of(end, "safe_to_retry"), "yes") << end;
        EXPECT_EQ(s.truth().charged("A1").count, 0);
    }
}

TEST(MoneyCase, Case25_ANotificationThatComesBeforeTheAnswerIsKept)
{
    for (const auto w : every_way) {
        SCOPED_TRACE(name_of(w));
        listening_shop s;
        be_notified(s);
        s.cloud().plan(fault{.kind = fault_kind::slow, .path = "/payment", .delay = 20s});
        const auto till = s.tcp_till();
        till->say(command(w, "A1"));
        ASSERT_TRUE(s.until([&] { return s.counts().received == 1; }));
        EXPECT_EQ(s.journal("A1")->state, "sending");
        EXPECT_EQ(s.counts().unmatched, 0U);
        expect_told(s.result_of(*till, "A1"), told_paid);
        expect_end(s, "A1", {.state = "paid", .charges = 1});
    }
}

TEST(MoneyCase, Case25_AnUnknownSaleIsParkedAndAnswered)
{
    listening_shop s;
    EXPECT_EQ(s.notify(payment("", "20261118S1")).body, "SUCCESS");
    EXPECT_EQ(s.notify(payment("NOBODYS", "20261118S2")).body, "SUCCESS");
    EXPECT_EQ(s.counts().unmatched, 2U);
    EXPECT_EQ(s.kept(), (std::vector<std::string>{"payment||1", "payment||1"}));
    EXPECT_EQ(s.truth().requests_in_all(), 0);
}

TEST(MoneyCase, Case26_AnEmptyAnswerOrARowOfAnotherOrderIsNoInformation)
{
    for (const auto w : every_way)
        for (const auto kind : {fault_kind::respcd, fault_kind::wrong_order}) {
            SCOPED_TRACE(std::string{name_of(w)} + ' ' + std::string{name_of(kind)});
            case_shop s;
            s.cloud().plan(shopper{.after = 1s});
            s.cloud().plan(fault{.kind = kind, .path = "/query", .count = 10, .respcd = "0000"});
            s.say(command(w, "A1"));
            s.pass(25s);
            EXPECT_EQ(s.till().count("result"), 0U);
            EXPECT_EQ(s.state("A1"), "on_terminal");
            expect_told(s.end_of("A1"), told_paid);
            expect_end(s, "A1", {.state = "paid", .charges = 1});
        }
}

TEST(MoneyCase, Case27_AnotherAmountOrCurrencyIsNeverPaid)
{
    for (const auto w : every_way)
        for (const auto kind : {fault_kind::wrong_amount, fault_kind::wrong_currency}) {
            SCOPED_TRACE(std::string{name_of(w)} + ' ' + std::string{name_of(kind)});
            case_shop s;
            s.cloud().plan(shopper{.after = 1s});
            s.cloud().plan(fault{.kind = kind, .path = "/query", .count = -1});
            expect_told(s.pay(w, "A1"), told_mismatch);
            s.pass(25h);
            EXPECT_NE(s.state("A1"), "paid");
            EXPECT_EQ(s.journal("A1")->needs & 2, 2);
            EXPECT_NE(s.ask(s.till(), "orders attention=yes").find("count=1"), std::string::npos);
            EXPECT_EQ(s.charged("A1").count, 1);
        }
}

struct month_end {
    int year;
    unsigned month;  // the one that begins
};

TEST(MoneyCase, Case28_AnOrderOpenAtAMonthEndIsResolvedInTheNextMonth)
{
    for (const auto& [year, month] : {month_end{2027, 1}, {2027, 3}, {2028, 3}, {2027, 5}})
        for (const auto w : every_way)
            for (const bool pays : {true, false}) {
                SCOPED_TRACE(std::string{name_of(w)} + ' ' + std::to_string(year) + '-' +
                             std::to_string(month) + (pays ? " pays" : " walks away"));
                const auto midnight =
                    timestamp{std::chrono::sys_days{std::chrono::year{year} /
                                                    std::chrono::month{month} / 1}} -
                    8h;
                case_shop s{{.cloud =
                                 [](simulator::settings& c) {
                                     c.cpm_reply = simulator::cpm_reply::pending;
                                 },
                             .start = midnight - 10s}};
                s.cloud().plan(shopper{.does = pays ? act::pays : act::walks_away, .after = 40s});
                s.cloud().plan(fault{.kind = fault_kind::no_answer, .path = "/payment"});
                const auto end = s.pay(w, "A1");
                EXPECT_EQ(value_of(end, "state") == "paid", pays) << end;
                EXPECT_EQ(value_of(end, "safe_to_retry"), pays ? "no" : "yes") << end;
                EXPECT_EQ(s.charged("A1").count, pays ? 1 : 0);
                EXPECT_EQ(s.journal("A1")->needs, 0);
                EXPECT_GT(s.time().wall(), midnight);
            }
}

TEST(MoneyCase, Case28_ALateSuccessOfTheLastMonthIsFound)
{
    for (const auto w : every_way) {
        SCOPED_TRACE(name_of(w));
        case_shop s{
            {.cloud = [](simulator::settings& c) { c.cpm_reply = simulator::cpm_reply::pending; },
             .start =
                 timestamp{std::chrono::sys_days{std::chrono::year{2027} / 2 / 28}} + 15h + 59min}};
        s.cloud().plan(shopper{.does = act::pays_late, .late = 5h});
        EXPECT_EQ(value_of(s.pay(w, "A1"), "safe_to_retry"), "yes");
        s.pass(8h);
        expect_end(s, "A1", {.state = "paid", .charges = 1, .needs = 1});
    }
}

TEST(MoneyCase, Case29_AWrongClockHereChangesNothingAboutTheMoney)
{
    for (const auto off : {-24h, -3h, 3h, 24h * 45})
        for (const auto w : every_way) {
            SCOPED_TRACE(std::string{name_of(w)} + " off by hours: " + std::to_string(off.count()));
            case_shop s{{.cloud = [&](simulator::settings& c) { c.clock_offset = -off; }}};
            s.cloud().plan(shopper{.after = 20s});
            expect_told(s.pay(w, "A1"), told_paid);
            expect_end(s, "A1", {.state = "paid", .charges = 1});
            const auto refund = s.refund("R1", "A1", 200);
            EXPECT_EQ(value_of(refund, "state"), "refunded") << refund;
            EXPECT_EQ(s.truth().refunded("A1"), (movements{1, 200}));
        }
}

TEST(MoneyCase, Case30_RefusedEnquiriesAreAskedAgainAndDecideNothing)
{
    for (const auto w : every_way) {
        SCOPED_TRACE(name_of(w));
        case_shop s;
        s.cloud().plan(shopper{.after = 1s});
        s.cloud().plan(fault{.kind = fault_kind::status,
                             .path = "/query",
                             .done = false,
                             .count = 2,
                             .http_status = 429});
        s.say(command(w, "A1"));
        s.pass(6s);
        EXPECT_EQ(s.state("A1"), "on_terminal");
        expect_told(s.end_of("A1"), told_paid);
        expect_end(s, "A1", {.state = "paid", .charges = 1});
    }
}

TEST(MoneyCase, Case31_OctopusIsNeverRefunded)
{
    case_shop s;
    s.say("pay order=A1 amount=500 channel=octopus");
    expect_told(s.end_of("A1"), told_paid);
    const auto asked = s.truth().requests_in_all();
    expect_told(s.refund("R1", "A1", 500), {"", "35", "yes"});
    expect_told(s.refund("R2", "A1", 500, "via=direct"), {"", "35", "yes"});
    EXPECT_EQ(s.truth().requests_in_all(), asked);
    EXPECT_EQ(s.truth().refunded("A1").count, 0);
}

TEST(MoneyCase, Case32_PrintsMayBeRepeatedAndMoveNoMoney)
{
    case_shop s;
    expect_told(s.pay(way::terminal, "A1"), told_paid);
    for (int i = 0; i < 3; ++i) {
        EXPECT_TRUE(s.ask(s.till(), "receipt of=A1").starts_with("ok"));
        EXPECT_TRUE(s.ask(s.till(), "summary").starts_with("ok"));
    }
    EXPECT_EQ(s.requests("/ecr/v1/print_receipt/async"), 3);
    EXPECT_EQ(s.requests("/ecr/v1/print_summary/async"), 3);
    EXPECT_EQ(s.truth().charged_in_all(), (movements{1, 500}));
    EXPECT_EQ(s.truth().refunded("A1").count, 0);
}

/// A name such as "Case07_…" stands for itself in the table, and is a test.
TEST(MoneyCaseTable, NamesATestForEachOfTheThirtyTwo)
{
    std::set<std::string> tests;
    const auto& program = *testing::UnitTest::GetInstance();
    for (int i = 0; i < program.total_test_suite_count(); ++i) {
        const auto& suite = *program.GetTestSuite(i);
        for (int j = 0;
             std::string_view{suite.name()} == "MoneyCase" && j < suite.total_test_count(); ++j)
            tests.insert(suite.GetTestInfo(j)->name());
    }
    std::ifstream in{std::string{ECR_SOURCE_DIR} + "/tests/daemon/README.md"};
    std::set<std::string> named;
    std::set<std::string> numbers;
    for (std::string line; std::getline(in, line);)
        for (auto at = line.find("`Case"); at != std::string::npos;
             at = line.find("`Case", at + 1)) {
            named.insert(line.substr(at + 1, line.find('`', at + 1) - at - 1));
            numbers.insert(line.substr(at + 5, 2));
        }
    EXPECT_EQ(named, tests);
    EXPECT_EQ(numbers.size(), 32U);
    EXPECT_EQ(*numbers.begin(), "01");
    EXPECT_EQ(*numbers.rbegin(), "32");
}

}  // namespace
}  // namespace ecr::test
