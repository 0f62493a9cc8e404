// Tills and bridges that are killed in the middle of a payment, in each dialect and on each wire:
// the till learns the truth by what its own protocol has for it, and nobody pays twice.
#include "tests/daemon/shop/dialect_shop.hpp"

#include <gtest/gtest.h>

namespace ecr::test {
namespace {

using simulator::act;
using simulator::movements;
using simulator::shopper;

enum class victim { till, bridge };

struct killed_case {
    wire_kind wire;
    victim who;
    act shopper_does;
};

void PrintTo(const killed_case& c, std::ostream* out)
{
    *out << name_of(c.wire) << (c.who == victim::till ? "_till" : "_bridge")
         << (c.shopper_does == act::pays ? "_paid" : "_declined");
}

std::string name_of_case(const testing::TestParamInfo<killed_case>& instance)
{
    return testing::PrintToString(instance.param);
}

std::vector<killed_case> cases_of(std::initializer_list<wire_kind> wires)
{
    std::vector<killed_case> all;
    for (const auto wire : wires)
        for (const auto who : {victim::till, victim::bridge})
            for (const auto does : {act::pays, act::declines})
                all.push_back({wire, who, does});
    return all;
}

shopper shopper_of(const killed_case& c)
{
    return {.does = c.shopper_does, .after = 30s};
}

/// Once, or not at all; whatever the till has asked.
void expect_the_truth(shop& s, const killed_case& c)
{
    const bool paid = c.shopper_does == act::pays;
    EXPECT_EQ(s.truth().charged_in_all(), (paid ? movements{1, 500} : movements{0, 0}));
    EXPECT_EQ(s.truth().pushes().size(), 1U);
}

class KilledLineTest : public testing::TestWithParam<killed_case> {
protected:
    std::unique_ptr<sample_till> till()
    {
        return GetParam().wire == wire_kind::pty ? world.port_till() : world.tcp_till();
    }
    /// A payment that is at the terminal when somebody is killed.
    void begin()
    {
        world.cloud().plan(shopper_of(GetParam()));
        auto first = till();
        first->say("pay order=A1 amount=500");
        ASSERT_TRUE(world.until([&] { return !world.truth().pushes().empty(); }, 1min));
        first->hang_up();
        if (GetParam().who == victim::bridge) world.restart();
    }
    [[nodiscard]] const char* state() const
    {
        return GetParam().shopper_does == act::pays ? "paid" : "declined";
    }

    shop world;
};

TEST_P(KilledLineTest, StatusTellsIt)
{
    begin();
    const auto again = till();
    EXPECT_EQ(value_of(world.ask(*again, "status order=A1"), "safe_to_retry"), "no");
    world.pass(1min);
    EXPECT_EQ(value_of(world.ask(*again, "status order=A1"), "state"), state());
    expect_the_truth(world, GetParam());
}

TEST_P(KilledLineTest, TheSameNumberTellsIt)
{
    begin();
    const auto again = till();
    again->say("pay order=A1 amount=500");
    EXPECT_EQ(value_of(world.result_of(*again, "A1"), "state"), state());
    expect_the_truth(world, GetParam());
}

INSTANTIATE_TEST_SUITE_P(Wires, KilledLineTest,
                         testing::ValuesIn(cases_of({wire_kind::tcp, wire_kind::pty})),
                         name_of_case);

class KilledQfpayLocalTest : public testing::TestWithParam<killed_case> {
protected:
    void begin(qfpay_shop& s)
    {
        s.world.cloud().plan(shopper_of(GetParam()));
        auto first = s.till();
        first.pay("5", "A1");
        ASSERT_TRUE(s.pushed());
        first.hang_up();
        if (GetParam().who == victim::bridge) s.world.restart();
    }
    [[nodiscard]] const char* code() const
    {
        return GetParam().shopper_does == act::pays ? "6000" : "6002";
    }
};

TEST_P(KilledQfpayLocalTest, AnEnquiryTellsIt)
{
    qfpay_shop s{GetParam().wire};
    begin(s);
    auto till = s.till();
    const auto early = s.ask(till, {{"func_type", "4001"}, {"out_trade_no", "\"A1\""}});
    EXPECT_EQ(early.respcd, "4005") << early.respmsg;
    EXPECT_EQ(early.datum("respcd"), "1145");
    s.world.pass(1min);
    const auto late = s.ask(till, {{"func_type", "4001"}, {"out_trade_no", "\"A1\""}});
    EXPECT_EQ(late.respcd, code()) << late.respmsg;
    EXPECT_EQ(late.datum("respcd") == "0000", GetParam().shopper_does == act::pays);
    expect_the_truth(s.world, GetParam());
}

TEST_P(KilledQfpayLocalTest, TheSameNumberTellsIt)
{
    qfpay_shop s{GetParam().wire};
    begin(s);
    auto till = s.till();
    EXPECT_EQ(s.pay(till, "5", "A1").respcd, code());
    expect_the_truth(s.world, GetParam());
}

INSTANTIATE_TEST_SUITE_P(Wires, KilledQfpayLocalTest,
                         testing::ValuesIn(cases_of({wire_kind::http, wire_kind::https,
                                                     wire_kind::tcp, wire_kind::pty})),
                         name_of_case);

class KilledHypercomTest : public testing::TestWithParam<killed_case> {
protected:
    void begin(hypercom_shop& s)
    {
        s.world.cloud().plan(shopper_of(GetParam()));
        auto first = s.till();
        first.sell(500);
        ASSERT_TRUE(s.pushed());
        first.hang_up();
        if (GetParam().who == victim::bridge) s.world.restart();
    }
    [[nodiscard]] const char* status() const
    {
        return GetParam().shopper_does == act::pays ? "00" : "ND";
    }
};

TEST_P(KilledHypercomTest, EachRetrievalTellsIt)
{
    hypercom_shop s{GetParam().wire};
    begin(s);
    auto till = s.till();
    for (const auto* code : {"71", "72", "73"}) {
        EXPECT_EQ(s.ask(till, code).status, "TO") << code;
        EXPECT_EQ(s.ask(till, code, {{"65", "000001"}}).status, "TO") << code;
    }
    s.world.pass(1min);
    for (const auto* code : {"71", "72", "73"}) {
        const auto last = s.ask(till, code);
        EXPECT_EQ(last.status, status()) << code;
        EXPECT_EQ(last.field("65"), "000001");
        EXPECT_EQ(last.field("40"), "000000000500");
        EXPECT_EQ(s.ask(till, code, {{"65", "000001"}}).status, status()) << code;
    }
    expect_the_truth(s.world, GetParam());
}

TEST_P(KilledHypercomTest, TheSameSaleIsTheEarlierOne)
{
    hypercom_shop s{GetParam().wire};
    begin(s);
    s.world.pass(6s);  // on the same wire the same frame was a repeat until now
    auto till = s.till();
    const auto again = s.sell(till, 500);
    EXPECT_EQ(again.status, status());
    EXPECT_EQ(again.field("02").substr(0, 13), "EARLIER SALE:");
    EXPECT_EQ(again.field("65"), "000001");
    expect_the_truth(s.world, GetParam());
}

INSTANTIATE_TEST_SUITE_P(
    Wires, KilledHypercomTest,
    testing::ValuesIn(cases_of({wire_kind::tcp, wire_kind::tls, wire_kind::pty})), name_of_case);

}  // namespace
}  // namespace ecr::test
