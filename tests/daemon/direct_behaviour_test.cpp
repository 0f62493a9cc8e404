// Whichever way QFPay really behaves at /trade/v1, what a till hears must be true.
#include "protocol/till/line/grammar.hpp"
#include "tests/daemon/direct_story.hpp"

#include <gtest/gtest.h>

namespace ecr::test {
namespace {

using simulator::act;
using simulator::shopper;

struct behaviour {
    const char* setting;
    const char* value;

    friend void PrintTo(const behaviour& b, std::ostream* out)
    {
        *out << b.setting << '=' << b.value;
    }
};

struct core_story {
    const char* name;
    const char* command;
    shopper who;
    bool closed = false;  // the till takes it back after ten seconds
};

constexpr const char* scan = "scan order=A1 amount=500 channel=wx auth_code=134857903088557555";
constexpr const char* qr = "qr order=A1 amount=500 channel=wx timeout=300";
constexpr const char* payme = "qr order=A1 amount=500 channel=payme";

const std::vector<core_story> core_stories{
    {"scan paid", scan, {}},
    {"scan paid soon", scan, {.after = 20s}},
    {"scan declined", scan, {.does = act::declines, .respcd = "1201"}},
    {"scan walks away", scan, {.does = act::walks_away}},
    {"scan taken back", scan, {.does = act::walks_away}, true},
    {"scan pays in spite of it", scan, {.does = act::cancel_loses, .after = 1h}, true},
    {"scan late", scan, {.does = act::pays_late, .late = 30min}},
    {"code paid", qr, {.after = 20s}},
    {"code walks away", qr, {.does = act::walks_away}},
    {"code closed", qr, {.does = act::walks_away}, true},
    {"code pays in spite of it", qr, {.does = act::cancel_loses, .after = 1h}, true},
    {"code late", qr, {.does = act::pays_late, .late = 10h}},
    {"payme closed", payme, {.does = act::walks_away}, true},
    {"payme late", payme, {.does = act::pays_late, .late = 2h}},
};

class EveryTradeBehaviourTest : public testing::TestWithParam<behaviour> {};

TEST_P(EveryTradeBehaviourTest, NeverMisreportsAPayment)
{
    const auto& b = GetParam();
    for (const auto& c : core_stories) {
        SCOPED_TRACE(c.name);
        shop s{{.cloud = [&](simulator::settings& settings) {
            ASSERT_EQ(set_by_name(settings, b.setting, b.value), "");
        }}};
        s.cloud().plan(c.who);
        const auto till = s.tcp_till();
        till->say(c.command);
        if (c.closed) {
            s.pass(10s);
            till->say("close of=A1");
        }
        const auto result = s.result_of(*till, "A1", 40min);
        ASSERT_FALSE(value_of(result, "state").empty()) << "the till was never answered";
        expect_told_truth_now(s, "A1", result);
        s.pass(27h);
        expect_kept_truth(s, "A1", result);
        EXPECT_EQ(s.truth().times_pushed("A1"), 1);
    }
}

TEST_P(EveryTradeBehaviourTest, NeverMisreportsARefund)
{
    const auto& b = GetParam();
    for (const auto does : {act::pays, act::declines}) {
        shop s{{.cloud = [&](simulator::settings& settings) {
            ASSERT_EQ(set_by_name(settings, b.setting, b.value), "");
        }}};
        const auto till = s.tcp_till();
        till->say(scan);
        ASSERT_EQ(value_of(s.result_of(*till, "A1"), "state"), "paid");
        s.cloud().plan_order("R1", shopper{.does = does, .respcd = "1201"});
        const auto result = s.ask(*till, "refund order=R1 of=A1 amount=200", 15min);
        const auto returned = s.truth().refunded("A1").sum_minor_units;
        EXPECT_EQ(value_of(result, "state") == "refunded", returned == 200) << result;
        EXPECT_EQ(returned, does == act::pays ? 200 : 0);
    }
}

const std::vector<behaviour> trade_behaviours{
    {"cpm_reply", "at_once"},
    {"cpm_reply", "waits_for_shopper"},
    {"cpm_reply", "pending"},
    {"trade_pending_code", "code_1145"},
    {"trade_code_field", "code_url"},
    {"trade_code_field", "pay_url"},
    {"trade_expired_code", "code_1181"},
    {"trade_open_row", "row_1145"},
    {"trade_open_row", "no_row"},
    {"trade_repeated_number", "code_2011"},
    {"trade_currency_missing", "means_hkd"},
    {"undo_support", "d24"},
    {"undo_support", "cam"},
    {"undo_unsupported", "no_syssn"},
    {"close_on_paid", "returns_money"},
    {"reversal_on_paid", "returns_money"},
    {"undo_reply", "pending_1143"},
    {"undo_reply", "pending_1145"},
    {"trade_refund_reply", "code_1143"},
    {"trade_refund_reply", "code_2999"},
    {"trade_window", "first_month"},
    {"trade_times_with_ids", "ignored"},
    {"trade_rows_currency", "empty"},
    {"ended_unpaid", "no_row"},
    {"refund_cancel_digit", "digit_1"},
    {"trade_in_ecr", "true"},
    {"signs_responses", "false"},
    {"keep_alive", "false"},
};

INSTANTIATE_TEST_SUITE_P(Money, EveryTradeBehaviourTest, testing::ValuesIn(trade_behaviours),
                         [](const auto& i) {
                             auto name = std::string{i.param.setting} + i.param.value;
                             std::erase(name, '_');
                             return name;
                         });

TEST(HelpTest, NamesEveryVerbOfTheGrammar)
{
    shop s;
    const auto till = s.tcp_till();
    s.ask(*till, "help");
    for (const auto& rule : protocol::till::line::verb_rules) {
        const auto usage = "usage=\"" + usage_of(rule);
        const auto bare = "usage=" + usage_of(rule) + ' ';
        EXPECT_EQ(till->count("row", usage) + till->count("row", bare) > 0, true) << rule.name;
    }
    EXPECT_EQ(till->count("row", " text=\"\""), 0U);
}

}  // namespace
}  // namespace ecr::test
