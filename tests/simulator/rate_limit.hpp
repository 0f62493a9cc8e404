#pragma once

#include "tests/simulator/settings.hpp"

#include <deque>

namespace ecr::simulator {

/// 100 requests a second and 400 a minute for one merchant, both windows sliding.
///
/// Source: contract 8.6, 13.19.
class rate_limit {
public:
    /// True: refuse this request.
    bool is_over(milliseconds now, const settings& behaviour)
    {
        constexpr milliseconds second{1'000};
        constexpr milliseconds minute{60'000};
        while (!counted_.empty() && counted_.front() <= now - minute)
            counted_.pop_front();
        std::int64_t in_second = 0;
        for (auto it = counted_.rbegin(); it != counted_.rend() && *it > now - second; ++it)
            ++in_second;
        const bool over =
            in_second >= behaviour.requests_per_second ||
            static_cast<std::int64_t>(counted_.size()) >= behaviour.requests_per_minute;
        if (!over || behaviour.rate_limit_counts_429) counted_.push_back(now);
        // Refused ones count too, but never so many that memory grows with the flood.
        const auto most = static_cast<std::size_t>(2 * behaviour.requests_per_minute);
        while (counted_.size() > most)
            counted_.pop_front();
        return over;
    }
    void clear() { counted_.clear(); }

private:
    std::deque<milliseconds> counted_;
};

}  // namespace ecr::simulator
