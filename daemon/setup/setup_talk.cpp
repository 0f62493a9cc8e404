#include "daemon/setup/setup_talk.hpp"

#include "daemon/setup/setup_topics.hpp"

#include <algorithm>
#include <cctype>

namespace ecr::daemon {
namespace {

std::string trimmed(std::string_view text)
{
    constexpr auto blanks = " \t\r\n";
    const auto first = text.find_first_not_of(blanks);
    if (first == std::string_view::npos) return {};
    return std::string{text.substr(first, text.find_last_not_of(blanks) - first + 1)};
}

std::string lower(std::string text)
{
    std::ranges::transform(text, text.begin(),
                           [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    return text;
}

std::size_t topic_count()
{
    return account_topics().size() + link_topics().size();
}

const setup_topic& topic_at(std::size_t index)
{
    const auto first = account_topics();
    return index < first.size() ? first[index] : link_topics()[index - first.size()];
}

std::string words_of(const setup_question& question)
{
    std::string all;
    for (const auto& [word, about] : question.choices)
        all += (all.empty() ? "" : ", ") + word;
    return all;
}

}  // namespace

std::optional<std::string> chosen(const setup_question& question, std::string_view answer)
{
    const auto wanted = lower(trimmed(answer));
    for (std::size_t i = 0; i < question.choices.size(); ++i)
        if (wanted == lower(question.choices[i].word) || wanted == std::to_string(i + 1))
            return question.choices[i].word;
    // "y" for yes, and whatever else is the beginning of one word only.
    std::optional<std::string> found;
    for (const auto& [word, about] : question.choices) {
        if (wanted.empty() || !lower(word).starts_with(wanted)) continue;
        if (found) return std::nullopt;
        found = word;
    }
    return found;
}

setup_talk::setup_talk(setup_plan start, setup_surroundings around)
    : state_{.plan = std::move(start), .around = std::move(around), .client_key = {}}
{
    state_.asks_terminals = state_.plan.count("terminal") == 0;
    state_.asks_links = state_.plan.count("link") == 0;
    go_to_wanted();
}

std::optional<setup_question> setup_talk::next() const
{
    if (topic_ == topic_count()) return std::nullopt;
    return topic_at(topic_).ask(state_);
}

std::string setup_talk::answer(std::string_view text)
{
    const auto question = next();
    if (!question) return "nothing was asked";
    auto said = trimmed(text);
    if (said.empty()) said = question->proposal;
    if (!question->choices.empty()) {
        const auto word = chosen(*question, said);
        if (!word) return "must be one of " + words_of(*question) + ", or its number";
        said = *word;
    }
    const auto& topic = topic_at(topic_);
    auto problem = topic.take(state_, said);
    if (!problem.empty()) return problem;
    const bool again = std::exchange(state_.again, false);
    topic_ = again ? topic_ - topic.back : topic_ + 1;
    go_to_wanted();
    return {};
}

void setup_talk::go_to_wanted()
{
    while (topic_ < topic_count() && !topic_at(topic_).wanted(state_))
        ++topic_;
}

}  // namespace ecr::daemon
