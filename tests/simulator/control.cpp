#include "tests/simulator/control.hpp"

#include "protocol/json.hpp"
#include "tests/simulator/plant_script.hpp"
#include "tests/simulator/script.hpp"

#include <algorithm>

namespace ecr::simulator {
namespace {

constexpr std::string_view help =
    "qfpay-sim control: GET /ledger /orders /settings /terminals; POST /script /terminals "
    "/plant /merchants /reset "
    "(Content-Type: application/json)";

control_reply reply_of(int http_status, const json& value)
{
    return {http_status, to_text(value) + "\n"};
}

json to_json(const push_fact& fact)
{
    return {{"at", to_iso8601(fact.at)},
            {"kind", fact.refund ? "refund" : "payment"},
            {"out_trade_no", fact.out_trade_no},
            {"termid", fact.termid},
            {"txamt", fact.amount_minor_units},
            {"origssn", fact.origssn},
            {"respcd", fact.respcd},
            {"terminal_was_busy", fact.terminal_was_busy}};
}

json to_json(const money_fact& fact)
{
    return {{"at", to_iso8601(fact.at)},
            {"kind", fact.reversed ? "reversed"
                     : fact.refund ? "refund"
                                   : "payment"},
            {"out_trade_no", fact.out_trade_no},
            {"syssn", fact.syssn},
            {"origssn", fact.origssn},
            {"txamt", fact.amount_minor_units},
            {"channel", protocol::name_of(fact.via)},
            {"termid", fact.termid},
            {"late", fact.late}};
}

json to_json(const cancel_fact& fact)
{
    return {{"at", to_iso8601(fact.at)}, {"termid", fact.termid}, {"stopped", fact.stopped}};
}

json to_json(const notification_fact& fact)
{
    return {{"at", to_iso8601(fact.at)},
            {"url", fact.url},
            {"notify_type", fact.notify_type},
            {"syssn", fact.syssn},
            {"out_trade_no", fact.out_trade_no},
            {"attempt", fact.attempt},
            {"body", fact.body},
            {"http_status", fact.http_status},
            {"answered", fact.answered}};
}

template <class Facts>
json list_of(const Facts& facts)
{
    auto list = json::array();
    for (const auto& fact : facts)
        list.push_back(to_json(fact));
    return list;
}

json ledger_json(const core& inside)
{
    const auto& facts = inside.facts;
    const auto charged = facts.charged_in_all();
    return {{"pushes", list_of(facts.pushes())},
            {"money", list_of(facts.movements_of_money())},
            {"cancels", list_of(facts.cancels())},
            {"notifications", list_of(facts.notifications())},
            {"charges", charged.count},
            {"charged", charged.sum_minor_units},
            {"charged_twice", facts.charged_twice()},
            {"pushed_to_busy_terminal", facts.pushed_to_busy_terminal()},
            {"requests", facts.requests_by_path()},
            {"connections", facts.connections()},
            {"signature_failures", facts.signature_failures()},
            {"rate_limited", facts.rate_limited()}};
}

json orders_json(const core& inside)
{
    auto list = json::array();
    for (const auto& [app_code, merchant] : inside.merchants())
        for (const auto& entry : merchant.orders.all()) {
            list.push_back({{"out_trade_no", entry->out_trade_no},
                            {"syssn", entry->syssn},
                            {"origssn", entry->original ? entry->original->syssn : ""},
                            {"kind", entry->refund ? "refund" : "payment"},
                            {"termid", entry->termid},
                            {"pay_type", busicd_of(*entry, inside.behaviour)},
                            {"channel", protocol::name_of(entry->via)},
                            {"txamt", entry->amount_minor_units},
                            {"allow_refund_amt", allow_refund_amt(*entry, inside.behaviour)},
                            {"stage", name_of(entry->stage)},
                            {"truth", name_of(entry->outcome)},
                            {"respcd", entry->respcd}});
        }
    return list;
}

json settings_json(const core& inside)
{
    auto all = json::object();
    for (const auto& each : list_settings(inside.behaviour))
        all[std::string{each.name}] = {{"value", each.value}, {"allowed", each.allowed}};
    return all;
}

json terminals_json(const core& inside)
{
    auto list = json::array();
    for (const auto& [termid, each] : inside.terminals()) {
        const auto current = each->current();
        list.push_back({{"termid", termid},
                        {"bound", each->bound()},
                        {"online", each->online()},
                        {"busy", each->busy()},
                        {"shows", current ? current->out_trade_no : ""}});
    }
    return list;
}

control_reply get(core& inside, std::string_view path)
{
    if (path == "/ledger") return reply_of(200, ledger_json(inside));
    if (path == "/orders") return reply_of(200, orders_json(inside));
    if (path == "/settings") return reply_of(200, settings_json(inside));
    if (path == "/terminals") return reply_of(200, terminals_json(inside));
    if (path == "/") return reply_of(200, {{"help", help}});
    return reply_of(404, {{"errors", {help}}});
}

control_reply post(core& inside, std::string_view path, const json& body)
{
    if (path == "/reset") {
        inside.reset();
        return reply_of(200, {{"ok", true}});
    }
    std::vector<std::string> errors;
    if (path == "/plant") {
        const auto made = run_plant(inside, body, errors);
        if (errors.empty()) return reply_of(200, {{"ok", true}, {"syssn", made}});
    } else if (path == "/script") {
        run_script(inside, body, errors);
    } else if (path == "/terminals") {
        change_terminal(inside, body, errors);
    } else if (path == "/merchants") {
        add_merchant(inside, body, errors);
    } else {
        return reply_of(404, {{"errors", {help}}});
    }
    if (!errors.empty()) return reply_of(400, {{"errors", errors}});
    return reply_of(200, {{"ok", true}});
}

}  // namespace

control_reply answer_control(core& inside, const control_request& request)
{
    const auto path = std::string_view{request.target}.substr(0, request.target.find('?'));
    if (request.method == "GET") return get(inside, path);
    if (request.method != "POST") return reply_of(405, {{"errors", {help}}});
    // A page in a browser on this machine cannot send this type without being asked first.
    if (!request.content_type.starts_with("application/json"))
        return reply_of(415, {{"errors", {"Content-Type must be application/json"}}});
    const auto body = request.body.empty() ? json::object() : parse_json(request.body);
    if (!body || !body->is_object())
        return reply_of(400, {{"errors", {"the body is not a JSON object"}}});
    return post(inside, path, *body);
}

}  // namespace ecr::simulator
