#pragma once

#include "protocol/order/order.hpp"
#include "store/sqlite.hpp"

#include <string_view>

namespace ecr::store {

/// The columns of `orders`, in the order in which read_order() reads and insert_order() binds.
inline constexpr std::string_view order_columns =
    "out_trade_no, kind, till, till_named, till_order, content, terminal, channel, scan, "
    "camera_id, amount_minor_units, currency, payment_timeout_s, of_order, of_syssn, "
    "allow_modify, refundable_before, state, reason, needs, syssn, respcd, sysdtm, busicd, "
    "chnlsn, card, card_scheme, matched_by_question, refundable_now, cancel_wanted, "
    "cancel_acknowledged, delivered, created_at_ms, sent_at_ms, updated_at_ms, final_at_ms, "
    "shown, merchant, route, pay_type, txdtm, not_before_ms, resolved_paid";
inline constexpr int order_column_count = 43;

/// The columns of `steps` as read_step() reads them.
inline constexpr std::string_view step_columns = "from_state, event, to_state, reason, at_ms";

/// How an enum or a flag is stored.
template <class Value>
[[nodiscard]] constexpr std::int64_t to_column(Value value) noexcept
{
    return static_cast<std::int64_t>(value);
}

[[nodiscard]] constexpr std::int64_t to_column(timestamp at) noexcept
{
    return at.time_since_epoch().count();
}

template <class Value>
[[nodiscard]] constexpr std::optional<std::int64_t> to_column(
    const std::optional<Value>& value) noexcept
{
    return value ? std::optional{to_column(*value)} : std::nullopt;
}

/// Reads the row `from` stands on.
///
/// Errors: sqlite category  SQLITE_CORRUPT: a number that none of our enums has, so somebody else
///                          wrote it
[[nodiscard]] result<protocol::order> read_order(const rows& from);
[[nodiscard]] result<protocol::order_step> read_step(const rows& from);

/// Inserts a new order in state `accepted`: not sent, not final, last touched when created.
[[nodiscard]] error_code insert_order(statement& insert, const protocol::order& order,
                                      std::string_view reason) noexcept;

}  // namespace ecr::store
