// Every open behaviour of the contract's section 13, each value of each setting.
#include "tests/simulator/test/behaviour_case.hpp"
#include "tests/simulator/test/shop.hpp"

#include <gtest/gtest.h>

#include <functional>

namespace ecr::simulator {
namespace {

struct behaviour_case {
    std::string setting;
    std::string value;
    std::function<std::string(shop&)> story;
    std::string outcome;

    friend void PrintTo(const behaviour_case& c, std::ostream* out)
    {
        *out << c.setting << "=" << c.value;
    }
};

class OpenBehaviourTest : public testing::TestWithParam<behaviour_case> {};

TEST_P(OpenBehaviourTest, SettingDecides)
{
    const auto& c = GetParam();
    settings initial;
    ASSERT_EQ(set_by_name(initial, c.setting, c.value), "");
    shop s{initial};
    EXPECT_EQ(c.story(s), c.outcome);
}

void shown_unpaid(shop& s, const std::string& order)
{
    s.sim.plan_order(order, {.does = act::walks_away});
    s.pay(order);
    s.pass(1s);
}

std::string while_busy(shop& s)
{
    shown_unpaid(s, "A1");
    return s.state("A1");
}

std::string second_push(shop& s)
{
    s.pay("A1");
    const auto code = s.pay("A2");
    s.pass(20s);
    return code + ", " + s.state("A2") + ", " +
           std::to_string(s.sim.truth().pushed_to_busy_terminal());
}

std::string same_number_again(shop& s)
{
    s.paid("A1");
    const auto code = s.pay("A1");
    s.pass(5s);
    return code + ", charged " + std::to_string(s.sim.truth().charged("A1").count);
}

std::string number_after_refusal(shop& s)
{
    s.pay("A1", 100, "wx", "T9");
    return s.pay("A1");
}

std::string number_in_rows(shop& s)
{
    s.paid("O1", 100, "octopus");
    s.paid("W1");
    const auto octopus = s.ask("O1").at("respmsg").at("out_trade_no").get<std::string>();
    const auto wallet = s.ask("W1").at("respmsg").at("out_trade_no").get<std::string>();
    return octopus + "," + wallet;
}

std::string after_the_end(shop& s)
{
    s.sim.plan({.does = act::declines, .respcd = "1201"});
    s.pay("A1");
    s.pass(5s);
    return s.state("A1");
}

std::string refund_with_number(shop& s)
{
    const auto syssn = s.paid("P1");
    const auto with = s.refund(syssn, "100", "R1");
    s.pass(10s);
    return with + ", without " + s.refund(s.paid("P2"), "100");
}

std::string refund_again(shop& s)
{
    const auto syssn = s.paid("P1");
    s.refund(syssn, "100", "R1");
    s.pass(10s);
    return s.refund(syssn, "100", "R2");
}

/// allow_refund_amt while the cashier has not confirmed, and after she refused.
std::string left_during_refund(shop& s)
{
    const auto syssn = s.paid("P1");
    s.sim.plan({.does = act::cancels_at_terminal, .after = 5s});
    s.refund(syssn, "60", "R1");
    s.pass(2s);
    const auto left = [&] {
        return s.ask_syssn(syssn).at("respmsg").at("allow_refund_amt").dump();
    };
    const auto during = left();
    s.pass(10s);
    return during + " then " + left();
}

std::string digits_after_refunds(shop& s)
{
    const auto syssn = s.paid("P1");
    const auto digit = [&] { return s.ask_syssn(syssn).at("respmsg").at("cancel").dump(); };
    std::string digits = digit();
    for (const auto number : {"R1", "R2"}) {
        s.refund(syssn, "50", number);
        s.pass(10s);
        digits += digit();
    }
    return digits;
}

std::string refund_at_night(shop& s)
{
    const auto syssn = s.paid("P1");
    s.pass(8h + 35min);  // 23:35 at QFPay
    return s.refund(syssn, "100");
}

std::string refund_of_fps(shop& s)
{
    return s.refund(s.paid("F1", 100, "fps"), "100");
}

std::string unbound_asks(shop& s)
{
    const auto syssn = s.paid("P1");
    const auto ask = s.ask("P1", "T9").at("respcd").get<std::string>();
    const auto print =
        s.respcd(receipt_path, {{"syssn", syssn}, {"out_trade_no", "P1"}, {"termid", "T9"}});
    return ask + " " + print + " " + s.refund(syssn, "100", "R1", "T9");
}

std::string cancel_when_idle(shop& s)
{
    return s.cancel();
}

std::string cancel_right_behind(shop& s)
{
    s.sim.plan({.after = 10s});
    s.pay("A1");
    s.cancel();
    s.pass(20s);
    return s.state("A1");
}

/// Whether the terminal still waits 120.1 s after the push.
std::string window_end(shop& s)
{
    s.sim.plan({.does = act::walks_away});
    s.pay("A1");
    s.pass(120'100ms);
    return s.sim.terminal("T1").busy() ? "waits" : "over";
}

std::string back_after_the_window(shop& s)
{
    s.sim.terminal("T1").set_online(false);
    s.pay("A1");
    s.pass(200s);
    s.sim.terminal("T1").set_online(true);
    s.pass(10s);
    return s.state("A1");
}

std::string sha256_signature(shop& s)
{
    const auto algorithm = protocol::cloud::sign_algorithm::sha256;
    const auto answer = s.send(s.signed_by(cancel_path, {{"termid", "T1"}}, algorithm));
    const auto sign = answer->headers.at("x-qf-sign");
    for (const auto each : {protocol::cloud::sign_algorithm::md5, algorithm})
        if (sign == protocol::cloud::body_signature(answer->body, test_client_key, each))
            return each == algorithm ? "sha256" : "md5";
    return "wrong";
}

std::string signature_there(shop& s)
{
    return s.post(cancel_path, {{"termid", "T1"}})->headers.contains("x-qf-sign") ? "yes" : "no";
}

std::string connections_for_three(shop& s)
{
    for (int i = 0; i < 3; ++i)
        s.post(summary_path, {{"termid", "T1"}});
    return std::to_string(s.sim.truth().connections());
}

std::string card_code(shop& s)
{
    s.paid("C1", 100, "card_payment");
    return s.ask("C1").at("respmsg").at("busicd");
}

// clang-format off
const behaviour_case behaviour_cases[] = {
    {"busy_enquiry",        "not_found",             while_busy,            "1136"},
    {"busy_enquiry",        "row_1143",              while_busy,            "row 1143"},
    {"busy_enquiry",        "row_1145",              while_busy,            "row 1145"},
    {"busy_push",           "refuse_1145",           second_push,           "1145, 1136, 1"},
    {"busy_push",           "queue_behind",          second_push,           "0000, row 0000, 1"},
    {"repeated_number",     "refuse_1102",           same_number_again,     "1102, charged 1"},
    {"repeated_number",     "accept_again",          same_number_again,     "0000, charged 2"},
    {"refused_number",      "used_up",               number_after_refusal,  "1102"},
    {"refused_number",      "free",                  number_after_refusal,  "0000"},
    {"row_number",          "empty_for_octopus",     number_in_rows,        ",W1"},
    {"row_number",          "echoed",                number_in_rows,        "O1,W1"},
    {"row_number",          "empty_always",          number_in_rows,        ","},
    {"ended_unpaid",        "row",                   after_the_end,         "row 1201"},
    {"ended_unpaid",        "no_row",                after_the_end,         "1136"},
    {"refund_out_trade_no", "accepted",              refund_with_number,    "0000, without 0000"},
    {"refund_out_trade_no", "refused_1103",          refund_with_number,    "1103, without 0000"},
    {"refund_out_trade_no", "required_1103",         refund_with_number,    "0000, without 1103"},
    {"refund_already",      "code_1264",             refund_again,          "1264"},
    {"refund_already",      "code_1262",             refund_again,          "1262"},
    {"refund_already",      "code_1125",             refund_again,          "1125"},
    {"refund_already",      "code_1272",             refund_again,          "1272"},
    {"refund_fall",         "at_completion",         left_during_refund,    "100 then 100"},
    {"refund_fall",         "at_once_with_way_back", left_during_refund,    "40 then 100"},
    {"refund_cancel_digit", "digit_3_or_5",          digits_after_refunds,  "053"},
    {"refund_cancel_digit", "digit_1",               digits_after_refunds,  "011"},
    {"refund_blackout",     "code_1265",             refund_at_night,       "1265"},
    {"refund_blackout",     "code_1136",             refund_at_night,       "1136"},
    {"fps_refund",          "refused_1155",          refund_of_fps,         "1155"},
    {"fps_refund",          "accepted",              refund_of_fps,         "0000"},
    {"unbound_enquiry",     "code_1106",             unbound_asks,          "1106 1106 1106"},
    {"unbound_enquiry",     "works",                 unbound_asks,          "0000 0000 0000"},
    {"idle_cancel",         "code_0000",             cancel_when_idle,      "0000"},
    {"idle_cancel",         "code_1136",             cancel_when_idle,      "1136"},
    {"cancel_overtakes",    "false",                 cancel_right_behind,   "row 1142"},
    {"cancel_overtakes",    "true",                  cancel_right_behind,   "row 0000"},
    {"timeout_starts",      "at_push",               window_end,            "over"},
    {"timeout_starts",      "when_shown",            window_end,            "waits"},
    {"offline_push",        "dropped_at_timeout",    back_after_the_window, "1136"},
    {"offline_push",        "shown_when_back",       back_after_the_window, "row 0000"},
    {"sha256_response",     "md5",                   sha256_signature,      "md5"},
    {"sha256_response",     "sha256",                sha256_signature,      "sha256"},
    {"signs_responses",     "true",                  signature_there,       "yes"},
    {"signs_responses",     "false",                 signature_there,       "no"},
    {"keep_alive",          "true",                  connections_for_three, "1"},
    {"keep_alive",          "false",                 connections_for_three, "3"},
    {"card_busicd",         "802801",                card_code,             "802801"},
    {"card_busicd",         "802808",                card_code,             "802808"},
};
// clang-format on

INSTANTIATE_TEST_SUITE_P(Section13, OpenBehaviourTest, testing::ValuesIn(behaviour_cases),
                         [](const auto& i) { return i.param.setting + "_" + i.param.value; });

TEST(OpenBehaviourTest, FirstNamedBehaviourIsTheDefault)
{
    for (const auto& each : list_settings(settings{})) {
        if (each.allowed.find('|') == std::string::npos || each.allowed == "true|false") continue;
        EXPECT_EQ(each.value, each.allowed.substr(0, each.allowed.find('|'))) << each.name;
    }
}

TEST(OpenBehaviourTest, EveryChoiceIsInTheTableAbove)
{
    for (const auto& each : list_settings(settings{})) {
        if (each.allowed.find('|') == std::string::npos || each.allowed == "true|false") continue;
        if (each.name == "sha256_request" || each.name == "mchid") continue;  // request_check_test
        std::string values;
        for (const auto& c : behaviour_cases)
            if (c.setting == each.name) values += (values.empty() ? "" : "|") + c.value;
        values += values_in_trade_table(each.name);
        EXPECT_EQ(values, each.allowed) << each.name;
    }
}

TEST(OpenBehaviourTest, AnUnknownNameOrValueIsAnError)
{
    settings s;
    EXPECT_EQ(set_by_name(s, "busy", "x"), "no setting is called \"busy\"");
    EXPECT_EQ(set_by_name(s, "idle_cancel", "x"),
              "idle_cancel cannot be \"x\"; it is one of code_0000|code_1136");
    EXPECT_NE(set_by_name(s, "push_delay", "-1"), "");
    EXPECT_NE(set_by_name(s, "push_delay", "1s"), "");
    EXPECT_NE(set_by_name(s, "requests_per_minute", "0"), "");
    EXPECT_EQ(set_by_name(s, "push_delay", "1500"), "");
    EXPECT_EQ(s.push_delay, 1500ms);
}

TEST(OpenBehaviourTest, TheMinuteWindowSlides)
{
    shop s;
    s.sim.behaviour().requests_per_minute = 3;
    const auto status = [&] { return s.post(summary_path, {{"termid", "T1"}})->status; };
    EXPECT_EQ(status(), 200);
    s.pass(30s);
    EXPECT_EQ(status(), 200);
    EXPECT_EQ(status(), 200);
    EXPECT_EQ(status(), 429);
    s.pass(31s);
    s.sim.behaviour().rate_limit_counts_429 = false;
    EXPECT_EQ(status(), 429) << "two, and the one that was refused";
    s.pass(30s);
    EXPECT_EQ(status(), 200);
}

TEST(OpenBehaviourTest, RefusedRequestsUseBudgetOnlyWhenTheSettingSaysSo)
{
    for (const bool counts : {true, false}) {
        settings initial;
        initial.rate_limit_counts_429 = counts;
        initial.requests_per_minute = 1;
        shop s{initial};
        const auto status = [&] { return s.post(summary_path, {{"termid", "T1"}})->status; };
        EXPECT_EQ(status(), 200);
        s.pass(40s);
        EXPECT_EQ(status(), 429);
        s.pass(30s);
        EXPECT_EQ(status(), counts ? 429 : 200);
    }
}

}  // namespace
}  // namespace ecr::simulator
