#include "tests/simulator/wallet.hpp"

#include "tests/simulator/notifier.hpp"

#include <algorithm>
#include <utility>

namespace ecr::simulator {
namespace {

constexpr milliseconds last_moment{50};  // before the window ends

bool stays_away(act does)
{
    return does == act::walks_away || does == act::pays_late;
}

}  // namespace

void wallet::begin(const transaction_ptr& entry, bool at_once)
{
    if (entry->who.does == act::never_shown) return;
    auto& events = *inside_.events;
    entry->stage = stage::shown;
    entry->home->show(entry, events.wall());
    entry->window_end = events.now() + entry->timeout;
    // A refund has no window: it is under way until the channel has done it.
    if (!entry->refund) events.at(entry->window_end, [this, entry] { expire(entry); });
    if (at_once && entry->who.does != act::pays_at_the_last_moment) return act_on(entry);
    if (stays_away(entry->who.does)) return;
    auto moment = events.now() + delay_of(*entry);
    if (entry->who.does == act::pays_at_the_last_moment)
        moment = std::max(events.now(), entry->window_end - last_moment);
    events.at(moment, [this, entry] { act_on(entry); });
}

milliseconds wallet::delay_of(const transaction& entry) const
{
    return entry.who.after.value_or(inside_.behaviour.shopper_delay);
}

void wallet::act_on(const transaction_ptr& entry)
{
    if (entry->stage != stage::shown) return;
    switch (entry->who.does) {
        case act::pays:
        case act::pays_at_the_last_moment:
        case act::cancel_loses: return pay(entry);
        case act::declines: return end(entry, truth::declined, entry->who.respcd);
        case act::cancels_at_terminal: return end(entry, truth::cancelled, "1142");
        case act::slow_result: {
            entry->stage = stage::in_process;
            const auto wait = entry->who.late.value_or(inside_.behaviour.slow_result);
            inside_.events->after(wait, [this, entry] { pay(entry); });
            return;
        }
        case act::walks_away:
        case act::pays_late:
        case act::never_shown: return;
    }
}

void wallet::pay(const transaction_ptr& entry)
{
    if (entry->stage == stage::ended) return;
    move_money(entry, false);
    end(entry, truth::paid, "0000");
    if (entry->undo_wanted) give_back(entry, entry->home->next_syssn(inside_.events->wall()));
}

void wallet::expire(const transaction_ptr& entry)
{
    if (entry->stage == stage::shown) end(entry, truth::expired, "1181");
}

void wallet::call_off(const transaction_ptr& entry)
{
    if (entry->stage != stage::shown) return;
    entry->undone = true;
    end(entry, truth::cancelled, "1142");
}

void wallet::end(const transaction_ptr& entry, truth outcome, std::string respcd)
{
    entry->stage = stage::ended;
    entry->outcome = outcome;
    entry->respcd = std::move(respcd);
    if (entry->original) entry->original->reserved_minor_units = 0;
    inside_.facts.note_end(entry->out_trade_no, outcome);
    const bool unpaid = outcome == truth::expired || outcome == truth::cancelled;
    if (!unpaid || entry->who.does != act::pays_late || entry->refund) return;
    const auto wait = entry->who.late.value_or(inside_.behaviour.late_delay);
    inside_.events->after(wait, [this, entry] {
        move_money(entry, true);
        entry->undone = false;
        entry->outcome = truth::paid;
        entry->respcd = "0000";
        inside_.facts.note_end(entry->out_trade_no, truth::paid);
    });
}

void wallet::move_money(const transaction_ptr& entry, bool late)
{
    const auto now = inside_.events->wall();
    entry->paydtm = now;
    inside_.facts.note(fact_of(*entry, now, late));
    if (entry->refund) entry->original->refunded_minor_units += entry->amount_minor_units;
    inside_.notices().money_moved(entry);
}

void wallet::give_back(const transaction_ptr& entry, const std::string& syssn)
{
    auto fact = fact_of(*entry, inside_.events->wall(), false);
    fact.refund = true;
    fact.reversed = true;
    fact.origssn = std::exchange(fact.syssn, syssn);
    inside_.facts.note(std::move(fact));
    entry->undone = true;
    entry->undo_wanted = false;
    entry->refunded_minor_units = entry->amount_minor_units;
}

}  // namespace ecr::simulator
