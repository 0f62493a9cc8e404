#pragma once

#include "protocol/money.hpp"

#include <cstddef>
#include <string>
#include <string_view>

/// What the requests of /ecr/v1 and /trade/v1 ask of a parameter alike.
namespace ecr::protocol::cloud {

inline constexpr std::size_t syssn_size_max = 128;  // contract 4.4; samples have 26 characters

/// 1 to `size_max` printable ASCII characters, no blank and no comma: a comma separates ids where
/// the API takes lists (contract 4.5, 8.5).
[[nodiscard]] bool is_id(std::string_view text, std::size_t size_max) noexcept;
[[nodiscard]] bool is_syssn(std::string_view text) noexcept;

/// As txamt. Units: minor units.
[[nodiscard]] std::string amount_text(money amount);

}  // namespace ecr::protocol::cloud
