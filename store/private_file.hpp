#pragma once

#include "protocol/result.hpp"

#include <filesystem>

namespace ecr::store {

// Files that only their owner can read or write: on Windows, their owner, the system itself and
// its administrators.

/// Creates an empty one, whatever the umask or the folder says. A file that exists is left as it
/// is: its mode is the administrator's choice.
///
/// Errors: system category
[[nodiscard]] error_code create_private_file(const std::filesystem::path& path) noexcept;

/// The same, of a name that nothing has.
///
/// Errors: system category; file_exists
[[nodiscard]] error_code create_new_private_file(const std::filesystem::path& path) noexcept;

/// Gives a file its name, when nothing has that name.
///
/// Errors: system category; file_exists
[[nodiscard]] error_code name_new_file(const std::filesystem::path& file,
                                       const std::filesystem::path& name) noexcept;

/// Returns when the content of a file is on the disk.
///
/// Errors: system category
[[nodiscard]] error_code flush_file(const std::filesystem::path& path) noexcept;

/// Returns when the names in a folder are on the disk.
///
/// Errors: system category
[[nodiscard]] error_code flush_folder(const std::filesystem::path& folder) noexcept;

/// Of this process, for names that no other process takes.
[[nodiscard]] long own_process_id() noexcept;

}  // namespace ecr::store
