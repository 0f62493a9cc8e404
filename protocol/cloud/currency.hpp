#pragma once

#include "protocol/money.hpp"

#include <span>
#include <string>
#include <string_view>

namespace ecr::protocol::cloud {

/// A currency of /trade. Source: contract 9 for the list, ISO 4217 for the numbers.
struct currency {
    std::string_view alphabetic;  // "HKD": /trade
    std::string_view numeric;     // "344": the enquiries of /ecr
    int minor_digits;             // 1.10 is 110 with two, 110 is 110 with none
    bool confirm_before_use;      // QFPay has not said what its minor unit is
};

[[nodiscard]] std::span<const currency> currencies() noexcept;

/// By either code, letters in any case; "RMB" is what 2018 pages call CNY.
[[nodiscard]] const currency* find_currency(std::string_view code) noexcept;

/// "344", "HKD" and "hkd" are one currency. An unknown one is equal only to itself.
[[nodiscard]] bool same_currency(std::string_view a, std::string_view b) noexcept;

/// "1.10", or "110" for JPY. An unknown currency is taken to have two digits. Never parsed again
/// by us.
[[nodiscard]] std::string for_people(money amount, std::string_view currency_code);

}  // namespace ecr::protocol::cloud
