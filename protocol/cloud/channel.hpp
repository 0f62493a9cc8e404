#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace ecr::protocol {

/// How the shopper pays, as /ecr/v1 names it. The numbers are stored in the journal.
/// Source: contract 3.1.
enum class channel : std::uint8_t {
    card_payment = 1,  // Visa, Mastercard
    wx = 2,
    alipay = 3,
    payme = 4,
    union_qr = 5,  // "union" on the wire
    fps = 6,
    octopus = 7,
    unionpay_card = 8,
    amex_card = 9,
    other = 10,  // a wallet that /ecr/v1 has no name for; direct payments only
};

inline constexpr int channel_count = 9;  // those a terminal knows: all but `other`

/// Who scans. The numbers are stored in the journal. Source: contract 3.1.
enum class scan_type : std::uint8_t {
    qrcode_pay = 1,  // QRCODE_PAY: the terminal shows a code, the shopper scans it (MPM)
    scan_pay = 2,    // SCAN_PAY: the terminal scans the shopper's code (CPM)
};

/// The wire name: "card_payment", "wx", …, "union", ….
[[nodiscard]] std::string_view name_of(channel value) noexcept;
[[nodiscard]] std::optional<channel> channel_of(std::string_view name) noexcept;

/// The wire name: "QRCODE_PAY" or "SCAN_PAY".
[[nodiscard]] std::string_view name_of(scan_type value) noexcept;
[[nodiscard]] std::optional<scan_type> scan_type_of(std::string_view name) noexcept;

/// The channel a busicd (pay type) belongs to. Lenient: by prefix. Source: contract 6.
[[nodiscard]] std::optional<channel> channel_of_busicd(std::string_view busicd) noexcept;

/// Cards whose same-day refund must be for the full amount. Source: contract 3.2.
[[nodiscard]] constexpr bool is_card(channel value) noexcept
{
    return value == channel::card_payment || value == channel::unionpay_card ||
           value == channel::amex_card;
}

}  // namespace ecr::protocol
