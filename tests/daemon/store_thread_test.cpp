#include "daemon/store_thread.hpp"

#include "daemon/limits.hpp"
#include "tests/support/full_disk.hpp"
#include "tests/support/temporary_folder.hpp"

#include <boost/asio/co_spawn.hpp>
#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <cstdlib>
#include <filesystem>
#include <semaphore>
#include <thread>

namespace ecr::daemon {
namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;

constexpr timestamp now{1'720'000'000'000ms};

protocol::order order_of(const std::string& number)
{
    protocol::order o;
    o.out_trade_no = number;
    o.till = "lane-1";
    o.terminal = "T1";
    o.amount_minor_units = 110;
    o.created_at = now;
    o.updated_at = now;
    return o;
}

class StoreThreadTest : public testing::Test {
protected:
    void open(commit_hooks hooks, store_runs where = store_runs::on_its_own_thread)
    {
        auto note_failure = [this](error_code why) {
            ++failures_;
            failed_with_ = why;
        };
        thread_ = std::make_unique<store_thread>(
            io_.get_executor(), std::make_unique<store::journal>(folder_ / "journal.db"),
            note_failure, std::move(hooks), where);
    }

    /// Hooks that note who commits.
    commit_hooks noting_who()
    {
        return {.before = [this] { committed_by_.push_back(std::this_thread::get_id()); },
                .after = {}};
    }

    /// Whether each commit was made by this thread.
    std::vector<bool> made_here() const
    {
        std::vector<bool> here;
        for (const auto id : committed_by_)
            here.push_back(id == std::this_thread::get_id());
        return here;
    }

    /// Hooks whose first commit waits until let_go_ is released.
    commit_hooks blocking_first()
    {
        return {.before =
                    [this] {
                        if (commits_++ > 0) return;
                        in_hook_.release();
                        let_go_.acquire();
                    },
                .after = {}};
    }

    /// A coroutine, or a lambda that is one and is kept until its end.
    template <class Task>
    void go(Task task)
    {
        asio::co_spawn(io_, std::move(task), [](std::exception_ptr failed) {
            if (failed) std::rethrow_exception(failed);
        });
    }

    void add(std::string number)
    {
        auto task = [this, number]() -> asio::awaitable<void> {
            const auto write = [number](store::journal& j) {
                return j.add(order_of(number), "asked by the till");
            };
            const auto failed = co_await thread_->run(write);
            answers_.push_back(failed);
            commits_at_answer_.push_back(commits_);
            failures_at_answer_.push_back(failures_);
        };
        go(std::move(task));
    }

    /// Everybody who waits has got an answer.
    void finish()
    {
        io_.restart();
        io_.run();
    }

    void pass_on()
    {
        io_.restart();
        io_.poll();
    }

    /// The failure is told on its own, after the answers.
    void hear_of_failure()
    {
        const auto guard = asio::make_work_guard(io_);
        io_.restart();
        while (failures_ == 0)
            io_.run_one();
    }

    std::size_t orders_on_disk()
    {
        thread_.reset();
        store::journal reopened{folder_ / "journal.db"};
        return reopened.list({.state = {}, .since = {}, .before = {}, .limit = 500})->size();
    }

