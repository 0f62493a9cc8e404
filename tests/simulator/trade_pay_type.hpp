#pragma once

#include "protocol/cloud/channel.hpp"
#include "tests/simulator/settings.hpp"

#include <string_view>

namespace ecr::simulator {

/// How a payment of this type begins.
enum class pay_mode {
    customer_code,  // CPM: auth_code in, the result out
    merchant_code,  // MPM: a QR code out
    online,         // web, app, mini program: a link out
    terminal,       // only terminals make them
};

struct trade_pay_type {
    std::string_view code;
    pay_mode mode;
    protocol::channel via;
};

/// Nothing for a type that QFPay does not have any more, or never had.
///
/// Source: pay_types.csv, those that are current, legacy or returned.
[[nodiscard]] const trade_pay_type* trade_pay_type_of(std::string_view code) noexcept;

/// "HKD" and its like, as `/trade/v1` takes them. Source: contract 9.
[[nodiscard]] bool is_trade_currency(std::string_view text) noexcept;
/// "HKD" for "344"; what it does not know comes back as it is.
[[nodiscard]] std::string_view alpha_of_numeric(std::string_view currency) noexcept;

/// Whether a close or a reversal of this type is supported. Source: contract 4.3.
[[nodiscard]] bool supports_close(std::string_view pay_type, undo_support table) noexcept;
[[nodiscard]] bool supports_reversal(std::string_view pay_type, undo_support table) noexcept;
/// Whether a reversal gives the money of a completed payment back under every setting.
[[nodiscard]] bool reversal_voids(std::string_view pay_type, undo_support table) noexcept;

}  // namespace ecr::simulator
