#include "tests/simulation/choice.hpp"

#include <algorithm>
#include <unordered_set>
#include <utility>

namespace ecr::simulation {
namespace {

std::uint64_t mixed(std::uint64_t state, std::uint64_t choice)
{
    auto x = state + (choice + 1) * 0x9E3779B97F4A7C15ULL;
    x = (x ^ (x >> 30U)) * 0xBF58476D1CE4E5B9ULL;
    return x ^ (x >> 31U);
}

std::vector<std::string> story_of(const chooser& run)
{
    std::vector<std::string> story;
    for (std::size_t i = 0; i < run.points().size(); ++i) {
        const auto& p = run.points()[i];
        if (p.chosen != 0)
            story.push_back("decision " + std::to_string(i) + ", " + std::string{p.what} + ": " +
                            std::to_string(p.chosen));
    }
    return story;
}

}  // namespace

std::size_t chooser::choose(std::size_t choices, std::string_view what,
                            const std::function<std::uint64_t()>& state)
{
    const auto at = points_.size();
    point made{.choices = static_cast<std::uint8_t>(choices), .what = what};
    if (at < beginning_.size())
        made.chosen = static_cast<std::uint8_t>(beginning_[at]);
    else
        made.state = state();
    points_.push_back(made);
    return made.chosen;
}

search_report search(const play& one_run, const search_bounds& bounds)
{
    search_report report;
    std::unordered_set<std::uint64_t> states;
    std::unordered_set<std::uint64_t> tried;
    std::vector<std::string> level{std::string{}};
    for (int deviations = 0; deviations <= bounds.deviations && !level.empty(); ++deviations) {
        std::vector<std::string> next;
        for (auto& beginning : level) {
            if (report.runs == bounds.runs_max) {
                report.complete = false;
                report.states = states.size();
                return report;
            }
            chooser run{std::move(beginning)};
            report.problems = one_run(run);
            ++report.runs;
            report.longest = std::max(report.longest, run.points().size());
            if (!report.problems.empty()) {
                report.counter_example = story_of(run);
                report.states = states.size();
                return report;
            }
            auto so_far = run.beginning();
            for (auto i = so_far.size(); i < run.points().size(); ++i) {
                const auto& p = run.points()[i];
                states.insert(p.state);
                for (std::uint8_t choice = 1; deviations < bounds.deviations && choice < p.choices;
                     ++choice)
                    if (tried.insert(mixed(p.state, choice)).second)
                        next.push_back(so_far + static_cast<char>(choice));
                so_far += '\0';
            }
        }
        level = std::move(next);
    }
    report.states = states.size();
    return report;
}

}  // namespace ecr::simulation
