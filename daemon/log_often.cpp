#include "daemon/log_often.hpp"

#include "daemon/limits.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace ecr::daemon {
namespace {

/// Of the thread that serves all tills. Others write little, and what they write is not paced.
// Who writes a line does not know the bridge it writes it for.
// NOLINTNEXTLINE(cppcoreguidelines-avoid-non-const-global-variables)
thread_local log_pacing* current_pacing = nullptr;

constexpr auto not_the_cause = std::to_array<std::string_view>({"order", "till", "peer"});

std::string cause_of(std::string_view event, std::span<const log_field> fields)
{
    std::string made{event};
    for (const auto& field : fields)
        if (std::ranges::find(not_the_cause, field.key) == not_the_cause.end())
            made.append("\n").append(field.key).append("=").append(field.value);
    return made;
}

}  // namespace

void log_often(log_level level, std::string_view event, std::initializer_list<log_field> fields)
{
    const std::span<const log_field> all{fields.begin(), fields.size()};
    if (current_pacing == nullptr) return log_fields(level, event, all);
    current_pacing->say_overdue();
    current_pacing->happened(level, event, all);
}

log_pacing::log_pacing(const clock& time)
    : time_{time}, before_{std::exchange(current_pacing, this)}
{}

log_pacing::~log_pacing()
{
    for (auto& [key, each] : causes_)
        if (each.held > 0) say(each, time_.now());
    current_pacing = before_;
}

void log_pacing::happened(log_level level, std::string_view event,
                          std::span<const log_field> fields)
{
    const auto key = cause_of(event, fields);
    const auto known = causes_.find(key);
    if (known != causes_.end()) {
        auto& what = known->second;
        what.fields.assign(fields.begin(), fields.end());
        ++what.held;
        return;
    }
    make_room();
    log_fields(level, event, fields);
    causes_.emplace(key, cause{.level = level,
                               .event = std::string{event},
                               .fields = {},
                               .held = 0,
                               .said_at = time_.now()});
}

/// A cause whose minute is over is said if it has gone on, and forgotten if it has not: the next
/// time it is news.
void log_pacing::say_overdue()
{
    const auto now = time_.now();
    for (auto at = causes_.begin(); at != causes_.end();) {
        auto& what = at->second;
        const bool over = now - what.said_at >= limits::nuisance_log_pace;
        const bool quiet = what.held == 0;
        if (over && !quiet) say(what, now);
        at = over && quiet ? causes_.erase(at) : std::next(at);
    }
}

void log_pacing::say(cause& what, milliseconds now)
{
    if (what.held > 1) what.fields.emplace_back("times", what.held);
    log_fields(what.level, what.event, what.fields);
    what.fields.clear();
    what.held = 0;
    what.said_at = now;
}

/// Causes without end, a text that differs each time most likely, must not fill the memory.
void log_pacing::make_room()
{
    if (causes_.size() < causes_max) return;
    const auto oldest =
        std::ranges::min_element(causes_, {}, [](const auto& each) { return each.second.said_at; });
    if (oldest->second.held > 0) say(oldest->second, time_.now());
    causes_.erase(oldest);
}

}  // namespace ecr::daemon
