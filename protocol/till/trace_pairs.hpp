#pragma once

#include "protocol/till/trace_language.hpp"

#include <cstddef>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

/// Names and values in a text whose syntax does not matter: `name=value`, JSON, JSON in JSON.
namespace ecr::protocol::till {

struct text_pair {
    std::string name;       // in lower case
    std::size_t begin = 0;  // of the value, without its quotes
    std::size_t size = 0;
};

[[nodiscard]] std::vector<text_pair> pairs_in(std::string_view text);

/// The value of the first pair of that name; empty: none.
[[nodiscard]] std::string value_in(std::string_view text, std::string_view name);

/// The values of these names, each once.
[[nodiscard]] std::vector<trace_number> numbers_under(std::string_view text,
                                                      std::span<const std::string_view> names);

/// The text with other values under these names.
[[nodiscard]] std::string renumbered_pairs(std::string_view text,
                                           std::span<const std::string_view> names,
                                           const std::map<std::string, std::string>& numbers);

}  // namespace ecr::protocol::till
