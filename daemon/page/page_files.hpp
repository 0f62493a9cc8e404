#pragma once

#include <span>
#include <string_view>

namespace ecr::daemon {

/// A file of the page itself. It is in the program: nothing is installed, and nothing comes from
/// elsewhere.
struct page_file {
    std::string_view path;
    std::string_view content_type;
    std::string_view content;
};

[[nodiscard]] std::span<const page_file> page_files() noexcept;

}  // namespace ecr::daemon
