// Finding orders, going on after a restart, and stopping.
#include "daemon/logging.hpp"
#include "daemon/order/order_service.hpp"
#include "protocol/order/number.hpp"

#include <algorithm>
#include <limits>

namespace ecr::daemon {
namespace {

// The longest life of a code that is shown, and its watch, with room to spare.
constexpr std::chrono::hours undone_life_max{3};

// For how long a refund may wait before it is sent: until the morning, or until the cloud is back.
constexpr std::chrono::hours refund_wait_max{36};

// Below, both clocks name the same day but for a moment around its change.
constexpr milliseconds wrong_clock_from{60'000};

}  // namespace

using protocol::order_state;
using protocol::till::result_code;

asio::awaitable<result<std::optional<protocol::order>>> order_service::find(std::string till,
                                                                            std::string number,
                                                                            std::uint32_t invoice)
{
    co_return co_await ctx_.journal.run(
        [&](store::journal& j) -> result<std::optional<protocol::order>> {
            if (invoice != 0) return j.find_invoice(invoice);
            // The till's own words first: with daily numbers "12" means today's 12.
            if (auto own = j.find_till_order(till, number); !own || *own) return own;
            if (auto ours = j.find(number); !ours || *ours) return ours;
            return j.find_syssn(number);
        });
}

asio::awaitable<result<std::optional<protocol::order>>> order_service::last_of(std::string till)
{
    co_return co_await ctx_.journal.run([&](store::journal& j) { return j.last_of_till(till); });
}

/// Whether both belong to one business day though their numbers say otherwise: one of them was
/// numbered by our own clock, before QFPay's time was known, and that clock is wrong.
bool order_service::is_of_this_day(const protocol::order& earlier, const protocol::order& row) const
{
    const auto offset = ctx_.cloud_of(row).clock_offset();
    if (offset && std::chrono::abs(*offset) < wrong_clock_from) return false;
    const auto day_of = [&](const protocol::order& o) {
        return protocol::business_day(o.created_at + offset.value_or(milliseconds{0}),
                                      ctx_.settings.day_starts);
    };
    return day_of(earlier) == day_of(row);
}

asio::awaitable<error_code> order_service::recover()
{
    started_ = ctx_.time.now();
    // The time for which the bridge was switched off is not time in which it has watched.
    store::order_filter newest_first;
    newest_first.limit = 1;
    const auto newest =
        co_await ctx_.journal.run([&](store::journal& j) { return j.list(newest_first); });
    if (!newest) co_return newest.error();
    const auto last_sign =
        newest->empty() ? ctx_.time.wall() : std::min(ctx_.time.wall(), newest->front().updated_at);
    const auto since = last_sign - ctx_.settings.pace.watch_until;
    const auto open = co_await ctx_.journal.run([](store::journal& j) { return j.open_orders(); });
    if (!open) co_return open.error();
    const auto watched =
        co_await ctx_.journal.run([&](store::journal& j) { return j.watched_orders(since); });
    if (!watched) co_return watched.error();

    if (const auto failed = co_await open_windows_again(last_sign)) co_return failed;

    auto all = *open;
    all.insert(all.end(), watched->begin(), watched->end());
    const auto undone = co_await paid_while_undone(last_sign);
    if (!undone) co_return undone.error();
    all.insert(all.end(), undone->begin(), undone->end());
    const auto refused = co_await refused_for_room(last_sign);
    if (!refused) co_return refused.error();
    all.insert(all.end(), refused->begin(), refused->end());
    for (auto& row : all) {
        if (!ctx_.accounts.knows(row.merchant)) {
            const bool goes_on = !protocol::is_final(row.state);
            log(goes_on ? log_level::error : log_level::warning, "order.unknown_merchant",
                {{"order", row.out_trade_no}, {"merchant", row.merchant}});
            // Asked of another account, a payment would be unknown and called expired.
            if (goes_on) co_return make_error_code(errc::unknown_merchant);
            continue;
        }
        const auto r = std::make_shared<running_order>(ctx_.executor, ctx_.time, std::move(row));
        auto& o = r->row;
        r->durable = true;
        r->cancel_wished = o.cancel_wanted;
        // The wall clock may have been set meanwhile; an age below zero would stretch the window.
        // The push itself may have left long after `sending` was written: the later moment counts.
        // Without a terminal nothing waits in between, and steps on the way would hide its age.
        const bool direct = o.route == protocol::order_route::direct;
        const auto pushed_at = o.state == order_state::sending ? ctx_.time.wall()
                               : o.state == order_state::on_terminal && !direct
                                   ? o.updated_at
                                   : o.sent_at.value_or(ctx_.time.wall());
        const auto age = ctx_.time.wall() - pushed_at;
        r->sent = ctx_.since(pushed_at);
        // It may be as old as the first byte; rows of that age are ours still.
        if (o.sent_at && *o.sent_at < pushed_at) r->begun = ctx_.since(*o.sent_at);
        if (o.final_at) r->final_since = ctx_.since(*o.final_at);
        orders_.add(r);

        // Proof that nothing left: `sending` is durable before the first byte.
        // The window of a scanned code is shorter, which matters to nobody here.
        const auto patience = protocol::patience_end(ctx_.settings.pace, o.payment_timeout);
        const bool too_late = o.state == order_state::on_terminal && age >= patience;
        const bool waits = o.state == order_state::accepted && o.not_before;
        const auto on = waits                              ? protocol::order_event::learn
                        : o.state == order_state::accepted ? protocol::order_event::not_sent
                        : o.state == order_state::sending || too_late
                            ? protocol::order_event::doubt
                            : protocol::order_event::learn;
        if (on != protocol::order_event::learn) {
            const auto decided = protocol::decide(o.state, on);
            const auto at = ctx_.time.wall();
            const auto* reason = too_late ? "the bridge was away when it should have ended"
                                 : on == protocol::order_event::doubt
                                     ? "the bridge stopped while it was being sent"
                                     : "the bridge stopped before it was sent";
            const auto failed = co_await ctx_.journal.run(
                [&](store::journal& j) { return j.advance(o.out_trade_no, *decided, reason, at); });
            if (failed) co_return failed;
            o.state = decided->to;
            o.reason = reason;
            o.updated_at = at;
        }
        r->journalled = o.state;
        r->updated = ctx_.since(o.updated_at);
        log(log_level::info, "order.recovered",
            {{"order", o.out_trade_no}, {"state", std::string{name_of(o.state)}}});
        if (o.state == order_state::rejected && o.facts.respcd != too_many_requests) {
            orders_.remove(o.out_trade_no);
            continue;
        }
        const bool mismatch = has(o.needs, protocol::attention::mismatch);
        const bool over = protocol::is_final(o.state) || age >= patience;
        r->patience_over = over || mismatch;
        const bool off_terminal =
            (mismatch && o.kind == protocol::order_kind::payment) || waits || direct;
        r->push_unanswered = o.state == order_state::in_doubt;
        if (!over && !off_terminal) ctx_.lines[o.terminal].hold(r);
        r->where = waits ? protocol::till::stage::queued : protocol::till::stage::confirming;
        const bool paid = o.state == order_state::paid;
        if (paid) r->cancels_sent = 1;  // that is why it is here
        // Before the terminal is offered a new sale.
        r->asked_for = paid || (!protocol::is_final(o.state) && !waits);
        follow(r);
    }
    co_return co_await recover_late();
}

/// Direct payments that were paid when a close or a reversal of ours had been sent: it may still
/// have given the money back while the bridge was switched off.
asio::awaitable<result<std::vector<protocol::order>>> order_service::paid_while_undone(
    timestamp last_sign)
{
    store::order_filter lately{.state = order_state::paid,
                               .since = last_sign - undone_life_max,
                               .limit = std::numeric_limits<int>::max()};
    auto found = co_await ctx_.journal.run([&](store::journal& j) { return j.list(lately); });
    if (!found) co_return found.error();
    std::erase_if(*found, [&](const protocol::order& o) {
        const bool direct_payment = o.route == protocol::order_route::direct &&
                                    o.kind == protocol::order_kind::payment && o.sent_at &&
                                    o.final_at;
        if (!direct_payment || has(o.needs, protocol::attention::returned)) return true;
        const bool undone = o.cancel_wanted || *o.final_at - *o.sent_at >= o.payment_timeout;
        return !undone || last_sign - *o.final_at >= undone_watch;
    });
    co_return found;
}

/// Orders that were refused for want of room: they may not have been looked at again, or the cloud
/// knows them after all, and they are watched.
asio::awaitable<result<std::vector<protocol::order>>> order_service::refused_for_room(
    timestamp last_sign)
{
    store::order_filter lately{
        .state = order_state::rejected,
        .since = last_sign - refund_wait_max - ctx_.settings.pace.watch_until,
        .limit = std::numeric_limits<int>::max()};
    auto found = co_await ctx_.journal.run([&](store::journal& j) { return j.list(lately); });
    if (!found) co_return found.error();
    std::erase_if(*found, [&](const protocol::order& o) {
        const bool lately_refused =
            o.sent_at && o.final_at && last_sign - *o.final_at < ctx_.settings.pace.watch_until;
        return !lately_refused || o.facts.respcd != too_many_requests;
    });
    co_return found;
}

/// A payment that came late and was to be given back when the power went out.
asio::awaitable<error_code> order_service::recover_late()
{
    if (!ctx_.settings.refund_late) co_return error_code{};
    store::order_filter on_the_list;
    on_the_list.needs_attention = true;
    on_the_list.limit = std::numeric_limits<int>::max();
    const auto all =
        co_await ctx_.journal.run([&](store::journal& j) { return j.list(on_the_list); });
    if (!all) co_return all.error();
    for (const auto& o : *all) {
        // `returned` beside it is the wish of that moment to give it back.
        const bool wanted =
            has(o.needs, protocol::attention::late) && has(o.needs, protocol::attention::returned);
        if (!wanted || o.state != order_state::paid) continue;
        const auto refunds = co_await ctx_.journal.run(
            [&](store::journal& j) { return j.refunds_of(o.out_trade_no); });
        if (!refunds) co_return refunds.error();
        if (refunds->empty()) late(o);
    }
    co_return error_code{};
}

std::size_t order_service::awaited_orders() const
{
    return static_cast<std::size_t>(std::ranges::count_if(orders_.all(), [](const auto& entry) {
        const auto& r = *entry.second;
        if (r.row.state == order_state::accepted && r.row.not_before) return false;
        const bool push_under_way = r.row.state == order_state::sending;
        const bool till_waits =
            !protocol::is_final(r.row.state) && !r.patience_over && r.is_watched();
        return push_under_way || till_waits;
    }));
}

asio::awaitable<void> order_service::stop(milliseconds grace, const bool& hurried)
{
    // From here on place() refuses and what waits for a terminal ends unsent; what is on a terminal
    // goes on until its till has heard the end, or the grace is over.
    ctx_.refusing = true;
    for (const auto& [number, r] : orders_.all())
        if (r->row.state == order_state::accepted) r->wake.cancel();

    const auto until = ctx_.time.now() + grace;
    while (awaited_orders() > 0 && ctx_.time.now() < until && !ctx_.broken && !hurried)
        (void)co_await sleep_for(ctx_.time, std::min(milliseconds{50}, until - ctx_.time.now()));

    ctx_.stopping = true;
    windows_.clear();
    for (const auto& [number, r] : orders_.all()) {
        if (r->row.state == order_state::accepted && r->row.not_before)
            r->failed(result_code::stopping,
                      "The bridge is stopping: this refund waits in its journal and goes on by "
                      "itself when it is back",
                      false);
        // What has not been sent ends so, and says it itself.
        const bool sent = r->row.state != order_state::accepted;
        if (sent && !protocol::is_final(r->row.state) && !ctx_.broken)
            r->failed(result_code::stopping,
                      "The bridge is stopping before this order has ended: do not ring again, ask "
                      "for the status when it is back",
                      false);
        r->wake.cancel();
    }
}

void order_service::give_up()
{
    ctx_.broken = true;
    windows_.clear();
    for (const auto& [number, r] : orders_.all()) {
        const bool nothing_left = r->row.state == order_state::accepted && !r->row.not_before;
        r->failed(result_code::journal_failed,
                  nothing_left ? "The bridge cannot write its journal: nothing was sent"
                               : "The bridge cannot write its journal: do not ring again, ask for "
                                 "the status when it is back",
                  nothing_left);
        r->wake.cancel();
    }
}

}  // namespace ecr::daemon
