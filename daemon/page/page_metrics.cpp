#include "daemon/page/page_metrics.hpp"

#include "daemon/page/metrics_text.hpp"
#include "daemon/page/page_guard.hpp"

#include <algorithm>

namespace ecr::daemon {
namespace {

using protocol::order_kind;
using protocol::order_state;
using enum metrics_text::kind;

double in_seconds(milliseconds time)
{
    return static_cast<double>(time.count()) / 1000;
}

std::string_view name_of(order_kind kind)
{
    return kind == order_kind::refund ? "refund" : "payment";
}

struct journal_look {
    store::counts all;
    std::vector<store::state_count> unfinished;
};

result<journal_look> look_at(store::journal& j)
{
    const auto all = j.count_orders();
    if (!all) return all.error();
    auto unfinished = j.count_unfinished();
    if (!unfinished) return unfinished.error();
    return journal_look{*all, std::move(*unfinished)};
}

/// Orders that wait for something: what nobody asks about any more is the operator's.
milliseconds oldest_open(const journal_look& look, timestamp now)
{
    milliseconds oldest{0};
    for (const auto& [state, count, created] : look.unfinished)
        if (state != order_state::unresolved) oldest = std::max(oldest, now - created);
    return oldest;
}

void say_orders(metrics_text& out, const journal_look& look, timestamp now)
{
    using enum order_state;
    out.family("orders", gauge, "Orders that have not ended, by state.");
    for (const auto state : {accepted, sending, on_terminal, in_doubt, unresolved}) {
        const auto found = std::ranges::find(look.unfinished, state, &store::state_count::state);
        out.sample(found == look.unfinished.end() ? 0 : found->count, {{"state", name_of(state)}});
    }
    out.family("orders_recorded_total", counter, "Orders that the journal holds.");
    out.sample(look.all.total);
    out.family("operator_list_orders", gauge, "Orders that somebody has to look at.");
    out.sample(look.all.attention);
    out.family("oldest_open_order_age_seconds", gauge,
               "Age of the oldest order whose end is not known; 0 when there is none.");
    out.sample(in_seconds(oldest_open(look, now)));
}

void say_requests(metrics_text& out, merchants& accounts)
{
    out.family("cloud_requests_total", counter,
               "Requests to the cloud: answered, of those limited (HTTP 429), not sent, or lost.");
    for (const auto& account : accounts) {
        const auto& calls = account->gateway.calls();
        const std::string_view name = account->name;
        out.sample(calls.answered, {{"merchant", name}, {"outcome", "answered"}});
        out.sample(calls.limited, {{"merchant", name}, {"outcome", "limited"}});
        out.sample(calls.not_sent, {{"merchant", name}, {"outcome", "not_sent"}});
        out.sample(calls.lost, {{"merchant", name}, {"outcome", "lost"}});
    }
    out.family("cloud_request_duration_seconds", histogram,
               "Time from a request's first byte to its answer's last.");
    for (const auto& account : accounts)
        out.sample(account->gateway.calls().took, {{"merchant", account->name}});
}

void say_budget(metrics_text& out, merchants& accounts)
{
    out.family("cloud_requests_last_minute", gauge, "Requests in the last minute.");
    for (const auto& account : accounts)
        out.sample(account->governor.room().used_last_minute, {{"merchant", account->name}});
    out.family("cloud_requests_per_minute_max", gauge, "Requests a minute that are allowed.");
    for (const auto& account : accounts)
        out.sample(account->governor.room().per_minute, {{"merchant", account->name}});
    static constexpr std::string_view classes[importance_count] = {"money", "waiting", "doubt",
                                                                   "watch"};
    out.family("cloud_requests_waiting", gauge, "Requests that wait for leave, by importance.");
    for (const auto& account : accounts) {
        const auto waiting = account->governor.room().waiting;
        for (std::size_t i = 0; i < importance_count; ++i)
            out.sample(waiting.at(i), {{"merchant", account->name}, {"importance", classes[i]}});
    }
    out.family("cloud_slowed", gauge, "Whether the cloud has asked to be asked less often.");
    for (const auto& account : accounts)
        out.sample(account->governor.room().backing_off ? 1 : 0, {{"merchant", account->name}});
}

void say_cloud(metrics_text& out, merchants& accounts)
{
    out.family("cloud_up", gauge,
               "Whether the last request was answered; absent before the first.");
    for (const auto& account : accounts)
        if (const auto up = account->gateway.reachable())
            out.sample(*up ? 1 : 0, {{"merchant", account->name}});
    out.family("cloud_clock_offset_seconds", gauge,
               "How far the cloud's clock is ahead of this machine's; absent when not known.");
    for (const auto& account : accounts)
        if (const auto offset = account->gateway.clock_offset())
            out.sample(in_seconds(*offset), {{"merchant", account->name}});
    say_requests(out, accounts);
    say_budget(out, accounts);
}

void say_links(metrics_text& out, const page_shop& shop)
{
    const auto links = shop.links();
    out.family("link_up", gauge, "Whether tills can come by this link.");
    for (const auto& link : links)
        out.sample(link.state.open ? 1 : 0, {{"link", link.config.name}});
    out.family("link_tills", gauge, "Tills that are connected.");
    for (const auto& link : links)
        out.sample(link.state.tills.size(), {{"link", link.config.name}});
    out.family("link_tills_waiting", gauge, "Tills that wait for the end of a command.");
    for (const auto& link : links)
        out.sample(std::ranges::count_if(link.state.tills, &present_till_state::waits),
                   {{"link", link.config.name}});
    out.family("terminal_busy", gauge, "Whether an order runs on the terminal.");
    for (const auto& terminal : shop.orders().terminals())
        out.sample(shop.orders().holder_of(terminal.id) ? 1 : 0, {{"terminal", terminal.id}});
}

void say_journal(metrics_text& out, const page_shop& shop, milliseconds took)
{
    std::error_code unknown;  // a size that cannot be told is left out
    const auto& file = shop.settings.journal;
    out.family("journal_size_bytes", gauge, "Size of the journal's files.");
    if (const auto size = std::filesystem::file_size(file, unknown); !unknown)
        out.sample(size, {{"file", "database"}});
    if (const auto size = std::filesystem::file_size(file.string() + "-wal", unknown); !unknown)
        out.sample(size, {{"file", "log"}});
    out.family("disk_free_bytes", gauge, "Room on the journal's disk.");
    if (const auto room = std::filesystem::space(file.parent_path(), unknown); !unknown)
        out.sample(room.available);
    out.family("journal_waiting", gauge, "Callers that wait for the journal.");
    out.sample(shop.orders().journal().waiting());
    out.family("journal_answer_seconds", gauge, "How long the journal took to answer just now.");
    out.sample(in_seconds(took));
}

void say_notifications(metrics_text& out, const page_shop& shop)
{
    const auto counts = shop.notifications();
    if (!counts) return;
    out.family("notifications_total", counter, "QFPay's notifications, by what became of them.");
    out.sample(counts->received, {{"outcome", "received"}});
    out.sample(counts->forged, {{"outcome", "forged"}});
    out.sample(counts->refused, {{"outcome", "refused"}});
    out.sample(counts->duplicates, {{"outcome", "duplicate"}});
    out.sample(counts->unmatched, {{"outcome", "unmatched"}});
}

}  // namespace

page_metrics::page_metrics(const page_shop& shop) : shop_{shop}, started_{shop.time().wall()}
{
    // There from the start: a rate needs a zero to begin with.
    ends_[{order_kind::payment, order_state::paid}];
    ends_[{order_kind::refund, order_state::paid}];
}

void page_metrics::ended(const protocol::order& o)
{
    const auto took = std::max(o.updated_at - o.created_at, milliseconds{0});
    ends_[{o.kind, o.state}].add(took);
}

asio::awaitable<http_reply> page_metrics::serve()
{
    const auto asked = shop_.time().now();
    const auto look = co_await shop_.orders().journal().run(look_at);
    if (!look) co_return page_refusal(503, "journal_failed", "The bridge cannot read its journal");
    const auto took = shop_.time().now() - asked;

    metrics_text out;
    out.family("build_info", gauge, "The program's version.");
    out.sample(1, {{"version", shop_.version}});
    out.family("start_time_seconds", gauge, "When the bridge was started.");
    out.sample(in_seconds(started_.time_since_epoch()));
    out.family("rehearsal", gauge, "Whether the cloud is simulated: no money moves.");
    out.sample(shop_.orders().settings().rehearsal ? 1 : 0);
    say_orders(out, *look, shop_.time().wall());
    out.family("order_duration_seconds", histogram,
               "Time from an order's acceptance to its end, since the start.");
    for (const auto& [end, durations] : ends_)
        out.sample(durations, {{"kind", name_of(end.kind)}, {"state", name_of(end.state)}});
    say_cloud(out, shop_.orders().accounts());
    say_links(out, shop_);
    say_journal(out, shop_, took);
    say_notifications(out, shop_);
    co_return http_reply{.body = out.take(),
                         .content_type = std::string{metrics_text::content_type}};
}

}  // namespace ecr::daemon
