#pragma once

#include "protocol/order/order.hpp"

#include <cstdint>
#include <string>
#include <string_view>

/// Order numbers: what the cloud is given, and what makes two commands the same. Source:
/// design 3.4; contract 8.5.
namespace ecr::protocol {

/// For tills whose numbers start again every business day: "<till>-<YYYYMMDD>-<number>".
[[nodiscard]] std::string daily_number(std::string_view till, std::string_view day,
                                       std::string_view number);

/// For tills without numbers: "<till>-<YYYYMMDDhhmmss>-<6 base32 digits of `random`>". The time and
/// the random part keep it unique even when the journal has been lost.
[[nodiscard]] std::string made_number(std::string_view till, timestamp at, std::uint32_t random);

/// The business day of a moment, "YYYYMMDD", for days that start at `starts` of QFPay's time.
[[nodiscard]] std::string business_day(timestamp at, std::chrono::hours starts);

/// What must be equal for two commands of one number to be the same order. `terminal` only when
/// the till named one: the configured default may change between a command and its repeat.
[[nodiscard]] std::string content_of(const order& o, std::string_view terminal_as_asked);

/// Why this refund cannot be, known without asking anybody; empty: it may be tried.
/// Source: design 3.10; contract 3.2, 8.4.
[[nodiscard]] std::string refund_refusal(const order& payment, std::int64_t amount_minor_units,
                                         timestamp now, order_route route = order_route::terminal,
                                         bool when_possible = false);

/// The end of QFPay's night, in which nothing is refunded; nothing outside of it.
/// Source: contract 8.4, 13.10.
[[nodiscard]] std::optional<timestamp> refunds_possible_from(timestamp now);

/// Tells two secrets apart without giving either away: too short to find one from it.
[[nodiscard]] std::string fingerprint(std::string_view secret);

/// The number of the refund that gives back a late payment: the same one, however often it is
/// asked.
[[nodiscard]] std::string late_refund_number(std::string_view out_trade_no);

}  // namespace ecr::protocol
