#pragma once

#include "protocol/till/reply.hpp"

/// What an order's state means to a till.
namespace ecr::protocol::till {

/// The two-digit result of an order as it stands.
[[nodiscard]] result_code code_of(const order& o) noexcept;

/// Whether the till may ring this sale again (under a new number) without a danger of taking money
/// twice. Only states that stand on positive evidence give yes. Source: design 3.13.
[[nodiscard]] bool safe_to_retry(const order& o) noexcept;

/// One sentence a cashier understands, with what to do.
[[nodiscard]] std::string text_for_cashier(const order& o);

/// True when money moved after the till may have been told that it had not.
[[nodiscard]] inline bool is_late(const order& o) noexcept
{
    return has(o.needs, attention::late);
}

/// The outcome that tells a till where the order stands.
[[nodiscard]] outcome outcome_of(const order& o, std::string tag, bool earlier);

/// What to call the order towards its till: the till's own number when it sent one.
[[nodiscard]] inline const std::string& number_for_till(const order& o) noexcept
{
    return o.till_order.empty() ? o.out_trade_no : o.till_order;
}

}  // namespace ecr::protocol::till
