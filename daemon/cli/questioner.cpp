#include "daemon/cli/questioner.hpp"

#include <algorithm>
#include <csignal>
#include <iostream>
#include <termios.h>
#include <unistd.h>

namespace ecr::cli {
namespace {

termios shown_mode{};

void show_again(int signal)
{
    ::tcsetattr(STDIN_FILENO, TCSANOW, &shown_mode);
    ::_exit(128 + signal);
}

/// What is typed while it lives is not shown; also not afterwards to somebody who types on.
class hidden_typing {
public:
    hidden_typing() : hides_{::isatty(STDIN_FILENO) == 1}
    {
        if (!hides_ || ::tcgetattr(STDIN_FILENO, &shown_mode) != 0) return;
        // Whoever gives up here must get a terminal back that shows what is typed.
        for (const int signal : {SIGINT, SIGTERM, SIGHUP})
            std::signal(signal, show_again);
        auto hidden = shown_mode;
        hidden.c_lflag &= ~static_cast<tcflag_t>(ECHO);
        hidden.c_lflag |= ECHONL;
        ::tcsetattr(STDIN_FILENO, TCSAFLUSH, &hidden);
    }
    ~hidden_typing()
    {
        if (!hides_) return;
        ::tcsetattr(STDIN_FILENO, TCSANOW, &shown_mode);
        for (const int signal : {SIGINT, SIGTERM, SIGHUP})
            std::signal(signal, SIG_DFL);
    }
    hidden_typing(const hidden_typing&) = delete;
    hidden_typing& operator=(const hidden_typing&) = delete;

private:
    bool hides_;
};

void show(const daemon::setup_question& question)
{
    std::cout << '\n' << question.text << '\n';
    for (const auto& note : question.notes)
        std::cout << "  " << note << '\n';
    std::size_t width = 0;
    for (const auto& choice : question.choices)
        width = std::max(width, choice.word.size());
    const bool numbered = question.choices.size() > 2;
    for (std::size_t i = 0; i < question.choices.size(); ++i) {
        const auto& [word, about] = question.choices[i];
        if (about.empty() && !numbered) continue;
        std::cout << "  " << i + 1 << "  " << word
                  << (about.empty() ? "" : std::string(width - word.size() + 2, ' ') + about)
                  << '\n';
    }
    if (!question.proposal.empty()) std::cout << '[' << question.proposal << "] ";
    std::cout << "> " << std::flush;
}

}  // namespace

std::optional<std::string> questioner::ask(const daemon::setup_question& question)
{
    std::optional<hidden_typing> hidden;
    if (question.secret) hidden.emplace();
    show(question);
    std::string answer;
    if (!std::getline(std::cin, answer)) return std::nullopt;
    return answer;
}

void questioner::refuse(const std::string& why)
{
    std::cout << "  ! " << why << '\n';
}

std::optional<bool> questioner::confirm(const std::string& text, bool proposal,
                                        const std::vector<std::string>& notes)
{
    const daemon::setup_question question{.text = text,
                                          .notes = notes,
                                          .choices = {{"yes", {}}, {"no", {}}},
                                          .proposal = proposal ? "yes" : "no"};
    while (true) {
        auto answer = ask(question);
        if (!answer) return std::nullopt;
        if (answer->find_first_not_of(" \t\r") == std::string::npos) return proposal;
        if (const auto word = daemon::chosen(question, *answer)) return *word == "yes";
        refuse("must be yes or no");
    }
}

}  // namespace ecr::cli
