#include "daemon/cloud/request_governor.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <gtest/gtest.h>

#include <algorithm>
#include <exception>
#include <string>
#include <vector>

namespace ecr::daemon {
namespace {

using namespace std::chrono_literals;

constexpr timestamp start{1'720'000'000'000ms};

/// The cloud's side: so many in a sliding minute, and what it refuses counts too.
/// Source: contract 13.19.
class sliding_minute {
public:
    explicit sliding_minute(std::size_t max) : max_{max} {}

    /// True: answered with 429.
    bool refuses(milliseconds now)
    {
        while (!counted_.empty() && counted_.front() + 60s <= now)
            counted_.pop_front();
        const bool over = counted_.size() >= max_;
        counted_.push_back(now);
        return over;
    }

private:
    std::size_t max_;
    std::deque<milliseconds> counted_;
};

/// The largest number of moments within any window of this length.
std::size_t most_within(const std::vector<milliseconds>& moments, milliseconds window)
{
    std::size_t most = 0;
    for (auto first = moments.begin(), last = first; last != moments.end(); ++last) {
        while (*first + window <= *last)
            ++first;
        most = std::max(most, static_cast<std::size_t>(last - first) + 1);
    }
    return most;
}

milliseconds longest_gap(const std::vector<milliseconds>& moments)
{
    milliseconds longest{};
    for (std::size_t i = 1; i < moments.size(); ++i)
        longest = std::max(longest, moments[i] - moments[i - 1]);
    return longest;
}

class RequestGovernorTest : public testing::Test {
protected:
    struct grant {
        milliseconds at;
        importance who;
        milliseconds waited;
    };

    void use(int per_minute, int per_second)
    {
        governor_.emplace(io_.get_executor(), time_, per_minute, per_second);
    }

    void spawn(asio::awaitable<void> task)
    {
        asio::co_spawn(io_, std::move(task), [](std::exception_ptr failed) {
            if (failed) std::rethrow_exception(failed);
        });
    }

    asio::awaitable<void> ask_once(importance who)
    {
        const auto since = time_.now();
        const bool leave = co_await governor_->turn(who);
        if (leave)
            grants_.push_back({time_.now(), who, time_.now() - since});
        else
            ++sent_away_;
    }

    /// Asks for ever, this long after each turn, and keeps the moments of its own turns.
    asio::awaitable<void> keep_asking(importance who, milliseconds first, milliseconds every,
                                      std::vector<milliseconds>* mine)
    {
        (void)co_await sleep_for(time_, first);
        for (;;) {
            const auto since = time_.now();
            if (!co_await governor_->turn(who)) co_return;
            grants_.push_back({time_.now(), who, time_.now() - since});
            if (mine != nullptr) mine->push_back(time_.now());
            if (cloud_ != nullptr) hear(cloud_->refuses(time_.now()));
            (void)co_await sleep_for(time_, every);
        }
    }

    void hear(bool refused)
    {
        answers_.push_back(!refused);
        if (refused)
            governor_->refused();
        else
            governor_->answered();
    }

    asio::awaitable<void> other_bridge(milliseconds every)
    {
        for (;;) {
            (void)cloud_->refuses(time_.now());
            (void)co_await sleep_for(time_, every);
        }
    }

    void run_until(milliseconds limit)
    {
        const auto settle = [&] {
            io_.restart();
            io_.poll();
        };
        settle();
        while (time_.advance_to_next(limit))
            settle();
    }

    std::vector<milliseconds> moments() const
    {
        std::vector<milliseconds> all;
        for (const auto& each : grants_)
            all.push_back(each.at);
        return all;
    }

    std::size_t count(importance who, milliseconds from = 0ms) const
    {
        return static_cast<std::size_t>(std::ranges::count_if(
            grants_, [&](const auto& g) { return g.who == who && g.at >= from; }));
    }

    milliseconds longest_wait(importance who) const
    {
        milliseconds longest{};
        for (const auto& each : grants_)
            if (each.who == who) longest = std::max(longest, each.waited);
        return longest;
    }

    int refusals_in_a_row() const
    {
        int most = 0;
        int row = 0;
        for (const bool answered : answers_)
            most = std::max(most, row = answered ? 0 : row + 1);
        return most;
    }

