#pragma once

#include "protocol/errc.hpp"

#include <compare>
#include <cstdint>
#include <string>
#include <string_view>

namespace ecr {

/// A positive amount of money in minor units of the order's currency. A refund is a kind of
/// order, never a negative amount.
class money {
public:
    /// Source: contract 13.27, the largest txamt (Int(11), signed 32 bit).
    static constexpr std::int64_t minor_units_max = 2'147'483'647;

    /// Errors: errc::bad_amount        zero or negative
    ///         errc::amount_too_large  above minor_units_max
    [[nodiscard]] static result<money> of(std::int64_t minor_units) noexcept;

    [[nodiscard]] constexpr std::int64_t minor_units() const noexcept { return minor_units_; }
    [[nodiscard]] constexpr auto operator<=>(const money&) const noexcept = default;

private:
    explicit constexpr money(std::int64_t minor_units) noexcept : minor_units_{minor_units} {}

    std::int64_t minor_units_;
};

/// Parses an amount of minor units as a till writes it: "110" is 1.10.
///
/// Errors: errc::bad_amount        empty, any non-digit (so "1.10" too), or zero
///         errc::amount_too_large  above money::minor_units_max
[[nodiscard]] result<money> parse_amount(std::string_view text) noexcept;

/// "1.10" for people. Never parsed again by us.
[[nodiscard]] std::string for_people(money amount);

}  // namespace ecr
