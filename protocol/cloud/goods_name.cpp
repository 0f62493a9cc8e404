#include "protocol/cloud/trade_api.hpp"

#include <algorithm>
#include <array>

namespace ecr::protocol::cloud {
namespace {

struct code_point {
    char32_t value = 0;
    std::size_t size = 1;  // bytes; 1 for a byte that begins no character
};

constexpr char32_t not_a_character = 0xFFFD;

bool continues(char byte) noexcept
{
    return (static_cast<unsigned char>(byte) & 0xC0U) == 0x80U;
}

/// The first character of a text that is not empty. Over-long forms are not told apart from
/// others: none of them is a character we keep.
code_point first_of(std::string_view text) noexcept
{
    const auto lead = static_cast<unsigned char>(text.front());
    if (lead < 0x80) return {lead, 1};
    const std::size_t size = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
    if (lead < 0xC2 || lead > 0xF4 || text.size() < size) return {not_a_character, 1};
    auto value = static_cast<char32_t>(lead & (0x7FU >> size));
    for (std::size_t i = 1; i < size; ++i) {
        if (!continues(text[i])) return {not_a_character, 1};
        value = (value << 6U) | (static_cast<unsigned char>(text[i]) & 0x3FU);
    }
    return {value, size};
}

struct block {
    char32_t first;
    char32_t last;
};

// Source: Unicode 15, Blocks.txt. Letters only: no punctuation, no half-width forms.
constexpr auto letter_blocks = std::to_array<block>({
    {U'0', U'9'},
    {U'A', U'Z'},
    {U'a', U'z'},
    {0x3005, 0x3007},    // iteration mark, closing mark, zero
    {0x3041, 0x3096},    // hiragana
    {0x30A1, 0x30FA},    // katakana
    {0x30FC, 0x30FE},    // long vowel and iteration marks
    {0x3400, 0x4DBF},    // ideographs, extension A
    {0x4E00, 0x9FFF},    // ideographs
    {0xAC00, 0xD7A3},    // hangul
    {0xF900, 0xFAFF},    // compatibility ideographs
    {0x20000, 0x323AF},  // extensions B to H
});

bool is_kept(char32_t value) noexcept
{
    return std::ranges::any_of(letter_blocks,
                               [&](const block& b) { return b.first <= value && value <= b.last; });
}

}  // namespace

std::string clean_goods_name(std::string_view text)
{
    std::string name;
    std::size_t letters = 0;
    while (!text.empty() && letters < goods_name_letters_max) {
        const auto [value, size] = first_of(text);
        if (is_kept(value)) {
            if (name.size() + size > goods_name_size_max) break;
            name.append(text.substr(0, size));
            ++letters;
        }
        text.remove_prefix(size);
    }
    return name;
}

}  // namespace ecr::protocol::cloud
