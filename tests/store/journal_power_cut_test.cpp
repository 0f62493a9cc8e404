#include "store/journal.hpp"
#include "tests/store/story.hpp"
#include "tests/store/temporary_directory.hpp"
#include "tests/store/unflushed_disk.hpp"

#include <gtest/gtest.h>

#include <cstdlib>
#include <random>
#include <vector>

namespace ecr::store {
namespace {

/// What was on the platter at one moment, and what had been promised by then.
struct cut {
    std::filesystem::path folder;
    std::size_t acknowledged;
    std::size_t in_hand;  // verbs begun and not yet acknowledged
};

class JournalPowerCutTest : public testing::TestWithParam<std::size_t> {
protected:
    void SetUp() override
    {
        seed_ = std::random_device{}();
        if (const char* const given = std::getenv("ECR_SEED"))
            seed_ = static_cast<unsigned>(std::strtoul(given, nullptr, 10));
        std::printf("ECR_SEED=%u\n", seed_);
        random_.seed(seed_);
    }
    [[nodiscard]] bool one_in(unsigned n) { return random_() % n == 0; }

    void live(std::size_t verbs, std::size_t group_size);
    void expect_promises_kept(const cut& c);

    unsigned seed_ = 0;
    std::mt19937 random_;
    temporary_directory directory_;
    std::vector<cut> cuts_;
};

void JournalPowerCutTest::live(std::size_t verbs, std::size_t group_size)
{
    unflushed_disk disk;
    std::size_t acknowledged = 0;
    std::size_t in_hand = 0;
    disk.before_change = [&] {
        if (!one_in(8)) return;
        const auto folder = directory_ / std::to_string(cuts_.size());
        std::filesystem::create_directory(folder);
        // A disk that writes little of what it holds, much, or about half of it.
        const auto kept = 1 + random_() % 3;
        cut_power(disk.files(), folder, [&] { return random_() % 4 < kept; });
        cuts_.push_back({folder, acknowledged, in_hand});
    };

    journal on{directory_ / "journal.db"};
    while (acknowledged < verbs) {
        in_hand = group_size;
        ASSERT_EQ(on.begin_group(), error_code{});
        for (std::size_t i = 0; i < group_size; ++i)
            ASSERT_EQ(perform(on, acknowledged + i), error_code{});
        ASSERT_EQ(on.commit_group(), error_code{});
        acknowledged += group_size;
        in_hand = 0;
        if (one_in(5)) {
            ASSERT_EQ(on.checkpoint(), error_code{});
        }
    }
    disk.before_change = nullptr;
}

void JournalPowerCutTest::expect_promises_kept(const cut& c)
{
    const auto path = c.folder / "journal.db";
    journal opened{path};
    const auto kept = verbs_kept(path);
    EXPECT_GE(kept, c.acknowledged) << "an acknowledged step is gone";
    EXPECT_TRUE(kept == c.acknowledged || kept == c.acknowledged + c.in_hand) << "half a group";
    expect_story(opened, kept);
    EXPECT_EQ(perform(opened, kept), error_code{}) << "and goes on from there";
}

TEST_P(JournalPowerCutTest, WhatWasAcknowledgedSurvivesThePowerGoingOut)
{
    live(32, GetParam());
    std::size_t while_working = 0;
    for (const auto& c : cuts_) {
        SCOPED_TRACE("seed " + std::to_string(seed_) + " " + c.folder.filename().string());
        expect_promises_kept(c);
        if (c.acknowledged > 0) ++while_working;
        std::filesystem::remove_all(c.folder);
        ASSERT_FALSE(HasFailure());
    }
    EXPECT_GT(while_working, 0U);
}

INSTANTIATE_TEST_SUITE_P(Groups, JournalPowerCutTest, testing::Values(1, 4),
                         [](const auto& instance) {
                             return "Of" + std::to_string(instance.param);
                         });

}  // namespace
}  // namespace ecr::store
