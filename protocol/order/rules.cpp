#include "protocol/order/rules.hpp"

namespace ecr::protocol {

std::string_view broken_by_push(const push_moment& now) noexcept
{
    if (now.journalled != order_state::sending || now.of.state != order_state::sending)
        return "rule 1: an order is durable before a byte about it leaves";
    if (now.may_have_left) return "rule 3: what may have arrived is never sent again";
    if (now.of.route == order_route::terminal && !now.has_terminal)
        return "rule 8: a terminal has one request at a time";
    return {};
}

std::string_view broken_by_refund(const order& refund, const order& payment,
                                  const std::vector<order>& others) noexcept
{
    auto sum = refund.amount_minor_units;
    for (const auto& other : others) {
        // What came to light only after this refund was begun, nobody could have known.
        const bool known = other.final_at && *other.final_at < refund.created_at;
        if (other.out_trade_no != refund.out_trade_no && known && money_has_moved(other))
            sum += other.amount_minor_units;
    }
    if (sum > payment.amount_minor_units) return "rule 10: no more is given back than was paid";
    return {};
}

std::string_view broken_by_verdict(transport how, order_event verdict) noexcept
{
    switch (how) {
        case transport::not_sent:
            if (verdict == order_event::not_sent) return {};
            break;
        case transport::no_answer:
            if (verdict == order_event::doubt) return {};
            break;
        case transport::answered:
            if (verdict != order_event::not_sent) return {};
            break;
    }
    return "rule 2: unknown is not failed, and only what was not sent may be sent again";
}

std::string_view broken_by_end(const order& o, order_event on, std::string_view respcd) noexcept
{
    // A refund may be known by what is left of its payment.
    if (on == order_event::pay && o.kind == order_kind::payment && respcd != "0000")
        return "rule 5: paid needs positive evidence";
    return {};
}

std::string_view broken_by_reply(const order& o, bool says_paid, bool safe_to_retry) noexcept
{
    if (says_paid && o.state != order_state::paid) return "rule 5: paid needs positive evidence";
    if (!safe_to_retry) return {};
    const bool open = !is_final(o.state) && o.sent_at.has_value();
    if (open || o.state == order_state::paid || o.state == order_state::unresolved)
        return "rule 13: what may have been paid is not rung again";
    return {};
}

}  // namespace ecr::protocol
