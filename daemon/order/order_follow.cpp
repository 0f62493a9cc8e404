// The second half of an order's course: from the push to its end, and the watch beyond.
#include "daemon/logging.hpp"
#include "daemon/order/order_course.hpp"

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

// A cancel that overtook its push may have met an idle terminal (contract 13.15): once more then.
constexpr int cancels_max = 2;
constexpr milliseconds cancel_again_after{10'000};

/// Calendar months between two moments, in QFPay's time.
int months_between(timestamp from, timestamp to)
{
    const auto month_of = [](timestamp at) {
        const std::chrono::year_month_day day{
            std::chrono::floor<std::chrono::days>(at + cloud_utc_offset)};
        return int{day.year()} * 12 + static_cast<int>(unsigned{day.month()});
    };
    return month_of(to) - month_of(from);
}

/// Calendar months since the push. Not from sent_at: our own clock may have been set since.
int months_old(timestamp cloud_now, milliseconds age)
{
    return months_between(cloud_now - age, cloud_now);
}

}  // namespace

enquiry_phase order_course::phase() const
{
    return protocol::phase_of(ctx_.settings.pace, age(), window());
}

importance order_course::urgency() const
{
    if (settled()) return importance::watch;
    return phase() == enquiry_phase::doubt ? importance::doubt : importance::waiting;
}

const std::string& order_course::enquiry_terminal() const
{
    // The order's own terminal first; another one only when that one may not ask.
    if (r_->enquiry_terminal == 0) return r_->row.terminal;
    std::vector<const terminal_config*> others;
    for (const auto& terminal : ctx_.terminals)
        if (terminal.merchant == r_->row.merchant) others.push_back(&terminal);
    if (others.empty()) return r_->row.terminal;
    return others[(r_->enquiry_terminal - 1) % others.size()]->id;
}

bool order_course::out_of_reach() const
{
    // By our number the cloud looks at this month and the last only. Source: contract 8.2.
    if (is_direct()) return false;  // a list of any month can be asked for
    return r_->row.facts.syssn.empty() && r_->row.kind == order_kind::payment && r_->row.sent_at &&
           months_old(ctx_.cloud_now(r_->row), oldest_age()) > 1;
}

bool order_course::nothing_to_ask() const
{
    // However long the bridge was switched off: no order is given up before it was asked about, and
    // one answer alone may be old news.
    const bool old = phase() == enquiry_phase::over && r_->answers >= last_looks &&
                     r_->last != last_answer::unconfirmed;
    return old || out_of_reach();
}

asio::awaitable<void> order_course::give_up()
{
    if (r_->row.state == order_state::on_terminal) {
        const bool written =
            co_await step(order_event::doubt, "the cloud has not said what became of it");
        if (!written) co_return;
    }
    if (settled()) co_return co_await end_watch_early();
    if (r_->row.state != order_state::in_doubt) co_return;
    store::step_facts facts{.needs = protocol::attention::unresolved};
    (void)co_await step(order_event::give_up, "the cloud can no longer be asked", std::move(facts));
    r_->ended();
}

/// A bridge that was off for months can no longer see whether money came late to what had ended
/// without evidence, by time alone. Source: design 3.11.
asio::awaitable<void> order_course::end_watch_early()
{
    const auto state = r_->row.state;
    const bool by_time = state == order_state::expired || state == order_state::cancelled;
    if (!by_time || !out_of_reach() || has(r_->row.needs, protocol::attention::unresolved))
        co_return;
    const auto steps = co_await ctx_.journal.run(
        [&](store::journal& j) { return j.steps_of(r_->row.out_trade_no); });
    // What the operator has taken off the list stays off it.
    const bool judged = !steps || std::ranges::any_of(*steps, [](const auto& step) {
        return step.on == order_event::resolve;
    });
    if (judged || ctx_.broken) co_return;
    store::step_facts facts{.needs = protocol::attention::unresolved};
    (void)co_await step(order_event::learn,
                        "the bridge was off for so long that the cloud can no longer be asked "
                        "about late money",
                        std::move(facts));
}

