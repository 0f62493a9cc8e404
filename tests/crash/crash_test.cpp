// The promise, against a bridge that dies: killed with SIGKILL between any two steps and started
// again, it loses nothing, doubles nothing, and tells every till the truth.
#include "tests/crash/crash_round.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <iostream>
#include <random>

namespace ecr::crash {
namespace {

using side = kill_point::side;

constexpr int kills_min = 280;        // of the whole program
constexpr unsigned random_parts = 4;  // so that they can run side by side
constexpr int random_kills_min = 27;  // of each part
constexpr int recovery_commits = 4;   // the first commits of a bridge that recovers

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
// gtest owns it. NOLINTNEXTLINE(cppcoreguidelines-owning-memory)
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

/// A payment that finds its terminal free is accepted and on its way by one commit.
bool leaves_at_once(const kept_order& sale)
{
    return sale.order.route == protocol::order_route::terminal &&
           sale.order.kind == protocol::order_kind::payment;
}

class CrashAtEveryCommit : public CrashTest, public testing::WithParamInterface<scenario> {
protected:
    /// A round that is killed where it is told. Chance may have made it a commit shorter than the
    /// one that was counted: then it is played again.
    void kill_at(kill_point where)
    {
        for (int attempt = 0; attempt < 2; ++attempt) {
            const auto& round = play(GetParam(), {{.at_commit = where}});
            kills_ += round.kills();
            tally::at_commits += round.kills();
            seen_.merge(std::set{round.steps_at_death()});
            if (round.kills() > 0 || HasFailure()) return;
        }
    }

    int kills_ = 0;
    std::set<std::size_t> seen_;  // how many steps of an order were durable when it died
};

TEST_P(CrashAtEveryCommit, LosesNothingDoublesNothing)
{
    const auto& counted = play(GetParam(), {});
    ASSERT_FALSE(HasFailure());
    ASSERT_EQ(counted.kills(), 0);
    ASSERT_NE(counted.sale(), nullptr);
    EXPECT_THAT(GetParam().ends, testing::Contains(counted.sale()->order.state));
    const auto commits = counted.commits();
    const auto steps = counted.sale()->steps.size();
    const bool at_once = leaves_at_once(*counted.sale());
    ASSERT_GE(commits, GetParam().commits_min);

    for (int commit = 1; commit <= commits; ++commit)
        for (const auto where : {side::before, side::after}) {
            kill_at({where, commit});
            ASSERT_FALSE(HasFailure());
        }
    EXPECT_GE(kills_, 2 * GetParam().commits_min);
    for (std::size_t n = 0; n <= steps; ++n)
        EXPECT_TRUE(seen_.contains(n) || (n == 1 && at_once))
            << "never killed when " << n << " steps were durable";
    std::cout << GetParam().name << ": " << steps << " steps in " << commits << " commits, killed "
              << kills_ << " times\n";
}

INSTANTIATE_TEST_SUITE_P(Shop, CrashAtEveryCommit, testing::ValuesIn(scenarios()),
                         [](const auto& instance) { return instance.param.name; });

/// A bridge that dies when this many steps of its order are durable, and again while it recovers.
struct second_death {
    std::string scenario;
    std::size_t steps = 0;  // 1: accepted (a refund); 2: sending; 3: what became of the push

