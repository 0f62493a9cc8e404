#pragma once

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <sys/resource.h>
#include <sys/types.h>
#include <thread>
#include <utility>
#include <vector>

namespace ecr::process {

/// How long a test waits for something that must happen. Generous: it is spent only by a failure.
inline constexpr std::chrono::seconds limit{30};

struct bridge_options {
    std::vector<std::string> arguments;
    rlim_t file_size_max = RLIM_INFINITY;  // bytes; a full disk
    rlim_t open_files_max = RLIM_INFINITY;
    std::vector<std::pair<std::string, std::string>> environment;  // added
    std::string program = "ecrbridged";
};

/// The built ecrbridged (or another program of ours) as a child of the test. What it writes is
/// kept; nothing of it survives the object. Every wait throws std::runtime_error with all the
/// output when its time is over.
class bridge_process {
public:
    explicit bridge_process(bridge_options how);
    ~bridge_process();
    bridge_process(const bridge_process&) = delete;
    bridge_process& operator=(const bridge_process&) = delete;

    /// The first line that contains `text`, from the byte `from` of the output on.
    std::string line_with(std::string_view text, std::size_t from = 0);
    /// All that it has written so far, to both streams.
    [[nodiscard]] std::string output();
    /// The port a TCP link got.
    std::uint16_t port(const std::string& link);
    /// The same without waiting; nothing: the link is not open yet, or the program has ended.
    std::optional<std::uint16_t> port_by_now(const std::string& link);
    /// Whether it has written this. Does not wait.
    [[nodiscard]] bool has_written(std::string_view text);

    void signal(int number) const;
    /// Its exit status, or minus the signal that ended it.
    int wait();
    /// SIGTERM, then wait().
    int stop();

    [[nodiscard]] pid_t pid() const { return pid_; }
    /// Resident memory, KiB.
    [[nodiscard]] long resident_kib() const;

private:
    void read_all(int pipe);

    pid_t pid_ = -1;
    int status_ = 0;
    std::mutex mutex_;
    std::condition_variable written_;
    std::string output_;
    bool ended_ = false;
    std::jthread reader_;
};

}  // namespace ecr::process