asio::awaitable<void> order_course::follow()
{
    while (!ctx_.stopping && !ctx_.broken && !r_->superseded) {
        if (nothing_to_ask()) {
            co_await give_up();
            co_return;
        }
        if (!co_await sleep_until_next_enquiry()) co_return;
        if (!is_direct()) co_await tell_terminal_to_cancel();
        if (ctx_.stopping || ctx_.broken) co_return;

        auto found = co_await ask();
        if (ctx_.stopping || ctx_.broken) co_return;
        const bool still_open = found.what == finding::not_found ||
                                found.what == finding::pending || found.what == finding::processing;
        co_await weigh(std::move(found));
        r_->last_asked = ctx_.time.now();
        if (r_->to_resolve) co_await resolve();
        r_->enquiries.call_all();
        if (needs_no_more_asking()) co_return;
        co_await run_out_of_patience();
        // Ask, act, ask: a close or a reversal may give back what has been paid (contract 10.20).
        const bool looked_at = still_open && r_->last != last_answer::unconfirmed;
        if (is_direct() && looked_at) co_await undo();
    }
}

asio::awaitable<bool> order_course::sleep_until_next_enquiry()
{
    const auto wait = protocol::next_enquiry(ctx_.settings.pace, {.age = age(),
                                                                  .payment_timeout = window(),
                                                                  .settled = settled(),
                                                                  .last = r_->last,
                                                                  .failures = r_->failures,
                                                                  .jitter = ctx_.jitter()});
    // The watch may be over before the cloud could be asked at all: then once it can be.
    const auto& pace = ctx_.settings.pace;
    const auto late = r_->failures > 0                ? pace.outage_max
                      : r_->last == last_answer::none ? milliseconds{0}
                                                      : pace.confirmation;
    auto until = ctx_.time.now() + wait.value_or(late);
    const bool unknown = r_->row.state == order_state::rejected && !known_after_all_;
    if (unknown && r_->last != last_answer::unconfirmed)
        until = std::max(until, ctx_.time.now() + next_concluding_look() - age());
    while (!r_->asked_for && ctx_.time.now() < until) {
        r_->wake.set_at(until);
        (void)co_await r_->wake.wait();
        if (ctx_.stopping || ctx_.broken) co_return false;
        if (r_->to_resolve) break;
        if (r_->cancel_wished && !r_->row.cancel_wanted && !settled()) {
            if (is_direct()) break;
            co_await tell_terminal_to_cancel();
        }
    }
    r_->asked_for = false;
    co_return true;
}

asio::awaitable<void> order_course::tell_terminal_to_cancel()
{
    const bool window_over = phase() != enquiry_phase::window;
    // Only while our own order may be running there: a cancel names no order.
    if (settled() || !r_->has_terminal || !(r_->cancel_wished || window_over)) co_return;
    co_await wish_to_cancel();
    if (ctx_.broken) co_return;
    const bool again =
        r_->cancels_sent < cancels_max && ctx_.time.now() - r_->last_cancel >= cancel_again_after;
    if (r_->cancels_sent > 0 && r_->row.cancel_acknowledged && !again) co_return;

    auto parameters =
        protocol::cloud::to_form(protocol::cloud::cancel_request{.termid = r_->row.terminal});
    if (!parameters) co_return;
    ++r_->cancels_sent;
    r_->last_cancel = ctx_.time.now();
    const auto reply = co_await ctx_.cloud_of(r_->row).call(
        protocol::cloud::cancel_path, std::move(*parameters), importance::money);
    if (r_->row.cancel_acknowledged || !protocol::cancel_was_heard(reply)) co_return;
    store::step_facts heard{.cancel_acknowledged = true};
    (void)co_await step(order_event::learn, "the terminal was told to cancel", std::move(heard));
}

asio::awaitable<void> order_course::wish_to_cancel()
{
    if (!r_->cancel_wished || r_->row.cancel_wanted) co_return;
    store::step_facts wish{.cancel_wanted = true};
    const bool written =
        co_await step(order_event::learn, "the till asked to cancel", std::move(wish));
    if (written) set_stage(stage::cancelling);
}

