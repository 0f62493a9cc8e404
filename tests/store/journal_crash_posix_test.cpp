#include "store/journal.hpp"
#include "tests/store/child_process.hpp"
#include "tests/store/story.hpp"
#include "tests/store/temporary_directory.hpp"

#include <gtest/gtest.h>

#include <array>
#include <chrono>
#include <fstream>
#include <random>
#include <signal.h>

namespace ecr::store {
namespace {

/// A child that lives the story from verb `first` on, in groups of `group_size` (1: no groups), and
/// writes one byte to `acknowledged` for every verb after the journal has said that it is kept.
[[nodiscard]] int live(const std::filesystem::path& path, std::size_t first, std::size_t group_size,
                       int acknowledged)
{
    journal on{path};
    const std::string bytes(group_size, '.');
    for (std::size_t n = first;; n += group_size) {
        if (group_size == 1) {
            if (perform(on, n)) return 1;
        } else {
            if (on.begin_group()) return 2;
            for (std::size_t i = 0; i < group_size; ++i)
                if (perform(on, n + i)) return 3;
            if (on.commit_group()) return 4;
        }
        if (::write(acknowledged, bytes.data(), bytes.size()) < 0) return 5;
    }
}

/// Burns time without giving the processor away, so that the child is killed in the middle of
/// something, and not always where it happens to wait.
void spin_for(std::chrono::microseconds time)
{
    const auto end = std::chrono::steady_clock::now() + time;
    while (std::chrono::steady_clock::now() < end) {
    }
}

/// Lets a child live until it has acknowledged `enough` verbs and a moment more, kills it, and
/// returns how many it has acknowledged.
[[nodiscard]] std::size_t live_and_be_killed(const std::filesystem::path& path, std::size_t first,
                                             std::size_t group_size, std::size_t enough,
                                             std::chrono::microseconds more)
{
    std::array<int, 2> ends{};
    if (::pipe(ends.data()) != 0) return 0;
    const auto child = start_child([&] { return live(path, first, group_size, ends[1]); });
    ::close(ends[1]);

    std::array<char, 64> bytes{};
    std::size_t acknowledged = 0;
    while (acknowledged < enough) {
        const auto size = ::read(ends[0], bytes.data(), 1);
        if (size <= 0) break;
        acknowledged += static_cast<std::size_t>(size);
    }
    spin_for(more);
    ::kill(child, SIGKILL);
    EXPECT_EQ(wait_for(child), -SIGKILL) << "the child failed by itself";
    for (;;) {
        const auto size = ::read(ends[0], bytes.data(), bytes.size());
        if (size <= 0) break;
        acknowledged += static_cast<std::size_t>(size);
    }
    ::close(ends[0]);
    return acknowledged;
}

class JournalCrashTest : public testing::TestWithParam<std::size_t> {
protected:
    void SetUp() override
    {
        seed_ = std::random_device{}();
        if (const char* const given = std::getenv("ECR_SEED"))
            seed_ = static_cast<unsigned>(std::strtoul(given, nullptr, 10));
        std::printf("ECR_SEED=%u\n", seed_);
        RecordProperty("seed", std::to_string(seed_));
        random_.seed(seed_);
    }
    [[nodiscard]] std::size_t below(std::size_t end)
    {
        return std::uniform_int_distribution<std::size_t>{0, end - 1}(random_);
    }

