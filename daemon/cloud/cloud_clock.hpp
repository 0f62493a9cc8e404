#pragma once

#include "daemon/clock.hpp"

#include <deque>
#include <optional>
#include <string_view>

namespace ecr::daemon {

/// How far the cloud's clock is from ours, as the Date headers of its answers tell. QFPay decides
/// by its own clock what a day and a month are, and a shop's PC may be wrong by hours.
class cloud_clock {
public:
    static constexpr std::size_t samples_max = 9;
    static constexpr milliseconds round_trip_max{5'000};  // slower answers say too little
    static constexpr milliseconds warn_from{30'000};
    static constexpr milliseconds calm_below{25'000};  // a warning ends, so that the next is news

    explicit cloud_clock(clock& source) : clock_{source} {}

    /// An answer with this Date has just come, `took` after its request had left.
    void heard(std::string_view date, milliseconds took);

    /// What to add to our wall clock to have the cloud's: the median of the last answers. Nothing:
    /// not known, because none came, or our own clock was set since.
    [[nodiscard]] std::optional<milliseconds> offset() const;
    /// Our wall clock, corrected by what is known.
    [[nodiscard]] timestamp now() const;

private:
    struct sample {
        milliseconds offset;
        timestamp boot;  // what the wall clock showed when the steady one was at zero
    };

    [[nodiscard]] timestamp boot() const { return clock_.wall() - clock_.now(); }
    void warn();

    clock& clock_;
    std::deque<sample> samples_;
    bool warned_ = false;
};

/// "Sun, 06 Nov 1994 08:49:37 GMT". Nothing: not that. Source: RFC 9110, 5.6.7.
[[nodiscard]] std::optional<timestamp> parse_http_date(std::string_view text);

}  // namespace ecr::daemon
