// What tills are told, against what truly happened to the money: the simulated cloud's ledger.
#include "tests/daemon/shop/shop.hpp"

#include <gtest/gtest.h>

namespace ecr::test {
namespace {

using simulator::act;
using simulator::movements;
using simulator::shopper;
using simulator::truth;

struct channel_case {
    std::string name;
    bool by_serial;

    friend void PrintTo(const channel_case& c, std::ostream* out)
    {
        *out << c.name << (c.by_serial ? " by serial" : " by TCP");
    }
};

class EveryChannelTest : public testing::TestWithParam<channel_case> {};

TEST_P(EveryChannelTest, EndsPaidForTheTillTheJournalAndTheCloud)
{
    const auto& c = GetParam();
    shop s;
    const auto till = c.by_serial ? s.port_till() : s.tcp_till();
    till->say("pay order=A1 amount=1250 channel=" + c.name);
    const auto result = s.result_of(*till, "A1");

    EXPECT_EQ(value_of(result, "state"), "paid") << result;
    EXPECT_EQ(value_of(result, "code"), "00");
    EXPECT_EQ(value_of(result, "amount"), "1250");
    EXPECT_EQ(value_of(result, "currency"), "HKD");
    EXPECT_EQ(value_of(result, "safe_to_retry"), "no");
    EXPECT_EQ(s.truth().charged("A1"), (movements{1, 1250}));
    EXPECT_EQ(s.truth().times_pushed("A1"), 1);
    ASSERT_TRUE(s.journal("A1"));
    EXPECT_EQ(s.journal("A1")->state, "paid");
    EXPECT_EQ(s.journal("A1")->syssn, value_of(result, "syssn"));
}

std::vector<channel_case> every_channel()
{
    std::vector<channel_case> all;
    for (const auto* name : {"card_payment", "wx", "alipay", "payme", "union", "fps", "octopus",
                             "unionpay_card", "amex_card"})
        for (const bool by_serial : {false, true})
            all.push_back({name, by_serial});
    return all;
}

INSTANTIATE_TEST_SUITE_P(Money, EveryChannelTest, testing::ValuesIn(every_channel()),
                         [](const auto& i) {
                             return i.param.name + (i.param.by_serial ? "Serial" : "Tcp");
                         });

/// A story in front of the terminal, and how it must end for the till, in the journal and in truth.
struct story {
    std::string name;
    shopper in_front;
    bool cancel = false;  // the till asks to cancel while the shopper is at the terminal
    std::string state;    // at the till, when its command ends
    std::string code;
    std::string safe;
    truth really{};
    int charges = 0;
    bool late = false;       // the money comes after the till was told that it had not
    std::string later = {};  // the state in the journal a day later; "" as above

