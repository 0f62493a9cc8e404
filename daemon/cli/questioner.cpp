#include "daemon/cli/questioner.hpp"

#include "daemon/cli/hidden_typing.hpp"

#include <algorithm>
#include <iostream>

namespace ecr::cli {
namespace {

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
