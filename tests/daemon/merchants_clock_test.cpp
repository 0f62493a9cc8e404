// Two merchants on one bridge, and a machine whose clock is wrong.
#include "tests/daemon/shop/case_shop.hpp"
#include "tests/daemon/shop/listening_shop.hpp"

#include <gtest/gtest.h>

namespace ecr::test {
namespace {

using simulator::fault;
using simulator::fault_kind;
using simulator::movements;
using simulator::shopper;

const std::string cafe_code(32, 'C');
const std::string cafe_key(32, '7');

/// The link "lan" and the terminal T1 are the first merchant's, "port" and T2 the cafe's.
void with_cafe(daemon::config& c)
{
    auto cafe = c.cloud;
    cafe.name = "cafe";
    cafe.app_code = cafe_code;
    c.merchants = {cafe};
    c.terminals[1].merchant = "cafe";
    c.links[1].terminal = "T2";
    c.links[1].merchant = "cafe";
}

shop_plan two_merchants()
{
    return {.bridge = with_cafe, .cloud = [](simulator::settings& c) {
                c.merchants = {{cafe_code, cafe_key}};
            }};
}

std::string whose(shop& s, const std::string& order)
{
    for (const auto& fact : s.truth().movements_of_money())
        if (fact.out_trade_no == order) return fact.app_code;
    return "nobody's";
}

TEST(TwoMerchantsTest, EveryCallIsSignedWithItsOwnCode)
{
    shop s{two_merchants()};
    const auto mine = s.tcp_till();
    const auto cafe = s.port_till();
    const auto first_code = s.cloud().behaviour().app_code;
    for (const auto w : every_way) {
        const std::string n = name_of(w);
        mine->say(command(w, "M" + n));
        cafe->say(command(w, "C" + n));
        expect_told(s.result_of(*mine, "M" + n), told_paid);
        expect_told(s.result_of(*cafe, "C" + n), told_paid);
        EXPECT_EQ(whose(s, "M" + n), first_code);
        EXPECT_EQ(whose(s, "C" + n), cafe_code);
        cafe->say("refund order=RC" + n + " of=C" + n + " amount=200");
        EXPECT_EQ(value_of(s.result_of(*cafe, "RC" + n), "state"), "refunded");
        EXPECT_EQ(s.truth().refunded("C" + n), (movements{1, 200}));
    }
    EXPECT_EQ(s.truth().signature_failures(), 0);
    EXPECT_GT(s.truth().requests_of(first_code), 0);
    EXPECT_GT(s.truth().requests_of(cafe_code), s.truth().requests_of(first_code));
}

TEST(TwoMerchantsTest, ARefundOnTheOthersTerminalIsRefused)
{
    shop s{two_merchants()};
    const auto mine = s.tcp_till();
    mine->say(command(way::terminal, "A1"));
    expect_told(s.result_of(*mine, "A1"), told_paid);
    mine->say("refund order=R1 of=A1 amount=200 terminal=T2");
    expect_told(s.result_of(*mine, "R1"), {"", "35", "yes"});
    EXPECT_EQ(s.truth().refunded("A1").count, 0);
    EXPECT_EQ(s.truth().requests("/ecr/v1/refund/async"), 0);
}

TEST(TwoMerchantsTest, ADirectRefundOfTheOthersPaymentIsTheOperators)
{
    auto plan = two_merchants();
    plan.bridge = [](daemon::config& c) {
        with_cafe(c);
        c.links[1].operator_commands = false;
    };
    shop s{plan};
    const auto mine = s.tcp_till();
    const auto cafe = s.port_till();
    mine->say(command(way::shown, "A1"));
    expect_told(s.result_of(*mine, "A1"), told_paid);
    cafe->say("refund order=R1 of=A1 amount=200");
    expect_told(s.result_of(*cafe, "R1"), {"", "35", "yes"});
    EXPECT_EQ(s.truth().requests("/trade/v1/refund"), 0);
    mine->say("refund order=R2 of=A1 amount=200");
    EXPECT_EQ(value_of(s.result_of(*mine, "R2"), "state"), "refunded");
}

TEST(TwoMerchantsTest, OneWithoutBudgetLeavesTheOtherInPeace)
{
    auto plan = two_merchants();
    plan.bridge = [](daemon::config& c) {
        with_cafe(c);
        c.cloud.requests_per_minute = 4;
    };
    shop s{plan};
    s.cloud().plan("T1", shopper{.after = 60s});
    s.cloud().plan("T2", shopper{.after = 60s});
    const auto mine = s.tcp_till();
    const auto cafe = s.port_till();
    mine->say(command(way::terminal, "A1"));
    cafe->say(command(way::terminal, "C1"));
    expect_told(s.result_of(*cafe, "C1"), told_paid);
    expect_told(s.result_of(*mine, "A1"), told_paid);
    const auto asked = [&](const char* order) { return s.truth().enquiries().at(order).size(); };
    EXPECT_GE(asked("C1"), 18U);
    EXPECT_LE(asked("A1"), 12U);
}

TEST(TwoMerchantsTest, ANotificationNeedsTheKeyOfItsPath)
{
    listening_shop s{with_cafe, [](simulator::settings& c) {
                         c.merchants = {{cafe_code, cafe_key}};
                     }};
    const auto first_key = s.cloud().behaviour().client_key;
    const std::string body = "{\"status\": \"1\", \"respcd\": \"0000\", " + payment("C1") + "}";
    EXPECT_EQ(s.post(body, signature(body, first_key), "/qfpay/notify/cafe").status, 403);
    EXPECT_EQ(s.post(body, signature(body, cafe_key), "/qfpay/notify").status, 403);
    EXPECT_EQ(s.counts().forged, 2U);
    EXPECT_TRUE(s.kept().empty());
    EXPECT_EQ(s.post(body, signature(body, cafe_key), "/qfpay/notify/cafe").body, "SUCCESS");
    EXPECT_EQ(s.kept().size(), 1U);
}

TEST(DirectNotificationTest, ShortensTheWaitOfADirectOrder)
{
    listening_shop s;
    s.cloud().plan(shopper{.does = simulator::act::pays_late, .late = 3h + 7min});
    const auto till = s.tcp_till();
    till->say(command(way::shown, "A1", "timeout=300"));
    EXPECT_EQ(value_of(s.result_of(*till, "A1", 30min), "safe_to_retry"), "yes");
    ASSERT_TRUE(s.until([&] { return s.truth().charged("A1").count == 1; }, 4h));
    const auto before = s.truth().requests("/trade/v1/query");
    EXPECT_EQ(s.notify(payment("A1")).body, "SUCCESS");
    EXPECT_TRUE(s.until([&] { return s.journal("A1")->state == "paid"; }, 5s));
    // The second, 3 s later: a close of ours might just be giving the money back.
    EXPECT_EQ(s.truth().requests("/trade/v1/query"), before + 2);
}

TEST(WrongClockTest, TheNightIsQfpaysAndNotOurs)
{
    // 23:36 in Hong Kong, and this machine says something else; then the other way round.
    const auto hong_kong = timestamp{std::chrono::sys_days{std::chrono::year{2026} / 11 / 18}} - 8h;
    struct night_case {
        milliseconds cloud;  // of the day, in Hong Kong
        milliseconds ours_ahead;
        bool refused;
    };
    for (const auto& [cloud, ahead, refused] : {night_case{23h + 36min, -10min, true},
                                                {23h + 36min, 3h, true},
                                                {20h + 36min, 3h, false},
                                                {24h + 40min, -10min, false}})
        for (const auto w : {way::terminal, way::scanned}) {
            SCOPED_TRACE(std::string{name_of(w)} + ' ' + std::to_string(cloud.count()) + ' ' +
                         std::to_string(ahead.count()));
            case_shop s{{.cloud = [&](simulator::settings& c) { c.clock_offset = -ahead; },
                         .start = hong_kong + cloud + ahead}};
            expect_told(s.pay(w, "A1"), told_paid);
            const auto end = s.refund("R1", "A1", 200);
            EXPECT_EQ(value_of(end, "code"), refused ? "35" : "00") << end;
            EXPECT_EQ(s.truth().refunded("A1").count, refused ? 0 : 1);
        }
}

TEST(WrongClockTest, AMonthEndIsQfpaysAndNotOurs)
{
    const auto new_year = timestamp{std::chrono::sys_days{std::chrono::year{2027} / 1 / 1}} - 8h;
    for (const milliseconds ahead : {milliseconds{-10min}, milliseconds{3h}})
        for (const auto w : every_way) {
            SCOPED_TRACE(std::string{name_of(w)} + ' ' + std::to_string(ahead.count()));
            case_shop s{{.cloud = [&](simulator::settings& c) { c.clock_offset = -ahead; },
                         .start = new_year - 5min + ahead}};
            s.cloud().plan(shopper{.after = 1s});
            expect_told(s.pay(w, "A0"), told_paid);  // the bridge has heard QFPay's time
            s.cloud().plan(shopper{.after = 100s});
            s.pass(4min);
            expect_told(s.pay(w, "A1"), told_paid);
            expect_end(s, "A1", {.state = "paid", .charges = 1});
        }
}

}  // namespace
}  // namespace ecr::test
