#pragma once

#include <algorithm>
#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>

namespace ecr::daemon {

/// How often something has taken how long: what a Prometheus histogram is made of.
class duration_counts {
public:
    using milliseconds = std::chrono::milliseconds;

    /// Upper bounds, inclusive; what took longer is in the last count alone.
    static constexpr auto bounds = std::to_array<milliseconds>(
        {milliseconds{10}, milliseconds{25}, milliseconds{50}, milliseconds{100}, milliseconds{250},
         milliseconds{500}, milliseconds{1'000}, milliseconds{2'500}, milliseconds{5'000},
         milliseconds{10'000}, milliseconds{30'000}, milliseconds{60'000}, milliseconds{120'000},
         milliseconds{300'000}});

    void add(milliseconds took) noexcept
    {
        const auto bucket = std::ranges::lower_bound(bounds, took) - bounds.begin();
        ++counts_[static_cast<std::size_t>(bucket)];
        sum_ += took;
    }

    /// One more than there are bounds; not cumulated.
    [[nodiscard]] const auto& counts() const noexcept { return counts_; }
    [[nodiscard]] milliseconds sum() const noexcept { return sum_; }

private:
    std::array<std::uint64_t, bounds.size() + 1> counts_{};
    milliseconds sum_{};
};

}  // namespace ecr::daemon
