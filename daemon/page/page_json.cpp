#include "daemon/page/page_json.hpp"

#include "protocol/cloud/currency.hpp"
#include "protocol/json.hpp"
#include "protocol/till/verdict.hpp"

#include <map>
#include <tuple>

namespace ecr::daemon {
namespace {

using protocol::attention;
using protocol::order;
using protocol::order_kind;
using protocol::order_state;

struct named_need {
    attention bit;
    std::string_view name;
};
constexpr named_need needs[] = {{attention::late, "late"},
                                {attention::mismatch, "mismatch"},
                                {attention::unresolved, "unresolved"},
                                {attention::returned, "returned"},
                                {attention::paid_twice, "paid_twice"}};

json needs_of(const order& o)
{
    auto all = json::array();
    for (const auto& [bit, name] : needs)
        if (has(o.needs, bit)) all.push_back(name);
    return all;
}

struct people_currency {
    std::string code;
    int digits = 2;
};

/// What people call a currency. An unknown one stays as it is.
people_currency currency_of(std::string_view code)
{
    const auto* known = protocol::cloud::find_currency(code);
    if (known == nullptr) return {.code = std::string{code}};
    return {.code = std::string{known->alphabetic}, .digits = known->minor_digits};
}

json time_or_null(const std::optional<timestamp>& at)
{
    return at ? json(to_iso8601(*at)) : json();
}

template <class Value>
json or_null(const std::optional<Value>& value)
{
    return value ? json(*value) : json();
}

bool goes_on(const running_order* r)
{
    return r != nullptr && !protocol::is_final(r->row.state) && !r->finished;
}

json names_of(const order_acts& acts)
{
    auto all = json::array();
    if (acts.ask) all.push_back("ask");
    if (acts.resolve) all.push_back("resolve");
    if (acts.refund) all.push_back("refund");
    if (acts.cancel) all.push_back("cancel");
    return all;
}

/// One line of a total.
struct moved {
    std::int64_t count = 0;
    std::int64_t amount = 0;

    void add(const store::moved_total& t)
    {
        count += t.count;
        amount += t.amount_minor_units;
    }
    [[nodiscard]] json to_json() const { return {{"count", count}, {"amount", amount}}; }
};

struct sums {
    moved payments;
    moved refunds;
    moved returned;  // payments whose money went back by another way: not among `payments`
    // What a human said has moved, and the cloud has not: not among the others.
    moved payments_by_hand;
    moved refunds_by_hand;

