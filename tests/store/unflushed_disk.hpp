#pragma once

#include <sqlite3.h>

#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <string>

namespace ecr::store {

/// A disk that remembers what has been flushed, so that a test can cut its power: SQLite's own file
/// system with a note taken at every flush. While it lives it is SQLite's default.
///
/// Not covered: the directory. A file that was created is there, and one deleted is gone.
class unflushed_disk {
public:
    /// What a file is to the platter and to its writer.
    struct contents {
        std::string flushed;
        std::string written;
        // As it was before the last truncation that has not been flushed: file systems keep the
        // order of a truncation and of what is written after it, and lose both or the latter.
        std::shared_ptr<const contents> before_truncation;
    };
    using picture = std::map<std::string, contents>;  // by file name without folders

    unflushed_disk();
    ~unflushed_disk();
    unflushed_disk(const unflushed_disk&) = delete;
    unflushed_disk& operator=(const unflushed_disk&) = delete;

    /// Called before every write, truncation and flush: the moments at which a power cut matters.
    std::function<void()> before_change;

    [[nodiscard]] const picture& files() const noexcept { return files_; }

private:
    struct file;
    struct calls;

    sqlite3_vfs* real_;
    sqlite3_vfs vfs_;
    picture files_;
};

/// Writes into `folder` what a power cut may leave of `disk`: of every sector either what was last
/// flushed or what was written since, as `old_sector` says, and of every length likewise.
void cut_power(const unflushed_disk::picture& disk, const std::filesystem::path& folder,
               const std::function<bool()>& old_sector);

}  // namespace ecr::store
