#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace ecr::simulation {

/// The decisions of one run. At every point choice 0 is what happens when nothing goes wrong.
class chooser {
public:
    struct point {
        std::uint8_t choices = 0;
        std::uint8_t chosen = 0;
        std::uint64_t state = 0;  // what everything was like, as a hash
        std::string_view what;    // a text that lives for ever
    };

    /// The first decisions; all others are 0.
    explicit chooser(std::string beginning) : beginning_{std::move(beginning)} {}

    /// `state` is asked for only where it is needed.
    std::size_t choose(std::size_t choices, std::string_view what,
                       const std::function<std::uint64_t()>& state);

    [[nodiscard]] const std::vector<point>& points() const { return points_; }
    [[nodiscard]] const std::string& beginning() const { return beginning_; }

private:
    std::string beginning_;
    std::vector<point> points_;
};

/// One run from the beginning to the end; gives what was wrong.
using play = std::function<std::vector<std::string>(chooser&)>;

struct search_bounds {
    int deviations = 2;  // how many things may go wrong in a run
    std::size_t runs_max = 10'000'000;
};

struct search_report {
    std::size_t runs = 0;
    std::size_t states = 0;                    // distinct
    std::size_t longest = 0;                   // decisions of a run
    bool complete = true;                      // the whole bounded space
    std::vector<std::string> problems;         // of the first run that had any,
    std::vector<std::string> counter_example;  // and what went wrong in it: no run is shorter
};

/// Breadth-first over everything that can go wrong: all runs in which nothing does, then all in
/// which one thing does, and so on. A choice in a state that has been tried is not tried again.
/// Ends at the first run with problems.
[[nodiscard]] search_report search(const play& one_run, const search_bounds& bounds);

}  // namespace ecr::simulation
