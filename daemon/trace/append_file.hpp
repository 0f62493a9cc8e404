#pragma once

#include "daemon/link/unique_fd.hpp"

#include <cstddef>
#include <filesystem>
#include <string>
#include <string_view>

namespace ecr::daemon {

/// A file of our own, open for adding to its end, or why it is not.
struct append_opening {
    unique_fd file;
    std::size_t size = 0;
    std::string problem{};  // for people
};

/// Opens or makes a file that only its owner can read, whatever it was before. One that holds
/// something and does not begin with `mark` is not ours, and is left alone. What is no file (a
/// device) has the size 0.
[[nodiscard]] append_opening open_to_append(const std::filesystem::path& path,
                                            std::string_view mark);

/// Adds all of it. What went wrong, for people; empty: nothing.
[[nodiscard]] std::string append_to(int file, std::string_view text);

}  // namespace ecr::daemon