    virtual_clock time_{start};  // before the context: its handlers hold alarms
    asio::io_context io_;
    std::optional<request_governor> governor_;
    sliding_minute* cloud_ = nullptr;
    std::vector<grant> grants_;
    std::vector<bool> answers_;
    int sent_away_ = 0;
};

TEST_F(RequestGovernorTest, NeverSendsMoreThanTheLimitsAllow)
{
    struct rate {
        int per_minute, per_second;
    };
    for (const auto [per_minute, per_second] :
         {rate{400, 100}, {400, 3}, {60, 10}, {5, 1}, {1, 1}}) {
        SCOPED_TRACE(std::to_string(per_minute) + " a minute");
        grants_.clear();
        use(per_minute, per_second);
        const auto from = time_.now();
        for (int i = 0; i < 1000; ++i)
            spawn(ask_once(static_cast<importance>(i % 4)));
        run_until(from + 5min);
        EXPECT_LE(most_within(moments(), 60s), static_cast<std::size_t>(per_minute));
        EXPECT_LE(most_within(moments(), 1s), static_cast<std::size_t>(per_second));
        EXPECT_GE(grants_.size(), static_cast<std::size_t>(2 * per_minute));
        governor_->stop();
        run_until(from + 6min);
    }
}

TEST_F(RequestGovernorTest, ABurstOfEnquiriesIsSpreadAndNeverStalls)
{
    use(400, 100);
    run_until(10min);  // a long lull saves nothing up
    for (int i = 0; i < 1200; ++i)
        spawn(ask_once(importance::waiting));
    run_until(15min);
    EXPECT_EQ(grants_.size(), 1200U);
    EXPECT_LE(longest_gap(moments()), 200ms);
    EXPECT_LE(most_within(moments(), 1s), 11U);
}

TEST_F(RequestGovernorTest, AMorningOfPushesDoesNotKeepEnquiriesAway)
{
    use(400, 100);
    for (int i = 0; i < 90; ++i)
        spawn(ask_once(importance::money));
    run_until(1ms);
    EXPECT_EQ(grants_.size(), 90U) << "nobody is in the way of money";
    grants_.clear();
    for (int i = 0; i < 600; ++i)
        spawn(ask_once(importance::waiting));
    run_until(3min);
    EXPECT_EQ(grants_.size(), 600U);
    EXPECT_LE(longest_gap(moments()), 300ms);
}

TEST_F(RequestGovernorTest, AThousandOrdersLeaveThirtyShoppersTheirFiveSeconds)
{
    use(400, 100);
    std::vector<std::vector<milliseconds>> shoppers(30);
    for (int i = 0; i < 30; ++i)
        spawn(keep_asking(importance::waiting, 3s, 3s, &shoppers[static_cast<std::size_t>(i)]));
    for (int i = 0; i < 300; ++i)
        spawn(keep_asking(importance::doubt, milliseconds{100 * i}, 30s, nullptr));
    for (int i = 0; i < 670; ++i)
        spawn(keep_asking(importance::watch, milliseconds{100 * i}, 300s, nullptr));
    run_until(10min);
    for (const auto& shopper : shoppers) {
        ASSERT_GE(shopper.size(), 100U);
        EXPECT_LE(longest_gap(shopper), 5s);
    }
    // One in forty each: 96 of 3,840.
    EXPECT_GE(count(importance::doubt), 90U);
    EXPECT_GE(count(importance::watch), 90U);
    EXPECT_LE(most_within(moments(), 60s), 400U);
}

TEST_F(RequestGovernorTest, WithoutShoppersTheDoubtfulHaveAllButTheShareOfTheWatched)
{
    use(400, 100);
    for (int i = 0; i < 900; ++i) {
        spawn(ask_once(importance::doubt));
        spawn(ask_once(importance::watch));
    }
    run_until(2min);
    EXPECT_NEAR(static_cast<double>(count(importance::watch)),
                static_cast<double>(count(importance::doubt)) / 39, 2);
}

TEST_F(RequestGovernorTest, FirstComeFirstServedWithinAClass)
{
    use(60, 10);
    std::vector<int> order;
    const auto ask = [&](int number) -> asio::awaitable<void> {
        if (co_await governor_->turn(importance::doubt)) order.push_back(number);
    };
    for (int i = 0; i < 20; ++i)
        spawn(ask(i));
    run_until(1min);
    EXPECT_EQ(order.size(), 20U);
    EXPECT_TRUE(std::ranges::is_sorted(order));
}

TEST_F(RequestGovernorTest, EnquiriesNeverMakeASaleWaitForLong)
{
    use(400, 100);
    for (int i = 0; i < 40; ++i)
        spawn(keep_asking(importance::waiting, 0s, 1s, nullptr));
    for (int i = 0; i < 900; ++i)
        spawn(keep_asking(importance::doubt, 0s, 10s, nullptr));
    run_until(2min);
    spawn(keep_asking(importance::money, 0s, 1s, nullptr));
    run_until(5min);
    for (int i = 0; i < 12; ++i)  // and as many tills at the same moment
        spawn(ask_once(importance::money));
    run_until(6min);
    EXPECT_GE(count(importance::money), 240U);
    EXPECT_LE(longest_wait(importance::money), 500ms);
    EXPECT_LE(most_within(moments(), 60s), 400U);
}

struct shared_case {
    std::string name;
    milliseconds other_since;
    milliseconds ours_since;

