// What an answer means for an order: its end, silence, or something for a human.
#include "daemon/log_often.hpp"
#include "daemon/order/order_course.hpp"
#include "protocol/order/rules.hpp"

#include <algorithm>

namespace ecr::daemon {
namespace {

using protocol::enquiry_phase;
using protocol::evidence;
using protocol::finding;
using protocol::last_answer;
using protocol::order_event;
using protocol::order_kind;
using protocol::order_state;
using protocol::till::stage;

bool ends_it(finding what)
{
    switch (what) {
        case finding::paid:
        case finding::declined:
        case finding::closed:
        case finding::expired:
        case finding::mismatch:
        case finding::returned: return true;
        case finding::nothing:
        case finding::not_found:
        case finding::pending:
        case finding::processing: return false;
    }
    return false;
}

}  // namespace

milliseconds order_course::concluded_at() const
{
    // A request for a refund is carried out or not within minutes.
    if (is_direct() && r_->row.kind == order_kind::refund) return ctx_.settings.pace.doubt_until;
    return protocol::window_end(ctx_.settings.pace, window()) + ctx_.settings.pace.conclusion;
}

milliseconds order_course::next_concluding_look() const
{
    return concluded_at() + (r_->concluding_looks > 0 ? second_copy_watch : milliseconds{0});
}

bool order_course::is_confirmed(const evidence& found)
{
    if (!found.confirm) return true;
    const auto now = ctx_.time.now();
    if (r_->unconfirmed == found.what)
        return now - r_->unconfirmed_at >= ctx_.settings.pace.confirmation;
    r_->unconfirmed = found.what;
    r_->unconfirmed_at = now;
    return false;
}

asio::awaitable<void> order_course::weigh(evidence found)
{
    if (found.other_terminal) ++r_->enquiry_terminal;
    if (!found.reached) {
        ++r_->failures;
        r_->last = last_answer::failed;
        log_often(log_level::warning, "cloud.no_answer",
                  {{"order", r_->row.out_trade_no}, {"why", found.reason}});
        if (!settled()) set_stage(stage::cloud_down);
        co_return;
    }
    r_->failures = 0;
    ++r_->answers;
    if (found.what != finding::nothing && found.what != finding::not_found) known_after_all_ = true;
    // "The cloud knows of no payment" may end an order too, so it has to be as sure as an end.
    // Money that a reversal of ours may be giving back this moment is looked at twice.
    if (found.what == finding::paid && is_direct() && undo_begun()) found.confirm = true;
    // A list without it is no information (contract 4.5) until two of them agree.
    if (found.what == finding::not_found && is_direct() && age() >= concluded_at())
        found.confirm = true;
    const bool may_end = ends_it(found.what) || found.what == finding::not_found;
    if (may_end && !is_confirmed(found)) {
        r_->last = last_answer::unconfirmed;
        co_return;
    }
    if (may_end && age() >= next_concluding_look()) ++r_->concluding_looks;
    if (!ends_it(found.what)) {
        r_->unconfirmed.reset();
        r_->last =
            found.what == finding::processing ? last_answer::processing : last_answer::undecided;
        co_await weigh_silence(found);
        co_return;
    }
    r_->unconfirmed.reset();
    r_->last = last_answer::undecided;
    co_await weigh_end(found);
}

asio::awaitable<void> order_course::weigh_end(const evidence& found)
{
    if (found.what == finding::mismatch) co_return co_await mismatch(found);
    if (found.what == finding::returned) co_return co_await returned(found);
    if (r_->row.state == order_state::paid) co_return co_await paid_again(found);
    if (settled() && found.what != finding::paid) co_return;  // final is final; only paid wins

    const auto event = found.what == finding::paid     ? order_event::pay
                       : found.what == finding::closed ? order_event::cancel
                       : found.what == finding::expired && r_->row.state != order_state::unresolved
                           ? order_event::expire
                       : found.what == finding::expired ? order_event::cancel
                                                        : order_event::decline;
    uphold(protocol::broken_by_end(r_->row, event, found.respcd), r_->row.out_trade_no);
    store::step_facts facts{
        .facts = found.facts, .refundable_now = found.refundable, .needs = found.needs};
    if (!facts.facts) {  // known by the payment behind a refund
        facts.facts = r_->row.facts;
        facts.facts->respcd = found.respcd;
    }
    const bool late = settled();
    // It goes back by itself: whoever asks must not hear that it is simply paid.
    const bool goes_back = late && event == order_event::pay && ctx_.settings.refund_late &&
                           r_->row.kind == order_kind::payment && r_->row.resolved_paid != true;
    if (goes_back) facts.needs = facts.needs | protocol::attention::returned;
    if (!co_await step(event, found.reason, std::move(facts))) co_return;
    release_terminal(true);
    r_->ended();
    if (goes_back && ctx_.on_late) ctx_.on_late(r_->row);
}

asio::awaitable<void> order_course::weigh_silence(const evidence& found)
{
    const auto& row = r_->row;
    if (settled() || row.state == order_state::unresolved) co_return;

    if (found.what == finding::not_found && refused_refund_is_over()) {
        if (co_await step(order_event::refuse, row.reason)) {
            release_terminal();
            r_->ended();
        }
        co_return;
    }
    // QFPay's number, as soon as it is known: it stays valid when ours is out of reach.
    if (found.facts && !found.facts->syssn.empty() && row.facts.syssn.empty()) {
        store::step_facts facts{.facts = found.facts};
        if (!co_await step(order_event::learn, found.reason, std::move(facts))) co_return;
    }

    // A request for a refund is carried out or not within minutes: when by then the cloud neither
    // knows it nor has given back anything, it has not happened. The watch goes on.
    if (is_direct() && row.kind == order_kind::refund) {
        const bool over = found.what == finding::not_found && found.untouched &&
                          row.state == order_state::in_doubt && age() >= concluded_at();
        if (!over) co_return;
        const bool written = co_await step(order_event::expire, found.reason);
        if (written) r_->ended();
        co_return;
    }
    if (found.what == finding::not_found && age() >= concluded_at() && row.cancel_acknowledged) {
        const auto on = row.cancel_wanted ? order_event::cancel : order_event::expire;
        if (co_await step(on, is_direct()
                                  ? "time is over, the order was closed or ran out, and the "
                                    "cloud knows of no payment"
                                  : "time is over, the terminal was told to cancel, and the "
                                    "cloud knows of no payment")) {
            release_terminal();
            r_->ended();
        }
        co_return;
    }
    if (phase() == enquiry_phase::window)
        set_stage(row.cancel_wanted                       ? stage::cancelling
                  : row.state == order_state::on_terminal ? stage::on_terminal
                                                          : stage::confirming);
    else
        set_stage(stage::confirming);
}

asio::awaitable<void> order_course::mismatch(const evidence& found)
{
    if (has(r_->row.needs, protocol::attention::mismatch)) co_return;  // said already
    const auto on =
        r_->row.state == order_state::on_terminal ? order_event::doubt : order_event::learn;
    store::step_facts facts{.needs = protocol::attention::mismatch};
    if (!co_await step(on, found.reason, std::move(facts))) co_return;
    r_->patience_over = true;
    // A payment's own row has ended at the terminal. A refund may still stand there, whatever else
    // has happened to its payment.
    if (r_->row.kind == order_kind::payment) release_terminal();
    r_->ended();
}

/// Whether a refund of ours may be what the cloud reports as money that went back.
asio::awaitable<bool> order_course::was_refunded()
{
    const auto refunds = co_await ctx_.journal.run(
        [&](store::journal& j) { return j.refunds_of(r_->row.out_trade_no); });
    if (!refunds) co_return true;
    co_return std::ranges::any_of(*refunds,
                                  [](const auto& refund) { return refund.sent_at.has_value(); });
}

asio::awaitable<void> order_course::returned(const evidence& found)
{
    const bool paid = r_->row.state == order_state::paid;
    const bool by_us = undo_begun();
    if (has(r_->row.needs, protocol::attention::returned)) co_return;
    if (!paid && settled()) co_return;  // the till was told "not paid", and no money is here
    if (paid) {
        const bool by_refund = co_await was_refunded();
        if (by_refund) co_return;
    }
    store::step_facts facts{.facts = found.facts};
    if (!paid && by_us) {
        const bool written = co_await step(order_event::cancel, found.reason, std::move(facts));
        if (written) r_->ended();
        co_return;
    }
    facts.needs = protocol::attention::returned;
    if (!paid) facts.needs = facts.needs | protocol::attention::mismatch;
    const auto on =
        r_->row.state == order_state::on_terminal ? order_event::doubt : order_event::learn;
    const bool written = co_await step(on, found.reason, std::move(facts));
    if (!written || paid) co_return;
    r_->patience_over = true;
    release_terminal();
    r_->ended();
}

/// A second payment may come to light after the first was told.
asio::awaitable<void> order_course::paid_again(const evidence& found)
{
    const auto news = without(found.needs, r_->row.needs);
    if (news == protocol::attention::none) co_return;
    store::step_facts facts{.needs = news};
    (void)co_await step(order_event::learn, found.reason, std::move(facts));
}

asio::awaitable<void> order_course::resolve()
{
    // The cloud has just said something that counts when it says so again: that is waited for.
    if (r_->last == last_answer::unconfirmed) co_return;
    const auto wish = std::exchange(r_->to_resolve, std::nullopt);
    const auto decided = protocol::decide(r_->row.state, order_event::resolve);
    // What the cloud has said meanwhile stands above what the operator has judged before.
    const bool news =
        wish && (wish->seen_state != r_->row.state || wish->seen_needs != r_->row.needs);
    if (!wish || !decided || news) co_return;  // the operator is told how it stands
    store::step_facts facts{.settled = r_->row.needs, .resolved_paid = wish->paid};
    (void)co_await step(order_event::resolve, wish->text, std::move(facts));
}

}  // namespace ecr::daemon
