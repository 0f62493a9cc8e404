#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

/// What may stand in a line, and what has to be done to other people's text before it may.
namespace ecr::protocol::till::line {

enum class text_fault : std::uint8_t { none, control, not_utf8 };

/// The first thing in `text` that a line may not contain. A tab is a blank, and fine.
[[nodiscard]] text_fault fault_of(std::string_view text) noexcept;

/// `text` made harmless: a control character becomes a blank, a byte that is not UTF-8 becomes '?',
/// and what goes beyond `size_max` bytes becomes "...".
[[nodiscard]] std::string clean(std::string_view text, std::size_t size_max);

/// `text` between double quotes, \ and " escaped. For clean text this is a JSON string, too.
[[nodiscard]] std::string quoted(std::string_view text);

/// What a till wrote, to be shown in an error: clean, short, and quoted.
[[nodiscard]] std::string shown(std::string_view text);

[[nodiscard]] constexpr bool is_blank(char c) noexcept
{
    return c == ' ' || c == '\t';
}
[[nodiscard]] constexpr bool is_digit(char c) noexcept
{
    return c >= '0' && c <= '9';
}
[[nodiscard]] constexpr bool is_alphanumeric(char c) noexcept
{
    return is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/// The name that `word` was probably meant to be; empty when none is near: one slip of the finger
/// in short words, two in longer ones. A swap of neighbours counts as one.
[[nodiscard]] std::string_view nearest(std::string_view word,
                                       std::span<const std::string_view> names);

}  // namespace ecr::protocol::till::line
