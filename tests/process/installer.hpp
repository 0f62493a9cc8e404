#pragma once

#include "shop.hpp"

#include <array>
#include <csignal>
#include <fcntl.h>
#include <fstream>
#include <poll.h>
#include <pty.h>
#include <stdexcept>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

namespace ecr::process {

/// Somebody at a terminal, and the program that talks with them.
class person {
public:
    explicit person(std::vector<std::string> arguments)
        : program_{std::string{ECR_BIN_DIR} + "/ecrbridge"}, words_{std::move(arguments)}
    {
        words_.insert(words_.begin(), program_);
        std::vector<char*> argv;
        for (auto& word : words_)
            argv.push_back(word.data());
        argv.push_back(nullptr);
        child_ = ::forkpty(&terminal_, nullptr, nullptr, nullptr);
        if (child_ == 0) {
            ::prctl(PR_SET_PDEATHSIG, SIGKILL);
            ::execv(program_.c_str(), argv.data());
            ::_exit(127);
        }
    }
    ~person()
    {
        ::close(terminal_);
        if (child_ <= 0) return;
        ::kill(child_, SIGKILL);
        ::waitpid(child_, nullptr, 0);
    }
    person(const person&) = delete;
    person& operator=(const person&) = delete;

    /// Waits until it has been asked this, and then for the prompt. Throws when it is not.
    void hear(const std::string& question)
    {
        while (true) {
            const auto at = screen_.find(question, heard_);
            const auto prompt = at == std::string::npos ? at : screen_.find("> ", at);
            if (prompt != std::string::npos) {
                heard_ = prompt + 2;
                return;
            }
            if (!read_more()) throw std::runtime_error("not asked: " + question + "\n" + screen_);
        }
    }
    void say(const std::string& line) { type(line + "\n"); }
    void type(const std::string& keys) const
    {
        EXPECT_EQ(::write(terminal_, keys.data(), keys.size()), static_cast<ssize_t>(keys.size()));
    }
    /// Answers one question after the other.
    void answer(const std::vector<std::pair<std::string, std::string>>& all)
    {
        for (const auto& [question, line] : all) {
            hear(question);
            say(line);
        }
    }
    /// Its exit status, or minus the signal.
    int wait()
    {
        while (read_more()) {
        }
        int status = 0;
        ::waitpid(std::exchange(child_, -1), &status, 0);
        return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
    }
    [[nodiscard]] bool shows_typing() const
    {
        termios mode{};
        EXPECT_EQ(::tcgetattr(terminal_, &mode), 0);
        return (mode.c_lflag & ECHO) != 0;
    }
    [[nodiscard]] const std::string& screen() const { return screen_; }

private:
    /// False: it has ended, or said nothing for too long.
    bool read_more()
    {
        pollfd ready{.fd = terminal_, .events = POLLIN, .revents = 0};
        constexpr auto limit_ms = std::chrono::milliseconds{limit}.count();
        if (::poll(&ready, 1, static_cast<int>(limit_ms)) <= 0) return false;
        std::array<char, 4096> piece{};
        const auto size = ::read(terminal_, piece.data(), piece.size());
        if (size <= 0) return false;
        screen_.append(piece.data(), static_cast<std::size_t>(size));
        return true;
    }

    std::string program_;
    std::vector<std::string> words_;
    pid_t child_ = -1;
    int terminal_ = -1;
    std::string screen_;
    std::size_t heard_ = 0;
};

class SetupTest : public ProcessTest {
protected:
    SetupTest() { std::filesystem::create_directory(config_.parent_path()); }

    /// Runs it to its end. Gives the exit status; said_ has the output.
    int set_up(std::vector<std::string> arguments, std::string key = {})
    {
        arguments.insert(arguments.begin(), {"setup", "--config", config_.string()});
        bridge_options how{.arguments = std::move(arguments), .program = "ecrbridge"};
        if (!key.empty()) how.environment.emplace_back("ECRBRIDGE_CLIENT_KEY", std::move(key));
        bridge_process tool{std::move(how)};
        const int status = tool.wait();
        said_ = tool.output();
        return status;
    }
    [[nodiscard]] std::vector<std::string> options() const
    {
        return {"--no-questions",
                "--url",
                url_,
                "--ca-file",
                (folder_ / "ca.pem").string(),
                "--app-code",
                std::string{simulator::test_app_code},
                "--terminal",
                "T1,front",
                "--terminal",
                "T2",
                "--link",
                "shop,tcp,127.0.0.1:0,channel=wx,terminal=front",
                "--set",
                "enquiry.first_ms=60",
                "--set",
                "enquiry.while_waiting_ms=60"};
    }
    [[nodiscard]] static mode_t mode_of(const std::filesystem::path& file)
    {
        struct stat facts {};
        EXPECT_EQ(::stat(file.c_str(), &facts), 0);
        return facts.st_mode & 07777;
    }
    static std::string text_of(const std::filesystem::path& file)
    {
        std::ifstream in{file, std::ios::binary};
        return {std::istreambuf_iterator<char>{in}, {}};
    }
    /// Starts the bridge with what was written, and pays.
    void pays(std::vector<std::string> more = {})
    {
        more.insert(more.begin(), {"--config", config_.string()});
        bridge_ = std::make_unique<bridge_process>(bridge_options{.arguments = std::move(more)});
        bridge_->line_with("bridge.ready");
        EXPECT_THAT(new_till().ask("pay order=A1 amount=110"), testing::HasSubstr("state=paid"));
        bridge_->stop();
    }

    const std::string key_{simulator::test_client_key};
    const std::string url_ = "https://localhost:" + std::to_string(cloud_.port());
    std::filesystem::path config_ = folder_ / "etc/ecrbridged.toml";
    std::filesystem::path stored_key_ = folder_ / "etc/client.key";
    std::string said_;
};

}  // namespace ecr::process
