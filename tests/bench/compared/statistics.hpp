#pragma once

#include <algorithm>
#include <vector>

namespace ecr::bench {

/// The value below which so large a part of them lies; `values` is not empty.
[[nodiscard]] inline double quantile(std::vector<double> values, double part)
{
    std::ranges::sort(values);
    const auto at = static_cast<std::size_t>(part * static_cast<double>(values.size()));
    return values[std::min(at, values.size() - 1)];
}

[[nodiscard]] inline double median(std::vector<double> values)
{
    return quantile(std::move(values), 0.5);
}

}  // namespace ecr::bench
