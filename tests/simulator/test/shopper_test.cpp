#include "tests/simulator/test/shop.hpp"

#include <gtest/gtest.h>

namespace ecr::simulator {
namespace {

/// What an enquiry says at a moment after the push.
struct moment {
    milliseconds at;
    std::string state;
};

struct shopper_case {
    std::string name;
    shopper who;
    std::vector<moment> moments;
    truth end;
    int charges;

    friend void PrintTo(const shopper_case& c, std::ostream* out) { *out << c.name; }
};

class ShopperTest : public testing::TestWithParam<shopper_case> {};

TEST_P(ShopperTest, EnquiriesFollowTheShopper)
{
    const auto& c = GetParam();
    settings initial;
    initial.busy_enquiry = busy_enquiry::row_1145;
    shop s{initial};
    s.sim.plan(c.who);
    ASSERT_EQ(s.pay("A1", 110), "0000");
    const auto pushed = s.clock.now();
    for (const auto& m : c.moments) {
        s.pass(pushed + m.at - s.clock.now());
        EXPECT_EQ(s.state("A1"), m.state) << "at " << m.at.count() << " ms";
    }
    EXPECT_EQ(s.sim.truth().truth_of("A1"), c.end);
    EXPECT_EQ(s.sim.truth().charged("A1"), (movements{c.charges, c.charges * 110LL}));
    EXPECT_FALSE(s.sim.terminal("T1").busy());
}

// Pushed at 0, shown at 0.3 s, paid after 3 s more; the window of 120 s starts with the push.
// clang-format off
const shopper_case shopper_cases[] = {
    {"Pays", {},
     {{100ms, "1136"}, {400ms, "row 1145"}, {3'299ms, "row 1145"}, {3'301ms, "row 0000"}},
     truth::paid, 1},
    {"PaysAfter20s", {.after = 20s},
     {{20'200ms, "row 1145"}, {20'400ms, "row 0000"}}, truth::paid, 1},
    {"Declines", {.does = act::declines, .respcd = "1201"},
     {{1s, "row 1145"}, {4s, "row 1201"}}, truth::declined, 0},
    {"WalksAway", {.does = act::walks_away},
     {{119'900ms, "row 1145"}, {120'100ms, "row 1181"}, {600s, "row 1181"}}, truth::expired, 0},
    {"PaysAtTheLastMoment", {.does = act::pays_at_the_last_moment},
     {{119'900ms, "row 1145"}, {119'960ms, "row 0000"}}, truth::paid, 1},
    {"PaysLate", {.does = act::pays_late, .late = 45s},
     {{119'900ms, "row 1145"}, {121s, "row 1181"}, {164s, "row 1181"}, {166s, "row 0000"}},
     truth::paid, 1},
    {"CancelsAtTerminal", {.does = act::cancels_at_terminal},
     {{1s, "row 1145"}, {4s, "row 1142"}}, truth::cancelled, 0},
    {"CancelLosesWithoutCancel", {.does = act::cancel_loses},
     {{4s, "row 0000"}}, truth::paid, 1},
    {"SlowResult", {.does = act::slow_result, .late = 200s},
     {{1s, "row 1145"}, {4s, "row 1143"}, {190s, "row 1143"}, {204s, "row 0000"}}, truth::paid, 1},
    {"NeverShown", {.does = act::never_shown},
     {{1s, "1136"}, {130s, "1136"}, {1h, "1136"}}, truth::none, 0},
};
// clang-format on

INSTANTIATE_TEST_SUITE_P(All, ShopperTest, testing::ValuesIn(shopper_cases),
                         [](const auto& instance) { return instance.param.name; });

TEST(ShopperTest, CancelEndsWhatTheTerminalShows)
{
    shop s;
    s.sim.plan({.does = act::walks_away});
    s.pay("A1");
    s.pass(1s);
    EXPECT_EQ(s.cancel(), "0000");
    EXPECT_TRUE(s.sim.terminal("T1").busy()) << "the acknowledgement comes before the effect";
    s.pass(1s);
    EXPECT_EQ(s.state("A1"), "row 1142");
    ASSERT_EQ(s.sim.truth().cancels().size(), 1U);
    EXPECT_EQ(s.sim.truth().cancels()[0].stopped, "A1");
}

TEST(ShopperTest, CancelCanLose)
{
    shop s;
    s.sim.plan({.does = act::cancel_loses, .after = 5s});
    s.pay("A1", 110);
    s.pass(1s);
    EXPECT_EQ(s.cancel(), "0000");
    s.pass(10s);
    EXPECT_EQ(s.state("A1"), "row 0000");
    EXPECT_EQ(s.sim.truth().cancels()[0].stopped, "");
}

TEST(ShopperTest, CancelCannotStopAWalletInProcess)
{
    shop s;
    s.sim.plan({.does = act::slow_result, .late = 30s});
    s.pay("A1");
    s.pass(5s);
    EXPECT_EQ(s.state("A1"), "row 1143");
    s.cancel();
    s.pass(40s);
    EXPECT_EQ(s.state("A1"), "row 0000");
}

TEST(ShopperTest, ALateSuccessFollowsACancelToo)
{
    shop s;
    s.sim.plan({.does = act::pays_late, .late = 20s});
    s.pay("A1");
    s.pass(1s);
    s.cancel();
    s.pass(5s);
    EXPECT_EQ(s.state("A1"), "row 1142");
    s.pass(20s);
    EXPECT_EQ(s.state("A1"), "row 0000");
    EXPECT_TRUE(s.sim.truth().movements_of_money().at(0).late);
}

TEST(ShopperTest, MismatchIsInTheRowAndNotInTheTruth)
{
    shop s;
    s.sim.plan({.amount_off = 1, .currency = "156"});
    s.pay("A1", 110);
    s.pass(5s);
    const auto row = s.ask("A1").at("respmsg");
    EXPECT_EQ(row.at("txamt"), 111);
    EXPECT_EQ(row.at("txcurrcd"), "156");
    EXPECT_EQ(s.sim.truth().charged("A1"), (movements{1, 110}));
}

TEST(ShopperTest, PlansForAnOrderComeBeforeThoseForATerminalBeforeTheRest)
{
    shop s;
    s.sim.plan({.does = act::declines, .respcd = "1205"});
    s.sim.plan("T1", {.does = act::declines, .respcd = "1201"});
    s.sim.plan_order("A3", {.does = act::declines, .respcd = "1202"});
    const std::pair<const char*, const char*> expected[] = {
        {"A1", "row 1201"}, {"A2", "row 1205"}, {"A3", "row 1202"}, {"A4", "row 0000"}};
    for (const auto& [order, state] : expected) {
        s.pay(order);
        s.pass(5s);
        EXPECT_EQ(s.state(order), state);
    }
}

TEST(ShopperTest, AnOfflineTerminalTakesNothing)
{
    shop s;
    s.sim.terminal("T1").set_online(false);
    EXPECT_EQ(s.pay("A1"), "0000");
    s.pass(119s);
    EXPECT_EQ(s.state("A1"), "1136");
    s.pass(2s);
    s.sim.terminal("T1").set_online(true);
    s.pass(10s);
    EXPECT_EQ(s.state("A1"), "1136") << "dropped with its window";
    EXPECT_EQ(s.pay("A2"), "0000");
    s.pass(5s);
    EXPECT_EQ(s.state("A2"), "row 0000");
}

TEST(ShopperTest, ATerminalThatIsBackInTimeShowsThePush)
{
    shop s;
    s.sim.terminal("T1").set_online(false);
    s.pay("A1");
    s.pass(60s);
    s.sim.terminal("T1").set_online(true);
    s.pass(5s);
    EXPECT_EQ(s.state("A1"), "row 0000");
}

TEST(ShopperTest, TerminalsWorkSideBySide)
{
    shop s;
    s.pay("A1", 100, "wx", "T1");
    s.pay("A2", 200, "alipay", "T2");
    s.pass(5s);
    EXPECT_EQ(s.state("A1"), "row 0000");
    EXPECT_EQ(s.state("A2"), "row 0000");
    EXPECT_EQ(s.sim.truth().pushed_to_busy_terminal(), 0);
}

TEST(ShopperTest, PaymentTimeoutIsTheWindow)
{
    shop s;
    s.sim.plan({.does = act::walks_away});
    s.respcd(payment_path, {{"txamt", "100"},
                            {"termid", "T1"},
                            {"channel", "payme"},
                            {"out_trade_no", "A1"},
                            {"scan_type", "QRCODE_PAY"},
                            {"payment_timeout", "30"}});
    s.pass(29s);
    EXPECT_TRUE(s.sim.terminal("T1").busy());
    s.pass(2s);
    EXPECT_EQ(s.state("A1"), "row 1181");
}

struct magic_case {
    int digits;
    std::string push;   // what the push is answered within 5 s: a code, or an HTTP status
    std::string state;  // 200 s later
    truth end;

    friend void PrintTo(const magic_case& c, std::ostream* out) { *out << c.digits; }
};

class MagicAmountTest : public testing::TestWithParam<magic_case> {};

TEST_P(MagicAmountTest, TheLastTwoDigitsDecide)
{
    const auto& c = GetParam();
    settings initial;
    initial.magic_amounts = true;
    shop s{initial};
    const auto answer = s.post(payment_path,
                               {{"txamt", std::to_string(1200 + c.digits)},
                                {"termid", "T1"},
                                {"channel", "wx"},
                                {"out_trade_no", "A1"},
                                {"scan_type", "SCAN_PAY"}},
                               5s);
    std::string push = "no answer";
    if (answer && answer->failed) push = "closed";
    if (answer && !answer->failed) {
        const auto body = parse_json(answer->body);
        push = body ? body->value("respcd", "?") : "HTTP " + std::to_string(answer->status);
    }
    EXPECT_EQ(push, c.push);
    if (push == "no answer") s.client->close();
    s.pass(200s);
    EXPECT_EQ(s.state("A1"), c.state);
    EXPECT_EQ(s.sim.truth().truth_of("A1"), c.end);
}

// clang-format off
const magic_case magic_cases[] = {
    { 0, "0000",      "row 0000", truth::paid},
    { 1, "0000",      "row 1205", truth::declined},
    { 2, "0000",      "row 1201", truth::declined},
    { 3, "0000",      "row 1181", truth::expired},
    { 4, "0000",      "row 0000", truth::paid},
    { 5, "0000",      "row 0000", truth::paid},
    { 6, "0000",      "row 1142", truth::cancelled},
    { 7, "no answer", "row 0000", truth::paid},
    { 8, "no answer", "1136",     truth::none},
    { 9, "HTTP 500",  "row 0000", truth::paid},
    {10, "0000",      "row 0000", truth::paid},
    {11, "0000",      "row 0000", truth::paid},
    {12, "0000",      "row 0000", truth::paid},
    {13, "0000",      "row 0000", truth::paid},
    {14, "1145",      "1136",     truth::none},
    {15, "9999",      "row 0000", truth::paid},
    {16, "HTTP 200",  "row 0000", truth::paid},
    {17, "1106",      "1136",     truth::none},
    {18, "no answer", "row 0000", truth::paid},
    {19, "0000",      "1136",     truth::none},
    {20, "0000",      "row 0000", truth::paid},
    {21, "closed",    "row 0000", truth::paid},
    {22, "HTTP 429",  "1136",     truth::none},
    {23, "HTTP 502",  "1136",     truth::none},
    {24, "0000",      "row 0000", truth::paid},
    {99, "0000",      "row 0000", truth::paid},
};
// clang-format on

INSTANTIATE_TEST_SUITE_P(Table, MagicAmountTest, testing::ValuesIn(magic_cases),
                         [](const auto& i) { return "Ends" + std::to_string(i.param.digits); });

TEST(MagicAmountTest, WithoutTheSettingEverybodyPays)
{
    shop s;
    s.pay("A1", 1201);
    s.pass(5s);
    EXPECT_EQ(s.state("A1"), "row 0000");
}

}  // namespace
}  // namespace ecr::simulator
