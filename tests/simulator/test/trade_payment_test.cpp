#include "tests/simulator/test/trade_shop.hpp"

#include <gtest/gtest.h>

#include <algorithm>

namespace ecr::simulator {
namespace {

std::string code_of(const json& answer)
{
    return answer.is_object() ? answer.value("respcd", "none") : "no answer";
}

TEST(TradePaymentTest, ACustomersCodeIsPaidInTheReply)
{
    trade_shop s;
    const auto reply = s.trade_pay("A1", 1234);
    EXPECT_EQ(code_of(reply), "0000");
    EXPECT_EQ(reply.at("out_trade_no"), "A1");
    EXPECT_EQ(reply.at("txamt"), "1234");
    EXPECT_EQ(reply.at("txcurrcd"), "HKD");
    EXPECT_EQ(reply.at("syssn").get<std::string>().substr(0, 8), "20240704");
    EXPECT_FALSE(reply.contains("qrcode"));
    EXPECT_EQ(s.sim.truth().charged("A1"), (movements{1, 1234}));
    EXPECT_EQ(s.row_states("A1"), "0000/0");
    EXPECT_EQ(s.sim.truth().requests(trade_payment_path), 1);
}

TEST(TradePaymentTest, AnOrderForACodeIsCreatedThenPaid)
{
    trade_shop s;
    const auto reply = s.trade_pay("A1", 100, "800201");
    EXPECT_EQ(code_of(reply), "0000");
    EXPECT_TRUE(reply.at("qrcode").get<std::string>().starts_with("https://qr.invalid/"));
    EXPECT_EQ(s.sim.truth().charged_in_all().count, 0);
    EXPECT_EQ(s.row_states("A1"), "1143/0");
    s.pass(5s);
    EXPECT_EQ(s.row_states("A1"), "0000/0");
    EXPECT_EQ(s.sim.truth().charged("A1"), (movements{1, 100}));
}

TEST(TradePaymentTest, AShopperWithATimeMakesItPending)
{
    trade_shop s;
    s.sim.plan_order("A1", {.after = 20s});
    EXPECT_EQ(code_of(s.trade_pay("A1")), "1143");
    EXPECT_EQ(s.row_states("A1"), "1143/0");
    s.pass(30s);
    EXPECT_EQ(s.row_states("A1"), "0000/0");
}

TEST(TradePaymentTest, PendingMayEndDeclined)
{
    trade_shop s;
    s.sim.plan_order("A1", {.does = act::declines, .after = 20s, .respcd = "1201"});
    EXPECT_EQ(code_of(s.trade_pay("A1")), "1143");
    s.pass(30s);
    EXPECT_EQ(s.row_states("A1"), "1201/0");
    EXPECT_EQ(s.sim.truth().charged("A1").count, 0);
}

TEST(TradePaymentTest, ACustomersCodeIsGoodOnce)
{
    trade_shop s;
    EXPECT_EQ(code_of(s.trade_pay("A1")), "0000");
    auto again = trade_shop::payment_form("A2");
    std::ranges::find(again, "auth_code", &form::value_type::first)->second = "13A1";
    EXPECT_EQ(s.respcd(trade_payment_path, again), "1202");
    EXPECT_EQ(s.sim.truth().charged("A2").count, 0);
}

TEST(TradePaymentTest, TheReplyMayWaitForTheShopper)
{
    trade_shop s{{.cpm_reply = cpm_reply::waits_for_shopper}};
    s.sim.plan_order("A1", {.after = 20s});
    const auto before = s.clock.now();
    EXPECT_EQ(code_of(s.trade_pay("A1")), "0000");
    EXPECT_GE(s.clock.now() - before, 20s);
}

TEST(TradePaymentTest, AnOrderExpiresByItsTime)
{
    struct expiry_case {
        std::string name;
        std::string value;
        std::chrono::seconds window;
    };
    const expiry_case cases[] = {
        {"expired_time", "5", 300s},
        {"valid_time", "600", 600s},
        {"", "", 1800s},
    };
    for (const auto& c : cases) {
        trade_shop s;
        s.sim.plan({.does = act::walks_away});
        auto parameters = trade_shop::payment_form("A1", 100, "800201");
        if (!c.name.empty()) parameters.emplace_back(c.name, c.value);
        s.call(trade_payment_path, parameters);
        s.pass(c.window - 5s);
        EXPECT_EQ(s.row_states("A1"), "1143/0") << c.name;
        s.pass(10s);
        EXPECT_EQ(s.row_states("A1"), "1142/0") << c.name;
    }
}

TEST(TradePaymentTest, AnExpiredOrderMayBePaidLate)
{
    trade_shop s;
    s.sim.plan({.does = act::pays_late, .late = 60s});
    s.trade_pay("A1", 100, "800201");
    s.pass(30min + 1s);
    EXPECT_EQ(s.row_states("A1"), "1142/0");
    s.pass(61s);
    EXPECT_EQ(s.row_states("A1"), "0000/0");
    ASSERT_EQ(s.sim.truth().movements_of_money().size(), 1U);
    EXPECT_TRUE(s.sim.truth().movements_of_money()[0].late);
}

TEST(TradePaymentTest, ANumberIsGoodOnceOverBothApis)
{
    trade_shop s;
    s.paid("T1");
    const auto reply = s.trade_pay("T1");
    EXPECT_EQ(code_of(reply), "1251");
    EXPECT_EQ(reply.at("respmsg"), "out_trade_no is used");
    EXPECT_FALSE(reply.contains("syssn"));
    s.trade_pay("A1");
    EXPECT_EQ(s.pay("A1"), "1102");
    EXPECT_EQ(s.sim.truth().charged("T1").count, 1);
}

TEST(TradePaymentTest, ARowMayReportAnotherAmountThanWasCharged)
{
    trade_shop s;
    s.sim.plan({.amount_off = 1, .currency = "156"});
    EXPECT_EQ(s.trade_pay("A1").at("txamt"), "101");
    const auto row = s.rows("A1").at(0);
    EXPECT_EQ(row.at("txamt"), "101");
    EXPECT_EQ(row.at("txcurrcd"), "CNY");
    EXPECT_EQ(s.sim.truth().charged("A1").sum_minor_units, 100);
}

TEST(TradePaymentTest, AnOrderThatGotLostHasNoRow)
{
    trade_shop s;
    s.sim.plan({.does = act::never_shown});
    EXPECT_EQ(code_of(s.trade_pay("A1")), "1143");
    s.pass(20min);
    EXPECT_EQ(s.row_states("A1"), "none");
}

TEST(TradePaymentTest, MagicAmountsWorkHereToo)
{
    trade_shop s{{.magic_amounts = true}};
    EXPECT_EQ(code_of(s.trade_pay("A1", 101)), "1205");
    EXPECT_EQ(code_of(s.trade_pay("A2", 115)), "9999");
    EXPECT_EQ(s.row_states("A2"), "0000/0");
    EXPECT_EQ(code_of(s.trade_pay("A3", 117)), "1104");
    EXPECT_EQ(s.row_states("A3"), "none");
}

struct bad_case {
    std::string name;
    std::string value;  // "": left out
    std::string pay_type;
    std::string respcd;

