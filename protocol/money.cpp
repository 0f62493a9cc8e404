#include "protocol/money.hpp"

#include <algorithm>
#include <charconv>

namespace ecr {

result<money> money::of(std::int64_t minor_units) noexcept
{
    if (minor_units <= 0) return errc::bad_amount;
    if (minor_units > minor_units_max) return errc::amount_too_large;
    return money{minor_units};
}

result<money> parse_amount(std::string_view text) noexcept
{
    const auto digit = [](char c) { return c >= '0' && c <= '9'; };
    if (text.empty() || !std::ranges::all_of(text, digit)) return errc::bad_amount;

    std::int64_t value = 0;
    const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), value);
    // All digits, so only overflow is left.
    if (failed != std::errc{}) return errc::amount_too_large;
    return money::of(value);
}

std::string for_people(money amount)
{
    const auto cents = amount.minor_units() % 100;
    return std::to_string(amount.minor_units() / 100) + (cents < 10 ? ".0" : ".") +
           std::to_string(cents);
}

}  // namespace ecr
