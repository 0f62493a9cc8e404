#pragma once

#include "protocol/result.hpp"

#include <filesystem>
#include <string_view>

namespace ecr::daemon {

/// Makes a new folder for things that can be thrown away, which nobody else can look into. Its name
/// begins like this.
///
/// Errors: system category
[[nodiscard]] result<std::filesystem::path> make_private_folder(std::string_view begin);

}  // namespace ecr::daemon
