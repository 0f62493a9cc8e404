#pragma once

#include "protocol/result.hpp"

#include <filesystem>

namespace ecr::store {

/// Creates an empty file that only its owner can read or write, whatever the umask says. A file
/// that exists is left as it is: its mode is the administrator's choice.
///
/// Errors: system category
[[nodiscard]] error_code create_private_file(const std::filesystem::path& path) noexcept;

}  // namespace ecr::store
