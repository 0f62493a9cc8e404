#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

/// How a till writes what is not ASCII. Inside the bridge all text is UTF-8.
namespace ecr::protocol::till {

enum class text_encoding : std::uint8_t {
    ascii,
    utf8,
    gbk,
    gb18030,
    big5,  // with Hong Kong's supplement
};

/// The name in the configuration: "ascii", "utf-8", "gbk", "gb18030", "big5".
[[nodiscard]] std::string_view name_of(text_encoding which) noexcept;

/// False: this system has no table for it, and everything that is not ASCII would become '?'.
[[nodiscard]] bool is_available(text_encoding which);

/// A till's bytes as UTF-8. What is no character becomes '?', one for each that was meant; the
/// ASCII bytes around it stay what they are.
[[nodiscard]] std::string to_utf8(std::string_view bytes, text_encoding from);

/// UTF-8 as a till's bytes. What the encoding cannot write becomes '?', one for each character. No
/// byte below 30h comes of a character that is not ASCII: no quote, no blank, no control character.
[[nodiscard]] std::string from_utf8(std::string_view text, text_encoding to);

/// The same of JSON, where no character holds a byte 5Ch: a reader that looks at bytes would take
/// it for a backslash. Such a character is escaped.
[[nodiscard]] std::string json_from_utf8(std::string_view json, text_encoding to);

/// As many whole characters of `text` as fit into `size_max` bytes. A control character is '?'.
[[nodiscard]] std::string fitted(std::string_view text, text_encoding to, std::size_t size_max);

/// True when nothing of `text` would become '?'.
[[nodiscard]] bool can_write(std::string_view text, text_encoding to);

/// As to_utf8, but nothing is lost: bytes that would not come back as they are stand in the text
/// as marks, for a digest that the till has made of its bytes.
[[nodiscard]] std::string marked_utf8(std::string_view bytes, text_encoding from);
/// The very bytes of which marked_utf8 made `text`.
[[nodiscard]] std::string unmarked_bytes(std::string_view text, text_encoding to);
/// For people: '?' in the place of marks.
[[nodiscard]] std::string without_marks(std::string_view text);

/// Tells the second byte of a character, which may look like a quote's escape or a brace, in a
/// stream of bytes.
class second_bytes {
public:
    explicit second_bytes(std::optional<text_encoding> of) noexcept;
    /// True when `c` belongs to the byte before it. To be told every byte, in order.
    [[nodiscard]] bool is_second(char c) noexcept;

private:
    bool in_pairs_ = false;
    bool first_ = false;
};

}  // namespace ecr::protocol::till
