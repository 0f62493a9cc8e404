#pragma once

#include "tests/bench/compared/contestant.hpp"
#include "tests/bench/compared/physical.hpp"

#include <map>
#include <vector>

namespace ecr::bench {

struct amounts {
    int rounds = 5;
    int warm_up = 400;  // commands before those that count: connections to the cloud are made
    // Commands with so many tills at once. All together fewer orders than the bridge takes in hand.
    std::map<int, int> commands{{1, 200}, {8, 800}, {64, 2'400}};
};

/// Of one contestant with so many tills; an entry a round.
struct results {
    std::vector<double> per_second;
    std::vector<double> p50_ms;
    std::vector<double> p99_ms;
    std::vector<double> cpu_us;  // for a command
};

struct all_results {
    std::map<competitor, std::map<int, results>> by_tills;
    std::map<competitor, std::vector<double>> idle_kib;  // PSS
    std::map<competitor, std::vector<double>> loaded_kib;
    std::map<competitor, std::vector<double>> started_ms;
    std::vector<physical> limits;
};

/// One after the other in each round, each with a new journal, which is looked into at its end.
[[nodiscard]] all_results run_rounds(const std::vector<competitor>& all, const amounts& how_much);

/// 64 tills, and a cloud that takes its time: what is added to that, in milliseconds.
[[nodiscard]] std::vector<double> added_to_slow_cloud(int delay_ms, const amounts& how_much);

}  // namespace ecr::bench
