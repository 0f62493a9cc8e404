#include "daemon/store_thread.hpp"

#include "tests/support/temporary_folder.hpp"

#include <boost/asio/co_spawn.hpp>
#include <gtest/gtest.h>

#include <atomic>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <semaphore>
#include <sys/resource.h>

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

/// Makes every write to a file fail, as a full disk does. It asks the kernel, not a mock.
class full_disk {
public:
    full_disk()
    {
        std::signal(SIGXFSZ, SIG_IGN);
        ::getrlimit(RLIMIT_FSIZE, &before_);
        auto tiny = before_;
        tiny.rlim_cur = 1;
        ::setrlimit(RLIMIT_FSIZE, &tiny);
    }
    ~full_disk() { ::setrlimit(RLIMIT_FSIZE, &before_); }
    full_disk(const full_disk&) = delete;
    full_disk& operator=(const full_disk&) = delete;

private:
    rlimit before_{};
};

class StoreThreadTest : public testing::Test {
protected:
    void open(commit_hooks hooks)
    {
        auto note_failure = [this](error_code why) {
            ++failures_;
            failed_with_ = why;
        };
        thread_ = std::make_unique<store_thread>(
            io_.get_executor(), std::make_unique<store::journal>(folder_ / "journal.db"),
            note_failure, std::move(hooks));
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

    void add(std::string number)
    {
        auto task = [this, number]() -> asio::awaitable<void> {
            const auto write = [number](store::journal& j) {
                return j.add(order_of(number), "asked by the till");
            };
            const auto failed = co_await thread_->run(write);
            answers_.push_back(failed);
            commits_at_answer_.push_back(commits_);
        };
        asio::co_spawn(io_, std::move(task), [](std::exception_ptr failed) {
            if (failed) std::rethrow_exception(failed);
        });
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
    std::binary_semaphore in_hook_{0};
    std::binary_semaphore let_go_{0};
    std::vector<error_code> answers_;
    std::vector<int> commits_at_answer_;
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
    asio::co_spawn(io_, std::move(task), [](std::exception_ptr failed) {
        if (failed) std::rethrow_exception(failed);
    });
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
    std::unique_ptr<full_disk> disk;
    auto hooks = blocking_first();
    hooks.before = [this, &disk, first = hooks.before] {
        first();
        if (commits_ == 2) disk = std::make_unique<full_disk>();
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
