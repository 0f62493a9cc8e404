#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <string_view>

namespace ecr::cli {

/// A tar.gz that is written file by file, readable for its owner only.
class tar_file {
public:
    /// Throws std::runtime_error: it is there already, or cannot be made.
    explicit tar_file(const std::filesystem::path& file);
    ~tar_file();
    tar_file(const tar_file&) = delete;
    tar_file& operator=(const tar_file&) = delete;

    /// Throws std::runtime_error: no room.
    void add(const std::string& name, std::string_view text);
    /// Throws std::runtime_error: not all of it could be written.
    void finish();

private:
    struct parts;
    std::unique_ptr<parts> parts_;
};

}  // namespace ecr::cli
