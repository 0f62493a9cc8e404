// The promise, against a bridge that dies: killed with SIGKILL between any two steps and started
// again, it loses nothing, doubles nothing, and tells every till the truth.
#include "tests/crash/crash_round.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <iostream>
#include <map>
#include <numeric>
#include <random>

namespace ecr::crash {
namespace {

using protocol::order_state;
using side = kill_point::side;

constexpr int kills_min = 220;

/// Kills of this run of the program, and what they must come to.
class tally final : public testing::Environment {
public:
    static inline int at_commits = 0;
    static inline int at_random = 0;

    void TearDown() override
    {
        std::cout << "kills: " << at_commits << " at commits, " << at_random
                  << " at random moments, " << at_commits + at_random << " in all\n";
        const auto& all = *testing::UnitTest::GetInstance();
        const bool whole = all.test_to_run_count() == all.total_test_count();
        if (!whole || all.failed_test_count() > 0) return;
        EXPECT_GE(at_commits + at_random, kills_min);
    }
};
const auto* const the_tally = testing::AddGlobalTestEnvironment(new tally);

class CrashTest : public testing::Test {
protected:
    /// Runs a round, and fails the test with everything there is to know when something is wrong.
    crash_round& play(const scenario& what, std::vector<death> deaths)
    {
        std::string when = what.name;
        for (const auto& d : deaths)
            when += ", killed " + d.text();
        round_ = std::make_unique<crash_round>(cloud_, what, std::move(deaths));
        round_->run();
        std::string wrong;
        for (const auto& problem : round_->problems())
            wrong += "  " + problem + "\n";
        EXPECT_TRUE(wrong.empty()) << when << ":\n" << wrong << round_->log();
        return *round_;
    }

    cloud_thread cloud_;
    std::unique_ptr<crash_round> round_;
};

class CrashAtEveryCommit : public CrashTest, public testing::WithParamInterface<scenario> {
protected:
    /// A round that is killed where it is told, although chance may make it a commit shorter than
    /// the round that was counted.
    bool kill_at(kill_point where)
    {
        for (int attempt = 0; attempt < 3; ++attempt) {
            const auto& round = play(GetParam(), {{.at_commit = where}});
            tally::at_commits += round.kills();
            if (round.steps_at_death()) seen_.insert(*round.steps_at_death());
            if (round.kills() > 0 || HasFailure()) return true;
        }
        return false;
    }

    std::set<std::size_t> seen_;  // how many steps were durable when it died
};

TEST_P(CrashAtEveryCommit, LosesNothingDoublesNothing)
{
    const auto& counted = play(GetParam(), {});
    ASSERT_FALSE(HasFailure());
    ASSERT_EQ(counted.kills(), 0);
    ASSERT_NE(counted.sale(), nullptr);
    EXPECT_EQ(counted.sale()->order.state, GetParam().ends);
    const auto commits = counted.commits();
    const auto steps = counted.sale()->steps.size();
    ASSERT_GE(commits, GetParam().commits_min);

    int missed = 0;
    for (int commit = 1; commit <= commits; ++commit)
        for (const auto where : {side::before, side::after}) {
            if (!kill_at({where, commit})) ++missed;
            ASSERT_FALSE(HasFailure());
        }
    EXPECT_LE(missed, 2) << "of " << commits << " commits";
    for (std::size_t n = 0; n <= steps; ++n)
        EXPECT_TRUE(seen_.contains(n)) << "never killed when " << n << " steps were durable";
    std::cout << GetParam().name << ": " << commits << " commits, " << steps << " steps, " << missed
              << " missed\n";
}

INSTANTIATE_TEST_SUITE_P(Shop, CrashAtEveryCommit, testing::ValuesIn(scenarios()),
                         [](const auto& instance) { return instance.param.name; });

}  // namespace
}  // namespace ecr::crash
