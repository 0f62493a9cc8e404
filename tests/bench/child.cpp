#include "tests/bench/child.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <ctime>
#include <fcntl.h>
#include <fstream>
#include <spawn.h>
#include <sstream>
#include <stdexcept>
#include <sys/wait.h>
#include <system_error>
#include <unistd.h>

namespace ecr::bench {
namespace {

using namespace std::chrono_literals;

constexpr auto line_limit = 20s;
constexpr auto stop_limit = 20s;
constexpr std::size_t lines_max = 200'000;
constexpr std::size_t lines_shown_max = 20;

void check(int code, const char* what)
{
    if (code != 0) throw std::system_error{code, std::generic_category(), what};
}

bool has_ended(pid_t pid)
{
    return ::waitpid(pid, nullptr, WNOHANG) != 0;
}

}  // namespace

child::child(std::vector<std::string> command, listen_to what)
{
    std::array<int, 2> ends{};
    check(::pipe2(ends.data(), O_CLOEXEC) == 0 ? 0 : errno, "pipe2");
    pipe_ = ends[0];
    posix_spawn_file_actions_t actions;
    ::posix_spawn_file_actions_init(&actions);
    if (what != listen_to::err)
        ::posix_spawn_file_actions_adddup2(&actions, ends[1], STDOUT_FILENO);
    else
        ::posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
    if (what == listen_to::err)
        ::posix_spawn_file_actions_adddup2(&actions, ends[1], STDERR_FILENO);
    if (what == listen_to::neither)
        ::posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0);

    std::vector<char*> argv;
    for (auto& word : command)
        argv.push_back(word.data());
    argv.push_back(nullptr);
    started_ = steady_clock::now();
    const int failed = ::posix_spawn(&pid_, argv[0], &actions, nullptr, argv.data(), environ);
    ::posix_spawn_file_actions_destroy(&actions);
    ::close(ends[1]);
    if (failed != 0) ::close(pipe_);
    check(failed, argv[0]);
    listener_ = std::thread{[this] { listen(); }};
}

child::~child()
{
    if (!gone_) ::kill(pid_, SIGTERM);
    const auto until = steady_clock::now() + stop_limit;
    while (!gone_ && !has_ended(pid_)) {
        if (steady_clock::now() > until) ::kill(pid_, SIGKILL);
        std::this_thread::sleep_for(1ms);
    }
    listener_.join();
    ::close(pipe_);
}

void child::listen()
{
    std::array<char, 16 * 1024> bytes{};
    std::string rest;
    for (;;) {
        const auto size = ::read(pipe_, bytes.data(), bytes.size());
        if (size < 0 && errno == EINTR) continue;
        const std::lock_guard lock{mutex_};
        if (size <= 0) {
            ended_ = true;
            more_.notify_all();
            return;
        }
        if (lines_.size() >= lines_max) continue;
        rest.append(bytes.data(), static_cast<std::size_t>(size));
        for (std::size_t end = 0; (end = rest.find('\n')) != std::string::npos;) {
            lines_.push_back(rest.substr(0, end));
            rest.erase(0, end + 1);
        }
        more_.notify_all();
    }
}

std::string child::wait_for(const std::string& part)
{
    std::unique_lock lock{mutex_};
    std::string found;
    const auto is_there = [&] {
        const auto line = std::ranges::find_if(
            lines_, [&](const auto& each) { return each.find(part) != std::string::npos; });
        if (line != lines_.end()) found = *line;
        return !found.empty() || ended_;
    };
    if (more_.wait_for(lock, line_limit, is_there) && !found.empty()) return found;
    std::string said;
    for (auto i = lines_.size() - std::min(lines_.size(), lines_shown_max); i < lines_.size(); ++i)
        said += "\n  " + lines_[i];
    throw std::runtime_error("the program does not say \"" + part + "\":" + said);
}

void child::kill()
{
    ::kill(pid_, SIGKILL);
    ::waitpid(pid_, nullptr, 0);
    gone_ = true;
}

std::chrono::nanoseconds child::cpu_time() const
{
    clockid_t its{};
    check(::clock_getcpuclockid(pid_, &its), "clock_getcpuclockid");
    timespec spent{};
    check(::clock_gettime(its, &spent) == 0 ? 0 : errno, "clock_gettime");
    return std::chrono::seconds{spent.tv_sec} + std::chrono::nanoseconds{spent.tv_nsec};
}

memory child::held() const
{
    std::ifstream in{"/proc/" + std::to_string(pid_) + "/smaps_rollup"};
    memory all;
    for (std::string line; std::getline(in, line);) {
        std::istringstream words{line};
        std::string name;
        long kib = 0;
        words >> name >> kib;
        if (name == "Rss:") all.resident = kib;
        if (name == "Pss:") all.pss = kib;
        if (name == "Pss_Anon:") all.anonymous = kib;
    }
    if (all.pss == 0) throw std::runtime_error("cannot read smaps_rollup: is the program gone?");
    return all;
}

}  // namespace ecr::bench
