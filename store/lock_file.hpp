#pragma once

#include <filesystem>

namespace ecr::store {

/// An exclusive claim on a file's neighbour, for as long as this object or its process lives. The
/// claim is flock's: the kernel drops it however the process ends, and the file itself stays. What
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
    int file_ = -1;
};

}  // namespace ecr::store
