#include "protocol/till/verdict.hpp"

namespace ecr::protocol::till {
namespace {

bool never_sent(const order& o) noexcept
{
    return !o.sent_at.has_value();
}

std::string why(const order& o)
{
    return o.reason.empty() ? std::string{} : " (" + o.reason + ")";
}

}  // namespace

result_code code_of(const order& o) noexcept
{
    if (has(o.needs, attention::mismatch) && o.state != order_state::paid)
        return result_code::mismatch;
    switch (o.state) {
        case order_state::accepted:
        case order_state::sending:
        case order_state::on_terminal: return result_code::pending;
        case order_state::in_doubt: return result_code::in_doubt;
        case order_state::paid:
            return has(o.needs, attention::returned) ? result_code::returned : result_code::done;
        case order_state::declined: return result_code::declined;
        case order_state::cancelled: return result_code::cancelled;
        case order_state::expired: return result_code::expired;
        case order_state::rejected:
            return o.facts.respcd.empty() ? result_code::not_sent : result_code::rejected;
        case order_state::unresolved: return result_code::unresolved;
        case order_state::resolved: return result_code::resolved;
    }
    return result_code::in_doubt;
}

bool safe_to_retry(const order& o) noexcept
{
    if (has(o.needs, attention::mismatch)) return false;
    if (o.state == order_state::resolved) return o.resolved_paid == false;
    switch (o.state) {
        case order_state::declined:
        case order_state::cancelled:
        case order_state::expired:
        case order_state::rejected: return true;
        case order_state::accepted:
        case order_state::sending:
        case order_state::on_terminal:
        case order_state::in_doubt:
        case order_state::paid:
        case order_state::unresolved:
        case order_state::resolved: return false;
    }
    return false;
}

std::string text_for_cashier(const order& o)
{
    const bool refund = o.kind == order_kind::refund;
    if (has(o.needs, attention::mismatch) && o.state != order_state::paid)
        return "Do not release the goods and do not ring again: the cloud reports something else "
               "for this order" +
               why(o);
    switch (o.state) {
        case order_state::accepted: return "Waiting for the terminal";
        case order_state::sending: return "Being sent to the terminal";
        case order_state::on_terminal: return "Waiting for the customer";
        case order_state::in_doubt:
            return std::string{refund ? "Refund" : "Payment"} +
                   " not confirmed yet: do not ring again, look at the terminal, ask for the "
                   "status later" +
                   why(o);
        case order_state::paid:
            if (has(o.needs, attention::returned))
                return "Do not release the goods: it was paid, and the money goes back to the "
                       "customer";
            return refund ? "Refunded" : "Paid";
        case order_state::declined: return "Declined" + why(o);
        case order_state::cancelled: return "Cancelled" + why(o);
        case order_state::expired:
            return refund ? "Not refunded: time ran out" : "Not paid: time ran out";
        case order_state::rejected:
            return (never_sent(o) || o.facts.respcd.empty()
                        ? "Nothing was sent to the terminal"
                        : "Refused by the cloud, nothing reached the terminal") +
                   why(o);
        case order_state::unresolved:
            return "Never confirmed by the cloud: ask the shop's manager" + why(o);
        case order_state::resolved:
            return std::string{"Ended by the shop's manager: "} +
                   (o.resolved_paid == true    ? "the money has moved"
                    : o.resolved_paid == false ? "no money has moved"
                                               : "ask before ringing again") +
                   why(o);
    }
    return "Unknown";
}

outcome outcome_of(const order& o, std::string tag, bool earlier)
{
    return {.tag = std::move(tag),
            .code = code_of(o),
            .safe_to_retry = safe_to_retry(o),
            .earlier = earlier,
            .late = is_late(o),
            .text = text_for_cashier(o),
            .order = o,
            .order_number = number_for_till(o)};
}

}  // namespace ecr::protocol::till
