#pragma once

#include <string>
#include <string_view>

namespace ecr::tidy {

/// Why a file may not include that: empty, it may. `included` comes with its quotes or brackets.
/// daemon → store → protocol, never back. Source: design 4; the table of folders in README.
[[nodiscard]] std::string include_refusal(std::string_view path, std::string_view included);

}  // namespace ecr::tidy
