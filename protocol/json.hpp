#pragma once

#include <nlohmann/json.hpp>

#include <optional>
#include <string>
#include <string_view>

// The library is compiled once, in json.cpp. Include this header in .cpp files only; headers make
// do with <nlohmann/json_fwd.hpp>.
extern template class nlohmann::basic_json<>;

namespace ecr {

using nlohmann::json;

/// How deep JSON from outside may nest.
inline constexpr int json_depth_max = 16;

/// Parses JSON from outside. Nothing: not JSON, not UTF-8, or nested deeper than json_depth_max.
/// (No result<json>: json converts from too much for that to be unambiguous.)
[[nodiscard]] std::optional<json> parse_json(std::string_view text);

/// One line of JSON. Bytes that are not UTF-8 become U+FFFD, so that it cannot throw.
[[nodiscard]] std::string to_text(const json& value);

}  // namespace ecr
