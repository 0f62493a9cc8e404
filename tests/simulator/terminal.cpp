#include "tests/simulator/terminal.hpp"

#include <algorithm>
#include <utility>

namespace ecr::simulator {
namespace {

constexpr milliseconds last_moment{50};  // before the window ends

}  // namespace

terminal::terminal(std::string termid, agenda& events, const settings& behaviour, ledger& facts,
                   money_listener moved)
    : termid_{std::move(termid)},
      events_{events},
      behaviour_{behaviour},
      facts_{facts},
      moved_{std::move(moved)}
{}

void terminal::set_online(bool online)
{
    online_ = online;
    if (online_ && current_ && current_->stage == stage::on_the_way) arrive(current_);
}

void terminal::push(const transaction_ptr& request)
{
    request->pushed_at = events_.now();
    if (current_)
        queue_.push_back(request);
    else
        begin(request);
}

void terminal::reset()
{
    current_.reset();
    queue_.clear();
    last_delivery_ = milliseconds{};
}

void terminal::begin(const transaction_ptr& request)
{
    current_ = request;
    events_.at(delivery_moment(), [this, request] { arrive(request); });
    // Unshown, a push is still somebody's money: it ends with its window, or stays for the moment
    // the terminal is back.
    events_.after(request->timeout, [this, request] { drop_unshown(request); });
}

void terminal::arrive(const transaction_ptr& request)
{
    if (!waits_for(request) || request->stage != stage::on_the_way) return;
    if (!online_ || request->who.does == act::never_shown) return;
    show(request);
}

void terminal::show(const transaction_ptr& request)
{
    request->stage = stage::shown;
    request->home->show(request, events_.wall());
    const auto from =
        behaviour_.timeout_starts == timeout_starts::at_push ? request->pushed_at : events_.now();
    request->window_end = from + request->timeout;
    // Shown only after its window (it was queued, or the terminal was away): a new one.
    if (request->window_end <= events_.now())
        request->window_end = events_.now() + request->timeout;
    schedule(request);
    events_.at(request->window_end, [this, request] { expire(request); });
}

void terminal::schedule(const transaction_ptr& request)
{
    if (request->who.does == act::walks_away || request->who.does == act::pays_late) return;
    auto moment = events_.now() + request->who.after.value_or(behaviour_.shopper_delay);
    if (request->who.does == act::pays_at_the_last_moment)
        moment = std::max(events_.now(), request->window_end - last_moment);
    events_.at(moment, [this, request] { act_on(request); });
}

void terminal::act_on(const transaction_ptr& request)
{
    if (!waits_for(request) || request->stage != stage::shown) return;
    switch (request->who.does) {
        case act::pays:
        case act::pays_at_the_last_moment:
        case act::cancel_loses: return confirm(request);
        case act::declines: return end(request, truth::declined, request->who.respcd);
        case act::cancels_at_terminal: return end(request, truth::cancelled, "1142");
        case act::slow_result: {
            request->stage = stage::in_process;
            const auto wait = request->who.late.value_or(behaviour_.slow_result);
            events_.after(wait, [this, request] { confirm(request); });
            return;
        }
        case act::walks_away:
        case act::pays_late:
        case act::never_shown: return;
    }
}

void terminal::confirm(const transaction_ptr& request)
{
    if (!waits_for(request)) return;
    if (request->refund && request->may_modify && request->who.modified_amount > 0) {
        const auto& payment = *request->original;
        const auto left = payment.amount_minor_units - payment.refunded_minor_units;
        request->amount_minor_units = std::min(request->who.modified_amount, left);
    }
    move_money(request, false);
    end(request, truth::paid, "0000");
}

void terminal::expire(const transaction_ptr& request)
{
    if (!waits_for(request) || request->stage != stage::shown) return;
    end(request, truth::expired, "1181");
}

void terminal::drop_unshown(const transaction_ptr& request)
{
    if (!waits_for(request) || request->stage != stage::on_the_way) return;
    const bool lost = request->who.does == act::never_shown;
    if (!lost && behaviour_.offline_push == offline_push::shown_when_back) return;
    end(request, truth::none, "1181");
}

void terminal::cancel(std::size_t fact)
{
    // A cancel normally follows its push down one road. One that overtakes finds a terminal that
    // does nothing yet.
    const auto moment = behaviour_.cancel_overtakes ? events_.now() : delivery_moment();
    events_.at(moment, [this, fact] { arrive_cancel(fact); });
}

void terminal::arrive_cancel(std::size_t fact)
{
    if (!online_ || !current_ || current_->stage != stage::shown) return;
    if (current_->who.does == act::cancel_loses) return;
    facts_.cancel_stopped(fact, current_->out_trade_no);
    end(current_, truth::cancelled, "1142");
}

void terminal::end(const transaction_ptr& request, truth outcome, std::string respcd)
{
    request->stage = stage::ended;
    request->outcome = outcome;
    request->respcd = std::move(respcd);
    if (request->original) request->original->reserved_minor_units = 0;
    facts_.note_end(request->out_trade_no, outcome);
    const bool unpaid = outcome == truth::expired || outcome == truth::cancelled;
    if (unpaid && request->who.does == act::pays_late && !request->refund) {
        const auto wait = request->who.late.value_or(behaviour_.late_delay);
        events_.after(wait, [this, request] {
            move_money(request, true);
            request->outcome = truth::paid;
            request->respcd = "0000";
            facts_.note_end(request->out_trade_no, truth::paid);
        });
    }
    go_on(request);
}

void terminal::move_money(const transaction_ptr& request, bool late)
{
    request->paydtm = events_.wall();
    facts_.note(fact_of(*request, events_.wall(), late));
    if (request->refund) request->original->refunded_minor_units += request->amount_minor_units;
    moved_(request);
}

void terminal::go_on(const transaction_ptr& request)
{
    if (current_ != request) return;
    current_.reset();
    if (queue_.empty()) return;
    const auto next = queue_.front();
    queue_.pop_front();
    begin(next);
}

bool terminal::waits_for(const transaction_ptr& request) const
{
    return current_ == request;
}

milliseconds terminal::delivery_moment()
{
    last_delivery_ = std::max(last_delivery_, events_.now() + behaviour_.push_delay);
    return last_delivery_;
}

}  // namespace ecr::simulator
