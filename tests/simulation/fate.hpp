#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <random>

namespace ecr::simulation {

using std::chrono::milliseconds;

/// Every choice of a run, drawn from its seed: the same seed makes the same choices.
class fate {
public:
    explicit fate(std::uint64_t seed) : random_{seed} {}

    /// 0 to n - 1.
    [[nodiscard]] std::size_t below(std::size_t n) { return random_() % n; }
    [[nodiscard]] bool per_mille(int chance)
    {
        return below(1000) < static_cast<std::size_t>(chance);
    }
    [[nodiscard]] bool per_cent(int chance) { return per_mille(chance * 10); }
    [[nodiscard]] milliseconds between(milliseconds least, milliseconds most)
    {
        const auto range = static_cast<std::size_t>((most - least).count()) + 1;
        return least + milliseconds{static_cast<std::int64_t>(below(range))};
    }
    template <class List>
    [[nodiscard]] const auto& one_of(const List& all)
    {
        return *(std::begin(all) + static_cast<std::ptrdiff_t>(below(std::size(all))));
    }

private:
    std::mt19937_64 random_;
};

}  // namespace ecr::simulation