    friend void PrintTo(const story& c, std::ostream* out) { *out << c.name; }
};

// clang-format off
const std::vector<story> stories{
    // name            shopper                                              cancel state        code safe   really            charges
    {"Pays",           {},                                                   false, "paid",      "00", "no",  truth::paid,      1},
    {"Declined",       {.does = act::declines, .respcd = "1201"},            false, "declined",  "10", "yes", truth::declined,  0},
    {"DeclinedConfirm",{.does = act::declines, .respcd = "1205"},            false, "declined",  "10", "yes", truth::declined,  0},
    {"WalksAway",      {.does = act::walks_away},                            false, "expired",   "12", "yes", truth::expired,   0},
    {"LastMoment",     {.does = act::pays_at_the_last_moment},               false, "paid",      "00", "no",  truth::paid,      1},
    {"AtTerminal",     {.does = act::cancels_at_terminal},                   false, "cancelled", "11", "yes", truth::cancelled, 0},
    {"NeverShown",     {.does = act::never_shown},                           false, "expired",   "12", "yes", truth::none,      0},
    {"CancelWins",     {.does = act::walks_away},                            true,  "cancelled", "11", "yes", truth::cancelled, 0},
    {"CancelLoses",    {.does = act::cancel_loses},                          true,  "paid",      "00", "no",  truth::paid,      1},
    {"Late",           {.does = act::pays_late, .late = milliseconds{600'000}}, false, "expired", "12", "yes", truth::paid,     1, true, "paid"},
    {"LateTwentyHours",{.does = act::pays_late, .late = milliseconds{72'000'000}}, false, "expired", "12", "yes", truth::paid,  1, true, "paid"},
};
// clang-format on

void expect_told_truth(shop& s, sample_till& till, const story& c)
{
    if (c.cancel) {
        ASSERT_TRUE(s.until([&] { return till.count("progress", "on_terminal") > 0; }));
        s.pass(1s);
        till.say("cancel order=A1");
    }
    const auto result = s.result_of(till, "A1", 15min);
    EXPECT_EQ(value_of(result, "state"), c.state) << result;
    EXPECT_EQ(value_of(result, "code"), c.code) << result;
    EXPECT_EQ(value_of(result, "safe_to_retry"), c.safe) << result;

    s.pass(25h);
    EXPECT_EQ(s.truth().truth_of("A1"), c.really);
    EXPECT_EQ(s.truth().charged("A1").count, c.charges);
    EXPECT_EQ(s.truth().times_pushed("A1"), 1);
    const auto kept = s.journal("A1");
    ASSERT_TRUE(kept);
    EXPECT_EQ(kept->state, c.later.empty() ? c.state : c.later);
    EXPECT_EQ((kept->needs & 1) != 0, c.late);
    const auto now = s.ask(till, "status order=A1");
    EXPECT_EQ(value_of(now, "late"), c.late ? "yes" : "") << now;
}

class StoryTest : public testing::TestWithParam<story> {};

TEST_P(StoryTest, TillJournalAndLedgerAgree)
{
    const auto& c = GetParam();
    shop s;
    s.cloud().plan(c.in_front);
    const auto till = s.tcp_till();
    till->say("pay order=A1 amount=500 channel=wx");
    expect_told_truth(s, *till, c);
}

INSTANTIATE_TEST_SUITE_P(Money, StoryTest, testing::ValuesIn(stories),
                         [](const auto& i) { return i.param.name; });

/// Every open behaviour of the cloud, one at a time: whichever way QFPay really behaves, what a
/// till hears must be true. It may be less than the whole truth: "in doubt" is allowed where the
/// cloud never says more.
struct behaviour {
    std::string setting;
    std::string value;

    friend void PrintTo(const behaviour& b, std::ostream* out)
    {
        *out << b.setting << '=' << b.value;
    }
};

class EveryBehaviourTest : public testing::TestWithParam<behaviour> {};

bool is_not_paid(const std::string& state)
{
    return state == "declined" || state == "cancelled" || state == "expired" || state == "rejected";
}

TEST_P(EveryBehaviourTest, NeverMisreportsAPayment)
{
    const auto& b = GetParam();
    for (const auto& c : stories) {
        SCOPED_TRACE(c.name);
        shop s{{.cloud = [&](simulator::settings& settings) {
            ASSERT_EQ(set_by_name(settings, b.setting, b.value), "");
        }}};
        s.cloud().plan(c.in_front);
        const auto till = s.tcp_till();
        till->say("pay order=A1 amount=500 channel=wx");
        if (c.cancel) {
            s.until([&] { return till->count("progress", "on_terminal") > 0; });
            s.pass(1s);
            till->say("cancel order=A1");
        }
        const auto result = s.result_of(*till, "A1", 15min);
        const auto told = value_of(result, "state");
        const bool charged_by_then = s.truth().charged("A1").count > 0;
        EXPECT_FALSE(told.empty()) << "the till was never answered";
        EXPECT_TRUE(told != "paid" || charged_by_then) << result;
        EXPECT_TRUE(!is_not_paid(told) || !charged_by_then) << result;
        EXPECT_EQ(value_of(result, "safe_to_retry"), is_not_paid(told) ? "yes" : "no") << result;

        s.pass(26h);
        const auto kept = s.journal("A1");
        ASSERT_TRUE(kept);
        const bool charged = s.truth().charged("A1").count > 0;
        EXPECT_EQ(kept->state == "paid", charged) << kept->state;
        EXPECT_EQ((kept->needs & 1) != 0, charged && is_not_paid(told)) << told;
        EXPECT_EQ(s.truth().times_pushed("A1"), 1);
        EXPECT_EQ(s.truth().pushed_to_busy_terminal(), 0);
    }
}

const std::vector<behaviour> payment_behaviours{
    {"busy_enquiry", "not_found"},
    {"busy_enquiry", "row_1143"},
    {"busy_enquiry", "row_1145"},
    {"repeated_number", "accept_again"},
    {"row_number", "echoed"},
    {"row_number", "empty_always"},
    {"ended_unpaid", "no_row"},
    {"idle_cancel", "code_1136"},
    {"cancel_overtakes", "true"},
    {"timeout_starts", "when_shown"},
    {"offline_push", "shown_when_back"},
    {"signs_responses", "false"},
    {"keep_alive", "false"},
    {"unbound_enquiry", "works"},
};

std::string name_of_behaviour(const testing::TestParamInfo<behaviour>& i)
{
    std::string name = i.param.setting + "_" + i.param.value;
    std::erase(name, '_');
    return name;
}

INSTANTIATE_TEST_SUITE_P(Money, EveryBehaviourTest, testing::ValuesIn(payment_behaviours),
                         name_of_behaviour);

}  // namespace
}  // namespace ecr::test
