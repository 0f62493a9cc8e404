// What comes after an order's end: money that moved late, and the operator's word.
#include "daemon/logging.hpp"
#include "daemon/order/order_service.hpp"
#include "protocol/order/number.hpp"

#include <algorithm>
#include <limits>

namespace ecr::daemon {
namespace {

using protocol::order_kind;
using protocol::order_state;

// A sale that is rung again is rung soon.
constexpr std::chrono::hours rung_again_within{2};

}  // namespace

asio::awaitable<std::string> order_service::resolve(std::string out_trade_no, resolution how)
{
    if (const auto r = running(out_trade_no)) {
        const bool goes_on = !protocol::is_final(r->row.state) && !r->patience_over &&
                             r->row.state != order_state::unresolved;
        if (goes_on || !protocol::decide(r->row.state, protocol::order_event::resolve))
            co_return "It is still running: cancel it, or wait for its end";
        // Only its course moves an order.
        how.seen_state = r->row.state;
        how.seen_needs = r->row.needs;
        r->to_resolve = std::move(how);
        r->wake.cancel();
        while (r->to_resolve && !r->finished)
            (void)co_await r->enquiries.wait();
        co_return r->to_resolve ? "The bridge is stopping: nothing was changed" : "";
    }
    const auto found =
        co_await ctx_.journal.run([&](store::journal& j) { return j.find(out_trade_no); });
    if (!found) co_return "The bridge cannot read its journal";
    if (!*found) co_return "There is no order " + out_trade_no;
    const auto decided = protocol::decide((*found)->state, protocol::order_event::resolve);
    if (!decided) co_return "It is still running: cancel it, or wait for its end";
    store::step_facts facts{.settled = (*found)->needs, .resolved_paid = how.paid};
    const auto at = ctx_.time.wall();
    const auto failed = co_await ctx_.journal.run(
        [&](store::journal& j) { return j.advance(out_trade_no, *decided, how.text, at, facts); });
    if (failed == make_error_code(errc::stale_state))
        co_return "There is news of this order from the cloud: look at it again";
    if (failed) co_return "The bridge cannot write its journal: " + failed.message();
    log(log_level::warning, "order.resolved", {{"order", out_trade_no}, {"why", how.text}});
    co_return std::string{};
}

asio::awaitable<result<std::int64_t>> order_service::left_of(protocol::order payment)
{
    const auto refunds = co_await ctx_.journal.run(
        [&](store::journal& j) { return j.refunds_of(payment.out_trade_no); });
    if (!refunds) co_return refunds.error();
    auto left = payment.amount_minor_units;
    for (const auto& refund : *refunds)
        if (protocol::money_has_moved(refund)) left -= refund.amount_minor_units;
    co_return std::min(left, payment.refundable_now.value_or(left));
}

asio::awaitable<std::optional<protocol::order>> order_service::rung_again(protocol::order o)
{
    store::order_filter after{.since = o.created_at + milliseconds{1},
                              .before = o.created_at + rung_again_within,
                              .limit = std::numeric_limits<int>::max()};
    const auto later = co_await ctx_.journal.run([&](store::journal& j) { return j.list(after); },
                                                 store_thread::takes::long_perhaps);
    if (!later) co_return std::nullopt;
    const auto same_sale = [&](const protocol::order& other) {
        return other.till == o.till && other.kind == order_kind::payment &&
               other.amount_minor_units == o.amount_minor_units && other.currency == o.currency &&
               other.state == order_state::paid && other.out_trade_no != o.out_trade_no;
    };
    // Newest first, and the first one after it is meant.
    const auto found = std::find_if(later->rbegin(), later->rend(), same_sale);
    if (found == later->rend()) co_return std::nullopt;
    co_return *found;
}

void order_service::late(const protocol::order& o)
{
    if (o.kind != order_kind::payment || !ctx_.settings.refund_late) return;
    tasks_.spawn(refund_late(o));
}

asio::awaitable<void> order_service::refund_late(protocol::order payment)
{
    const auto amount = money::of(payment.amount_minor_units);
    const auto steps = co_await ctx_.journal.run(
        [&](store::journal& j) { return j.steps_of(payment.out_trade_no); });
    // It stays on the operator's list. So it does when the operator has not said "not paid": the
    // customer may have left with the goods.
    if (!amount || !steps || stopping()) co_return;
    const bool judged = std::ranges::any_of(
        *steps, [](const auto& step) { return step.to == order_state::resolved; });
    if (judged && payment.resolved_paid != false) co_return;
    order_draft draft{.kind = order_kind::refund,
                      // A name no till can have: "last" and "cancel" are not for the bridge's own.
                      .till = "~late",
                      .till_named = true,
                      .till_order = protocol::late_refund_number(payment.out_trade_no),
                      .scan = payment.scan,
                      .amount = *amount,
                      .payment = payment,
                      .route = protocol::order_route::direct,
                      .when_possible = true,
                      .unattended = true};
    const auto placed = co_await place(std::move(draft));
    if (placed.refused)
        log(log_level::warning, "late.not_refunded",
            {{"order", payment.out_trade_no}, {"why", placed.refused->text}});
    else
        log(log_level::warning, "late.refunding",
            {{"order", payment.out_trade_no}, {"refund", placed.order->out_trade_no}});
}

}  // namespace ecr::daemon