    unsigned seed_ = 0;
    std::mt19937 random_;
    temporary_directory directory_;
    std::filesystem::path path_ = directory_ / "journal.db";
};

// One journal, killed again and again. What one round keeps is where the next one begins.
TEST_P(JournalCrashTest, WhatWasAcknowledgedSurvivesAKill)
{
    const auto group_size = GetParam();
    std::size_t kept = 0;
    for (int round = 0; round < 28; ++round) {
        SCOPED_TRACE("seed " + std::to_string(seed_) + " round " + std::to_string(round));
        const auto before = kept;
        // Now and then long enough for the log to be moved into the database on the way.
        const auto enough = below(8) == 0 ? below(200) : below(12);
        const std::chrono::microseconds more{below(1500)};
        const auto acknowledged = live_and_be_killed(path_, before, group_size, enough, more);
        ASSERT_FALSE(HasFailure());

        journal reopened{path_};
        kept = verbs_kept(path_);
        ASSERT_GE(kept, before + acknowledged) << "an acknowledged step is gone";
        ASSERT_LE(kept, before + acknowledged + group_size) << "more than the one in hand";
        ASSERT_EQ((kept - before) % group_size, 0U) << "half a group";
        expect_story(reopened, kept);
        ASSERT_FALSE(HasFailure());
    }
    EXPECT_GT(kept, 50U);
}

INSTANTIATE_TEST_SUITE_P(Groups, JournalCrashTest, testing::Values(1, 5), [](const auto& instance) {
    return "Of" + std::to_string(instance.param);
});

using JournalCreationCrashTest = JournalCrashTest;

TEST_P(JournalCreationCrashTest, AKillWhileTheJournalIsMadeLeavesOneThatOpens)
{
    for (int round = 0; round < 12; ++round) {
        SCOPED_TRACE("seed " + std::to_string(seed_) + " round " + std::to_string(round));
        const auto path = directory_ / ("journal" + std::to_string(round));
        const std::chrono::microseconds lifetime{below(12'000)};
        const auto acknowledged = live_and_be_killed(path, 0, GetParam(), 0, lifetime);
        ASSERT_FALSE(HasFailure());

        journal opened{path};
        const auto kept = verbs_kept(path);
        ASSERT_GE(kept, acknowledged);
        ASSERT_LE(kept, acknowledged + GetParam());
        expect_story(opened, kept);
        ASSERT_FALSE(HasFailure());
    }
}

INSTANTIATE_TEST_SUITE_P(Alone, JournalCreationCrashTest, testing::Values(1));

/// Copies what a dead process has left, without the index of its log: that was in memory.
void copy_remains(const std::filesystem::path& from, const std::filesystem::path& to)
{
    for (const auto* suffix : {"", "-wal"})
        std::filesystem::copy_file(from.string() + suffix, to.string() + suffix);
}

void overwrite(const std::filesystem::path& path, std::size_t offset, std::string_view bytes)
{
    std::fstream file{path, std::ios::in | std::ios::out | std::ios::binary};
    file.seekp(static_cast<std::streamoff>(offset));
    file.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
}

using JournalTornLogTest = JournalCrashTest;

// A power cut may leave any part of what was not yet flushed. The log's tail is then rubbish, and
// what comes before it must be a journal.
TEST_P(JournalTornLogTest, ALogWithATornTailHoldsAPrefix)
{
    const std::size_t told = 16;
    ASSERT_EQ(run_child([&] {
                  journal on{path_};
                  for (std::size_t n = 0; n < told; ++n)
                      if (perform(on, n)) return 1;
                  ::_exit(0);  // as a crash would: no closing, the log stays
                  return 0;
              }),
              0);
    const auto log_size = std::filesystem::file_size(path_.string() + "-wal");
    ASSERT_GT(log_size, 100'000U);

    std::size_t shortest = told;
    for (int round = 0; round < 40; ++round) {
        const auto offset = 32 + below(log_size - 32);  // the log's header is flushed first
        const bool cut = round % 2 == 0;
        SCOPED_TRACE("seed " + std::to_string(seed_) + (cut ? " cut" : " spoilt") + " at " +
                     std::to_string(offset) + " of " + std::to_string(log_size));
        const auto copy = directory_ / ("copy" + std::to_string(round));
        copy_remains(path_, copy);
        if (cut)
            std::filesystem::resize_file(copy.string() + "-wal", offset);
        else
            overwrite(copy.string() + "-wal", offset, "torn");

        journal opened{copy};
        const auto kept = verbs_kept(copy);
        EXPECT_LE(kept, told);
        expect_story(opened, kept);
        EXPECT_EQ(perform(opened, kept), error_code{}) << "and goes on from there";
        shortest = std::min(shortest, kept);
        ASSERT_FALSE(HasFailure());
    }
    EXPECT_LT(shortest, told) << "no tail was torn";
}

INSTANTIATE_TEST_SUITE_P(Alone, JournalTornLogTest, testing::Values(1));

}  // namespace
}  // namespace ecr::store
