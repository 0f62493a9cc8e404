#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace ecr::tidy {

/// One line of a source file, three times.
struct source_line {
    std::string raw;
    std::string code;               // without comments; texts and characters are empty: "" and ''
    std::string with_texts;         // without comments
    bool laid_out_by_hand = false;  // between "clang-format off" and "on": an aligned table
};

/// Splits a file into lines and takes comments away. Knows raw string literals.
[[nodiscard]] std::vector<source_line> lines_of(std::string_view text);

/// Characters, not bytes: a "…" is one column wide.
[[nodiscard]] std::size_t columns_of(std::string_view line) noexcept;

}  // namespace ecr::tidy
