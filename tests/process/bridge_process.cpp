#include "bridge_process.hpp"

#include <array>
#include <csignal>
#include <cstdlib>
#include <fcntl.h>
#include <fstream>
#include <stdexcept>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

namespace ecr::process {
namespace {

/// Everything the child needs, made before the fork: after it, in a program with threads, only
/// system calls are safe.
struct image {
    explicit image(const bridge_options& how)
        : program{std::string{ECR_BIN_DIR} + "/" + how.program}
    {
        words.push_back(program);
        words.insert(words.end(), how.arguments.begin(), how.arguments.end());
        for (char** known = environ; *known != nullptr; ++known)
            variables.emplace_back(*known);
        for (const auto& [name, value] : how.environment)
            variables.push_back(name + "=" + value);
        for (auto* list : {&words, &variables}) {
            auto& pointers = list == &words ? argv : envp;
            for (auto& word : *list)
                pointers.push_back(word.data());
            pointers.push_back(nullptr);
        }
    }

    std::string program;
    std::vector<std::string> words, variables;
    std::vector<char*> argv, envp;
};

}  // namespace

bridge_process::bridge_process(bridge_options how)
{
    image child{how};
    std::array<int, 2> ends{};
    if (::pipe2(ends.data(), O_CLOEXEC) != 0) throw std::runtime_error("pipe");
    const rlimit size{how.file_size_max, how.file_size_max};
    const rlimit files{how.open_files_max, how.open_files_max};
    pid_ = ::fork();
    if (pid_ == 0) {
        ::prctl(PR_SET_PDEATHSIG, SIGKILL);  // a test that is killed leaves nothing behind
        ::dup2(ends[1], STDOUT_FILENO);
        ::dup2(ends[1], STDERR_FILENO);
        ::close_range(3, ~0U, 0);  // the simulator's sockets among them
        if (how.file_size_max != RLIM_INFINITY) ::setrlimit(RLIMIT_FSIZE, &size);
        if (how.open_files_max != RLIM_INFINITY) ::setrlimit(RLIMIT_NOFILE, &files);
        ::execve(child.program.c_str(), child.argv.data(), child.envp.data());
        ::_exit(127);
    }
    ::close(ends[1]);
    reader_ = std::jthread{[this, pipe = ends[0]] { read_all(pipe); }};
}

bridge_process::~bridge_process()
{
    if (pid_ <= 0) return;
    ::kill(pid_, SIGKILL);
    ::waitpid(pid_, nullptr, 0);
}

void bridge_process::read_all(int pipe)
{
    std::array<char, 4096> piece{};
    for (;;) {
        const auto size = ::read(pipe, piece.data(), piece.size());
        const std::lock_guard lock{mutex_};
        if (size > 0)
            output_.append(piece.data(), static_cast<std::size_t>(size));
        else
            ended_ = true;
        written_.notify_all();
        if (size <= 0) break;
    }
    ::close(pipe);
}

std::string bridge_process::line_with(std::string_view text, std::size_t from)
{
    std::unique_lock lock{mutex_};
    std::string line;
    const auto is_there = [&] {
        const auto at = output_.find(text, from);
        const auto end = output_.find('\n', at);
        if (at == std::string::npos || end == std::string::npos) return ended_;
        const auto begin = output_.rfind('\n', at);
        line = output_.substr(begin == std::string::npos ? 0 : begin + 1,
                              end - (begin == std::string::npos ? 0 : begin + 1));
        return true;
    };
    written_.wait_for(lock, limit, is_there);
    if (line.empty())
        throw std::runtime_error("no line with \"" + std::string{text} + "\" in\n" + output_);
    return line;
}

std::string bridge_process::output()
{
    const std::lock_guard lock{mutex_};
    return output_;
}

std::uint16_t bridge_process::port(const std::string& link)
{
    const auto line = line_with("link.open link=" + link + " ");
    return static_cast<std::uint16_t>(std::stoi(line.substr(line.rfind(':') + 1)));
}

std::optional<std::uint16_t> bridge_process::port_by_now(const std::string& link)
{
    const std::lock_guard lock{mutex_};
    const auto at = output_.find("link.open link=" + link + " ");
    const auto end = output_.find('\n', at);
    if (ended_ || at == std::string::npos || end == std::string::npos) return std::nullopt;
    return static_cast<std::uint16_t>(std::stoi(output_.substr(output_.rfind(':', end) + 1)));
}

bool bridge_process::has_written(std::string_view text)
{
    const std::lock_guard lock{mutex_};
    return output_.find(text) != std::string::npos;
}

void bridge_process::signal(int number) const
{
    ::kill(pid_, number);
}

int bridge_process::wait()
{
    if (pid_ <= 0) return status_;
    std::unique_lock lock{mutex_};
    if (!written_.wait_for(lock, limit, [&] { return ended_; }))
        throw std::runtime_error("ecrbridged does not end; so far\n" + output_);
    lock.unlock();
    ::waitpid(pid_, &status_, 0);
    pid_ = -1;
    status_ = WIFEXITED(status_) ? WEXITSTATUS(status_) : -WTERMSIG(status_);
    return status_;
}

int bridge_process::stop()
{
    signal(SIGTERM);
    return wait();
}

long bridge_process::resident_kib() const
{
    std::ifstream facts{"/proc/" + std::to_string(pid_) + "/status"};
    for (std::string word; facts >> word;)
        if (word == "VmRSS:" && facts >> word) return std::stol(word);
    throw std::runtime_error("no VmRSS of ecrbridged");
}

}  // namespace ecr::process
