#include "tests/crash/bridge_process.hpp"

#include <array>
#include <csignal>
#include <cstdlib>
#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <system_error>
#include <unistd.h>
#include <vector>

namespace ecr::crash {
namespace {

void check(int error, const char* what)
{
    if (error != 0) throw std::system_error{error, std::generic_category(), what};
}

std::vector<std::string> arguments_of(const std::filesystem::path& config, milliseconds wall_shift,
                                      const std::optional<kill_point>& death)
{
    std::vector<std::string> all{ECR_BIN_DIR "/crash_daemon", config.string(),
                                 std::to_string(wall_shift.count())};
    if (death) {
        all.emplace_back(death->where == kill_point::side::before ? "before" : "after");
        all.push_back(std::to_string(death->commit));
    }
    return all;
}

}  // namespace

bridge_process::bridge_process(const std::filesystem::path& config,
                               const std::filesystem::path& log, milliseconds wall_shift,
                               std::optional<kill_point> death)
{
    std::array<int, 2> ends{};
    check(::pipe2(ends.data(), O_CLOEXEC) == 0 ? 0 : errno, "pipe");
    auto arguments = arguments_of(config, wall_shift, death);
    std::vector<char*> argv;
    for (auto& each : arguments)
        argv.push_back(each.data());
    argv.push_back(nullptr);

    posix_spawn_file_actions_t actions;
    check(::posix_spawn_file_actions_init(&actions), "posix_spawn_file_actions_init");
    ::posix_spawn_file_actions_adddup2(&actions, ends[1], STDOUT_FILENO);
    ::posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, log.c_str(),
                                       O_WRONLY | O_CREAT | O_APPEND, 0600);
    // Asio opens its sockets for every program: a bridge must not hold the simulated cloud's.
    ::posix_spawn_file_actions_addclosefrom_np(&actions, STDERR_FILENO + 1);
    const int failed = ::posix_spawn(&pid_, argv[0], &actions, nullptr, argv.data(), environ);
    ::posix_spawn_file_actions_destroy(&actions);
    ::close(ends[1]);
    output_ = ends[0];
    check(failed, argv[0]);
}

bridge_process::~bridge_process()
{
    kill();
    (void)wait();
    ::close(output_);
}

bool bridge_process::read_output()
{
    std::array<char, 1024> bytes{};
    const auto size = ::read(output_, bytes.data(), bytes.size());
    if (size <= 0) return false;
    unread_.append(bytes.data(), static_cast<std::size_t>(size));
    for (auto end = unread_.find('\n'); end != std::string::npos; end = unread_.find('\n')) {
        understand(unread_.substr(0, end));
        unread_.erase(0, end + 1);
    }
    return true;
}

void bridge_process::understand(const std::string& line)
{
    if (line == "commit") ++commits_;
    if (line.starts_with("ready "))
        port_ = static_cast<std::uint16_t>(std::strtoul(line.c_str() + 6, nullptr, 10));
}

void bridge_process::kill() const
{
    if (pid_ > 0) ::kill(pid_, SIGKILL);
}

int bridge_process::wait()
{
    if (pid_ <= 0) return 0;
    int status = 0;
    const auto ended = ::waitpid(pid_, &status, 0);
    pid_ = -1;
    if (ended <= 0) return -1000;
    return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
}

}  // namespace ecr::crash
