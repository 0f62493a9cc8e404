#include "protocol/cloud/ecr_api.hpp"

#include <algorithm>
#include <array>

namespace ecr::protocol::cloud {
namespace {

struct currency_code {
    std::string_view alphabetic;
    std::string_view numeric;
};

// Source: contract 9 for the list, ISO 4217 for the numbers. RMB is what 2018 pages call CNY.
constexpr auto currency_codes = std::to_array<currency_code>({
    {"AED", "784"},
    {"AUD", "036"},
    {"CAD", "124"},
    {"CNY", "156"},
    {"EUR", "978"},
    {"HKD", "344"},
    {"IDR", "360"},
    {"JPY", "392"},
    {"MMK", "104"},
    {"MYR", "458"},
    {"RMB", "156"},
    {"SGD", "702"},
    {"THB", "764"},
    {"USD", "840"},
});

bool same_letters(std::string_view a, std::string_view b) noexcept
{
    const auto upper = [](char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c; };
    return std::ranges::equal(a, b, {}, upper, upper);
}

/// The numeric code where one is known, else the text itself.
std::string_view numeric_of(std::string_view text) noexcept
{
    if (text == "36") return "036";  // a bare number in JSON cannot keep the zero
    for (const auto& [alphabetic, numeric] : currency_codes)
        if (same_letters(text, alphabetic)) return numeric;
    return text;
}

}  // namespace

bool same_currency(std::string_view a, std::string_view b) noexcept
{
    return numeric_of(a) == numeric_of(b);
}

}  // namespace ecr::protocol::cloud
