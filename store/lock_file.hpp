#pragma once

#include <cstdint>
#include <filesystem>

namespace ecr::store {

/// Where the lock of a journal is: beside it.
///
/// Throws boost::system::system_error (sqlite category): an empty path, or no current directory
[[nodiscard]] std::filesystem::path lock_path_of(const std::filesystem::path& journal);

/// An exclusive claim on a file's neighbour, for as long as this object or its process lives. The
/// claim is flock's, on Windows LockFileEx's: the kernel drops it however the process ends, and the
/// file itself stays. What
/// is written in it, the holder's process id, is only for the sentence another process prints.
class lock_file {
public:
    /// Throws boost::system::system_error:
    ///         errc::journal_in_use  somebody holds it; the text names the process
    ///         sqlite category       no such folder, no permission, disk full
    explicit lock_file(const std::filesystem::path& path);
    ~lock_file();
    lock_file(const lock_file&) = delete;
    lock_file& operator=(const lock_file&) = delete;

private:
    std::intptr_t file_ = -1;  // a descriptor, or Windows' handle
};

}  // namespace ecr::store
