#include "daemon/cli/till_actor.hpp"

#include <csignal>
#include <iostream>
#include <map>
#include <poll.h>
#include <spawn.h>
#include <stdexcept>
#include <sys/wait.h>
#include <unistd.h>
#include <vector>

namespace ecr::cli {
namespace {

namespace certify = daemon::certify;
using certify::shown;
using namespace std::chrono_literals;

constexpr auto amount = "1250";
constexpr auto person_limit = 30min;
constexpr auto program_limit = 90s;

std::string_view word_of(certify::mark how)
{
    switch (how) {
        case certify::mark::pass: return "PASS";
        case certify::mark::fail: return "FAIL";
        case certify::mark::skipped: return "skipped";
    }
    return {};
}

class person final : public till_actor {
public:
    std::optional<shown> play(certify::stage& on, certify::trial which,
                              const std::string& number) override
    {
        const auto& text = certify::text_of(which);
        std::cout << "\n== " << text.title << " ==\n"
                  << text.what_for << "\n\n  " << text.what_to_do << '\n';
        if (which == certify::trial::refund)
            std::cout << "  That sale was " << on.paid_number() << ".\n";
        else
            std::cout << "  Any number will do, " << number << " for example; amount 12.50.\n";
        const auto answer = ask(on,
                                "\nWhen the till has finished: what does it show? p paid or "
                                "refunded, n not paid, u something else\n> ");
        if (!answer) return std::nullopt;
        return answer->starts_with('p')   ? shown::paid
               : answer->starts_with('n') ? shown::not_paid
                                          : shown::unknown;
    }

    void told(const certify::judgement& judged) override
    {
        std::cout << word_of(judged.how) << ": " << judged.sentence << '\n';
    }

private:
    /// A line from standard input, while the stage plays on. Nothing: there is no more.
    std::optional<std::string> ask(certify::stage& on, const std::string& question)
    {
        std::cout << question << std::flush;
        std::optional<std::string> line;
        bool ended = false;
        (void)on.until([&] { return (line = next_line(ended)).has_value() || ended; },
                       person_limit);
        return line;
    }

    std::optional<std::string> next_line(bool& ended)
    {
        pollfd ready{.fd = STDIN_FILENO, .events = POLLIN, .revents = 0};
        if (::poll(&ready, 1, 0) > 0) {
            char piece[256];
            const auto size = ::read(STDIN_FILENO, piece, sizeof piece);
            if (size <= 0) ended = true;
            if (size > 0) typed_.append(piece, static_cast<std::size_t>(size));
        }
        const auto end = typed_.find('\n');
        if (end == std::string::npos) return std::nullopt;
        auto line = typed_.substr(0, end);
        typed_.erase(0, end + 1);
        return line;
    }

    std::string typed_;
};

class program final : public till_actor {
public:
    explicit program(std::string command) : command_{std::move(command)} {}

    std::optional<shown> play(certify::stage& on, certify::trial which,
                              const std::string& number) override
    {
        const auto& text = certify::text_of(which);
        std::cout << text.title << ": " << std::flush;
        const auto child = start({{"ECR_CASE", std::string{text.name}},
                                  {"ECR_BRIDGE", on.address()},
                                  {"ECR_ORDER", number},
                                  {"ECR_AMOUNT", amount},
                                  {"ECR_OF", on.paid_number()}});
        int status = 0;
        const auto has_ended = [&] { return ::waitpid(child, &status, WNOHANG) == child; };
        if (!on.until(has_ended, program_limit)) {
            ::kill(child, SIGKILL);
            ::waitpid(child, &status, 0);
        }
        if (!WIFEXITED(status) || WEXITSTATUS(status) > 1) return shown::unknown;
        return WEXITSTATUS(status) == 0 ? shown::paid : shown::not_paid;
    }

    void told(const certify::judgement& judged) override
    {
        std::cout << word_of(judged.how) << ". " << judged.sentence << '\n';
    }

private:
    [[nodiscard]] pid_t start(std::map<std::string, std::string> more) const
    {
        for (char** each = environ; *each != nullptr; ++each) {
            const std::string known{*each};
            const auto equals = known.find('=');
            more.emplace(known.substr(0, equals), known.substr(equals + 1));
        }
        std::vector<std::string> texts;
        texts.reserve(more.size());
        for (const auto& [name, value] : more)
            texts.push_back(name + "=" + value);
        std::vector<char*> variables;
        variables.reserve(texts.size() + 1);
        for (auto& text : texts)
            variables.push_back(text.data());
        variables.push_back(nullptr);
        std::string shell = "sh", option = "-c", command = command_;
        char* arguments[] = {shell.data(), option.data(), command.data(), nullptr};
        pid_t child = -1;
        if (::posix_spawn(&child, "/bin/sh", nullptr, nullptr, arguments, variables.data()) != 0)
            throw std::runtime_error{"/bin/sh cannot be run"};
        return child;
    }

    std::string command_;
};

}  // namespace

std::unique_ptr<till_actor> make_person()
{
    return std::make_unique<person>();
}

std::unique_ptr<till_actor> make_program(std::string command)
{
    return std::make_unique<program>(std::move(command));
}

}  // namespace ecr::cli
