#pragma once

#include "protocol/result.hpp"

#include <filesystem>
#include <string>

namespace ecr::daemon {

/// Takes a file or folder away from all but the system, its administrators and whoever runs this.
///
/// Errors: system category
[[nodiscard]] error_code make_private(const std::filesystem::path& path);

/// Gives a file or folder this access, and no other: words of SDDL.
///
/// Errors: system category
[[nodiscard]] error_code set_access(const std::filesystem::path& path, const std::wstring& words);

/// Who else may read a file, as Windows names him; empty: the system, its administrators and
/// whoever runs this, at most. Everybody who is named at all counts, unless he is denied.
///
/// Errors: system category
[[nodiscard]] result<std::string> others_who_may_read(const std::filesystem::path& path);

}  // namespace ecr::daemon
