#pragma once

#include "protocol/timestamp.hpp"

#include <vector>

/// Which months to ask /trade/v1/query about: one call sees one calendar month of QFPay's clock,
/// and without both ends only the current one. Source: contract 8.3, 13.22, 13.26.
namespace ecr::protocol::cloud {

/// A call to /ecr or /trade may be booked so long before or after it was sent: two clocks, and the
/// time under way. An order sent so close to a month's end may be in either month.
inline constexpr std::chrono::minutes month_margin{30};

/// Whole seconds, both of them inside, within one month of QFPay's clock.
struct month_window {
    timestamp start;
    timestamp end;

    friend bool operator==(const month_window&, const month_window&) = default;
};

/// The whole month `at` is in.
[[nodiscard]] month_window month_of(timestamp at) noexcept;

/// True when one call may ask for both at once.
[[nodiscard]] bool in_one_month(timestamp a, timestamp b) noexcept;

/// A period cut at its month ends, oldest first. Fractions of a second are dropped. Empty when
/// `to` is before `from`.
[[nodiscard]] std::vector<month_window> months_to_ask(timestamp from, timestamp to);

/// Where an order sent at `sent_at` may be found: its own month first. Then the month before or
/// after when it was sent within month_margin of it, and the month after when `now` is past the
/// month's end: a refund is booked when it is done. Whole months, at most three.
[[nodiscard]] std::vector<month_window> windows_for_order(timestamp sent_at, timestamp now);

}  // namespace ecr::protocol::cloud
