#include "tests/bench/compared/report.hpp"

#include <cstdio>

namespace ecr::bench {
namespace {

std::string number(double value, const std::string& unit)
{
    char text[40];
    std::snprintf(text, sizeof text, unit == "x" || value < 10 ? "%.2f" : "%.1f", value);
    return unit == "x" ? std::string{text} + " x" : std::string{text} + " " + unit;
}

}  // namespace

int print_goals(const std::vector<goal>& goals)
{
    int missed = 0;
    std::printf("\n| Goal | Wanted | Measured | |\n|---|---|---|---|\n");
    for (const auto& each : goals) {
        std::printf("| %s | %s %s | %s | %s |\n", each.what.c_str(), each.at_least ? "≥" : "≤",
                    number(each.limit, each.unit).c_str(), number(each.measured, each.unit).c_str(),
                    each.met()    ? "met"
                    : each.counts ? "**missed**"
                                  : "above it");
        if (each.counts && !each.met()) ++missed;
    }
    return missed;
}

}  // namespace ecr::bench
