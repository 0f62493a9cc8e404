#include "protocol/redact.hpp"

#include <algorithm>

namespace ecr::protocol {
namespace {

constexpr std::ptrdiff_t first_shown = 6;
constexpr std::ptrdiff_t last_shown = 4;
constexpr std::ptrdiff_t card_size_min = 13;
constexpr std::ptrdiff_t card_size_max = 19;

bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

std::ptrdiff_t digits_in(std::string_view text)
{
    return std::ranges::count_if(text, is_digit);
}

/// ISO/IEC 7812-1, annex B (Luhn).
bool passes_check(std::string_view card)
{
    int sum = 0;
    bool doubled = false;
    for (auto c = card.rbegin(); c != card.rend(); ++c) {
        if (!is_digit(*c)) continue;
        const int digit = (*c - '0') * (doubled ? 2 : 1);
        sum += digit > 9 ? digit - 9 : digit;
        doubled = !doubled;
    }
    return sum % 10 == 0;
}

/// The end of the digits that begin at `first`, with single separators between them.
std::size_t end_of_digits(std::string_view text, std::size_t first)
{
    auto end = first;
    while (end < text.size()) {
        const bool separator = (text[end] == ' ' || text[end] == '-') && end + 1 < text.size() &&
                               is_digit(text[end + 1]);
        if (!is_digit(text[end]) && !separator) break;
        ++end;
    }
    return end;
}

}  // namespace

std::string masked_card(std::string_view card)
{
    std::string masked{card};
    const auto digits = digits_in(card);
    std::ptrdiff_t before = 0;
    for (char& c : masked) {
        if (!is_digit(c)) continue;
        if (before >= first_shown && before < digits - last_shown) c = '*';
        ++before;
    }
    return masked;
}

std::string without_card_numbers(std::string_view text)
{
    std::string clean{text};
    for (std::size_t at = 0; at < clean.size();) {
        if (!is_digit(clean[at])) {
            ++at;
            continue;
        }
        const auto end = end_of_digits(clean, at);
        const auto run = std::string_view{clean}.substr(at, end - at);
        const auto size = digits_in(run);
        if (size >= card_size_min && size <= card_size_max && passes_check(run))
            clean.replace(at, end - at, masked_card(run));
        at = end;
    }
    return clean;
}

}  // namespace ecr::protocol
