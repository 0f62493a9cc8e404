#include "protocol/cloud/currency.hpp"

#include <algorithm>
#include <array>

namespace ecr::protocol::cloud {
namespace {

constexpr bool sure = false;
constexpr bool confirm = true;

// ISO 4217 gives IDR and MMK two digits that nobody uses: to be confirmed with QFPay.
// clang-format off
constexpr auto all = std::to_array<currency>({
    {"AED", "784", 2, sure},
    {"AUD", "036", 2, sure},
    {"CAD", "124", 2, sure},
    {"CNY", "156", 2, sure},
    {"EUR", "978", 2, sure},
    {"HKD", "344", 2, sure},
    {"IDR", "360", 2, confirm},
    {"JPY", "392", 0, sure},
    {"MMK", "104", 2, confirm},
    {"MYR", "458", 2, sure},
    {"SGD", "702", 2, sure},
    {"THB", "764", 2, sure},
    {"USD", "840", 2, sure},
});
// clang-format on
static_assert(std::ranges::all_of(all,
                                  [](const currency& c) {
                                      return c.minor_digits == 0 || c.minor_digits == 2;
                                  }),
              "for_people writes no other");

bool same_letters(std::string_view a, std::string_view b) noexcept
{
    const auto upper = [](char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c; };
    return std::ranges::equal(a, b, {}, upper, upper);
}

}  // namespace

std::span<const currency> currencies() noexcept
{
    return all;
}

const currency* find_currency(std::string_view code) noexcept
{
    if (code == "36") code = "036";  // a bare number in JSON cannot keep the zero
    if (same_letters(code, "RMB")) code = "CNY";
    for (const auto& each : all)
        if (each.numeric == code || same_letters(each.alphabetic, code)) return &each;
    return nullptr;
}

bool same_currency(std::string_view a, std::string_view b) noexcept
{
    const auto* known = find_currency(a);
    return known ? known == find_currency(b) : a == b;
}

std::string for_people(money amount, std::string_view currency_code)
{
    const auto* known = find_currency(currency_code);
    if (!known || known->minor_digits == 2) return ecr::for_people(amount);
    return std::to_string(amount.minor_units());
}

}  // namespace ecr::protocol::cloud