    void add(const store::moved_total& t)
    {
        const bool refund = t.kind == order_kind::refund;
        if (t.by_hand)
            (refund ? refunds_by_hand : payments_by_hand).add(t);
        else if (refund)
            refunds.add(t);
        else
            (t.returned ? returned : payments).add(t);
    }
    [[nodiscard]] json to_json() const
    {
        return {{"payments", payments.to_json()},
                {"refunds", refunds.to_json()},
                {"returned", returned.to_json()},
                {"payments_by_hand", payments_by_hand.to_json()},
                {"refunds_by_hand", refunds_by_hand.to_json()},
                {"net", payments.amount - refunds.amount}};
    }
};

/// The sums of each kind, with what they are about under `name`.
template <class Key, class Say>
json listed(const std::map<std::pair<std::string, Key>, sums>& all, const char* name, Say say)
{
    auto made = json::array();
    for (const auto& [key, sum] : all) {
        auto one = sum.to_json();
        one["currency"] = key.first;
        one[name] = say(key.second);
        made.push_back(std::move(one));
    }
    return made;
}

}  // namespace

order_acts acts_for(const order& o, const running_order* r, bool any)
{
    if (!any) return {};
    const bool runs = goes_on(r) && !r->patience_over;
    const bool human = o.needs != attention::none || o.state == order_state::in_doubt ||
                       o.state == order_state::unresolved;
    const bool may_end =
        static_cast<bool>(protocol::decide(o.state, protocol::order_event::resolve));
    const bool waits = runs && o.state != order_state::in_doubt;
    return {.ask = o.sent_at.has_value() && o.state != order_state::paid,
            .resolve = human && may_end && (!runs || o.state == order_state::unresolved),
            .refund = o.kind == order_kind::payment && o.state == order_state::paid &&
                      !has(o.needs, attention::returned) && o.refundable_now.value_or(1) > 0,
            .cancel = waits && !r->cancel_wished && !o.cancel_wanted};
}

std::optional<order> durable_row(const running_order& r)
{
    if (r.journalled == order_state{}) return std::nullopt;
    auto row = r.row;
    if (r.journalled == row.state) return row;
    row.state = r.journalled;
    row.reason.clear();
    row.final_at.reset();
    return row;
}

json to_json(const order& o, const running_order* r, bool may_act)
{
    const auto told = protocol::till::outcome_of(o, {}, false);
    const auto [currency, digits] = currency_of(o.currency);
    json made{{"number", o.out_trade_no},
              {"order", told.order_number},
              {"kind", o.kind == order_kind::refund ? "refund" : "payment"},
              {"route", o.route == protocol::order_route::direct ? "direct" : "terminal"},
              {"state", name_of(o.state)},
              {"final", protocol::is_final(o.state)},
              {"code", static_cast<int>(told.code)},
              {"safe_to_retry", told.safe_to_retry},
              {"text", told.text},
              {"reason", o.reason},
              {"needs", needs_of(o)},
              {"amount", o.amount_minor_units},
              {"currency", currency},
              {"digits", digits},
              {"channel", name_of(o.via)},
              {"till", o.till},
              {"terminal", o.terminal},
              {"merchant", o.merchant}};
    made["syssn"] = o.facts.syssn;
    made["respcd"] = o.facts.respcd;
    made["card"] = o.facts.card;
    made["wallet_number"] = o.facts.chnlsn;
    made["of"] = o.of;
    made["refundable"] = or_null(o.refundable_now);
    made["resolved_paid"] = or_null(o.resolved_paid);
    made["created_at"] = to_iso8601(o.created_at);
    made["updated_at"] = to_iso8601(o.updated_at);
    made["sent_at"] = time_or_null(o.sent_at);
    made["final_at"] = time_or_null(o.final_at);
    made["pays_until"] = json();
    if (o.sent_at && !protocol::is_final(o.state))
        made["pays_until"] = to_iso8601(*o.sent_at + o.payment_timeout);
    made["stage"] = goes_on(r) ? json(protocol::till::name_of(r->where)) : json();
    made["ahead"] = goes_on(r) ? or_null(r->ahead) : json();
    made["cancel_wanted"] = o.cancel_wanted || (r != nullptr && r->cancel_wished);
    made["can"] = names_of(acts_for(o, r, may_act));
    return made;
}

json to_json(const protocol::order_step& step)
{
    return {{"at", to_iso8601(step.at)},
            {"from", name_of(step.from)},
            {"event", name_of(step.on)},
            {"to", name_of(step.to)},
            {"reason", step.reason}};
}

json to_json(const store::notification_record& hint)
{
    return {{"at", to_iso8601(hint.received_at)},
            {"kind", hint.kind},
            {"syssn", hint.syssn},
            {"times", hint.times}};
}

json to_json(const trace_book::kept& each)
{
    const auto& record = each.record;
    return {{"number", each.number},       {"at", to_iso8601(record.at)},
            {"link", record.link},         {"connection", record.connection},
            {"language", record.language}, {"event", std::string{static_cast<char>(record.what)}},
            {"form", record.form},         {"hex", protocol::till::hex_of(record.bytes)}};
}

json to_json(const std::vector<store::moved_total>& totals, timestamp since, std::string_view day,
             std::string_view currency)
{
    using std::chrono::hours;
    std::map<std::string, sums> all{{currency_of(currency).code, {}}};
    std::map<std::pair<std::string, std::string_view>, sums> by_channel;
    std::map<std::pair<std::string, std::string>, sums> by_till;
    std::map<std::pair<std::string, std::int64_t>, sums> by_hour;
    for (const auto& t : totals) {
        const auto code = currency_of(t.currency).code;
        all[code].add(t);
        by_channel[{code, name_of(t.via)}].add(t);
        by_till[{code, t.till}].add(t);
        by_hour[{code, t.hour}].add(t);
    }
    auto made_all = json::array();
    for (const auto& [code, sum] : all) {
        auto one = sum.to_json();
        one["currency"] = code;
        one["digits"] = currency_of(code).digits;
        made_all.push_back(std::move(one));
    }
    const auto same = [](const auto& key) { return json(key); };
    const auto hour = [&](std::int64_t h) { return json(to_iso8601(since + hours{h})); };
    return {{"day", day},
            {"since", to_iso8601(since)},
            {"totals", std::move(made_all)},
            {"by_channel", listed(by_channel, "channel", same)},
            {"by_till", listed(by_till, "till", same)},
            {"by_hour", listed(by_hour, "from", hour)}};
}

}  // namespace ecr::daemon
