#pragma once

#include "protocol/errc.hpp"

#include <chrono>
#include <string>
#include <string_view>

namespace ecr {

/// A moment of the wall clock, UTC, to the millisecond.
using timestamp = std::chrono::sys_time<std::chrono::milliseconds>;

/// QFPay's clock. Source: contract 8.1.
inline constexpr std::chrono::hours cloud_utc_offset{8};

/// "2024-07-04 15:14:25" in QFPay's time (UTC+8), as in sysdtm and server_time.
[[nodiscard]] std::string to_cloud_time(timestamp at);

/// Errors: errc::bad_parameter  not "YYYY-MM-DD hh:mm:ss" or no such day
[[nodiscard]] result<timestamp> parse_cloud_time(std::string_view text) noexcept;

/// "20240704": the calendar day in QFPay's time.
[[nodiscard]] std::string cloud_day(timestamp at);

/// "2024-07-04T07:14:25.123Z" for logs and JSON.
[[nodiscard]] std::string to_iso8601(timestamp at);

/// Minutes since midnight in QFPay's time, 0 to 1439.
[[nodiscard]] int cloud_minute_of_day(timestamp at) noexcept;

}  // namespace ecr
