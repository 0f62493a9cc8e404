// glibc's tables, as packaging/windows/make_character_tables.py has written them down: the same
// bytes are the same character to a bridge on Windows and to one on Linux.
#include "protocol/till/character_table.hpp"

#include <algorithm>
#include <cstdint>
#include <span>

namespace ecr::protocol::till {
namespace {

/// What is looked for, and what is found: bytes as a number, big end first, and the one or two
/// characters that they are; or a character and its bytes.
struct known_pair {
    std::uint32_t from;
    std::uint32_t to;
    std::uint32_t second;
};

#include <character_tables.inc>

const known_pair* find(std::span<const known_pair> rows, std::uint32_t from) noexcept
{
    const auto found = std::ranges::lower_bound(rows, from, {}, &known_pair::from);
    return found != rows.end() && found->from == from ? &*found : nullptr;
}

// GB18030 counts the characters beyond the first plane through, by four bytes each.
// Source: GB 18030-2005, 4-byte area from 90 30 81 30.
constexpr std::uint32_t counted_first = 0x1'0000;
constexpr std::uint32_t counted_last = 0x10'ffff;

constexpr std::uint32_t number_of(std::string_view b) noexcept
{
    const auto at = [&](std::size_t i, unsigned from) {
        return static_cast<std::uint32_t>(static_cast<unsigned char>(b[i]) - from);
    };
    return ((at(0, 0x90) * 10 + at(1, 0x30)) * 126 + at(2, 0x81)) * 10 + at(3, 0x30);
}

bool is_counted(std::string_view b) noexcept
{
    const auto within = [&](std::size_t i, unsigned first, unsigned last) {
        const auto byte = static_cast<unsigned char>(b[i]);
        return byte >= first && byte <= last;
    };
    return b.size() == 4 && within(0, 0x90, 0xe3) && within(1, 0x30, 0x39) &&
           within(2, 0x81, 0xfe) && within(3, 0x30, 0x39) &&
           number_of(b) <= counted_last - counted_first;
}

std::string counted_bytes(std::uint32_t point)
{
    auto number = point - counted_first;
    std::string bytes(4, '\0');
    const auto digit = [&](std::size_t at, std::uint32_t count, std::uint32_t from) {
        bytes[at] = static_cast<char>(number % count + from);
        number /= count;
    };
    digit(3, 10, 0x30);
    digit(2, 126, 0x81);
    digit(1, 10, 0x30);
    digit(0, 126, 0x90);
    return bytes;
}

std::string utf8_of(std::uint32_t point)
{
    std::string text;
    const auto tail = [&](int shift) {
        text += static_cast<char>(0x80 | ((point >> shift) & 0x3f));
    };
    if (point < 0x80) {
        text += static_cast<char>(point);
    } else if (point < 0x800) {
        text += static_cast<char>(0xc0 | (point >> 6));
    } else if (point < 0x1'0000) {
        text += static_cast<char>(0xe0 | (point >> 12));
        tail(6);
    } else {
        text += static_cast<char>(0xf0 | (point >> 18));
        tail(12);
        tail(6);
    }
    if (point >= 0x80) tail(0);
    return text;
}

/// Zero: not one whole character of UTF-8, spelled the short way.
std::uint32_t point_of(std::string_view text)
{
    if (text.empty()) return 0;
    const auto first = static_cast<unsigned char>(text[0]);
    std::uint32_t point = text.size() == 1   ? first
                          : text.size() == 2 ? first & 0x1fU
                          : text.size() == 3 ? first & 0x0fU
                                             : first & 0x07U;
    for (const char c : text.substr(1))
        point = point << 6 | (static_cast<unsigned char>(c) & 0x3fU);
    const bool surrogate = point >= 0xd800 && point < 0xe000;
    return !surrogate && point <= counted_last && utf8_of(point) == text ? point : 0;
}

std::string bytes_of(std::uint32_t packed)
{
    std::string bytes;
    for (int shift = 24; shift >= 0; shift -= 8)
        if (!bytes.empty() || (packed >> shift & 0xff) != 0)
            bytes += static_cast<char>(packed >> shift & 0xff);
    return bytes;
}

}  // namespace

struct character_table::converters {
    std::span<const known_pair> to_points;
    std::span<const known_pair> to_bytes;
    bool counts = false;
};

character_table::character_table(text_encoding which) : converters_{std::make_unique<converters>()}
{
    switch (which) {
        case text_encoding::gbk: *converters_ = {gbk_to_points, gbk_to_bytes, false}; break;
        case text_encoding::gb18030:
            *converters_ = {gb18030_to_points, gb18030_to_bytes, true};
            break;
        case text_encoding::big5: *converters_ = {big5_to_points, big5_to_bytes, false}; break;
        case text_encoding::utf8:
        case text_encoding::ascii: break;
    }
}

character_table::~character_table() = default;

character_table& character_table::of(text_encoding which)
{
    static thread_local character_table gbk{text_encoding::gbk};
    static thread_local character_table gb18030{text_encoding::gb18030};
    static thread_local character_table big5{text_encoding::big5};
    static thread_local character_table ascii{text_encoding::ascii};
    switch (which) {
        case text_encoding::gbk: return gbk;
        case text_encoding::gb18030: return gb18030;
        case text_encoding::big5: return big5;
        case text_encoding::utf8:
        case text_encoding::ascii: break;
    }
    return ascii;
}

bool character_table::is_usable() const noexcept
{
    return true;
}

std::string character_table::decoded(std::string_view character)
{
    if (character.empty() || character.size() > 4) return {};
    if (converters_->counts && is_counted(character))
        return utf8_of(counted_first + number_of(character));
    std::uint32_t packed = 0;
    for (const char c : character)
        packed = packed << 8 | static_cast<unsigned char>(c);
    const auto* found = find(converters_->to_points, packed);
    if (found == nullptr) return {};
    return utf8_of(found->to) + (found->second == 0 ? std::string{} : utf8_of(found->second));
}

std::string character_table::encoded(std::string_view character)
{
    const auto point = point_of(character);
    if (point == 0) return {};
    if (point < 0x80) return std::string{character};
    if (const auto* found = find(converters_->to_bytes, point)) return bytes_of(found->to);
    if (converters_->counts && point >= counted_first) return counted_bytes(point);
    return {};
}

}  // namespace ecr::protocol::till
