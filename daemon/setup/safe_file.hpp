#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <sys/types.h>

namespace ecr::daemon {

/// What became of a file. `problem` is for people; empty: it is written, and durable.
struct file_written {
    std::string problem;
    std::filesystem::path
        old;  // where the content of before is; empty: there was none, or the same
};

enum class over : std::uint8_t {
    nothing,    // the file must not be there, unless it already holds this
    existing,   // what is there is kept beside it, as NAME.old-1, NAME.old-2, …
    worthless,  // what is there is nobody's work
};

/// Writes a whole file in one step: a power cut leaves the old content or the new. Keeps the owner
/// and, if `mode` is 0, the mode of a file that was there.
[[nodiscard]] file_written write_whole(const std::filesystem::path& file, std::string_view text,
                                       mode_t mode, over what);

}  // namespace ecr::daemon
