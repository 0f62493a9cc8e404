#pragma once

#include "daemon/clock.hpp"
#include "daemon/logging.hpp"

#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <vector>

namespace ecr::daemon {

/// Writes a line of which there may be very many at once: when the cloud is down, every order in
/// hand says so, again and again. While a log_pacing lives on this thread, one line a minute for
/// each cause, with `times` when it stands for several. The cause is the event and its fields, but
/// for `order`, `till` and `peer`: those of the first one are shown.
void log_often(log_level level, std::string_view event, std::initializer_list<log_field> fields);

/// log(), with fields that are counted at run time.
void log_fields(log_level level, std::string_view event, std::span<const log_field> fields);

/// Paces the lines of log_often() on the thread that makes it, as long as it lives. What it has
/// held back is said when its minute is over and another line or say_overdue() comes, or at the
/// end.
class log_pacing {
public:
    static constexpr std::size_t causes_max = 256;

    explicit log_pacing(const clock& time);
    ~log_pacing();
    log_pacing(const log_pacing&) = delete;
    log_pacing& operator=(const log_pacing&) = delete;

    /// Says what has been held back for a minute.
    void say_overdue();

private:
    friend void log_often(log_level, std::string_view, std::initializer_list<log_field>);

    struct cause {
        log_level level{};
        std::string event;
        std::vector<log_field> fields;  // of the newest one held back
        std::uint64_t held = 0;
        milliseconds said_at{};
    };

    void happened(log_level level, std::string_view event, std::span<const log_field> fields);
    static void say(cause& what, milliseconds now);
    void make_room();

    const clock& time_;
    log_pacing* before_;
    std::map<std::string, cause> causes_;
};

}  // namespace ecr::daemon
