#include "daemon/order/order_course.hpp"

#include "daemon/log_often.hpp"
#include "daemon/logging.hpp"
#include "protocol/cloud/ecr_api.hpp"
#include "protocol/order/direct_evidence.hpp"
#include "protocol/order/number.hpp"
#include "protocol/order/rules.hpp"

#include <algorithm>
#include <utility>

namespace ecr::daemon {
namespace {

using protocol::order_event;
using protocol::order_kind;
using protocol::order_state;
using protocol::till::stage;

constexpr std::string_view cancelled_unsent = "cancelled by the till before it was sent";
constexpr std::string_view stopping_unsent = "the bridge is stopping";
constexpr milliseconds retry_first{500};
constexpr milliseconds retry_max{5'000};
constexpr milliseconds retry_max_unattended{60'000};
// QFPay's clock is known to the second at best, and what comes a moment early is refused.
constexpr milliseconds morning_margin{5'000};

milliseconds retry_max_of(const running_order& r)
{
    return r.row.not_before ? retry_max_unattended : retry_max;
}

}  // namespace

asio::awaitable<void> order_course::run()
{
    // One co_await an expression: GCC 12 goes wrong on those it may have to skip.
    bool goes_on = true;
    if (r_->leaves_at) {
        goes_on = co_await push();
    } else if (r_->row.state == order_state::accepted) {
        goes_on = co_await wait_for_morning();
        if (goes_on) goes_on = co_await take_terminal();
        if (goes_on) goes_on = co_await read_refundable();
        if (goes_on) goes_on = co_await push();
    }
    if (goes_on) co_await follow();
    release_terminal();
    r_->finished = true;
    r_->enquiries.call_all();
}

asio::awaitable<bool> order_course::wait_for_morning()
{
    if (!r_->row.not_before) co_return true;
    // A minute at a time: the wall clock may be corrected meanwhile.
    constexpr milliseconds at_most{60'000};
    bool asked_the_time = false;
    // The cloud's clock is known to about a second, and who comes too early is refused for good.
    for (;;) {
        if (ctx_.stopping || ctx_.broken) co_return false;  // the journal remembers
        if (r_->cancel_wished) {
            co_await end_unsent(order_event::withdraw, cancelled_unsent);
            co_return false;
        }
        // After a start nobody has asked the cloud yet, and our own clock may be hours wrong.
        if (!std::exchange(asked_the_time, true) && !ctx_.cloud_of(r_->row).clock_offset()) {
            co_await ctx_.cloud_of(r_->row).knock();
            continue;
        }
        // A bridge that was off all night may come back in the next one.
        const auto now = ctx_.cloud_now(r_->row);
        const auto from =
            std::max(*r_->row.not_before, protocol::refunds_possible_from(now).value_or(now));
        const auto left = from + morning_margin - now;
        if (left <= milliseconds{0} || (from == now && now >= *r_->row.not_before + morning_margin))
            break;
        r_->wake.set(std::min(left, at_most));
        (void)co_await r_->wake.wait();
        asked_the_time = false;
    }
    if (!is_direct()) ctx_.lines[r_->row.terminal].enter(r_);
    co_return true;
}

asio::awaitable<bool> order_course::take_terminal()
{
    if (is_direct()) co_return true;
    const auto deadline = ctx_.time.now() + patience(ctx_.settings.queue_wait);
    if (r_->ahead) r_->progressed();
    auto end = order_event::not_sent;
    std::string_view why;
    for (;;) {
        if (ctx_.broken || (ctx_.refusing && r_->row.not_before)) co_return false;
        if (ctx_.refusing) why = stopping_unsent;
        if (ctx_.time.now() >= deadline) why = "the terminal stayed busy";
        if (r_->cancel_wished) {
            end = order_event::withdraw;
            why = cancelled_unsent;
        }
        if (!why.empty()) break;
        if (r_->has_terminal) co_return true;
        r_->wake.set_at(deadline);
        (void)co_await r_->wake.wait();
    }
    co_await end_unsent(end, why);
    co_return false;
}

milliseconds order_course::patience(milliseconds usual) const
{
    // Nobody stands there who could try again: a refund of the night is tried all day.
    constexpr milliseconds all_day{std::chrono::hours{20}};
    return r_->row.not_before ? all_day : usual;
}

asio::awaitable<void> order_course::end_unsent(order_event on, std::string_view reason)
{
    store::step_facts facts;
    // The customer was promised this money: somebody has to know.
    if (r_->row.not_before && on != order_event::withdraw)
        facts.needs = protocol::attention::unresolved;
    const bool written = co_await step(on, reason, std::move(facts));
    if (!written) co_return;
    release_terminal();
    r_->ended();
}

asio::awaitable<bool> order_course::read_refundable()
{
    // Only /ecr tells how much of a payment is left.
    if (r_->row.kind != order_kind::refund || r_->row.terminal.empty()) co_return true;
    set_stage(stage::sending);
    const auto deadline = ctx_.time.now() + patience(ctx_.settings.push_patience);
    auto end = order_event::not_sent;
    std::string why;
    for (auto wait = retry_first; why.empty(); wait = std::min(wait * 2, retry_max_of(*r_))) {
        protocol::cloud::query_request question{.syssn = r_->row.of_syssn,
                                                .termid = enquiry_terminal()};
        const auto reply =
            co_await ctx_.cloud_of(r_->row).query(std::move(question), importance::money);
        const auto reading = protocol::read_refundable(r_->row, reply);
        if (reading.other_terminal) ++r_->enquiry_terminal;
        if (ctx_.broken || (ctx_.refusing && r_->row.not_before)) co_return false;
        if (reading.amount && *reading.amount >= r_->row.amount_minor_units) {
            r_->row.refundable_before = reading.amount;
            co_return true;
        }
        if (reading.amount) {
            why = "only " + std::to_string(*reading.amount) +
                  " of that payment can still be refunded";
        } else if (r_->cancel_wished) {
            end = order_event::withdraw;
            why = cancelled_unsent;
        } else if (ctx_.refusing || ctx_.time.now() + wait > deadline) {
            why = "the payment could not be looked up: " + reading.reason;
        } else {
            r_->wake.set(wait);
            (void)co_await r_->wake.wait();
        }
    }
    co_await end_unsent(end, why);
    co_return false;
}

asio::awaitable<protocol::cloud_reply> order_course::send_push(bool with_number)
{
    const auto& row = r_->row;
    const auto amount = money::of(row.amount_minor_units);
    result<protocol::cloud::form> parameters{make_error_code(errc::bad_parameter)};
    std::string_view path = protocol::cloud::payment_path;
    if (amount && row.kind == order_kind::payment) {
        parameters = protocol::cloud::to_form(
            protocol::cloud::payment_request{.out_trade_no = row.out_trade_no,
                                             .termid = row.terminal,
                                             .via = row.via,
                                             .scan = row.scan,
                                             .amount = *amount,
                                             .camera_id = row.camera_id,
                                             .payment_timeout = row.payment_timeout});
    } else if (amount) {
        path = protocol::cloud::refund_path;
        parameters = protocol::cloud::to_form(protocol::cloud::refund_request{
            .syssn = row.of_syssn,
            .termid = row.terminal,
            .amount = *amount,
            .allow_modify = row.allow_modify,
            .out_trade_no = with_number ? row.out_trade_no : std::string{}});
    }
    if (!parameters)
        co_return protocol::cloud_reply{.how = protocol::transport::not_sent,
                                        .detail = parameters.error().message()};
    co_return co_await ctx_.cloud_of(r_->row).call(path, std::move(*parameters), importance::money);
}

/// Makes it durable that the order is on its way to the cloud.
asio::awaitable<bool> order_course::leave()
{
    if (const auto at = std::exchange(r_->leaves_at, {})) {
        set_stage(stage::sending);
        apply(*protocol::decide(order_state::accepted, order_event::send), being_sent, {}, *at);
        co_return true;
    }
    if (ctx_.refusing && r_->row.not_before) co_return false;  // the journal remembers
    if (r_->cancel_wished || ctx_.refusing) {
        const auto end = r_->cancel_wished ? order_event::withdraw : order_event::not_sent;
        co_await end_unsent(end, r_->cancel_wished ? cancelled_unsent : stopping_unsent);
        co_return false;
    }
    set_stage(stage::sending);
    store::step_facts before{.refundable_before = r_->row.refundable_before};
    const bool written = co_await step(order_event::send, being_sent, std::move(before));
    co_return written;
}

asio::awaitable<bool> order_course::push()
{
    const bool left = co_await leave();
    if (!left) co_return false;
    bool readable = true;
    if (r_->row.kind == order_kind::refund) readable = co_await uphold_refund();

    const auto deadline = ctx_.time.now() + patience(ctx_.settings.push_patience);
    protocol::push_verdict verdict;
    for (auto wait = retry_first;;) {
        // The commit may have taken its time: a till may have changed its mind since.
        // So it may between two tries: nothing of this has left.
        if (ctx_.broken) co_return false;
        if (r_->cancel_wished || !readable || (ctx_.refusing && !r_->row.not_before)) {
            verdict.event = order_event::not_sent;
            verdict.reason = r_->cancel_wished ? cancelled_unsent
                             : !readable       ? "the journal cannot be read"
                                               : stopping_unsent;
            break;
        }
        verdict = co_await send_once();
        if (verdict.number_unwanted && r_->number_sent) {
            r_->number_sent = false;
            continue;
        }
        // Only while it is proven that no byte left: anything else might push a second payment.
        const bool again = verdict.event == order_event::not_sent && !ctx_.refusing &&
                           !ctx_.broken && !r_->cancel_wished && ctx_.time.now() + wait <= deadline;
        if (!again) break;
        set_stage(stage::cloud_down);
        r_->wake.set(wait);
        (void)co_await r_->wake.wait();
        wait = std::min(wait * 2, retry_max_of(*r_));
    }

    r_->sent = ctx_.time.now();
    r_->push_unanswered = verdict.event == order_event::doubt;
    r_->auth_code.clear();
    store::step_facts facts{.facts = verdict.facts ? verdict.facts : r_->row.facts};
    facts.facts->respcd = verdict.respcd == "0000" ? std::string{} : verdict.respcd;
    const bool is_over =
        verdict.event == order_event::refuse || verdict.event == order_event::not_sent;
    if (r_->row.not_before && is_over && !r_->cancel_wished)
        facts.needs = protocol::attention::unresolved;
    uphold(protocol::broken_by_end(r_->row, verdict.event, verdict.respcd), r_->row.out_trade_no);
    if (!co_await step(verdict.event, verdict.reason, std::move(facts))) co_return false;
    if (settled()) {
        release_terminal();
        r_->ended();
        // Somebody on the way may have sent the request twice, and only the second was too much.
        co_return verdict.respcd == too_many_requests;
    }
    set_stage(r_->row.state == order_state::on_terminal ? stage::on_terminal : stage::confirming);
    if (!r_->row.facts.shown.empty()) r_->to_show();
    co_return true;
}

asio::awaitable<protocol::push_verdict> order_course::send_once()
{
    const bool direct = is_direct();
    const protocol::push_moment now{
        .of = r_->row,
        .journalled = r_->journalled,
        .has_terminal = !direct && ctx_.lines[r_->row.terminal].is_held_by(r_),
        .may_have_left = may_have_left_};
    uphold(protocol::broken_by_push(now), r_->row.out_trade_no);
    protocol::cloud_reply reply;
    if (direct)
        reply = co_await send_direct();
    else
        reply = co_await send_push(r_->number_sent);
    auto verdict =
        direct ? protocol::judge_direct(r_->row, reply) : protocol::judge_push(r_->row.kind, reply);
    uphold(protocol::broken_by_verdict(reply.how, verdict.event), r_->row.out_trade_no);
    // Refused for its number alone, a refund may be sent again without one.
    may_have_left_ = reply.how != protocol::transport::not_sent && !verdict.number_unwanted;
    co_return verdict;
}

/// False: the journal cannot be read, and nothing may leave that nobody has checked.
asio::awaitable<bool> order_course::uphold_refund()
{
    const auto payment =
        co_await ctx_.journal.run([&](store::journal& j) { return j.find(r_->row.of); });
    const auto refunds =
        co_await ctx_.journal.run([&](store::journal& j) { return j.refunds_of(r_->row.of); });
    if (!payment || !refunds) co_return false;
    if (*payment)
        uphold(protocol::broken_by_refund(r_->row, **payment, *refunds), r_->row.out_trade_no);
    co_return true;
}

asio::awaitable<bool> order_course::step(order_event on, std::string_view reason)
{
    store::step_facts none;
    const bool written = co_await step(on, reason, std::move(none));
    co_return written;
}

asio::awaitable<bool> order_course::step(order_event on, std::string_view reason,
                                         store::step_facts facts)
{
    const auto decided = protocol::decide(r_->row.state, on);
    if (!decided) uphold("the table of states knows no such step", r_->row.out_trade_no);
    const auto at = ctx_.time.wall();
    const auto failed = co_await ctx_.journal.run([&](store::journal& j) {
        return j.advance(r_->row.out_trade_no, *decided, reason, at, facts);
    });
    if (failed == make_error_code(errc::stale_state)) {
        log(log_level::error, "order.superseded", {{"order", r_->row.out_trade_no}});
        r_->superseded = true;
        co_return false;
    }
    if (failed) {
        log_often(log_level::error, "journal.failed",
                  {{"order", r_->row.out_trade_no}, {"why", failed.message()}});
        ctx_.broken = true;
        ctx_.journal.report(failed);  // everybody is told, and the process ends
        co_return false;
    }
    r_->journalled = decided->to;
    apply(*decided, reason, facts, at);
    co_return true;
}

void order_course::apply(const protocol::transition& step, std::string_view reason,
                         const store::step_facts& facts, timestamp at)
{
    auto& row = r_->row;
    row.state = step.to;
    row.reason = reason;
    row.needs = without(row.needs | facts.needs, facts.settled);
    if (facts.resolved_paid) row.resolved_paid = facts.resolved_paid;
    const bool expected = row.resolved_paid == true;  // a human had found it out before
    if (protocol::is_late(step) && !expected) row.needs = row.needs | protocol::attention::late;
    if (facts.facts) protocol::learn(row.facts, *facts.facts);
    if (facts.refundable_before) row.refundable_before = facts.refundable_before;
    if (facts.refundable_now) row.refundable_now = facts.refundable_now;
    if (facts.cancel_wanted) row.cancel_wanted = *facts.cancel_wanted;
    if (facts.cancel_acknowledged) row.cancel_acknowledged = *facts.cancel_acknowledged;
    row.updated_at = at;
    r_->updated = ctx_.time.now();
    if (step.on == order_event::send) {
        row.sent_at = at;
        r_->sent = ctx_.time.now();
    }
    if (protocol::is_final(step.to) && step.to != step.from) {
        row.final_at = at;
        r_->final_since = ctx_.time.now();
        if (ctx_.on_end) ctx_.on_end(row);
    }

    const bool for_a_human = row.needs != protocol::attention::none;
    log(for_a_human ? log_level::warning : log_level::info, "order.step",
        {{"order", row.out_trade_no},
         {"from", std::string{name_of(step.from)}},
         {"on", std::string{name_of(step.on)}},
         {"to", std::string{name_of(step.to)}},
         {"why", row.reason}});
}

void order_course::set_stage(stage where)
{
    if (r_->where == where) return;
    r_->where = where;
    r_->progressed();
}

void order_course::release_terminal(bool seen_to_end)
{
    if (is_direct()) return;
    ctx_.lines[r_->row.terminal].leave(r_, seen_to_end);
}

}  // namespace ecr::daemon
