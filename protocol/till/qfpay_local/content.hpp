#pragma once

#include "protocol/till/text_encoding.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// What a request says, in whichever of the four forms of plain text it was written.
/// Source: dialects.md 1.1.
namespace ecr::protocol::till::qfpay_local {

enum class value_kind : std::uint8_t {
    text,
    number,  // `text` is as it was received: 10.0 stays 10.0, the digest is made of it
    word,    // true, false
    null,
    object,
};

struct pair;

struct value {
    value_kind kind = value_kind::null;
    std::string text;
    std::vector<pair> pairs;  // of an object
};

struct pair {
    std::string name;
    value what;
};

/// The pairs of `{…}`: strict JSON, JSON with bare or single-quoted names and texts, and the field
/// form with '='. No arrays. Nothing: not that, or above a limit of limits.hpp, or a name twice.
[[nodiscard]] std::optional<std::vector<pair>> parse_object(std::string_view text);

/// The value of that name; nullptr: none.
[[nodiscard]] const value* find(const std::vector<pair>& pairs, std::string_view name) noexcept;

struct envelope {
    std::vector<pair> content;
    std::string digest;  // hexadecimal, any case
};

/// `{content, digest}`; the content is an object or a text that holds one.
[[nodiscard]] std::optional<envelope> parse_envelope(std::string_view text);

/// Finds the end of an object in a stream, byte by byte.
class object_scanner {
public:
    explicit object_scanner(std::optional<text_encoding> in = {}) noexcept : seconds_{in} {}

    /// True when this byte ends the object. The first one has to be its brace.
    [[nodiscard]] bool ends_with(char c) noexcept;

private:
    second_bytes seconds_;
    int depth_ = 0;
    char quote_ = 0;
    bool escaped_ = false;
};

}  // namespace ecr::protocol::till::qfpay_local