    friend void PrintTo(const shared_case& c, std::ostream* out) { *out << c.name; }
};

class SharedMerchantTest : public RequestGovernorTest,
                           public testing::WithParamInterface<shared_case> {};

TEST_P(SharedMerchantTest, AnotherBridgeDoesNotMakeUsEarnTwo429InARow)
{
    const auto& c = GetParam();
    sliding_minute limiter{400};
    cloud_ = &limiter;
    use(400, 100);
    const auto other = [&]() -> asio::awaitable<void> {
        (void)co_await sleep_for(time_, c.other_since);
        co_await other_bridge(300ms);  // 200 a minute: half of the budget
    };
    spawn(other());
    for (int i = 0; i < 60; ++i)
        spawn(keep_asking(importance::waiting, c.ours_since, 1s, nullptr));
    run_until(30min);
    EXPECT_LE(refusals_in_a_row(), 1);
    const auto refused = std::ranges::count(answers_, false);
    EXPECT_GE(refused, 1) << "the limiter was never reached: nothing is proven";
    EXPECT_LE(refused, 15) << "of half an hour";
    EXPECT_GE(answers_.size(), 30U * 110) << "more than half of what the other bridge leaves";
}

const shared_case shared_cases[] = {
    {"BothStart", 0s, 0s},
    {"TheOtherWasThereBefore", 0s, 3min},
    {"TheOtherComesLater", 3min, 0s},
};
INSTANTIATE_TEST_SUITE_P(Bridges, SharedMerchantTest, testing::ValuesIn(shared_cases),
                         [](const auto& instance) { return instance.param.name; });

TEST_F(RequestGovernorTest, BacksOffLongerAfterEach429InARow)
{
    use(400, 100);
    std::vector<std::int64_t> waits;
    const auto push = [&]() -> asio::awaitable<void> {
        for (int i = 0; i < 8; ++i) {
            const auto since = time_.now();
            (void)co_await governor_->turn(importance::money);
            waits.push_back((time_.now() - since) / 1s);
            governor_->refused();
            governor_->refused();  // one that was under way at the same time
        }
    };
    spawn(push());
    run_until(10min);
    EXPECT_EQ(waits, (std::vector<std::int64_t>{0, 1, 2, 4, 8, 16, 32, 32}));
    governor_->answered();
    governor_->refused();
    spawn(ask_once(importance::money));
    run_until(20min);
    ASSERT_EQ(grants_.size(), 1U);
    EXPECT_EQ(grants_[0].waited, 1s) << "an answer ended the row";
}

TEST_F(RequestGovernorTest, ThePaceComesBackAfterwards)
{
    use(400, 100);
    for (int i = 0; i < 60; ++i)
        spawn(keep_asking(importance::waiting, 0s, 1s, nullptr));
    run_until(5min);
    governor_->refused();
    const auto granted = [&](milliseconds from, milliseconds until) {
        run_until(until);
        return count(importance::waiting, from);
    };
    const auto slow = granted(5min, 6min);
    EXPECT_LE(slow, 200U);
    EXPECT_GE(slow, 150U);
    const auto again = granted(12min, 13min);
    EXPECT_GE(again, 370U);
}

TEST_F(RequestGovernorTest, TellsItsHeadroom)
{
    use(60, 10);
    EXPECT_EQ(governor_->room().per_minute, 60);
    for (int i = 0; i < 3; ++i)
        spawn(ask_once(importance::waiting));
    spawn(ask_once(importance::watch));
    run_until(400ms);
    auto room = governor_->room();
    EXPECT_EQ(room.used_last_minute, 1);
    EXPECT_EQ(room.waiting, (std::array<std::size_t, importance_count>{0, 2, 0, 1}));
    EXPECT_EQ(room.longest_wait, 400ms);
    EXPECT_FALSE(room.backing_off);

    run_until(10s);
    governor_->refused();
    EXPECT_TRUE(governor_->room().backing_off);
    run_until(61s);
    room = governor_->room();
    EXPECT_EQ(room.waiting, (std::array<std::size_t, importance_count>{}));
    EXPECT_EQ(room.longest_wait, 0ms);
    run_until(2min);
    EXPECT_EQ(governor_->room().used_last_minute, 0);
}

TEST_F(RequestGovernorTest, ASlotThatIsGivenBackServesTheNext)
{
    use(1, 1);
    spawn(ask_once(importance::waiting));
    spawn(ask_once(importance::waiting));
    run_until(1s);
    ASSERT_EQ(grants_.size(), 1U);
    governor_->give_back(importance::waiting);
    run_until(2s);
    EXPECT_EQ(grants_.size(), 2U);
}

TEST_F(RequestGovernorTest, SendsEverybodyAwayWhenItStops)
{
    use(1, 1);
    for (int i = 0; i < 4; ++i)
        spawn(ask_once(static_cast<importance>(i)));
    run_until(1s);
    governor_->stop();
    spawn(ask_once(importance::money));
    run_until(2s);
    EXPECT_EQ(grants_.size(), 1U);
    EXPECT_EQ(sent_away_, 4);
}

}  // namespace
}  // namespace ecr::daemon
