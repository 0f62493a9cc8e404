#include "daemon/logging.hpp"
#include "tests/simulation/shop_run.hpp"

#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <sstream>

namespace ecr::simulation {
namespace {

std::uint64_t seeds_wanted()
{
    const char* wanted = std::getenv("ECR_SIMULATION_SEEDS");
    return wanted == nullptr ? 40 : std::strtoull(wanted, nullptr, 10);
}

class SimulationTest : public testing::Test {
protected:
    static void SetUpTestSuite() { daemon::set_up_logging({.level = "error"}); }

    static void expect_promise_kept(std::uint64_t seed)
    {
        const auto plan = shop_plan::drawn(seed);
        const auto report = run_shop(plan);
        for (const auto& problem : report.problems)
            ADD_FAILURE() << plan.text() << "\n  " << problem;
    }
};

TEST_F(SimulationTest, TheSameSeedRunsTheSameWay)
{
    for (const std::uint64_t seed : {3, 11}) {
        const auto plan = shop_plan::drawn(seed);
        const auto first = run_shop(plan);
        const auto second = run_shop(plan);
        EXPECT_EQ(first.digest, second.digest) << plan.text();
        EXPECT_EQ(first.orders, second.orders) << plan.text();
        EXPECT_EQ(first.crashes, second.crashes) << plan.text();
        EXPECT_GT(first.statements, 0U) << plan.text();
    }
}

TEST_F(SimulationTest, SeedsThatOnceFailedDoSoNoMore)
{
    std::ifstream kept{ECR_SOURCE_DIR "/tests/simulation/kept_seeds.txt"};
    ASSERT_TRUE(kept.is_open());
    for (std::string line; std::getline(kept, line);)
        if (!line.empty() && line.front() != '#') expect_promise_kept(std::stoull(line));
}

/// Some of the seeds, so that two of these run side by side.
class ShopsTest : public SimulationTest, public testing::WithParamInterface<std::uint64_t> {};

constexpr std::uint64_t parts = 8;

TEST_P(ShopsTest, ThePromiseIsKeptWhateverGoesWrong)
{
    for (auto seed = 1 + GetParam(); seed <= seeds_wanted(); seed += parts)
        expect_promise_kept(seed);
}

INSTANTIATE_TEST_SUITE_P(Part, ShopsTest, testing::Range<std::uint64_t>(0, parts));

}  // namespace
}  // namespace ecr::simulation
