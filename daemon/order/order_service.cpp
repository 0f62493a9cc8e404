#include "daemon/order/order_service.hpp"

#include "daemon/limits.hpp"
#include "daemon/log_often.hpp"
#include "daemon/order/order_course.hpp"
#include "protocol/cloud/currency.hpp"
#include "protocol/order/number.hpp"
#include "protocol/till/verdict.hpp"

#include <algorithm>

namespace ecr::daemon {
namespace {

using protocol::order_state;
using protocol::till::result_code;

placement refused(result_code code, std::string text, bool safe_to_retry = true)
{
    return {.refused = refusal{code, std::move(text), safe_to_retry}};
}

placement journal_unreadable()
{
    return refused(result_code::journal_failed,
                   "The bridge cannot read its journal: nothing was sent for this command", false);
}

}  // namespace

order_service::order_service(asio::any_io_executor executor, clock& time, store_thread& journal,
                             merchants& accounts, const order_config& settings,
                             const std::vector<terminal_config>& terminals, std::uint32_t chance,
                             std::function<void(std::exception_ptr)> on_bug)
    : ctx_{executor, time, journal, accounts, settings, terminals},
      tasks_{executor, std::move(on_bug)}
{
    ctx_.random.seed(chance);
    ctx_.on_end = [this](const protocol::order& o) { note_end(o); };
    ctx_.on_late = [this](const protocol::order& o) { late(o); };
}

running_ptr order_service::running(const std::string& out_trade_no) const
{
    return orders_.find(out_trade_no);
}

running_ptr order_service::running_of(const std::string& till) const
{
    running_ptr newest;
    for (const auto& [number, r] : orders_.of_till(till))
        if (!protocol::is_final(r->row.state) && !r->patience_over &&
            (!newest || r->row.created_at > newest->row.created_at))
            newest = r;
    return newest;
}

running_ptr order_service::holder_of(const std::string& termid) const
{
    const auto line = ctx_.lines.find(termid);
    return line == ctx_.lines.end() ? nullptr : line->second.holder();
}

protocol::order order_service::row_of(const order_draft& draft) const
{
    protocol::order row;
    row.kind = draft.kind;
    row.till = draft.till;
    row.till_named = draft.till_named;
    row.till_order = draft.numbers == numbering::none ? std::string{} : draft.till_order;
    row.terminal = draft.terminal;
    row.via = draft.via;
    row.scan = draft.scan;
    row.camera_id = draft.camera_id;
    row.payment_timeout = draft.payment_timeout;
    row.amount_minor_units = draft.amount.minor_units();
    row.route = draft.route;
    row.merchant = draft.merchant;
    row.pay_type = draft.pay_type;
    if (const auto* known = protocol::cloud::find_currency(draft.currency))
        row.currency = known->numeric;
    if (draft.payment) {
        row.of = draft.payment->out_trade_no;
        row.of_syssn = draft.payment->facts.syssn;
        row.via = draft.payment->via;
        row.currency = draft.payment->currency;
        row.merchant = draft.payment->merchant;
        row.pay_type = draft.payment->pay_type;
        // Of a terminal's payment /ecr tells what is left, also when it is given back directly.
        if (row.route == protocol::order_route::direct) row.terminal = draft.payment->terminal;
    }
    row.created_at = row.updated_at = ctx_.time.wall();
    const auto cloud_now = ctx_.cloud_now(row);
    if (row.route == protocol::order_route::direct) row.txdtm = to_cloud_time(cloud_now);
    if (draft.when_possible) row.not_before = protocol::refunds_possible_from(cloud_now);
    // It outlives a stop and is tried all day.
    if (draft.unattended && !row.not_before) row.not_before = cloud_now;
    row.content = protocol::content_of(row, draft.terminal_as_asked);
    if (draft.everything) {
        // What is left is another amount when the command is repeated.
        auto whatever_is_left = row;
        whatever_is_left.amount_minor_units = 0;
        row.content = protocol::content_of(whatever_is_left, draft.terminal_as_asked) + " all";
    }
    // Without a number only the customer's code tells two scans apart; it is never written down.
    if (row.till_order.empty() && !draft.auth_code.empty())
        row.content += " code " + protocol::fingerprint(draft.auth_code);
    return row;
}

void order_service::number(protocol::order& row, const order_draft& draft)
{
    if (row.till_order.empty())
        row.out_trade_no = protocol::made_number(row.till, row.created_at,
                                                 static_cast<std::uint32_t>(ctx_.random()));
    else if (draft.numbers == numbering::daily)
        row.out_trade_no = protocol::daily_number(
            row.till, protocol::business_day(ctx_.cloud_now(row), ctx_.settings.day_starts),
            row.till_order);
    else
        row.out_trade_no = row.till_order;
}

placement order_service::compared(const protocol::order& known, const protocol::order& wanted)
{
    const bool other_till = known.till_named && wanted.till_named && known.till != wanted.till;
    if (known.content != wanted.content || other_till)
        return refused(result_code::number_in_use,
                       "Number " + protocol::till::number_for_till(known) +
                           " is already used for another order: nothing was sent",
                       false);
    return {.running = running(known.out_trade_no), .order = known, .earlier = true};
}

asio::awaitable<std::optional<placement>> order_service::repeated(const order_draft& draft,
                                                                  protocol::order& row)
{
    if (row.till_order.empty()) co_return co_await repeated_without_number(draft, row);

