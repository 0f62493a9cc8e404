#include "protocol/receipt/character_width.hpp"

#include <algorithm>
#include <array>

// utf8proc is not among the libraries that are built for Windows. What receipts are made of, Latin,
// Chinese and what stands between them, is here.
namespace ecr::protocol {
namespace {

struct span_of_points {
    char32_t first;
    char32_t last;
};

constexpr auto narrow_as_nothing = std::to_array<span_of_points>(
    {{0x300, 0x36F}, {0x200B, 0x200F}, {0x20D0, 0x20FF}, {0xFE00, 0xFE0F}, {0xFE20, 0xFE2F}});
constexpr auto wide = std::to_array<span_of_points>({{0x1100, 0x115F},
                                                     {0x2E80, 0x303E},
                                                     {0x3041, 0xA4CF},
                                                     {0xA960, 0xA97F},
                                                     {0xAC00, 0xD7A3},
                                                     {0xF900, 0xFAFF},
                                                     {0xFE30, 0xFE6F},
                                                     {0xFF01, 0xFF60},
                                                     {0xFFE0, 0xFFE6},
                                                     {0x1F300, 0x1F64F},
                                                     {0x1F680, 0x1F6FF},
                                                     {0x1F900, 0x1F9FF},
                                                     {0x20000, 0x3FFFD}});

bool is_in(const auto& spans, char32_t point)
{
    return std::ranges::any_of(
        spans, [point](const auto& each) { return point >= each.first && point <= each.last; });
}

std::size_t size_of(unsigned char first)
{
    return first < 0x80                      ? 1U
           : first >= 0xC2 && first <= 0xDF  ? 2U
           : first >= 0xE0 && first <= 0xEF  ? 3U
           : first >= 0xF0 && first <= 0xF4U ? 4U
                                             : 0U;
}

}  // namespace

leading_character leading_character_of(std::string_view text) noexcept
{
    const auto first = static_cast<unsigned char>(text.front());
    const auto size = size_of(first);
    if (size == 0 || size > text.size()) return {};
    auto point = size == 1 ? char32_t{first} : char32_t{first} & (0x7FU >> size);
    for (std::size_t i = 1; i < size; ++i) {
        const auto next = static_cast<unsigned char>(text[i]);
        if ((next & 0xC0U) != 0x80) return {};
        point = (point << 6U) | (next & 0x3FU);
    }
    if (point < 0x20 || is_in(narrow_as_nothing, point)) return {.size = size, .columns = 0};
    return {.size = size, .columns = is_in(wide, point) ? 2U : 1U};
}

}  // namespace ecr::protocol
