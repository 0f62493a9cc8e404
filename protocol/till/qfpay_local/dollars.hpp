#pragma once

#include "protocol/money.hpp"

#include <string_view>

namespace ecr::protocol::till::qfpay_local {

/// An amount as these tills write it: dollars, with at most two decimals. "12.3" is 1230 minor
/// units. Decimal text throughout: no floating point touches it.
///
/// Errors: errc::bad_amount        not such a number (a sign, an exponent, 12.345), or zero
///         errc::amount_too_large  above money::minor_units_max
[[nodiscard]] result<money> parse_dollars(std::string_view text);

}  // namespace ecr::protocol::till::qfpay_local
