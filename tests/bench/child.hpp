#pragma once

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <string>
#include <sys/types.h>
#include <thread>
#include <vector>

namespace ecr::bench {

using std::chrono::steady_clock;

/// What a process holds, in KiB. Source: /proc/PID/smaps_rollup.
struct memory {
    long pss = 0;        // pages that several processes share count in parts
    long anonymous = 0;  // its own data: heap, stacks
    long resident = 0;   // what PSS would be if no other process had the same libraries open
};

/// A program under measurement. Ends with its owner.
class child {
public:
    enum class listen_to { out, err, neither };

    /// Throws std::system_error.
    child(std::vector<std::string> command, listen_to what);
    /// SIGTERM, then SIGKILL; nothing when it is gone already.
    ~child();
    child(const child&) = delete;
    child& operator=(const child&) = delete;

    /// The first line that holds `part`. Throws std::runtime_error, with the last lines, when there
    /// is none within 20 s.
    [[nodiscard]] std::string wait_for(const std::string& part);

    [[nodiscard]] memory held() const;
    /// Time on a processor so far, of all its threads together.
    [[nodiscard]] std::chrono::nanoseconds cpu_time() const;
    [[nodiscard]] pid_t pid() const { return pid_; }
    /// As when the power goes out. Returns when it is gone.
    void kill();
    [[nodiscard]] steady_clock::time_point started() const { return started_; }

private:
    void listen();

    pid_t pid_ = -1;
    int pipe_ = -1;
    steady_clock::time_point started_;
    std::mutex mutex_;
    std::condition_variable more_;
    std::vector<std::string> lines_;  // the first ones; the rest is read and dropped
    bool ended_ = false;
    bool gone_ = false;
    std::thread listener_;
};

}  // namespace ecr::bench
