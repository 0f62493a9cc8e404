#include "tests/simulator/script.hpp"

#include "protocol/json.hpp"
#include "tests/simulator/object_reader.hpp"

#include <algorithm>
#include <initializer_list>
#include <string_view>
#include <utility>

namespace ecr::simulator {
namespace {

constexpr std::int64_t longest_ms = 7LL * 24 * 3600 * 1000;
constexpr std::int64_t most_times = 10'000;

struct planned_shopper {
    std::string termid;
    std::string order;
    std::int64_t times = 1;
    shopper who;
};

planned_shopper read_shopper(const json& value, const std::string& where,
                             std::vector<std::string>& errors)
{
    object_reader from{value, where, errors};
    from.only({"termid", "order", "times", "does", "after_ms", "late_ms", "respcd", "amount_off",
               "currency", "modified_amount"});
    planned_shopper planned{.termid = from.text("termid", ""),
                            .order = from.text("order", ""),
                            .times = from.number("times", 1, 1, most_times),
                            .who = {}};
    const auto does = from.text("does", "pays");
    if (const auto known = act_of(does))
        planned.who.does = *known;
    else
        from.complain("no shopper does \"" + does + "\"");
    if (from.has("after_ms"))
        planned.who.after = milliseconds{from.number("after_ms", 0, 0, longest_ms)};
    if (from.has("late_ms"))
        planned.who.late = milliseconds{from.number("late_ms", 0, 0, longest_ms)};
    planned.who.respcd = from.text("respcd", "1205");
    planned.who.amount_off = from.number("amount_off", 0, -1'000'000, 1'000'000);
    planned.who.currency = from.text("currency", "");
    planned.who.modified_amount = from.number("modified_amount", 0, 0, 2'147'483'647);
    return planned;
}

fault read_fault(const json& value, const std::string& where, std::vector<std::string>& errors)
{
    object_reader from{value, where, errors};
    from.only({"kind", "path", "done", "count", "skip", "delay_ms", "http_status", "respcd"});
    fault planned;
    const auto kind = from.text("kind", "");
    if (const auto known = fault_kind_of(kind))
        planned.kind = *known;
    else
        from.complain("no fault is called \"" + kind + "\"");
    planned.path = from.text("path", "");
    planned.done = from.flag("done", true);
    planned.count = static_cast<int>(from.number("count", 1, -1, most_times));
    if (planned.count == 0) from.complain("count is 0; -1 is for ever");
    planned.skip = static_cast<int>(from.number("skip", 0, 0, most_times));
    planned.delay = milliseconds{from.number("delay_ms", planned.delay.count(), 0, longest_ms)};
    planned.http_status = static_cast<int>(from.number("http_status", 500, 200, 599));
    planned.respcd = from.text("respcd", "1205");
    return planned;
}

struct planned_undo {
    std::string order;
    undo_plan how;
};

planned_undo read_undo(const json& value, const std::string& where,
                       std::vector<std::string>& errors)
{
    object_reader from{value, where, errors};
    from.only({"order", "respcd", "after_ms", "happens", "payer_is_faster"});
    planned_undo planned{.order = from.text("order", ""), .how = {}};
    planned.how.respcd = from.text("respcd", planned.how.respcd);
    planned.how.after =
        milliseconds{from.number("after_ms", planned.how.after.count(), 0, longest_ms)};
    planned.how.happens = from.flag("happens", true);
    planned.how.payer_is_faster = from.flag("payer_is_faster", false);
    return planned;
}

notice_plan read_notice(const json& value, const std::string& where,
                        std::vector<std::string>& errors)
{
    object_reader from{value, where, errors};
    from.only({"kind", "delay_ms"});
    notice_plan planned;
    const auto kind = from.text("kind", "plain");
    if (const auto known = notice_of(kind))
        planned.kind = *known;
    else
        from.complain("no notification is called \"" + kind + "\"");
    planned.delay = milliseconds{from.number("delay_ms", planned.delay.count(), 0, longest_ms)};
    return planned;
}

std::string text_of(const json& value)
{
    return value.is_string() ? value.get<std::string>() : to_text(value);
}

void plan_shopper(core& inside, const planned_shopper& planned)
{
    for (std::int64_t i = 0; i < planned.times; ++i) {
        if (!planned.order.empty())
            inside.plan_order(planned.order, planned.who);
        else if (!planned.termid.empty())
            inside.plan(planned.termid, planned.who);
        else
            inside.plan(planned.who);
    }
}

}  // namespace

void run_script(core& inside, const json& script, std::vector<std::string>& errors)
{
    object_reader{script, "script", errors}.only(
        {"settings", "shoppers", "faults", "undos", "notifications", "clear"});
    const bool clear = object_reader{script, "script", errors}.flag("clear", false);
    auto wanted = inside.behaviour;
    if (script.contains("settings")) {
        const object_reader complains_if_none{script["settings"], "settings", errors};
        for (const auto& [name, value] : script["settings"].items()) {
            const auto wrong = set_by_name(wanted, name, text_of(value));
            if (!wrong.empty()) errors.push_back("settings: " + wrong);
        }
    }
    std::vector<planned_shopper> shoppers;
    for (const auto& each : elements_of(script, "shoppers", errors))
        shoppers.push_back(
            read_shopper(each, "shopper " + std::to_string(shoppers.size()), errors));
    std::vector<fault> faults;
    for (const auto& each : elements_of(script, "faults", errors))
        faults.push_back(read_fault(each, "fault " + std::to_string(faults.size()), errors));
    std::vector<planned_undo> undos;
    for (const auto& each : elements_of(script, "undos", errors))
        undos.push_back(read_undo(each, "undo " + std::to_string(undos.size()), errors));
    std::vector<notice_plan> notices;
    for (const auto& each : elements_of(script, "notifications", errors))
        notices.push_back(
            read_notice(each, "notification " + std::to_string(notices.size()), errors));
    if (!errors.empty()) return;

    inside.behaviour = wanted;
    if (clear) inside.clear_plans();
    for (const auto& each : undos)
        inside.plan_undo(each.order, each.how);
    for (const auto& each : notices)
        inside.plan(each);
    for (const auto& each : shoppers)
        plan_shopper(inside, each);
    for (const auto& each : faults)
        inside.plan(each);
}

void change_terminal(core& inside, const json& change, std::vector<std::string>& errors)
{
    object_reader from{change, "terminal", errors};
    from.only({"termid", "bound", "online"});
    const auto termid = from.text("termid", "");
    if (termid.empty()) from.complain("termid is missing");
    const auto known = inside.find_terminal(termid);
    const bool bound = from.flag("bound", !known || known->bound());
    const bool online = from.flag("online", !known || known->online());
    if (!errors.empty()) return;
    inside.add_terminal({termid, bound}).set_online(online);
}

}  // namespace ecr::simulator
