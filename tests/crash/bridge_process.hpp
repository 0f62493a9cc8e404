#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <sys/types.h>

namespace ecr::crash {

using std::chrono::milliseconds;

/// Right before or right after the commit of this number, from 1, the bridge kills itself.
struct kill_point {
    enum class side : std::uint8_t { before, after };
    side where{};
    int commit = 0;

    [[nodiscard]] std::string text() const
    {
        return (where == side::before ? "before commit " : "after commit ") +
               std::to_string(commit);
    }
};

/// A running crash_daemon.
class bridge_process {
public:
    /// Starts it. Its log is appended to `log`. Throws std::system_error.
    bridge_process(const std::filesystem::path& config, const std::filesystem::path& log,
                   milliseconds wall_shift, std::optional<kill_point> death);
    /// Kills it if it runs.
    ~bridge_process();
    bridge_process(const bridge_process&) = delete;
    bridge_process& operator=(const bridge_process&) = delete;

    /// Readable when the process has said something, or ended.
    [[nodiscard]] int output() const noexcept { return output_; }
    /// Takes what it has said; to be called when output() is readable. False: it has ended.
    [[nodiscard]] bool read_output();

    /// Where tills are served; nothing before it is ready.
    [[nodiscard]] std::optional<std::uint16_t> port() const noexcept { return port_; }
    /// Commits it has survived.
    [[nodiscard]] int commits() const noexcept { return commits_; }

    void kill() const;
    /// Waits for its end: the exit code, or minus the signal.
    int wait();

private:
    void understand(const std::string& line);

    pid_t pid_ = -1;
    int output_ = -1;
    std::string unread_;
    std::optional<std::uint16_t> port_;
    int commits_ = 0;
};

}  // namespace ecr::crash
