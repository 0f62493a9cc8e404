#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// What stands in a frame: two headers and fields.
namespace ecr::protocol::till::hypercom {

inline constexpr char separator = 0x1C;  // FS

struct field {
    std::string type;  // two characters
    std::string data;

    friend bool operator==(const field&, const field&) = default;
};

struct message {
    std::string header;  // 12 bytes: transport header, version, indicator; or a request number
    std::string code;    // what to do
    std::string status;  // "00" in requests
    char more = '0';
    std::vector<field> fields;

    /// The data of the first field of that type, blanks around it removed; empty when there is
    /// none.
    [[nodiscard]] std::string_view value(std::string_view type) const noexcept;

    friend bool operator==(const message&, const message&) = default;
};

/// nullopt: too short for the headers, so that not even an error could be answered.
[[nodiscard]] std::optional<message> parse_headers(std::string_view bytes);

/// Adds the fields of `bytes` to `into`.
///
/// Returns: false when they are not type, length, data, FS each; too many; or one of a type twice.
[[nodiscard]] bool parse_fields(std::string_view bytes, message& into);

/// True for what a terminal says, such as our own words coming back on a looped line.
[[nodiscard]] bool is_response(const message& m) noexcept;

/// `request` as the head of its response: the same bytes but for the indicator; a request number of
/// the NETS kind is echoed as it came. Source: dialects.md 2.
[[nodiscard]] message response_to(const message& request);

[[nodiscard]] std::string to_bytes(const message& m);

/// The size of to_bytes.
[[nodiscard]] std::size_t size_of(const message& m) noexcept;

/// True when a length of `size`, in packed digits, holds a byte 03. Some tills take any 03 for ETX.
[[nodiscard]] bool looks_like_etx(std::size_t size) noexcept;

}  // namespace ecr::protocol::till::hypercom
