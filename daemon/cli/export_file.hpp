#pragma once

#include <filesystem>
#include <fstream>

namespace ecr::cli {

/// Where an export goes. A file of before stays until the new one is whole: that is written beside
/// it, as NAME.new, and then takes its place. What is no file, such as a pipe, is written at once.
class export_file {
public:
    /// `file` empty: standard output. Throws std::runtime_error: it cannot be written.
    explicit export_file(const std::filesystem::path& file);
    ~export_file();
    export_file(const export_file&) = delete;
    export_file& operator=(const export_file&) = delete;

    [[nodiscard]] std::ostream& out() noexcept;

    /// All has been written. Whether it is there now; else the file of before is.
    [[nodiscard]] bool take_place();

private:
    std::filesystem::path target_;
    std::filesystem::path fresh_;  // empty: nothing waits
    std::ofstream into_;
};

}  // namespace ecr::cli
