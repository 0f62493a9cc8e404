#include "protocol/redact.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <vector>

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

struct group {
    std::size_t from;
    std::size_t to;

    [[nodiscard]] std::size_t size() const { return to - from; }
};

bool is_between_groups(char c)
{
    return c == ' ' || c == '-';
}

/// The groups of digits from `first` on, with one blank or hyphen between two, the same throughout;
/// `most` of them at most.
std::vector<group> groups_from(std::string_view text, std::size_t first, std::size_t most)
{
    std::vector<group> all;
    auto at = first;
    while (true) {
        auto end = at;
        while (end < text.size() && is_digit(text[end]))
            ++end;
        all.push_back({at, end});
        const bool goes_on = all.size() < most && end + 1 < text.size() &&
                             is_between_groups(text[end]) && is_digit(text[end + 1]) &&
                             (all.size() == 1 || text[end] == text[all[0].to]);
        if (!goes_on) return all;
        at = end + 1;
    }
}

// How cards, and people who read them out, group the digits; 0: any number, at the end. Source:
// ISO/IEC 7811-1 leaves it open; these are Visa, Mastercard, UnionPay, JCB; Amex; Diners Club;
// Maestro of 19; Visa of 13; six for the issuer and the rest; and fours of which some are written
// together, but for 4-8-4, which is a time, a date and a time.
constexpr std::size_t groups_max = 5;
using grouping = std::array<std::size_t, groups_max>;
constexpr std::size_t none = std::string_view::npos;
constexpr auto groupings = std::to_array<grouping>({{4, 4, 4, 4, 3},
                                                    {4, 4, 4, 4, none},
                                                    {4, 4, 4, 0, none},
                                                    {4, 6, 5, none, none},
                                                    {4, 6, 4, none, none},
                                                    {4, 3, 3, 3, none},
                                                    {6, 13, none, none, none},
                                                    {6, 10, none, none, none},
                                                    {8, 8, none, none, none},
                                                    {4, 4, 8, none, none},
                                                    {8, 4, 4, none, none},
                                                    {4, 12, none, none, none},
                                                    {12, 4, none, none, none}});

/// How many of the first groups may be one card's; 0: none.
std::size_t matching(const std::vector<group>& all, const grouping& as)
{
    std::size_t count = 0;
    for (const auto size : as) {
        if (size == none) break;
        if (count == all.size()) return 0;
        const auto has = all[count].size();
        if (size == 0 ? has < 1 || has > 4 : has != size) return 0;
        ++count;
    }
    return count;
}

/// The end of the card number that begins with the first group; nothing: none does.
std::optional<std::size_t> end_of_card(std::string_view text, const std::vector<group>& all,
                                       card_place where)
{
    const auto is_card = [&](std::size_t end) {
        if (where == card_place::alone && end != all.back().to) return false;
        const auto run = text.substr(all[0].from, end - all[0].from);
        const auto size = digits_in(run);
        return size >= card_size_min && size <= card_size_max && passes_check(run);
    };
    for (const auto& as : groupings) {
        const auto count = matching(all, as);
        if (count > 0 && is_card(all[count - 1].to)) return all[count - 1].to;
    }
    if (is_card(all[0].to)) return all[0].to;
    return std::nullopt;
}

/// The first digit of the group from which on a number may reach to `at`, where one begins too.
std::size_t first_that_reaches(std::string_view text, std::size_t at)
{
    for (std::size_t before = 1; before < groups_max; ++before) {
        if (at < 2 || !is_between_groups(text[at - 1]) || !is_digit(text[at - 2])) break;
        for (--at; at > 0 && is_digit(text[at - 1]);)
            --at;
    }
    return at;
}

/// The groups that begin at `at`: as many as are looked at.
std::vector<group> groups_at(std::string_view text, std::size_t at, card_place where)
{
    return groups_from(text, at, where == card_place::alone ? std::string::npos : groups_max);
}

/// Where the next number may begin.
std::size_t behind(const std::vector<group>& groups, card_place where)
{
    return where == card_place::alone ? groups.back().to : groups.front().to;
}

/// Of digits that may belong to either of two numbers each has its stars: taken for the first
/// alone, they would leave more of the second than may be shown.
std::string with_cards_masked(std::string_view text, card_place where)
{
    std::string clean{text};
    for (std::size_t at = 0; at < text.size();) {
        if (!is_digit(text[at])) {
            ++at;
            continue;
        }
        const auto groups = groups_at(text, at, where);
        if (const auto end = end_of_card(text, groups, where)) {
            const auto masked = masked_card(text.substr(at, *end - at));
            for (std::size_t i = 0; i < masked.size(); ++i)
                if (masked[i] == '*') clean[at + i] = '*';
        }
        at = behind(groups, where);
    }
    return clean;
}

/// What stars leave of a number may look like another, together with what stands beside it. Then
/// that is masked too, or who masks the text again would change it.
void mask_what_is_left(std::string& text, card_place where)
{
    for (std::size_t at = 0; at < text.size();) {
        if (!is_digit(text[at])) {
            ++at;
            continue;
        }
        const auto groups = groups_at(text, at, where);
        if (const auto end = end_of_card(text, groups, where)) {
            text.replace(at, *end - at, masked_card(text.substr(at, *end - at)));
            if (where == card_place::anywhere) at = first_that_reaches(text, at);
        } else {
            at = behind(groups, where);
        }
    }
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

std::string without_card_numbers(std::string_view text, card_place where)
{
    auto clean = with_cards_masked(text, where);
    mask_what_is_left(clean, where);
    return clean;
}

}  // namespace ecr::protocol
