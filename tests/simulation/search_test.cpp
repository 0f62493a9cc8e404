#include "daemon/logging.hpp"
#include "tests/simulation/small_shop.hpp"

#include <gmock/gmock.h>

namespace ecr::simulation {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

/// Four lamps, each of which may be switched on. Broken: the second and the last one together.
std::vector<std::string> four_lamps(chooser& decisions)
{
    std::string lamps;
    for (int i = 0; i < 4; ++i) {
        const auto state = [&] { return std::hash<std::string>{}(lamps); };
        lamps += decisions.choose(2, "a lamp", state) == 1 ? '1' : '0';
    }
    if (lamps[1] == '1' && lamps[3] == '1') return {"short circuit: " + lamps};
    return {};
}

TEST(SearchTest, TheFirstCounterExampleIsAShortestOne)
{
    const auto report = search(four_lamps, {.deviations = 4});
    EXPECT_THAT(report.problems, ElementsAre("short circuit: 0101"));
    EXPECT_THAT(report.counter_example,
                ElementsAre("decision 1, a lamp: 1", "decision 3, a lamp: 1"));
}

TEST(SearchTest, ABoundIsKeptAndSaid)
{
    const auto one = search(four_lamps, {.deviations = 1});
    EXPECT_THAT(one.problems, IsEmpty());
    EXPECT_EQ(one.runs, 5U);  // nothing, or one of four
    EXPECT_TRUE(one.complete);
    EXPECT_EQ(one.longest, 4U);
    const auto cut = search(four_lamps, {.deviations = 1, .runs_max = 3});
    EXPECT_FALSE(cut.complete);
    EXPECT_EQ(cut.runs, 3U);
}

class SmallShopTest : public testing::TestWithParam<small_scenario> {};

TEST_P(SmallShopTest, WhateverOneThingGoesWrongThePromiseIsKept)
{
    daemon::set_up_logging({.level = "error"});
    const auto report =
        search([](chooser& decisions) { return run_small_shop(GetParam(), decisions); },
               {.deviations = 1});
    EXPECT_THAT(report.problems, IsEmpty()) << testing::PrintToString(report.counter_example);
    EXPECT_TRUE(report.complete);
    EXPECT_GT(report.states, 300U);
}

INSTANTIATE_TEST_SUITE_P(Scenario, SmallShopTest, testing::ValuesIn(all_small_scenarios),
                         [](const auto& instance) { return std::string{name_of(instance.param)}; });

}  // namespace
}  // namespace ecr::simulation
