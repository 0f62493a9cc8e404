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

/// A file that is written, durable, beside the place where it belongs. All that can fail for want
/// of room or permission has gone well before it takes its place, so that of several files all are
/// there or none. One that never does leaves nothing behind.
class file_in_waiting {
public:
    /// Keeps the owner and, if `mode` is 0, the mode of a file that was there. What is kept of it
    /// is no more open than `mode`.
    file_in_waiting(const std::filesystem::path& file, std::string_view text, mode_t mode,
                    over what);
    ~file_in_waiting();
    file_in_waiting(const file_in_waiting&) = delete;
    file_in_waiting& operator=(const file_in_waiting&) = delete;

    /// Empty: it waits, and can take its place.
    [[nodiscard]] const std::string& problem() const noexcept { return made_.problem; }
    /// In one step: a power cut leaves the old content or the new. Once, and not after a problem.
    [[nodiscard]] file_written take_place();

private:
    void prepare(const std::filesystem::path& file, std::string_view text, over what);
    void keep_old();
    void withdraw() noexcept;

    file_written made_;
    std::filesystem::path target_;
    std::filesystem::path fresh_;  // empty: nothing waits
    mode_t mode_;
    mode_t mode_before_ = 0;
};

/// Both at once.
[[nodiscard]] file_written write_whole(const std::filesystem::path& file, std::string_view text,
                                       mode_t mode, over what);

}  // namespace ecr::daemon
