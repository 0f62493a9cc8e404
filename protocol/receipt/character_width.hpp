#pragma once

#include <cstddef>
#include <string_view>

namespace ecr::protocol {

/// The character that a text begins with.
struct leading_character {
    std::size_t size = 1;     // bytes of UTF-8; of what is none, one
    std::size_t columns = 1;  // where Unicode is written: 0, 1 or 2
};

/// `text` is not empty. Source: Unicode Standard Annex 11.
[[nodiscard]] leading_character leading_character_of(std::string_view text) noexcept;

}  // namespace ecr::protocol