    test::temporary_folder place_;
    fs::path folder_ = place_.path();
    asio::io_context io_;
    std::unique_ptr<store_thread> thread_;
    std::atomic<int> commits_ = 0;
    std::vector<std::thread::id> committed_by_;
    std::binary_semaphore in_hook_{0};
    std::binary_semaphore let_go_{0};
    std::vector<error_code> answers_;
    std::vector<int> commits_at_answer_;
    std::vector<int> failures_at_answer_;
    int failures_ = 0;
    error_code failed_with_;
};

TEST_F(StoreThreadTest, ALoneStepIsCommittedAtOnce)
{
    open({.before = [this] { ++commits_; }, .after = {}});
    add("A1");
    finish();
    EXPECT_EQ(answers_, std::vector<error_code>(1));
    EXPECT_EQ(commits_, 1);
    EXPECT_EQ(orders_on_disk(), 1U);
}

TEST_F(StoreThreadTest, StepsOneAfterAnotherAreNotHeldBack)
{
    open({.before = [this] { ++commits_; }, .after = {}});
    for (int i = 1; i <= 3; ++i) {
        add("A" + std::to_string(i));
        finish();
    }
    EXPECT_EQ(commits_at_answer_, (std::vector{1, 2, 3}));
}

TEST_F(StoreThreadTest, ACrowdSharesOneTransaction)
{
    open(blocking_first());
    add("first");
    pass_on();
    in_hook_.acquire();

    for (int i = 0; i < 64; ++i)
        add("A" + std::to_string(i));
    pass_on();
    EXPECT_EQ(thread_->waiting(), 65U);
    EXPECT_TRUE(answers_.empty());

    let_go_.release();
    finish();
    EXPECT_EQ(answers_, std::vector<error_code>(65));
    EXPECT_EQ(commits_, 2);
    EXPECT_EQ(thread_->waiting(), 0U);
    EXPECT_EQ(orders_on_disk(), 65U);
}

TEST_F(StoreThreadTest, NobodyHearsOfAStepBeforeItsCommit)
{
    bool committed = false;
    open({.before = {}, .after = [&] { committed = true; }});
    bool committed_at_answer = false;
    auto task = [&]() -> asio::awaitable<void> {
        const auto write = [](store::journal& j) { return j.add(order_of("A1"), ""); };
        EXPECT_FALSE(co_await thread_->run(write));
        committed_at_answer = committed;
    };
    go(task());
    finish();
    EXPECT_TRUE(committed_at_answer);
}

TEST_F(StoreThreadTest, ARefusedStepLeavesItsNeighboursAlone)
{
    open(blocking_first());
    add("A1");
    pass_on();
    in_hook_.acquire();
    for (const auto* number : {"A2", "A1", "A3"})
        add(number);
    pass_on();
    let_go_.release();
    finish();
    EXPECT_EQ(answers_,
              (std::vector<error_code>{{}, {}, make_error_code(errc::duplicate_order), {}}));
    EXPECT_EQ(failures_, 0);
    EXPECT_EQ(orders_on_disk(), 3U);
}

TEST_F(StoreThreadTest, AFailedCommitReachesEveryWaiter)
{
    std::unique_ptr<test::full_disk> disk;
    auto hooks = blocking_first();
    hooks.before = [this, &disk, first = hooks.before] {
        first();
        if (commits_ == 2) disk = std::make_unique<test::full_disk>();
    };
    hooks.after = [&disk] { disk.reset(); };
    open(std::move(hooks));
    add("A1");
    pass_on();
    in_hook_.acquire();
    for (const auto* number : {"A2", "A3", "A4"})
        add(number);
    pass_on();
    let_go_.release();
    finish();

    ASSERT_EQ(answers_.size(), 4U);
    EXPECT_FALSE(answers_[0]);
    for (std::size_t i = 1; i < 4; ++i)
        EXPECT_TRUE(answers_[i]) << i;
    hear_of_failure();
    EXPECT_EQ(failed_with_, answers_[1]);

    add("A5");  // the disk is well again; the journal is not to be trusted
    finish();
    EXPECT_TRUE(answers_.back());
    EXPECT_EQ(failures_, 1);
    EXPECT_EQ(orders_on_disk(), 1U);
}

TEST_F(StoreThreadTest, WhereItIsQuickerALoneCallerDoesItsWorkItself)
{
    open(noting_who(), store_runs::where_it_is_quicker);
    add("A1");  // one only: whether a second may depends on the disk of this machine
    finish();
    EXPECT_EQ(answers_, std::vector<error_code>(1));
    EXPECT_EQ(made_here(), std::vector{true});
    EXPECT_EQ(thread_->waiting(), 0U);
    EXPECT_EQ(orders_on_disk(), 1U);
}

TEST_F(StoreThreadTest, WhereItIsQuickerNobodyOvertakes)
{
    open({}, store_runs::where_it_is_quicker);
    std::vector<bool> found;
    auto look_for = [&](std::string number) -> asio::awaitable<void> {
        const auto known = co_await thread_->run([&](store::journal& j) { return j.find(number); });
        found.push_back(known && known->has_value());
    };
    // Each is asked for before the one before it has begun.
    for (const auto* number : {"A1", "A2", "A3"}) {
        add(number);
        go(look_for(number));
    }
    finish();
    EXPECT_EQ(found, (std::vector{true, true, true}));
}

TEST_F(StoreThreadTest, WhereItIsQuickerACrowdStillSharesItsCommits)
{
    open(noting_who(), store_runs::where_it_is_quicker);
    for (int i = 0; i < 64; ++i)
        add("A" + std::to_string(i));
    finish();
    EXPECT_EQ(answers_, std::vector<error_code>(64));
    const auto here = made_here();
    EXPECT_EQ(std::ranges::count(here, true), 0);
    EXPECT_LT(here.size(), 64U);
    EXPECT_EQ(orders_on_disk(), 64U);
}

TEST_F(StoreThreadTest, WhereTheDiskIsSlowNobodyElseWaitsForIt)
{
    auto hooks = noting_who();
    hooks.before = [this, note = hooks.before] {
        note();
        if (committed_by_.size() > 1) return;
        const stopwatch since_begin;
        while (since_begin.elapsed() < 2 * limits::quick_commit)
            continue;
    };
    open(std::move(hooks), store_runs::where_it_is_quicker);
    for (const auto* number : {"A1", "A2", "A3"}) {
        add(number);
        finish();
    }
    EXPECT_EQ(made_here(), (std::vector{true, false, false}));
    EXPECT_EQ(orders_on_disk(), 3U);
}

TEST_F(StoreThreadTest, WhatMayTakeLongIsNeverDoneByItsCaller)
{
    open(noting_who(), store_runs::where_it_is_quicker);
    auto whole_day = [&]() -> asio::awaitable<void> {
        const auto all = co_await thread_->run([](store::journal& j) { return j.open_orders(); },
                                               store_thread::takes::long_perhaps);
        EXPECT_TRUE(all);
    };
    go(whole_day());
    finish();
    EXPECT_EQ(made_here(), std::vector{false});
}

TEST_F(StoreThreadTest, WorkThatTookLongIsRememberedLikeASlowDisk)
{
    open(noting_who(), store_runs::where_it_is_quicker);
    auto long_work = [&]() -> asio::awaitable<void> {
        const auto all = co_await thread_->run([](store::journal& j) {
            const stopwatch since_begin;
            while (since_begin.elapsed() < 2 * limits::quick_commit)
                continue;
            return j.open_orders();
        });
        EXPECT_TRUE(all);
    };
    go(long_work());
    finish();
    add("A1");
    finish();
    EXPECT_EQ(made_here(), (std::vector{true, false}));
}

TEST_F(StoreThreadTest, WhereItIsQuickerAFailedCommitIsToldAndReported)
{
    std::unique_ptr<test::full_disk> disk;
    open({.before = [&disk] { disk = std::make_unique<test::full_disk>(); },
          .after = [&disk] { disk.reset(); }},
         store_runs::where_it_is_quicker);
    add("A1");
    finish();
    ASSERT_EQ(answers_.size(), 1U);
    EXPECT_TRUE(answers_[0]);
    // What is told after it would be told over a failed journal.
    EXPECT_EQ(failures_at_answer_, std::vector{1});
    EXPECT_EQ(failed_with_, answers_[0]);

    add("A2");  // the disk is well again; the journal is not to be trusted
    finish();
    EXPECT_TRUE(answers_.back());
    EXPECT_EQ(failures_, 1);
    EXPECT_EQ(orders_on_disk(), 0U);
}

TEST_F(StoreThreadTest, TheEndFinishesWhatIsQueued)
{
    open(blocking_first());
    add("A1");
    pass_on();
    in_hook_.acquire();
    add("A2");
    pass_on();
    let_go_.release();
    EXPECT_EQ(orders_on_disk(), 2U);
    EXPECT_EQ(commits_, 2);
}

}  // namespace
}  // namespace ecr::daemon
