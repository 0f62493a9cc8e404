#pragma once

#include <string>
#include <vector>

namespace ecr::bench {

/// A goal, what was measured of it, and whether that is enough.
struct goal {
    std::string what;
    double measured = 0;
    double limit = 0;
    bool at_least = false;   // or else at most
    std::string unit = "x";  // a ratio
    bool counts = true;      // false: said, and no failure of --check

    [[nodiscard]] bool met() const { return at_least ? measured >= limit : measured <= limit; }
};

/// Prints them as a table of Markdown. Returns how many that count were missed.
int print_goals(const std::vector<goal>& goals);

}  // namespace ecr::bench
