#include "tests/simulator/script.hpp"

#include "protocol/json.hpp"

#include <algorithm>
#include <initializer_list>
#include <string_view>
#include <utility>

namespace ecr::simulator {
namespace {

constexpr std::int64_t longest_ms = 7LL * 24 * 3600 * 1000;
constexpr std::int64_t most_times = 10'000;

/// Reads the members of one JSON object and remembers what was wrong with them.
class object_reader {
public:
    object_reader(const json& object, std::string where, std::vector<std::string>& errors)
        : object_{object}, where_{std::move(where)}, errors_{errors}
    {
        if (!object_.is_object()) complain("is not an object");
    }

    [[nodiscard]] bool has(const char* name) const
    {
        return object_.is_object() && object_.contains(name);
    }
    std::string text(const char* name, std::string otherwise)
    {
        if (!has(name)) return otherwise;
        if (object_[name].is_string()) return object_[name].get<std::string>();
        complain(std::string{name} + " is not a string");
        return otherwise;
    }
    bool flag(const char* name, bool otherwise)
    {
        if (!has(name)) return otherwise;
        if (object_[name].is_boolean()) return object_[name].get<bool>();
        complain(std::string{name} + " is neither true nor false");
        return otherwise;
    }
    std::int64_t number(const char* name, std::int64_t otherwise, std::int64_t least,
                        std::int64_t most)
    {
        if (!has(name)) return otherwise;
        const auto& value = object_[name];
        const bool whole = value.is_number_integer() &&
                           !(value.is_number_unsigned() && value.get<std::uint64_t>() > 1ULL << 62);
        if (whole && value.get<std::int64_t>() >= least && value.get<std::int64_t>() <= most)
            return value.get<std::int64_t>();
        complain(std::string{name} + " is not a whole number from " + std::to_string(least) +
                 " to " + std::to_string(most));
        return otherwise;
    }
    void only(std::initializer_list<std::string_view> known)
    {
        if (!object_.is_object()) return;
        for (const auto& [name, value] : object_.items())
            if (std::ranges::find(known, name) == known.end()) complain("knows no " + name);
    }
    void complain(const std::string& what) { errors_.push_back(where_ + ": " + what); }

private:
    const json& object_;
    std::string where_;
    std::vector<std::string>& errors_;
};

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

std::string text_of(const json& value)
{
    return value.is_string() ? value.get<std::string>() : to_text(value);
}

/// The elements of an array member; none and a complaint when it is something else.
std::vector<json> elements_of(const json& script, const char* name,
                              std::vector<std::string>& errors)
{
    if (!script.contains(name)) return {};
    if (script[name].is_array()) return {script[name].begin(), script[name].end()};
    errors.push_back(std::string{name} + ": is not an array");
    return {};
}

}  // namespace

void run_script(core& inside, const json& script, std::vector<std::string>& errors)
{
    object_reader{script, "script", errors}.only({"settings", "shoppers", "faults", "clear"});
    const bool clear = object_reader{script, "script", errors}.flag("clear", false);
    auto wanted = inside.behaviour;
    if (script.contains("settings")) {
        object_reader{script["settings"], "settings", errors};
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
    if (!errors.empty()) return;

    inside.behaviour = wanted;
    if (clear) inside.clear_plans();
    for (const auto& each : shoppers) {
        for (std::int64_t i = 0; i < each.times; ++i) {
            if (!each.order.empty())
                inside.plan_order(each.order, each.who);
            else if (!each.termid.empty())
                inside.plan(each.termid, each.who);
            else
                inside.plan(each.who);
        }
    }
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