    friend void PrintTo(const bad_case& c, std::ostream* out)
    {
        *out << c.name << "=" << c.value << " for " << c.pay_type;
    }
};

class TradeParameterTest : public testing::TestWithParam<bad_case> {};

TEST_P(TradeParameterTest, IsRefusedAndNothingMoves)
{
    const auto& c = GetParam();
    trade_shop s;
    auto parameters = trade_shop::payment_form("A1", 100, c.pay_type);
    std::erase_if(parameters, [&](const auto& each) { return each.first == c.name; });
    if (!c.value.empty()) parameters.emplace_back(c.name, c.value);
    EXPECT_EQ(s.respcd(trade_payment_path, parameters), c.respcd);
    EXPECT_EQ(s.row_states("A1"), "none");
    EXPECT_EQ(s.sim.truth().charged_in_all().count, 0);
}

// clang-format off
const bad_case bad_cases[] = {
    {"txamt",        "",                     "800208", "1103"},
    {"txamt",        "0",                    "800208", "1104"},
    {"txamt",        "1.10",                 "800208", "1104"},
    {"txamt",        "2147483648",           "800208", "1104"},
    {"txcurrcd",     "",                     "800208", "1103"},
    {"txcurrcd",     "344",                  "800208", "1104"},
    {"pay_type",     "",                     "800208", "1103"},
    {"pay_type",     "803208",               "800208", "1104"},
    {"pay_type",     "802808",               "800208", "1104"},
    {"out_trade_no", "",                     "800208", "1103"},
    {"out_trade_no", "A,1",                  "800208", "1104"},
    {"txdtm",        "",                     "800208", "1103"},
    {"txdtm",        "2024-07-04",           "800208", "1104"},
    {"auth_code",    "",                     "800208", "1103"},
    {"expired_time", "4",                    "800201", "1104"},
    {"expired_time", "121",                  "800201", "1104"},
    {"valid_time",   "301",                  "800201", "1104"},
    {"goods_name",   std::string(65, 'x'),   "800201", "1104"},
    {"goods_name",   "",                     "801510", "1103"},
    {"sub_openid",   "",                     "800207", "1103"},
    {"notify_url",   "ftp://127.0.0.1/",     "800201", "1104"},
    {"txamt",        "100",                  "801101", "1104"},
};
// clang-format on

INSTANTIATE_TEST_SUITE_P(Table, TradeParameterTest, testing::ValuesIn(bad_cases));

TEST(TradePaymentTest, EveryTypeThatIsNotATerminalsIsTaken)
{
    trade_shop s{{.requests_per_minute = 1000}};
    int number = 0;
    for (const std::string type :
         {"800101", "800107", "800108", "800151", "800152", "800201", "800208", "800212",
          "800213", "800228", "800701", "800708", "800712", "800714", "801008", "801107",
          "801501", "801512", "801514", "802001", "802801", "803701", "803712", "803714",
          "805801", "805808", "805812", "805814", "806527"})
        EXPECT_EQ(code_of(s.trade_pay("N" + std::to_string(++number), 200, type)), "0000") << type;
}

}  // namespace
}  // namespace ecr::simulator
