#pragma once

#include "protocol/till/line/grammar.hpp"
#include "protocol/till/reply.hpp"

#include <string>
#include <string_view>
#include <variant>
#include <vector>

/// A line, first as it was written, then as what it means.
namespace ecr::protocol::till::line {

struct written_pair {
    std::string key;  // in lower case
    std::string value;
    value_kind kind = value_kind::text;
};

struct written_line {
    std::string verb;  // in lower case
    std::vector<written_pair> pairs;
    std::string fault;  // a sentence, when the line could not be read to its end
};

/// True when what stands under this key, or one that was probably meant to be it, is a secret.
[[nodiscard]] bool names_a_secret(std::string_view key);
/// True for text that may be a card's number or a customer's code: 12 digits and more. Replies are
/// logged, and a scanner types wherever the till's cursor happens to be.
[[nodiscard]] bool looks_secret(std::string_view text) noexcept;
/// A word without a place in the grammar, to be shown in an error; "***" when it may be a secret.
[[nodiscard]] std::string shown_word(std::string_view word);

/// True when the line is to be read as JSON, and answered in JSON.
[[nodiscard]] bool is_json(std::string_view line) noexcept;

[[nodiscard]] written_line read_text_line(std::string_view line);
[[nodiscard]] written_line read_json_line(std::string_view line);

/// The command a line stands for, or the problem to answer it with. Never both.
[[nodiscard]] std::variant<command, problem> meaning_of(const written_line& line, int limit_max);

}  // namespace ecr::protocol::till::line
