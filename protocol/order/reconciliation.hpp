#pragma once

#include "protocol/cloud/trade_api.hpp"
#include "protocol/order/order.hpp"

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

/// Our journal against the cloud's records: where the two do not tell the same about the money.
/// Pure. Source: users 4, 11; contract 4.5, 4.6, 10.
namespace ecr::protocol {

enum class difference_kind : std::uint8_t {
    missing_here,        // it has money moved that we do not know of, or do not hold as moved
    missing_there,       // we hold it as moved, and it has no row that says so
    amount_differs,      // or the currency
    paid_twice,          // a second payment under one number
    refunded_elsewhere,  // money of a payment of ours went back, and no refund of ours explains it
};
[[nodiscard]] std::string_view name_of(difference_kind what) noexcept;

/// From `from`, before `before`.
struct record_period {
    timestamp from;
    timestamp before;

    [[nodiscard]] bool holds(timestamp at) const noexcept { return at >= from && at < before; }
};

/// One difference. The order and the row are the caller's, who keeps them.
struct difference {
    difference_kind what{};
    order_kind type = order_kind::payment;
    const order* ours = nullptr;  // for a refund we know nothing of: the payment, if that is ours
    const cloud::trade_row* theirs = nullptr;
    std::string text;  // for people
};

struct reconciliation {
    std::vector<difference> differences;  // oldest first
    std::vector<const order*> open;       // of the period, and not final: no difference yet
    std::size_t orders = 0;               // of ours that belong to the period
    std::size_t rows = 0;                 // of its payments and refunds that do
};

/// Whether the row says that money has moved, and how.
[[nodiscard]] bool has_moved_money(const cloud::trade_row& row) noexcept;
[[nodiscard]] bool is_refund(const cloud::trade_row& row) noexcept;

/// When the cloud has it, by its sysdtm; when that is not known, when it was sent, or made.
[[nodiscard]] timestamp time_of(const order& o) noexcept;

/// Finds the differences of a period. Both lists may reach beyond it, so that what happened near
/// midnight finds its other half: only what belongs to the period is reported. `orders` holds all
/// that is known under any number of a row, however old, and each once. A row that comes twice, as
/// when a list grows while its pages are read, counts once.
///
/// Matched by out_trade_no, then by syssn; a refund that carries neither of ours by its payment and
/// amount. What is open here is no difference, whatever the cloud says.
[[nodiscard]] reconciliation reconcile(std::span<const order> orders,
                                       std::span<const cloud::trade_row> rows,
                                       const record_period& period);

}  // namespace ecr::protocol
