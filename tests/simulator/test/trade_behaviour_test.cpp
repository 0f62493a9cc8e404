// The open behaviours of /trade/v1 and of notifications: each value of each setting.
#include "tests/simulator/test/behaviour_case.hpp"
#include "tests/simulator/test/notified_client.hpp"
#include "tests/simulator/test/trade_shop.hpp"

#include <gtest/gtest.h>

#include <functional>

namespace ecr::simulator {
namespace {

struct trade_case {
    std::string setting;
    std::string value;
    std::function<std::string(trade_shop&)> story;
    std::string outcome;

    friend void PrintTo(const trade_case& c, std::ostream* out)
    {
        *out << c.setting << "=" << c.value;
    }
};

std::string code_of(const json& answer)
{
    return answer.is_object() ? answer.value("respcd", "none") : "no answer";
}

std::string scanned_payment(trade_shop& s)
{
    const auto before = s.clock.now();
    const auto code = code_of(s.trade_pay("A1"));
    const auto waited = s.clock.now() - before >= 3s ? " waited" : "";
    s.pass(5s);
    return code + waited + ", " + s.row_states("A1");
}

std::string slow_payment(trade_shop& s)
{
    s.sim.plan({.after = 10s});
    return code_of(s.trade_pay("A1"));
}

std::string code_of_order(trade_shop& s)
{
    const auto reply = s.trade_pay("A1", 100, "800201");
    std::string fields;
    for (const auto name : {"qrcode", "code_url", "pay_url"})
        if (reply.contains(name)) fields += name;
    return fields;
}

std::string expired_order(trade_shop& s)
{
    s.sim.plan({.does = act::walks_away});
    s.trade_pay("A1", 100, "800201");
    s.pass(31min);
    return s.row_states("A1");
}

std::string open_order(trade_shop& s)
{
    s.sim.plan({.does = act::walks_away});
    s.trade_pay("A1", 100, "800201");
    return s.row_states("A1");
}

std::string number_again(trade_shop& s)
{
    s.trade_pay("A1");
    return code_of(s.trade_pay("A1"));
}

std::string without_currency(trade_shop& s)
{
    auto parameters = trade_shop::payment_form("A1");
    std::erase_if(parameters, [](const auto& each) { return each.first == "txcurrcd"; });
    return s.respcd(trade_payment_path, parameters);
}

/// Which of a few calls are supported.
std::string supported_calls(trade_shop& s)
{
    std::string text;
    int number = 0;
    for (const auto& [path, type] :
         {std::pair{trade_close_path, "800201"}, std::pair{trade_close_path, "800208"},
          std::pair{trade_reversal_path, "800708"}}) {
        const auto name = "A" + std::to_string(++number);
        s.sim.plan_order(name, {.does = act::walks_away});
        s.trade_pay(name, 100, type);
        text += code_of(s.undo(path, name)) == "0000" ? "yes " : "no ";
    }
    return text;
}

std::string unsupported_close(trade_shop& s)
{
    s.sim.plan({.does = act::walks_away});
    s.trade_pay("A1");
    const auto reply = s.undo(trade_close_path, "A1");
    return code_of(reply) + (reply.contains("syssn") ? " syssn, " : ", ") + s.row_states("A1");
}

std::string undo_of_paid(trade_shop& s, const char* path, const std::string& pay_type)
{
    s.trade_paid("A1", 100, pay_type);
    const auto code = code_of(s.undo(path, "A1"));
    return code + ", back " + std::to_string(s.sim.truth().reversed("A1").count);
}

std::string close_of_paid(trade_shop& s)
{
    return undo_of_paid(s, trade_close_path, "800201");
}

std::string reversal_of_paid(trade_shop& s)
{
    return undo_of_paid(s, trade_reversal_path, "800208");
}

std::string reversal_of_pending(trade_shop& s)
{
    s.sim.plan({.does = act::walks_away});
    s.trade_pay("A1");
    const auto code = code_of(s.undo(trade_reversal_path, "A1"));
    const auto at_once = s.row_states("A1");
    s.pass(5s);
    return code + ", " + at_once + ", " + s.row_states("A1");
}

std::string simple_refund(trade_shop& s)
{
    const auto code = code_of(s.trade_refund(s.trade_paid("A1"), "R1"));
    const auto at_once = s.row_states("R1");
    s.pass(5s);
    return code + ", " + at_once + ", " + s.row_states("R1");
}

std::string two_months(trade_shop& s)
{
    s.sim.plant({.out_trade_no = "J", .sysdtm = *parse_cloud_time("2024-06-20 10:00:00")});
    s.sim.plant({.out_trade_no = "K", .sysdtm = *parse_cloud_time("2024-07-02 10:00:00")});
    const auto answer =
        s.query({{"start_time", "2024-06-01 00:00:00"}, {"end_time", "2024-07-03 00:00:00"}});
    const auto one_sided = code_of(s.query({{"start_time", "2024-06-01 00:00:00"}}));
    const auto rows = answer.contains("data") ? answer.at("data").size() : 0;
    return code_of(answer) + " " + std::to_string(rows) + " " + one_sided;
}

std::string id_of_last_month(trade_shop& s)
{
    s.sim.plant({.out_trade_no = "J", .sysdtm = *parse_cloud_time("2024-06-20 10:00:00")});
    return s.row_states("J");
}

std::string nothing_asked(trade_shop& s)
{
    s.trade_paid("A1");
    return code_of(s.query({}));
}

std::string currency_in_rows(trade_shop& s)
{
    s.trade_paid("A1");
    return "\"" + s.rows("A1").at(0).at("txcurrcd").get<std::string>() + "\"";
}

std::string terminals_in_lists(trade_shop& s)
{
    s.paid("T1");
    return s.row_states("T1");
}

std::string api_in_enquiry(trade_shop& s)
{
    s.trade_paid("A1");
    return s.state("A1");
}

std::string where_it_is_told(trade_shop& s)
{
    notified_client client{s.io};
    s.sim.behaviour().notify_url = client.url("/registered");
    auto parameters = trade_shop::payment_form("A1");
    parameters.emplace_back("notify_url", client.url("/requested"));
    s.call(trade_payment_path, parameters);
    s.pass(5s);
    return client.seen().size() == 1 ? client.seen()[0].target : "not told once";
}

std::string terminal_refund_type(trade_shop& s)
{
    const auto syssn = s.paid("T1");
    notified_client client{s.io};
    s.sim.behaviour().notify_url = client.url();
    s.refund(syssn, "50", "R1");
    s.pass(10s);
    if (client.seen().size() != 1) return "not told once";
    return parse_json(client.seen()[0].body)->at("notify_type");
}

std::string settlement_code(trade_shop& s)
{
    const form parameters{{"date_start", "20240701"}, {"date_end", "20240703"}};
    auto request =
        s.signed_by("/settlement/v1/query?" + protocol::cloud::encode_form(parameters), parameters);
    request.method = "GET";
    request.body.clear();
    return parse_json(s.send(request)->body)->at("respcd");
}

// clang-format off
const trade_case trade_cases[] = {
    {"cpm_reply",              "at_once",           scanned_payment,      "0000, 0000/0"},
    {"cpm_reply",              "waits_for_shopper", scanned_payment,      "0000 waited, 0000/0"},
    {"cpm_reply",              "pending",           scanned_payment,      "1143, 0000/0"},
    {"trade_pending_code",     "code_1143",         slow_payment,         "1143"},
    {"trade_pending_code",     "code_1145",         slow_payment,         "1145"},
    {"trade_code_field",       "qrcode",            code_of_order,        "qrcode"},
    {"trade_code_field",       "code_url",          code_of_order,        "code_url"},
    {"trade_code_field",       "pay_url",           code_of_order,        "pay_url"},
    {"trade_expired_code",     "code_1142",         expired_order,        "1142/0"},
    {"trade_expired_code",     "code_1181",         expired_order,        "1181/0"},
    {"trade_open_row",         "row_1143",          open_order,           "1143/0"},
    {"trade_open_row",         "row_1145",          open_order,           "1145/0"},
    {"trade_open_row",         "no_row",            open_order,           "none"},
    {"trade_repeated_number",  "code_1251",         number_again,         "1251"},
    {"trade_repeated_number",  "code_2011",         number_again,         "2011"},
    {"trade_currency_missing", "refused_1103",      without_currency,     "1103"},
    {"trade_currency_missing", "means_hkd",         without_currency,     "0000"},
    {"undo_support",           "newz",              supported_calls,      "yes no yes "},
    {"undo_support",           "d24",               supported_calls,      "yes no no "},
    {"undo_support",           "cam",               supported_calls,      "no yes no "},
    {"undo_unsupported",       "code_1297",         unsupported_close,    "1297, 1143/0"},
    {"undo_unsupported",       "no_syssn",          unsupported_close,    "0000, 1143/0"},
    {"close_on_paid",          "refused_1260",      close_of_paid,        "1260, back 0"},
    {"close_on_paid",          "returns_money",     close_of_paid,        "0000, back 1"},
    {"reversal_on_paid",       "refused",           reversal_of_paid,     "1260, back 0"},
    {"reversal_on_paid",       "returns_money",     reversal_of_paid,     "0000, back 1"},
    {"undo_reply",             "at_once",           reversal_of_pending,  "0000, 1142/1, 1142/1"},
    {"undo_reply",             "pending_1143",      reversal_of_pending,  "1143, 1143/0, 1142/1"},
    {"undo_reply",             "pending_1145",      reversal_of_pending,  "1145, 1143/0, 1142/1"},
    {"trade_refund_reply",     "code_0000",         simple_refund,        "0000, 0000/0, 0000/0"},
    {"trade_refund_reply",     "code_1143",         simple_refund,        "1143, 1143/0, 0000/0"},
    {"trade_refund_reply",     "code_2999",         simple_refund,        "2999, 2999/0, 0000/0"},
    {"trade_window",           "code_1104",         two_months,           "1104 0 1104"},
    {"trade_window",           "first_month",       two_months,           "0000 1 0000"},
    {"trade_times_with_ids",   "respected",         id_of_last_month,     "none"},
    {"trade_times_with_ids",   "ignored",           id_of_last_month,     "0000/0"},
    {"trade_bare_query",       "current_month",     nothing_asked,        "0000"},
    {"trade_bare_query",       "refused_1103",      nothing_asked,        "1103"},
    {"trade_rows_currency",    "alpha",             currency_in_rows,     "\"HKD\""},
    {"trade_rows_currency",    "empty",             currency_in_rows,     "\"\""},
    {"ecr_in_trade_lists",     "true",              terminals_in_lists,   "0000/0"},
    {"ecr_in_trade_lists",     "false",             terminals_in_lists,   "none"},
    {"trade_in_ecr",           "false",             api_in_enquiry,       "1136"},
    {"trade_in_ecr",           "true",              api_in_enquiry,       "row 0000"},
    {"notify_url_wins",        "of_request",        where_it_is_told,     "/requested"},
    {"notify_url_wins",        "of_setting",        where_it_is_told,     "/registered"},
    {"terminal_refund_notice", "cancel",            terminal_refund_type, "cancel"},
    {"terminal_refund_notice", "refund",            terminal_refund_type, "refund"},
    {"settlement",             "absent_1155",       settlement_code,      "1155"},
    {"settlement",             "present",           settlement_code,      "0000"},
};
// clang-format on

class TradeBehaviourTest : public testing::TestWithParam<trade_case> {};

TEST_P(TradeBehaviourTest, SettingDecides)
{
    const auto& c = GetParam();
    settings initial;
    ASSERT_EQ(set_by_name(initial, c.setting, c.value), "");
    trade_shop s{initial};
    EXPECT_EQ(c.story(s), c.outcome);
}

INSTANTIATE_TEST_SUITE_P(Section13, TradeBehaviourTest, testing::ValuesIn(trade_cases),
                         [](const auto& i) { return i.param.setting + "_" + i.param.value; });

}  // namespace

std::string values_in_trade_table(std::string_view setting)
{
    std::string values;
    for (const auto& c : trade_cases)
        if (c.setting == setting) values += (values.empty() ? "" : "|") + c.value;
    return values;
}

}  // namespace ecr::simulator