    friend void PrintTo(const second_death& d, std::ostream* out)
    {
        *out << d.scenario << " with " << d.steps << " steps";
    }
};

class CrashWhileRecovering : public CrashTest, public testing::WithParamInterface<second_death> {
protected:
    /// The first commit after which that many steps are durable.
    std::optional<kill_point> first_death(const scenario& what)
    {
        for (int commit = 3; commit < 16 && !HasFailure(); ++commit) {
            const kill_point where{side::after, commit};
            const auto& round = play(what, {{.at_commit = where}});
            tally::at_commits += round.kills();
            if (round.steps_at_death().contains(GetParam().steps)) return where;
        }
        return std::nullopt;
    }
};

TEST_P(CrashWhileRecovering, LosesNothingDoublesNothing)
{
    const auto& what = scenario_named(GetParam().scenario);
    const auto first = first_death(what);
    ASSERT_TRUE(first.has_value());
    int kills = 0;
    int rounds = 0;
    for (int commit = 1; commit <= recovery_commits; ++commit)
        for (const auto where : {side::before, side::after}) {
            const kill_point second{where, commit};
            const auto& round = play(what, {{.at_commit = first}, {.at_commit = second}});
            ASSERT_FALSE(HasFailure());
            kills += round.kills();
            ++rounds;
        }
    tally::at_commits += kills;
    EXPECT_GE(kills, 2 * rounds - 2);
}

INSTANTIATE_TEST_SUITE_P(Shop, CrashWhileRecovering,
                         testing::Values(second_death{"Refund", 1}, second_death{"Paid", 2},
                                         second_death{"Paid", 3}, second_death{"Refund", 2},
                                         second_death{"NoAnswerButDone", 3}),
                         [](const auto& instance) {
                             return instance.param.scenario + "With" +
                                    std::to_string(instance.param.steps);
                         });

class CrashAtRandom : public CrashTest, public testing::WithParamInterface<unsigned> {
protected:
    void SetUp() override
    {
        auto seed = std::random_device{}();
        if (const char* const given = std::getenv("ECR_SEED"))
            seed = static_cast<unsigned>(std::strtoul(given, nullptr, 10));
        std::printf("ECR_SEED=%u\n", seed);
        std::fflush(stdout);
        RecordProperty("seed", std::to_string(seed));
        random_.seed(seed + GetParam());
    }

    [[nodiscard]] std::size_t below(std::size_t end)
    {
        return std::uniform_int_distribution<std::size_t>{0, end - 1}(random_);
    }
    /// Anything from a millisecond to one and a half seconds, and as often short as long: the first
    /// moments are the dense ones.
    [[nodiscard]] std::chrono::microseconds moment()
    {
        const auto exponent =
            std::uniform_real_distribution{std::log(1'000.0), std::log(1'500'000.0)}(random_);
        return std::chrono::microseconds{std::lround(std::exp(exponent))};
    }
    [[nodiscard]] death any_death()
    {
        // Mostly while it serves: the start is one of many things it does.
        if (below(4) == 0) return {.after_start = moment()};
        return {.after_ready = moment()};
    }
    [[nodiscard]] scenario any_scenario()
    {
        auto what = scenarios()[below(scenarios().size())];
        // A shopper and a cancel that arrive at the same time: whoever wins, wins once.
        if (what.cancels && below(2) == 0)
            what.who = {.does = simulator::act::pays, .after = milliseconds{below(120)}};
        return what;
    }

    std::mt19937 random_;
};

TEST_P(CrashAtRandom, LosesNothingDoublesNothing)
{
    int kills = 0;
    for (int round = 0; kills < random_kills_min && round < 4 * random_kills_min; ++round) {
        std::vector<death> deaths(1 + below(3));
        for (auto& each : deaths)
            each = any_death();
        kills += play(any_scenario(), deaths).kills();
        ASSERT_FALSE(HasFailure()) << "round " << round;
    }
    tally::at_random += kills;
    EXPECT_GE(kills, random_kills_min);
}

INSTANTIATE_TEST_SUITE_P(Shop, CrashAtRandom, testing::Range(0U, random_parts),
                         [](const auto& instance) {
                             return "Part" + std::to_string(instance.param + 1);
                         });

// CTest runs the tests one by one, each in a process that sees its own kills only: the sum is held
// here.
TEST(CrashScenarios, KillOftenEnough)
{
    int commits = 0;
    for (const auto& each : scenarios())
        commits += each.commits_min;
    EXPECT_GE(2 * commits, 120) << "kills at commits";
    EXPECT_GE(static_cast<int>(random_parts) * random_kills_min, 100) << "kills at random moments";
}

}  // namespace
}  // namespace ecr::crash
