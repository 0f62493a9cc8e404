// Refunds: the drop of the refundable amount is the evidence.
#include "tests/daemon/shop/shop.hpp"

#include <gtest/gtest.h>

namespace ecr::test {
namespace {

using simulator::act;
using simulator::movements;

struct refund_behaviour {
    std::string setting;
    std::string value;

    friend void PrintTo(const refund_behaviour& b, std::ostream* out)
    {
        *out << b.setting << '=' << b.value;
    }
};

class RefundTest : public testing::TestWithParam<refund_behaviour> {
protected:
    [[nodiscard]] shop_plan plan() const
    {
        const auto b = GetParam();
        return {.cloud = [b](simulator::settings& settings) {
            if (b.setting.empty()) return;
            EXPECT_EQ(set_by_name(settings, b.setting, b.value), "");
        }};
    }

    static void pay(shop& s, sample_till& till, const std::string& channel = "wx")
    {
        till.say("pay order=A1 amount=500 channel=" + channel);
        ASSERT_EQ(value_of(s.result_of(till, "A1"), "state"), "paid");
    }
};

TEST_P(RefundTest, APartIsGivenBackOnce)
{
    shop s{plan()};
    const auto till = s.tcp_till();
    pay(s, *till);
    till->say("refund order=R1 of=A1 amount=200");
    const auto result = s.result_of(*till, "R1");
    EXPECT_EQ(value_of(result, "state"), "refunded") << result;
    EXPECT_EQ(value_of(result, "code"), "00");
    EXPECT_EQ(s.truth().refunded("A1"), (movements{1, 200}));

    till->say("refund order=R1 of=A1 amount=200");  // said again: the same refund
    s.ask(*till, "ping");
    s.pass(5min);
    EXPECT_EQ(s.truth().refunded("A1"), (movements{1, 200}));
}

TEST_P(RefundTest, TheRestIsGivenBackByASecondOne)
{
    shop s{plan()};
    const auto till = s.tcp_till();
    pay(s, *till);
    till->say("refund order=R1 of=A1 amount=200");
    EXPECT_EQ(value_of(s.result_of(*till, "R1"), "state"), "refunded");
    till->say("refund order=R2 of=A1 amount=300");
    EXPECT_EQ(value_of(s.result_of(*till, "R2"), "state"), "refunded");
    EXPECT_EQ(s.truth().refunded("A1"), (movements{2, 500}));
    till->say("refund order=R3 of=A1 amount=1");
    EXPECT_EQ(value_of(s.result_of(*till, "R3"), "code"), "35");
}

TEST_P(RefundTest, OneThatNobodyConfirmsMovesNothing)
{
    shop s{plan()};
    const auto till = s.tcp_till();
    pay(s, *till);
    s.cloud().plan(simulator::shopper{.does = act::walks_away});
    till->say("refund order=R1 of=A1 amount=200");
    const auto state = value_of(s.result_of(*till, "R1", 15min), "state");
    EXPECT_NE(state, "refunded");
    EXPECT_NE(state, "");
    EXPECT_EQ(s.truth().refunded("A1"), (movements{0, 0}));
}

TEST(RefundWindowTest, TheTerminalWaitsAsLongAsItAlwaysDoesWhateverTheLinkSays)
{
    shop s{{.bridge = [](daemon::config& c) { c.links[0].payment_timeout = 30s; },
            .cloud =
                [](simulator::settings& c) {
                    c.refund_fall = simulator::refund_fall::at_once_with_way_back;
                }}};
    const auto till = s.tcp_till();
    till->say("pay order=A1 amount=500");
    ASSERT_EQ(value_of(s.result_of(*till, "A1"), "state"), "paid");
    s.cloud().plan(simulator::shopper{.does = act::walks_away});
    till->say("refund order=R1 of=A1 amount=200");
    const auto result = s.result_of(*till, "R1", 15min);
    EXPECT_NE(value_of(result, "state"), "refunded") << result;
    EXPECT_NE(value_of(result, "state"), "");
    EXPECT_EQ(s.truth().refunded("A1"), (movements{0, 0}));
}

TEST(LateRefundTest, AFallThatIsTakenBackIsNotBelieved)
{
    shop s{{.cloud = [](simulator::settings& c) {
        c.refund_fall = simulator::refund_fall::at_once_with_way_back;
        c.ended_unpaid = simulator::ended_unpaid::no_row;
    }}};
    const auto till = s.tcp_till();
    till->say("pay order=A1 amount=500 channel=wx");
    ASSERT_EQ(value_of(s.result_of(*till, "A1"), "state"), "paid");
    // The push arrives when its time at the terminal should be over, behind the cancels.
    s.cloud().plan(simulator::fault{
        .kind = simulator::fault_kind::late_delivery, .path = "refund", .delay = 100s});
    s.cloud().plan_order("R1", simulator::shopper{.does = act::cancel_loses, .after = 1h});
    till->say("refund order=R1 of=A1 amount=200");
    s.pass(30min);
    EXPECT_EQ(s.truth().refunded("A1"), (movements{0, 0}));
    EXPECT_EQ(till->count("result", "state=refunded"), 0U);
    EXPECT_NE(s.journal("R1")->state, "paid");
}

INSTANTIATE_TEST_SUITE_P(Money, RefundTest,
                         testing::ValuesIn(std::vector<refund_behaviour>{
                             {"", ""},
                             {"refund_out_trade_no", "refused_1103"},
                             {"refund_out_trade_no", "required_1103"},
                             {"refund_fall", "at_once_with_way_back"},
                             {"refund_cancel_digit", "digit_1"},
                             {"row_number", "empty_always"},
                             {"busy_enquiry", "row_1143"},
                             {"busy_enquiry", "row_1145"},
                             {"ended_unpaid", "no_row"},
                         }),
                         [](const auto& i) {
                             std::string name = i.param.setting + i.param.value + "Refund";
                             std::erase(name, '_');
                             return name;
                         });

TEST(RefundRefusalTest, OctopusIsRefusedHere)
{
    shop s;
    const auto till = s.tcp_till();
    till->say("pay order=A1 amount=500 channel=octopus");
    ASSERT_EQ(value_of(s.result_of(*till, "A1"), "state"), "paid");
    till->say("refund order=R1 of=A1 amount=500");
    const auto result = s.result_of(*till, "R1");
    EXPECT_EQ(value_of(result, "code"), "35") << result;
    EXPECT_EQ(s.truth().requests("/ecr/v1/refund/async"), 0);
}

TEST(RefundRefusalTest, APartOfTodaysCardIsRefusedHere)
{
    shop s;
    const auto till = s.tcp_till();
    till->say("pay order=A1 amount=500 channel=card_payment");
    ASSERT_EQ(value_of(s.result_of(*till, "A1"), "state"), "paid");
    till->say("refund order=R1 of=A1 amount=499");
    EXPECT_EQ(value_of(s.result_of(*till, "R1"), "code"), "35");
    EXPECT_EQ(s.truth().requests("/ecr/v1/refund/async"), 0);
    till->say("refund order=R2 of=A1 amount=500");
    EXPECT_EQ(value_of(s.result_of(*till, "R2"), "state"), "refunded");
}

TEST(RefundRefusalTest, TheNightlyBlackoutIsRefusedHere)
{
    const timestamp evening = timestamp{std::chrono::sys_days{std::chrono::year{2026} / 11 / 18}} +
                              15h + 25min;  // 23:25 in Hong Kong
    shop s{{.start = evening}};
    const auto till = s.tcp_till();
    till->say("pay order=A1 amount=500 channel=wx");
    ASSERT_EQ(value_of(s.result_of(*till, "A1"), "state"), "paid");
    s.pass(10min);
    till->say("refund order=R1 of=A1 amount=500");
    EXPECT_EQ(value_of(s.result_of(*till, "R1"), "code"), "35");
    s.pass(1h);
    till->say("refund order=R2 of=A1 amount=500");
    EXPECT_EQ(value_of(s.result_of(*till, "R2"), "state"), "refunded");
}

TEST(RefundRefusalTest, AnUnpaidOrderIsRefusedHere)
{
    shop s;
    s.cloud().plan(simulator::shopper{.does = act::declines, .respcd = "1201"});
    const auto till = s.tcp_till();
    till->say("pay order=A1 amount=500 channel=wx");
    ASSERT_EQ(value_of(s.result_of(*till, "A1"), "state"), "declined");
    till->say("refund order=R1 of=A1 amount=500");
    EXPECT_EQ(value_of(s.result_of(*till, "R1"), "code"), "35");
    till->say("refund order=R2 of=NONE amount=500");
    EXPECT_EQ(value_of(s.result_of(*till, "R2"), "code"), "31");
}

}  // namespace
}  // namespace ecr::test
