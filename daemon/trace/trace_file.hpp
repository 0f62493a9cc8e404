#pragma once

#include <boost/asio/thread_pool.hpp>

#include <atomic>
#include <cstddef>
#include <filesystem>
#include <memory>
#include <string>

namespace ecr::daemon {

/// Lines to a file of mode 0600 that is renamed when it has grown: FILE, FILE.1, FILE.2, …. Written
/// by a thread of its own, so that a slow disk delays no till. The first failure ends it, with one
/// line in the log.
class trace_file {
public:
    trace_file(boost::asio::thread_pool& writer, std::filesystem::path file, std::size_t size_max,
               std::size_t files_max);
    ~trace_file();

    /// Returns at once. When too much waits for the disk the line is dropped, and counted.
    void write(std::string line);

private:
    class disk;

    boost::asio::thread_pool& writer_;
    std::shared_ptr<disk> disk_;                         // the writer's alone
    std::shared_ptr<std::atomic<std::size_t>> waiting_;  // bytes
    std::size_t lost_ = 0;
};

}  // namespace ecr::daemon
