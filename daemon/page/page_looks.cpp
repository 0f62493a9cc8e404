#include "daemon/page/page_looks.hpp"

#include "daemon/desk_words.hpp"
#include "daemon/limits.hpp"
#include "daemon/page/page_guard.hpp"
#include "daemon/page/page_json.hpp"
#include "daemon/page/page_query.hpp"
#include "daemon/page/page_state.hpp"
#include "protocol/json.hpp"
#include "protocol/order/number.hpp"
#include "protocol/till/verdict.hpp"

#include <algorithm>
#include <cctype>
#include <functional>

namespace ecr::daemon {
namespace {

using protocol::order;

constexpr auto may_be_long = store_thread::takes::long_perhaps;
constexpr int attention_shown_max = 100;
// What a till says about an order, it says between its command and its answer.
constexpr milliseconds trace_margin{2'000};

http_reply fine(const json& body)
{
    return {.body = to_text(body), .content_type = "application/json"};
}

http_reply page_unreadable()
{
    return page_refusal(503, "journal_failed", "The bridge cannot read its journal");
}

struct first_sight {
    store::counts counts;
    std::vector<order> attention;
};

result<first_sight> look_at_list(store::journal& j)
{
    const auto counts = j.count_orders();
    if (!counts) return counts.error();
    auto attention = j.list({.needs_attention = true, .limit = attention_shown_max});
    if (!attention) return attention.error();
    return first_sight{*counts, std::move(*attention)};
}

struct life_of_order {
    std::optional<order> row;
    std::vector<protocol::order_step> steps;
    std::vector<store::notification_record> hints;
    std::vector<order> refunds;
    std::uint32_t invoice = 0;
};

result<life_of_order> look_at_order(store::journal& j, const std::string& number)
{
    life_of_order made;
    auto row = j.find(number);
    if (!row) return row.error();
    made.row = std::move(*row);
    if (!made.row) return made;
    auto steps = j.steps_of(number);
    if (!steps) return steps.error();
    auto hints = j.notifications_of(number);
    if (!hints) return hints.error();
    auto refunds = j.refunds_of(number);
    if (!refunds) return refunds.error();
    const auto invoice = j.invoice_of(number);
    if (!invoice) return invoice.error();
    made.steps = std::move(*steps);
    made.hints = std::move(*hints);
    made.refunds = std::move(*refunds);
    made.invoice = *invoice;
    return made;
}

template <class List, class Say>
json listed(const List& all, Say say)
{
    auto made = json::array();
    for (const auto& each : all)
        made.push_back(say(each));
    return made;
}

/// Whether the number stands in the bytes by itself: A1 is not in A11.
bool names(std::string_view bytes, std::string_view number)
{
    const auto goes_on = [&](std::size_t at) {
        return at < bytes.size() && std::isalnum(static_cast<unsigned char>(bytes[at])) != 0;
    };
    for (auto at = bytes.find(number); at != bytes.npos; at = bytes.find(number, at + 1))
        if (!goes_on(at - 1) && !goes_on(at + number.size())) return true;
    return false;
}

/// What the till and the bridge said to each other about the order, as far as it is remembered:
/// what names it, or in a language without numbers all that was said while it ran.
json trace_of(const page_shop& shop, const order& o)
{
    const auto from = o.created_at - trace_margin;
    const auto to = o.final_at.value_or(shop.time().wall()) + trace_margin;
    auto all = shop.desk.traces().since({}, 0);
    std::erase_if(all, [&](const auto* each) {
        const auto& record = each->record;
        return record.till != o.till || record.at < from || record.at > to;
    });
    const auto& number = protocol::till::number_for_till(o);
    const auto names_it = [&](const auto* each) { return names(each->record.bytes, number); };
    if (std::ranges::any_of(all, names_it)) std::erase_if(all, std::not_fn(names_it));
    if (all.size() > limits::page_trace_max) all.resize(limits::page_trace_max);
    return listed(all, [](const auto* each) { return to_json(*each); });
}

}  // namespace

asio::awaitable<http_reply> page_looks::overview()
{
    const auto look = co_await shop_.orders().journal().run(look_at_list, may_be_long);
    if (!look) co_return page_unreadable();
    const auto say = [&](const protocol::order& o) {
        const auto r = shop_.orders().running(o.out_trade_no);
        return to_json(o, r.get(), shop_.settings.page.actions);
    };
    auto body = lights_of(shop_);
    body["now"] = to_iso8601(shop_.time().wall());
    body["version"] = shop_.version;
    body["rehearsal"] = shop_.orders().settings().rehearsal;
    body["stopping"] = shop_.orders().stopping();
    body["may_act"] = shop_.settings.page.actions;
    body["running"] = running_orders(shop_);
    body["counts"] = {{"open", look->counts.open},
                      {"attention", look->counts.attention},
                      {"total", look->counts.total}};
    body["attention"] = listed(look->attention, say);
    body["notifications"] = json();
    if (const auto counts = shop_.notifications())
        body["notifications"] = {{"received", counts->received},
                                 {"forged", counts->forged},
                                 {"unmatched", counts->unmatched}};
    co_return fine(body);
}

asio::awaitable<http_reply> page_looks::today()
{
    auto& account = shop_.orders().accounts().first();
    const auto cloud_now = account.gateway.cloud_now();
    const auto starts = shop_.orders().settings().day_starts;
    // The journal has our own clock's times.
    const auto wall = shop_.time().wall();
    const auto since = begin_of_business_day(cloud_now, starts) - (cloud_now - wall);
    const auto end = since + std::chrono::days{1};
    const auto totals = co_await shop_.orders().journal().run(
        [&](store::journal& j) { return j.totals(since, end); }, may_be_long);
    if (!totals) co_return page_unreadable();
    co_return fine(
        to_json(*totals, since, protocol::business_day(cloud_now, starts), account.currency));
}

asio::awaitable<http_reply> page_looks::orders(std::string query)
{
    const auto wanted = read_order_query(query);
    if (!wanted.problem.empty()) co_return page_refusal(400, "bad_request", wanted.problem);
    const auto found = co_await shop_.orders().journal().run(
        [&](store::journal& j) -> result<store::amount_found> { return search(j, wanted); },
        may_be_long);
    if (!found) co_return page_unreadable();
    const auto say = [&](const protocol::order& o) {
        const auto r = shop_.orders().running(o.out_trade_no);
        return to_json(o, r.get(), shop_.settings.page.actions);
    };
    json body{{"orders", listed(found->orders, say)}, {"unseen_before", json()}};
    if (found->unseen_from) body["unseen_before"] = to_iso8601(*found->unseen_from);
    co_return fine(body);
}

asio::awaitable<http_reply> page_looks::order(std::string number)
{
    const auto look = co_await shop_.orders().journal().run(
        [&](store::journal& j) { return look_at_order(j, number); });
    if (!look) co_return page_unreadable();
    if (!look->row) co_return page_refusal(404, "unknown_order", "There is no such order");
    const auto& o = *look->row;
    const auto left = co_await shop_.orders().left_of(o);
    std::optional<protocol::order> again;
    if (has(o.needs, protocol::attention::late)) again = co_await shop_.orders().rung_again(o);
    const auto r = shop_.orders().running(number);
    const bool may_act = shop_.settings.page.actions;
    auto shown = to_json(o, r.get(), may_act);
    const bool nothing_left = left && *left <= 0;
    if (nothing_left) std::erase(shown["can"].get_ref<json::array_t&>(), "refund");
    const auto row = [&](const protocol::order& each) { return to_json(each, nullptr, may_act); };
    const auto plain = [](const auto& each) { return to_json(each); };
    json body{{"order", std::move(shown)},
              {"invoice", look->invoice},
              {"left", left ? json(*left) : json()},
              {"steps", listed(look->steps, plain)},
              {"notifications", listed(look->hints, plain)},
              {"refunds", listed(look->refunds, row)},
              {"again", again ? row(*again) : json()},
              {"trace", trace_of(shop_, o)}};
    co_return fine(body);
}

}  // namespace ecr::daemon
