// What a power cut may leave of a journal, and what is still true then. The disk is in memory and
// remembers what was flushed; see README.md, "What the disk is taken to do".
#include "tests/store/power_life.hpp"
#include "tests/store/sqlite_pool.hpp"
#include "tests/store/temporary_directory.hpp"

#include <gtest/gtest.h>

#include <cstdlib>
#include <random>
#include <string_view>

namespace ecr::store {
namespace {

constexpr std::uint64_t states_of_everyday = 100'000;

[[nodiscard]] std::uint64_t from_environment(const char* name, std::uint64_t otherwise)
{
    const char* const given = std::getenv(name);
    return given == nullptr ? otherwise : std::strtoull(given, nullptr, 10);
}

void ten_verbs(power_life& on)
{
    on.watch();
    on.open();
    on.verbs(10);
    on.close();
}

// clang-format off
constexpr power_scenario scenarios[] = {
    {"Creation",          0, 3,  0, 1, [](power_life& on) { on.watch(); on.open(); on.verbs(3); on.close(); }},
    {"FromVersion1",      1, 3,  0, 1, [](power_life& on) { on.watch(); on.open(); on.verbs(3); on.close(); }},
    {"FromVersion2",      2, 3,  0, 1, [](power_life& on) { on.watch(); on.open(); on.verbs(3); on.close(); }},
    {"SingleVerbs",      -1, 10, 0, 1, ten_verbs},
    {"GroupsOf4",        -1, 12, 0, 1, [](power_life& on) { on.open(); on.watch(); for (int i = 0; i < 3; ++i) on.group(4); }},
    {"GroupsOf16",       -1, 48, 0, 1, [](power_life& on) { on.open(); on.watch(); for (int i = 0; i < 3; ++i) on.group(16); }},
    {"GroupBeyondCache", -1, 38, 60'000, 16, [](power_life& on) { on.open(); on.verbs(2); on.watch(); on.group(36); }},
    {"Checkpoints",      -1, 9,  0, 1, [](power_life& on) { on.open(); on.watch(); for (int i = 0; i < 3; ++i) { on.verbs(3); on.checkpoint(); } }},
    {"LogComesRound",    -1, 90, 0, 8, [](power_life& on) { on.open(); on.fill_log(250); on.watch(); on.verbs(3); }},
    {"ClosedAndOpened",  -1, 6,  0, 1, [](power_life& on) { on.open(); on.watch(); for (int i = 0; i < 3; ++i) { on.verbs(2); on.close(); on.open(); } }},
    {"KilledAndOpened",  -1, 12, 0, 1, [](power_life& on) { on.watch(); for (int i = 0; i < 3; ++i) { on.open(); on.verbs(2); on.group(2); on.kill(); } }},
    {"KilledWhenCreated", 0, 4,  0, 1, [](power_life& on) { on.watch(); on.open(); on.kill(); on.open(); on.verbs(2); on.kill(); on.open(); on.verbs(2); }},
};
// clang-format on

class JournalPowerCutTest : public testing::TestWithParam<power_scenario> {
protected:
    static void SetUpTestSuite() { pool_ = std::make_unique<sqlite_pool>(); }
    static void TearDownTestSuite() { pool_.reset(); }

    void SetUp() override
    {
        choice_.seed = from_environment("ECR_SEED", std::random_device{}() % 1'000'000);
        choice_.states =
            from_environment("ECR_POWER_STATES", states_of_everyday) / std::size(scenarios);
        if (const char* const state = std::getenv("ECR_POWER_STATE")) {
            char* colon = nullptr;
            choice_.only_event = std::strtoull(state, &colon, 10);
            if (*colon == ':') choice_.only_number = std::strtoull(colon + 1, nullptr, 10);
        }
    }

    [[nodiscard]] power_figures run(const power_scenario& scenario)
    {
        choice_.states /= scenario.cost;
        const auto figures = cut_power(scenario, directory_ / "journal.db", choice_);
        std::printf(
            "ECR_SEED=%ju %s: %ju states built, %ju of them different and checked (%ju cut "
            "again), at %ju moments, all subsets at %ju; %ju lost\n",
            choice_.seed, scenario.name, figures.built, figures.checked, figures.again,
            figures.moments, figures.exhaustive, figures.lost);
        return figures;
    }

    static inline std::unique_ptr<sqlite_pool> pool_;
    temporary_directory directory_;
    power_choice choice_;
};

TEST_P(JournalPowerCutTest, WhatWasAcknowledgedSurvives)
{
    const auto figures = run(GetParam());
    EXPECT_EQ(figures.lost, 0U) << "ECR_SEED=" << choice_.seed << " " << figures.first_complaint;
    if (!choice_.only_event) {
        EXPECT_GT(figures.checked, 100U);
    }
}

INSTANTIATE_TEST_SUITE_P(Scenarios, JournalPowerCutTest, testing::ValuesIn(scenarios),
                         [](const auto& instance) { return instance.param.name; });

// The same machinery must find what is wrong with a journal that asks less of the disk.
using JournalPowerCutControl = JournalPowerCutTest;

// clang-format off
constexpr power_scenario controls[] = {
    {"SynchronousNormal", -1, 10, 0, 1, ten_verbs, "PRAGMA synchronous = NORMAL",      "synchronous",  ""},
    {"SynchronousOff",    -1, 10, 0, 1, ten_verbs, "PRAGMA synchronous = OFF",         "synchronous",  ""},
    {"NoJournal",         -1, 8,  0, 1, [](power_life& on) { on.open(); on.verbs(4); on.watch(); on.verbs(4); }, "PRAGMA journal_mode = OFF", "journal_mode", "wal"},
};
// clang-format on

TEST_P(JournalPowerCutControl, IsSeenToLoseWhatWasAcknowledged)
{
    choice_.states = 1000;
    const auto figures = run(GetParam());
    EXPECT_GT(figures.lost, 0U) << "the cuts would find nothing";
    std::printf("%s\n", figures.first_complaint.c_str());
}

INSTANTIATE_TEST_SUITE_P(Controls, JournalPowerCutControl, testing::ValuesIn(controls),
                         [](const auto& instance) { return instance.param.name; });

}  // namespace
}  // namespace ecr::store