    if (const auto r = running(row.out_trade_no)) {
        auto same = co_await attached(r, row);
        co_return same;
    }
    const auto known =
        co_await ctx_.journal.run([&](store::journal& j) { return j.find(row.out_trade_no); });
    if (!known) co_return journal_unreadable();
    if (*known) co_return compared(**known, row);
    if (draft.numbers != numbering::daily) co_return std::nullopt;

    // A command repeated over the change of day is still the same command.
    const auto before = co_await ctx_.journal.run(
        [&](store::journal& j) { return j.find_till_order(row.till, row.till_order); });
    if (!before) co_return journal_unreadable();
    if (!*before) co_return std::nullopt;
    const auto& earlier = **before;
    if (is_of_this_day(earlier, row)) co_return compared(earlier, row);
    if (earlier.content != row.content) co_return std::nullopt;
    if (!protocol::is_final(earlier.state) || (is_recent(earlier) && !earlier.delivered))
        co_return compared(earlier, row);
    co_return std::nullopt;
}

asio::awaitable<std::optional<placement>> order_service::repeated_without_number(
    const order_draft& draft, const protocol::order& row)
{
    if (draft.new_sale) co_return std::nullopt;
    if (const auto r = running_of(row.till);
        r && r->row.content == row.content && r->row.till_order.empty())
        co_return placement{.running = r, .order = r->row, .earlier = true};

    const auto last =
        co_await ctx_.journal.run([&](store::journal& j) { return j.last_of_till(row.till); });
    if (!last) co_return journal_unreadable();
    if (!*last || (*last)->content != row.content || !(*last)->till_order.empty())
        co_return std::nullopt;
    const auto& known = **last;
    const bool open = !protocol::is_final(known.state);
    const bool asked_in_time = is_recent(known) || outlived_an_outage(known);
    if (!asked_in_time || (!open && known.delivered)) co_return std::nullopt;
    co_return placement{.running = running(known.out_trade_no), .order = known, .earlier = true};
}

asio::awaitable<std::optional<refusal>> order_service::refund_problem(const order_draft& draft)
{
    const auto& payment = *draft.payment;
    const auto why =
        protocol::refund_refusal(payment, draft.amount.minor_units(), ctx_.cloud_now(payment),
                                 draft.route, draft.when_possible);
    if (!why.empty()) co_return refusal{result_code::refused, why};

    const auto refunds = co_await ctx_.journal.run(
        [&](store::journal& j) { return j.refunds_of(payment.out_trade_no); });
    if (!refunds)
        co_return refusal{result_code::journal_failed, "The bridge cannot read its journal"};
    std::int64_t refunded = 0;
    for (const auto& refund : *refunds) {
        if (!protocol::is_final(refund.state))
            co_return refusal{result_code::busy,
                              "Another refund of that payment is not finished: " +
                                  protocol::till::number_for_till(refund)};
        if (protocol::money_has_moved(refund)) refunded += refund.amount_minor_units;
    }
    if (refunded + draft.amount.minor_units() > payment.amount_minor_units)
        co_return refusal{result_code::refused,
                          "That is more than can still be refunded: " + std::to_string(refunded) +
                              " has been refunded already"};
    co_return std::nullopt;
}

asio::awaitable<placement> order_service::place(order_draft draft)
{
    auto row = row_of(draft);
    number(row, draft);
    if (!protocol::cloud::is_out_trade_no(row.out_trade_no))
        co_return refused(result_code::bad_command, "The order number cannot be used");

    // One at a time where the answer depends on what the till (or the payment) did last.
    std::vector<std::string> keys;
    if (row.till_order.empty()) keys.push_back("till " + row.till);
    if (!row.of.empty()) keys.push_back("payment " + row.of);
    const auto taken = [&](const std::string& key) { return placing_.contains(key); };
    while (std::ranges::any_of(keys, taken))
        (void)co_await placing_line_.wait();
    placing_.insert(keys.begin(), keys.end());

    // A repeat first, even while stopping: it must not hear that the sale may be rung again.
    auto placed = co_await repeated(draft, row);
    if (!placed && draft.payment) {
        auto problem = co_await refund_problem(draft);
        if (problem) placed = placement{.refused = problem};
    }
    if (!placed) placed = co_await start(std::move(row), draft);

    std::ranges::for_each(keys, [&](const auto& key) { placing_.erase(key); });
    placing_line_.call_all();
    co_return *placed;
}

asio::awaitable<placement> order_service::start(protocol::order row, const order_draft& draft)
{
    if (stopping()) co_return refused(result_code::stopping, "The bridge is stopping");
    if (!ctx_.accounts.knows(row.merchant))
        co_return refused(
            result_code::refused,
            "The configuration does not know that merchant any more: " + row.merchant);
    // Looked up again: another till may have used the number while the journal was read.
    if (const auto r = running(row.out_trade_no)) {
        auto same = co_await attached(r, row);
        co_return same;
    }
    auto* line = row.route == protocol::order_route::terminal ? &ctx_.lines[row.terminal] : nullptr;
    if (line && !line->is_free() && !ctx_.settings.wait_for_terminal)
        co_return refused(result_code::busy, "The terminal is busy");
    if (line && line->length() >= ctx_.settings.queue_max)
        co_return refused(result_code::busy, "Too many orders wait for this terminal");
    if (is_full_for(row.till))
        co_return refused(result_code::busy, "Too many orders of this till are open");
    if (is_full()) co_return refused(result_code::busy, "Too many orders are open");

    const auto r = std::make_shared<running_order>(ctx_.executor, ctx_.time, std::move(row));
    orders_.add(r);
    r->auth_code = draft.auth_code;
    r->goods = draft.goods;
    r->valid_time = draft.valid_time;
    r->return_url = draft.return_url;
    // Before it is durable, so that the next one finds the terminal taken; in the morning, when it
    // waits for that.
    if (line && !r->row.not_before) line->enter(r);
    // A payment that finds its terminal free leaves at once: one commit for both steps. A refund
    // looks up first what is left of its payment, and a direct order has none to wait for.
    const bool leaves = line && r->has_terminal && r->row.kind == protocol::order_kind::payment;
    const auto failed = co_await ctx_.journal.run([&](store::journal& j) -> error_code {
        if (const auto not_added = j.add(r->row, "asked for by the till")) return not_added;
        if (!leaves) return {};
        const auto send = protocol::decide(order_state::accepted, protocol::order_event::send);
        return j.advance(r->row.out_trade_no, *send, order_course::being_sent, r->row.created_at);
    });
    if (failed) {
        orders_.remove(r->row.out_trade_no);
        if (line) line->leave(r);
        const bool known = failed == make_error_code(errc::duplicate_order);
        const auto why = known ? "The order number is already used: nothing was sent"
                               : "The bridge cannot write its journal: nothing was sent";
        const auto code = known ? result_code::number_in_use : result_code::journal_failed;
        r->finished = true;
        placing_line_.call_all();
        if (!known) ctx_.journal.report(failed);
        co_return refused(code, why, !known);
    }
    r->durable = true;
    r->journalled = leaves ? order_state::sending : order_state::accepted;
    if (leaves) r->leaves_at = r->row.created_at;
    placing_line_.call_all();
    log(log_level::info, "order.accepted",
        {{"order", r->row.out_trade_no},
         {"till", r->row.till},
         {"what", r->row.content},
         {"terminal", r->row.terminal}});
    follow(r);
    co_return placement{.running = r, .order = r->row};
}

/// A repeat that came while the first was still being journalled hears "accepted" when it is.
asio::awaitable<placement> order_service::attached(running_ptr r, protocol::order row)
{
    while (!r->durable && !r->finished)
        (void)co_await placing_line_.wait();
    if (!r->durable)
        co_return refused(result_code::journal_failed,
                          "The bridge cannot write its journal: nothing was sent");
    co_return compared(r->row, row);
}

// Both count only where there can be as many.

bool order_service::is_full() const
{
    const auto is_open = [](const auto& entry) {
        return !protocol::is_final(entry.second->row.state);
    };
    const auto& all = orders_.all();
    return all.size() >= limits::orders_in_hand_max &&
           std::ranges::count_if(all, is_open) >= std::ptrdiff_t{limits::orders_in_hand_max};
}

bool order_service::is_full_for(const std::string& till) const
{
    const auto is_awaited = [](const auto& entry) {
        return !protocol::is_final(entry.second->row.state) && !entry.second->patience_over;
    };
    const auto& all = orders_.of_till(till);
    return all.size() >= limits::orders_of_till_max &&
           std::ranges::count_if(all, is_awaited) >= std::ptrdiff_t{limits::orders_of_till_max};
}

running_ptr order_service::watch_again(protocol::order row)
{
    if (stopping() || row.state == order_state::paid || !row.sent_at) return nullptr;
    const auto r = std::make_shared<running_order>(ctx_.executor, ctx_.time, std::move(row));
    r->sent = ctx_.since(*r->row.sent_at);
    r->updated = ctx_.since(r->row.updated_at);
    r->durable = r->patience_over = r->asked_for = true;
    r->journalled = r->row.state;
    orders_.add(r);
    follow(r);
    return r;
}

void order_service::follow(const running_ptr& r)
{
    tasks_.spawn(course(r));
}

asio::awaitable<void> order_service::course(running_ptr r)
{
    order_course way{ctx_, r};
    co_await way.run();
    orders_.remove(r->row.out_trade_no);
    if (last_ended_.size() >= limits::ended_orders_max)
        std::erase_if(last_ended_, [&](const auto& each) {
            return ctx_.time.now() - each.second.at > ctx_.settings.reattach_window;
        });
    auto& last = last_ended_[r->row.till];
    // The watch of an earlier one may end after a later one has ended.
    if (last.out_trade_no.empty() || last.at <= r->updated)
        last = {r->row.out_trade_no, r->updated};
}

void order_service::cancel(const running_ptr& r)
{
    r->cancel_wished = true;
    r->wake.cancel();
}

asio::awaitable<protocol::order> order_service::ask_now(running_ptr r)
{
    // A till that asks all the time would use up the enquiries of the whole shop.
    const auto& pace = ctx_.settings.pace;
    if (r->last_asked && ctx_.time.now() - *r->last_asked < pace.while_waiting) co_return r->row;
    // It has not been sent: there is nothing to ask about.
    if (r->row.state == order_state::accepted || r->row.state == order_state::sending)
        co_return r->row;
    r->asked_for = true;
    r->wake.cancel();
    if (!r->finished) (void)co_await r->enquiries.wait();
    co_return r->row;
}

void order_service::mark_delivered(const std::string& out_trade_no)
{
    windows_.erase(out_trade_no);
    if (const auto r = running(out_trade_no)) r->row.delivered = true;
    tasks_.spawn([](store_thread& journal, std::string number) -> asio::awaitable<void> {
        const auto failed =
            co_await journal.run([&](store::journal& j) { return j.mark_delivered(number); });
        if (failed) log_often(log_level::error, "journal.failed", {{"why", failed.message()}});
    }(ctx_.journal, out_trade_no));
}

}  // namespace ecr::daemon
