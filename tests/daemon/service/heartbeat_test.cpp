// A bridge that is stuck must not look alive: the watchdog is fed by what does the work.
#include "daemon/service/heartbeat.hpp"

#include "daemon/service/service_manager.hpp"
#include "daemon/store_thread.hpp"
#include "tests/support/datagram_box.hpp"
#include "tests/support/temporary_folder.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <gmock/gmock.h>

#include <cstdlib>
#include <semaphore>
#include <thread>

namespace ecr::daemon {
namespace {

using namespace std::chrono_literals;
using testing::Optional;

constexpr auto fed = "WATCHDOG=1";
constexpr milliseconds soon{20s};     // spent by a failure only
constexpr milliseconds patience{60};  // three meals in it
constexpr milliseconds starved{4 * patience};

/// A loop with a heartbeat and a real journal, on a thread of its own.
class HeartbeatTest : public testing::Test {
protected:
    HeartbeatTest()
    {
        ::setenv("NOTIFY_SOCKET", systemd_.path().c_str(), 1);
        const auto usec = std::to_string(std::chrono::microseconds{patience}.count());
        ::setenv("WATCHDOG_USEC", usec.c_str(), 1);
        manager_ = service_manager::from_environment();
        vital_signs signs{.answers = [this] { return store_.answer(); },
                          .sentence = [this] { return sentence_; }};
        heart_.emplace(io_.get_executor(), clock_, manager_, std::move(signs));
        asio::co_spawn(io_, heart_->run(), [](std::exception_ptr failed) {
            if (failed) std::rethrow_exception(failed);
        });
        loop_ = std::jthread{[this] { io_.run(); }};
    }
    ~HeartbeatTest() override
    {
        asio::post(io_, [this] { heart_->stop(); });
    }

    /// Everything that was sent before now.
    void clear()
    {
        while (systemd_.next(1ms)) {
        }
    }

    test::temporary_folder place_;
    test::datagram_box systemd_{place_.path() / "notify"};
    std::string sentence_ = "Ready.";
    std::binary_semaphore held_{0}, let_go_{0};
    real_clock clock_;
    asio::io_context io_{1};
    store_thread store_{io_.get_executor(),
                        std::make_unique<store::journal>(place_.path() / "journal.db"),
                        [](error_code) {}};
    service_manager manager_;
    std::optional<heartbeat> heart_;
    std::jthread loop_;
};

TEST_F(HeartbeatTest, ABridgeThatWorksIsFed)
{
    for (int i = 0; i < 5; ++i)
        EXPECT_TRUE(systemd_.next_with(fed, soon));
}

TEST_F(HeartbeatTest, TheSentenceFollows)
{
    EXPECT_THAT(systemd_.next_with("STATUS=", soon), Optional(std::string{"STATUS=Ready."}));
    asio::post(io_, [this] { sentence_ = "Busy."; });
    EXPECT_THAT(systemd_.next_with("STATUS=", soon), Optional(std::string{"STATUS=Busy."}));
}

TEST_F(HeartbeatTest, AStuckLoopStarves)
{
    ASSERT_TRUE(systemd_.next_with(fed, soon));
    asio::post(io_, [this] {
        held_.release();
        let_go_.acquire();
    });
    held_.acquire();
    clear();
    EXPECT_EQ(systemd_.next(starved), std::nullopt);
    let_go_.release();
    EXPECT_TRUE(systemd_.next_with(fed, soon));
}

TEST_F(HeartbeatTest, AStuckJournalStarvesALoopThatGoesOn)
{
    ASSERT_TRUE(systemd_.next_with(fed, soon));
    const auto stuck = [this](store::journal&) -> error_code {
        held_.release();
        let_go_.acquire();
        return {};
    };
    asio::co_spawn(
        io_, [&]() -> asio::awaitable<void> { (void)co_await store_.run(stuck); },
        [](std::exception_ptr) {});
    held_.acquire();
    clear();
    // The loop itself goes on.
    std::binary_semaphore passed{0};
    asio::post(io_, [&] { passed.release(); });
    passed.acquire();
    EXPECT_EQ(systemd_.next_with(fed, starved), std::nullopt);
    let_go_.release();
    EXPECT_TRUE(systemd_.next_with(fed, soon));
}

TEST_F(HeartbeatTest, StopEndsIt)
{
    ASSERT_TRUE(systemd_.next_with(fed, soon));
    asio::post(io_, [this] { heart_->stop(); });
    loop_.join();  // nothing else keeps the loop
    clear();
    EXPECT_EQ(systemd_.next(starved), std::nullopt);
}

}  // namespace
}  // namespace ecr::daemon
