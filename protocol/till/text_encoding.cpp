#include "protocol/till/text_encoding.hpp"

#include "protocol/till/character_table.hpp"

#include <algorithm>
#include <array>

namespace ecr::protocol::till {
namespace {

// Where marked_utf8 keeps a byte: the end of the last plane, which no text uses.
constexpr char32_t mark_base = 0x10FF00;

constexpr unsigned value_of(char c) noexcept
{
    return static_cast<unsigned char>(c);
}

constexpr bool is_ascii(char c) noexcept
{
    return value_of(c) < 0x80;
}

constexpr bool is_first(char c) noexcept
{
    return value_of(c) >= 0x81 && value_of(c) <= 0xFE;
}

constexpr bool is_second_of_two(char c) noexcept
{
    return (value_of(c) >= 0x40 && value_of(c) <= 0x7E) ||
           (value_of(c) >= 0x80 && value_of(c) <= 0xFE);
}

constexpr bool is_digit(char c) noexcept
{
    return c >= '0' && c <= '9';
}

/// A character at the front of some text.
struct front {
    std::size_t size = 0;  // of a broken one: what is to be replaced as a whole
    bool good = false;
};

/// Source: RFC 3629, section 4.
front front_of_utf8(std::string_view text) noexcept
{
    const auto lead = value_of(text.front());
    if (lead < 0x80) return {1, true};
    const std::size_t size = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
    if (lead < 0xC2 || lead > 0xF4) return {1, false};
    for (std::size_t i = 1; i < size; ++i) {
        unsigned least = 0x80;
        unsigned most = 0xBF;
        if (i == 1 && lead == 0xE0) least = 0xA0;  // overlong
        if (i == 1 && lead == 0xF0) least = 0x90;
        if (i == 1 && lead == 0xED) most = 0x9F;  // surrogates
        if (i == 1 && lead == 0xF4) most = 0x8F;
        if (i >= text.size() || value_of(text[i]) < least || value_of(text[i]) > most)
            return {i, false};
    }
    return {size, true};
}

/// By the shape of the bytes alone, so that where a character ends does not depend on a table.
front front_of(std::string_view bytes, text_encoding in) noexcept
{
    if (is_ascii(bytes.front())) return {1, true};
    if (in == text_encoding::utf8) return front_of_utf8(bytes);
    if (in == text_encoding::gbk && value_of(bytes[0]) == 0x80) return {1, true};  // the euro sign
    if (in == text_encoding::ascii || !is_first(bytes[0]) || bytes.size() < 2) return {1, false};
    const bool four = in == text_encoding::gb18030 && bytes.size() >= 4 && is_digit(bytes[1]) &&
                      is_first(bytes[2]) && is_digit(bytes[3]);
    if (four) return {4, true};
    return is_second_of_two(bytes[1]) ? front{2, true} : front{1, false};
}

std::string decoded(std::string_view character, text_encoding in)
{
    if (in == text_encoding::utf8) return std::string{character};
    return character_table::of(in).decoded(character);
}

/// Empty: the encoding cannot write it.
std::string encoded(std::string_view character, text_encoding in)
{
    if (in == text_encoding::utf8) return std::string{character};
    if (in == text_encoding::ascii) return {};
    auto bytes = character_table::of(in).encoded(character);
    // What the promise of from_utf8 rests on is not left to a table: glibc's Big5 has 80h for a
    // control character. Where a character ends must be seen from its bytes.
    if (bytes.empty()) return {};
    const auto seen = front_of(bytes, in);
    return seen.good && seen.size == bytes.size() ? bytes : std::string{};
}

std::string mark_of(char byte)
{
    const auto value = mark_base + value_of(byte);
    return {
        static_cast<char>(0xF0U | value >> 18U), static_cast<char>(0x80U | (value >> 12U & 63U)),
        static_cast<char>(0x80U | (value >> 6U & 63U)), static_cast<char>(0x80U | (value & 63U))};
}

std::optional<char> byte_of_mark(std::string_view character) noexcept
{
    if (character.size() != 4 || !character.starts_with("\xF4\x8F")) return std::nullopt;
    const auto value = (value_of(character[2]) & 63U) << 6U | (value_of(character[3]) & 63U);
    if (value < (mark_base & 0xFFFU)) return std::nullopt;
    return static_cast<char>(value & 0xFFU);
}

void append_escaped(std::string& out, std::string_view character)
{
    constexpr std::string_view digits = "0123456789abcdef";
    const auto lead = value_of(character.front());
    char32_t value = lead & (0xFFU >> (character.size() + 1));
    for (const char c : character.substr(1))
        value = value << 6U | (value_of(c) & 63U);
    const auto unit = [&](char32_t u) {
        out += "\\u";
        for (int shift = 12; shift >= 0; shift -= 4)
            out += digits[u >> static_cast<unsigned>(shift) & 15U];
    };
    if (value < 0x10000) return unit(value);
    unit(0xD800 + ((value - 0x10000) >> 10U));
    unit(0xDC00 + ((value - 0x10000) & 0x3FFU));
}

/// Calls `with` for each character of UTF-8; with an empty one for what is none.
template <class F>
void for_each_character(std::string_view text, F with)
{
    while (!text.empty()) {
        const auto next = front_of_utf8(text);
        with(next.good ? text.substr(0, next.size) : std::string_view{});
        text.remove_prefix(next.size);
    }
}

}  // namespace

std::string_view name_of(text_encoding which) noexcept
{
    constexpr auto names =
        std::to_array<std::string_view>({"ascii", "utf-8", "gbk", "gb18030", "big5"});
    const auto index = static_cast<std::size_t>(which);
    return index < names.size() ? names[index] : "?";
}

bool is_available(text_encoding which)
{
    if (which == text_encoding::ascii || which == text_encoding::utf8) return true;
    return character_table::of(which).is_usable();
}

std::string to_utf8(std::string_view bytes, text_encoding from)
{
    std::string out;
    out.reserve(bytes.size());
    while (!bytes.empty()) {
        const auto next = front_of(bytes, from);
        const auto character = bytes.substr(0, next.size);
        bytes.remove_prefix(next.size);
        if (is_ascii(character.front())) {
            out += character;
            continue;
        }
        const auto known = next.good ? decoded(character, from) : std::string{};
        out += known.empty() ? "?" : known;
    }
    return out;
}

std::string from_utf8(std::string_view text, text_encoding to)
{
    std::string out;
    out.reserve(text.size());
    for_each_character(text, [&](std::string_view character) {
        if (character.size() == 1) {
            out += character;
            return;
        }
        const auto bytes = character.empty() ? std::string{} : encoded(character, to);
        out += bytes.empty() ? "?" : bytes;
    });
    return out;
}

std::string json_from_utf8(std::string_view json, text_encoding to)
{
    std::string out;
    out.reserve(json.size());
    for_each_character(json, [&](std::string_view character) {
        if (character.size() == 1) {
            out += character;
            return;
        }
        const auto bytes = character.empty() ? std::string{} : encoded(character, to);
        if (bytes.find('\\') != std::string::npos)
            append_escaped(out, character);
        else
            out += bytes.empty() ? "?" : bytes;
    });
    return out;
}

std::string fitted(std::string_view text, text_encoding to, std::size_t size_max)
{
    std::string out;
    bool full = false;
    for_each_character(text, [&](std::string_view character) {
        const bool control =
            character.size() == 1 && (value_of(character[0]) < 0x20 || character[0] == 0x7F);
        std::string bytes;
        if (!control && !character.empty())
            bytes = character.size() == 1 ? std::string{character} : encoded(character, to);
        if (bytes.empty()) bytes = "?";
        full = full || out.size() + bytes.size() > size_max;
        if (!full) out += bytes;
    });
    return out;
}

bool can_write(std::string_view text, text_encoding to)
{
    bool can = true;
    for_each_character(text, [&](std::string_view character) {
        can =
            can && !character.empty() && (character.size() == 1 || !encoded(character, to).empty());
    });
    return can;
}

std::string marked_utf8(std::string_view bytes, text_encoding from)
{
    std::string out;
    out.reserve(bytes.size());
    while (!bytes.empty()) {
        const auto next = front_of(bytes, from);
        const auto character = bytes.substr(0, next.size);
        bytes.remove_prefix(next.size);
        if (is_ascii(character.front())) {
            out += character;
            continue;
        }
        auto known = next.good ? decoded(character, from) : std::string{};
        const bool comes_back =
            !known.empty() && !byte_of_mark(known) && unmarked_bytes(known, from) == character;
        if (comes_back) {
            out += known;
            continue;
        }
        for (const char c : character)
            out += mark_of(c);
    }
    return out;
}

std::string unmarked_bytes(std::string_view text, text_encoding to)
{
    std::string out;
    for_each_character(text, [&](std::string_view character) {
        if (const auto byte = byte_of_mark(character))
            out += *byte;
        else
            out += character.size() == 1 ? std::string{character} : from_utf8(character, to);
    });
    return out;
}

std::string without_marks(std::string_view text)
{
    std::string out;
    for_each_character(text, [&](std::string_view character) {
        out += byte_of_mark(character) ? std::string_view{"?"} : character;
    });
    return out;
}

second_bytes::second_bytes(std::optional<text_encoding> of) noexcept
    : in_pairs_{of == text_encoding::gbk || of == text_encoding::gb18030 ||
                of == text_encoding::big5}
{}

bool second_bytes::is_second(char c) noexcept
{
    const bool second = first_ && is_second_of_two(c);
    first_ = in_pairs_ && !second && is_first(c);
    return second;
}

}  // namespace ecr::protocol::till
