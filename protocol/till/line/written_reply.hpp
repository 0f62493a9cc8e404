#pragma once

#include "protocol/till/reply.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

/// A reply as a word and its fields, and these as a line of text or of JSON.
namespace ecr::protocol::till::line {

using field_value = std::variant<std::string, std::int64_t, bool>;

struct written_reply {
    std::string_view word;
    std::vector<std::pair<std::string, field_value>> fields;  // in the order of writing
};

/// `tag` is what the till called its command; empty when it did not. `drawn_rows`: how many rows
/// with a drawing follow a code.
[[nodiscard]] written_reply written(const reply& what, std::string_view tag,
                                    std::optional<std::int64_t> drawn_rows = {});

/// The drawing a till wants of its code, as rows. Empty: it wants none, or the text fits no code.
[[nodiscard]] std::vector<row> drawn(const code_to_show& what);

/// Without the end of the line. Whatever the values are, the result is one line: see clean().
[[nodiscard]] std::string to_text_line(const written_reply& what);
[[nodiscard]] std::string to_json_line(const written_reply& what);

}  // namespace ecr::protocol::till::line