asio::awaitable<evidence> order_course::ask()
{
    evidence own;
    if (is_direct())
        own = co_await ask_directly();
    else if (r_->row.kind == order_kind::payment || r_->number_sent)
        own = co_await ask_by_own_number();
    if (r_->row.kind == order_kind::payment) co_return own;

    // A refund's own row is the better witness, where the cloud keeps one; a row that says
    // "pending" stands against a fall of the refundable amount that may be taken back.
    const bool silent = own.what == finding::nothing || own.what == finding::not_found;
    if (!silent) co_return own;
    if (!r_->row.refundable_before) {
        const bool worth_it = own.what == finding::not_found && age() >= concluded_at();
        if (!worth_it) co_return own;
        auto payment = co_await ask_about_direct_payment();
        if (payment.what == finding::nothing) co_return own;
        co_return payment;
    }
    auto fall = co_await ask_about_payment();
    if (settled() && fall.what != finding::nothing) {
        const bool not_ours = co_await another_refund_followed();
        if (not_ours) {
            fall.what = finding::nothing;
            fall.reason = "another refund of the payment came later";
        }
    }
    if (fall.reached && fall.what != finding::paid && fall.what != finding::nothing)
        r_->fallen_since.reset();
    if (fall.what == finding::paid && !has_stood()) {
        fall.what = finding::pending;
        fall.confirm = false;
    }
    co_return fall;
}

/// Some clouds lower the amount when the refund is pushed and raise it again when nobody confirms
/// it (contract 13.8). Without the refund's own row, a fall is believed only once nobody can be
/// standing at the terminal any more; and the push may have arrived there late, or waited there
/// while others had their time.
bool order_course::has_stood()
{
    const auto now = ctx_.time.now();
    if (!r_->fallen_since) r_->fallen_since = now;
    const auto shown_later = ctx_.settings.pace.window_slack / 2;
    const auto its_turn = window() * (1 + r_->perhaps_ahead);
    return phase() != enquiry_phase::window && now - *r_->fallen_since >= its_turn + shown_later;
}

asio::awaitable<bool> order_course::another_refund_followed()
{
    const auto refunds =
        co_await ctx_.journal.run([&](store::journal& j) { return j.refunds_of(r_->row.of); });
    if (!refunds) co_return true;
    co_return std::ranges::any_of(*refunds, [&](const protocol::order& other) {
        return other.out_trade_no != r_->row.out_trade_no && other.sent_at &&
               other.created_at >= r_->row.created_at;
    });
}

asio::awaitable<evidence> order_course::ask_by_own_number()
{
    const auto& row = r_->row;
    // The number shows whatever happened under it; QFPay's number stays valid after two months.
    const bool by_number = !row.sent_at || months_old(ctx_.cloud_now(row), oldest_age()) <= 1;
    protocol::cloud::query_request question{.syssn = by_number ? std::string{} : row.facts.syssn,
                                            .out_trade_no = row.out_trade_no,
                                            .termid = enquiry_terminal()};
    const auto reply = co_await ctx_.cloud_of(r_->row).query(std::move(question), urgency());

    protocol::enquiry_context context{.age = oldest_age(), .now = ctx_.cloud_now(row)};
    if (const auto syssn = protocol::syssn_to_look_up(row, reply); !syssn.empty()) {
        const auto owner =
            co_await ctx_.journal.run([&](store::journal& j) { return j.find_syssn(syssn); });
        if (!owner) co_return evidence{.reason = "the journal cannot be read"};
        if (*owner) context.syssn_owner = (*owner)->out_trade_no;
    }
    co_return protocol::judge_enquiry(row, reply, context);
}

asio::awaitable<evidence> order_course::ask_about_payment()
{
    protocol::cloud::query_request question{.syssn = r_->row.of_syssn,
                                            .termid = enquiry_terminal()};
    const auto reply = co_await ctx_.cloud_of(r_->row).query(std::move(question), urgency());
    co_return protocol::judge_refund_by_payment(r_->row, reply);
}

asio::awaitable<void> order_course::run_out_of_patience()
{
    if (settled()) co_return;
    if (age() < protocol::patience_end(ctx_.settings.pace, window())) co_return;
    if (r_->row.state == order_state::on_terminal) {
        const bool written =
            co_await step(order_event::doubt, "the cloud has not said what became of it");
        if (!written) co_return;
    }
    // One slow enquiry may have lasted from the window to here, and without a cancel nothing that
    // the cloud does not know can ever be called expired.
    if (!is_direct() && r_->cancels_sent == 0) co_await tell_terminal_to_cancel();
    if (settled() || ctx_.broken) co_return;
    release_terminal();
    if (r_->patience_over) co_return;
    r_->patience_over = true;
    r_->ended();
}

}  // namespace ecr::daemon
