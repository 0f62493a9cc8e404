#include "daemon/clock.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <gtest/gtest.h>

#include <exception>
#include <string>

namespace ecr::daemon {
namespace {

using namespace std::chrono_literals;

constexpr timestamp start{1'720'000'000'000ms};

class ClockTest : public testing::Test {
protected:
    /// Waits on `a` in the background and notes name, outcome and time.
    void wait_on(alarm& a, std::string name)
    {
        auto task = [this, &a, name]() -> asio::awaitable<void> {
            const bool rang = co_await a.wait();
            log_ += name + (rang ? " rang at " : " woke at ") +
                    std::to_string(time_.now().count()) + "; ";
        };
        asio::co_spawn(io_, std::move(task), [](std::exception_ptr failed) {
            if (failed) std::rethrow_exception(failed);
        });
    }

    void settle()
    {
        io_.restart();
        io_.poll();
    }

    /// Lets everything happen until `limit`.
    void run_until(milliseconds limit)
    {
        settle();
        while (time_.advance_to_next(limit))
            settle();
    }

    asio::io_context io_;
    virtual_clock time_{start};
    std::string log_;
};

TEST_F(ClockTest, StandsStillUntilMoved)
{
    EXPECT_EQ(time_.now(), 0ms);
    EXPECT_EQ(time_.wall(), start);
    EXPECT_FALSE(time_.advance_to_next(90s));
    EXPECT_EQ(time_.now(), 90s);
    EXPECT_EQ(time_.wall(), start + 90s);
}

TEST_F(ClockTest, AlarmsRingInTheOrderOfTheirMoments)
{
    alarm late{io_.get_executor(), time_};
    alarm soon{io_.get_executor(), time_};
    late.set(7s);
    soon.set(3s);
    wait_on(late, "late");
    wait_on(soon, "soon");
    run_until(1h);
    EXPECT_EQ(log_, "soon rang at 3000; late rang at 7000; ");
    EXPECT_EQ(time_.now(), 1h);
}

TEST_F(ClockTest, NothingRingsAfterTheLimit)
{
    alarm a{io_.get_executor(), time_};
    a.set(5s);
    wait_on(a, "a");
    run_until(4999ms);
    EXPECT_EQ(log_, "");
    run_until(5s);
    EXPECT_EQ(log_, "a rang at 5000; ");
}

TEST_F(ClockTest, AnAlarmRingsForAWaiterThatComesLater)
{
    alarm a{io_.get_executor(), time_};
    a.set(1s);
    run_until(2s);
    wait_on(a, "a");
    settle();
    EXPECT_EQ(log_, "a rang at 2000; ");
}

TEST_F(ClockTest, CancelWakesTheWaiterWithoutARing)
{
    alarm a{io_.get_executor(), time_};
    a.set(1s);
    wait_on(a, "a");
    settle();
    a.cancel();
    run_until(2s);
    EXPECT_EQ(log_, "a woke at 0; ");
}

TEST_F(ClockTest, SettingAnewWakesTheWaiterOfTheEarlierMoment)
{
    alarm a{io_.get_executor(), time_};
    a.set(1s);
    wait_on(a, "first");
    settle();
    a.set(3s);
    settle();
    EXPECT_EQ(log_, "first woke at 0; ");
    wait_on(a, "second");
    run_until(10s);
    EXPECT_EQ(log_, "first woke at 0; second rang at 3000; ");
}

TEST_F(ClockTest, AnAlarmThatIsGoneDoesNotRing)
{
    {
        alarm a{io_.get_executor(), time_};
        a.set(1s);
    }
    EXPECT_FALSE(time_.advance_to_next(10s));
}

TEST_F(ClockTest, TheWallMayBeCorrectedWithoutTouchingAges)
{
    alarm a{io_.get_executor(), time_};
    a.set(1s);
    wait_on(a, "a");
    settle();
    time_.shift_wall(-2h);
    EXPECT_EQ(time_.wall(), start - 2h);
    EXPECT_EQ(time_.now(), 0ms);
    run_until(1s);
    EXPECT_EQ(log_, "a rang at 1000; ");
}

TEST_F(ClockTest, ADayOfSleepsPassesAtOnce)
{
    int hours = 0;
    auto task = [&]() -> asio::awaitable<void> {
        for (; hours < 24; ++hours)
            EXPECT_TRUE(co_await sleep_for(time_, 1h));
    };
    asio::co_spawn(io_, std::move(task), [](std::exception_ptr failed) {
        if (failed) std::rethrow_exception(failed);
    });
    run_until(24h);
    EXPECT_EQ(hours, 24);
}

TEST_F(ClockTest, TheRealClockRings)
{
    real_clock real;
    const auto before = real.now();
    bool rang = false;
    auto task = [&]() -> asio::awaitable<void> { rang = co_await sleep_for(real, 2ms); };
    asio::co_spawn(io_, std::move(task), [](std::exception_ptr failed) {
        if (failed) std::rethrow_exception(failed);
    });
    io_.run();
    EXPECT_TRUE(rang);
    EXPECT_GE(real.now() - before, 2ms);
}

TEST_F(ClockTest, TheRealClockCanBeSetAnewWhileAwaited)
{
    real_clock real;
    alarm a{io_.get_executor(), real};
    a.set(1h);
    wait_on(a, "a");
    settle();
    a.set(2h);
    settle();
    EXPECT_EQ(log_, "a woke at 0; ");
}

}  // namespace
}  // namespace ecr::daemon
