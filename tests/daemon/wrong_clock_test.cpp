// A machine whose clock is wrong by hours or days: QFPay's days, months and nights count.
#include "tests/daemon/shop/wrong_clock.hpp"

#include "tests/daemon/shop/case_shop.hpp"
#include "tests/daemon/shop/dialect_shop.hpp"

#include <gtest/gtest.h>

namespace ecr::test {
namespace {

using simulator::movements;
using simulator::shopper;

constexpr milliseconds errors_of_clocks[]{-3h, 3h, -26h, 50h, 24h * 400, -24h * 9'000};

const simulator::push_fact* push_of(shop& s, const std::string& order)
{
    for (const auto& each : s.truth().pushes())
        if (each.out_trade_no == order) return &each;
    return nullptr;
}

/// By how much the time that was sent with an order differs from the cloud's own; nothing: none
/// was sent.
std::optional<milliseconds> error_of_txdtm(shop& s, const std::string& order)
{
    const auto* push = push_of(s, order);
    if (push == nullptr || !push->sent("txdtm")) return std::nullopt;
    const auto sent = parse_cloud_time(*push->sent("txdtm"));
    if (!sent) return std::nullopt;
    return std::chrono::abs(*sent - push->at);
}

TEST(WrongClockTest, TheTimeOfPaymentsAndRefundsIsTheClouds)
{
    for (const auto ahead : errors_of_clocks)
        for (const auto w : {way::scanned, way::shown}) {
            SCOPED_TRACE(std::string{name_of(w)} + ' ' + std::to_string(ahead.count()));
            case_shop s{wrong_by(ahead, hong_kong(2026, 11, 18, 12h))};
            expect_told(s.pay(way::terminal, "A0"), told_paid);  // QFPay's time has been heard
            expect_told(s.pay(w, "A1"), told_paid);
            EXPECT_EQ(value_of(s.refund("R1", "A1", 200), "code"), "00");
            for (const auto* order : {"A1", "R1"}) {
                const auto error = error_of_txdtm(s, order);
                ASSERT_TRUE(error) << order;
                EXPECT_LE(*error, 2s) << order;
            }
        }
}

TEST(WrongClockTest, TheFirstOrderOfAStartKnowsTheCloudsTime)
{
    for (const auto ahead : errors_of_clocks) {
        SCOPED_TRACE(ahead.count());
        auto plan = wrong_by(ahead, hong_kong(2026, 11, 18, 12h), daily_numbers);
        plan.learns_time = true;
        case_shop s{plan};
        EXPECT_EQ(s.truth().requests_in_all(), 0) << "it is no call";
        s.ask(s.till(), "terminals");
        const auto way_there = s.till().last("row kind=merchant");
        EXPECT_EQ(value_of(way_there, "cloud"), "up") << way_there;
        EXPECT_EQ(value_of(way_there, "requests_left"), "400") << way_there;
        s.say(command(way::scanned, "A1"));
        ASSERT_TRUE(s.until([&] { return s.till().count("result") == 1; }));
        EXPECT_EQ(s.till().count("accepted", "-20261118-A1"), 1U);
        ASSERT_FALSE(s.truth().pushes().empty());
        const auto error = error_of_txdtm(s, s.truth().pushes().front().out_trade_no);
        ASSERT_TRUE(error);
        EXPECT_LE(*error, 2s);
    }
}

TEST(WrongClockTest, ACloudThatIsAwayAtTheStartIsNotWaitedFor)
{
    shop_plan plan;
    plan.learns_time = true;
    case_shop s{plan};
    s.cloud().set_listening(false);
    s.restart();
    s.reconnect();
    EXPECT_EQ(value_of(s.ask(s.till(), "ping", 1s), "cloud"), "down");
    s.cloud().set_listening(true);
    expect_told(s.pay(way::terminal, "A1"), told_paid);
}

TEST(WrongClockTest, AMonthEndIsTheCloudsHoweverWrongOurClockIs)
{
    for (const auto ahead : errors_of_clocks)
        for (const auto w : every_way) {
            SCOPED_TRACE(std::string{name_of(w)} + ' ' + std::to_string(ahead.count()));
            case_shop s{wrong_by(ahead, hong_kong(2027, 1, 1, -5min))};
            s.cloud().plan(shopper{.after = 1s});
            expect_told(s.pay(w, "A0"), told_paid);
            s.cloud().plan(shopper{.after = 100s});
            s.pass(4min);
            expect_told(s.pay(w, "A1"), told_paid);
            expect_end(s, "A1", {.state = "paid", .charges = 1});
        }
}

TEST(WrongClockTest, TheNightIsTheCloudsHoweverWrongOurClockIs)
{
    struct night_case {
        milliseconds of_day;
        bool refused;
    };
    for (const auto ahead : errors_of_clocks)
        for (const auto& [of_day, refused] : {night_case{23h + 28min, false},
                                              {23h + 31min, true},
                                              {24h + 29min, true},
                                              {24h + 32min, false}}) {
            SCOPED_TRACE(std::to_string(of_day.count()) + ' ' + std::to_string(ahead.count()));
            case_shop s{wrong_by(ahead, hong_kong(2026, 11, 18, of_day) - 10s)};
            expect_told(s.pay(way::scanned, "A1"), told_paid);
            s.pass(5s);
            const auto end = s.refund("R1", "A1", 200);
            EXPECT_EQ(value_of(end, "code"), refused ? "35" : "00") << end;
            EXPECT_EQ(s.truth().refunded("A1").count, refused ? 0 : 1);
        }
}

TEST(WrongClockTest, ARefundOfTheNightGoesWhenTheCloudsNightIsOver)
{
    for (const auto ahead : errors_of_clocks) {
        SCOPED_TRACE(ahead.count());
        case_shop s{wrong_by(ahead, hong_kong(2026, 11, 18, 23h + 45min))};
        expect_told(s.pay(way::scanned, "A1"), told_paid);
        s.say("refund order=R1 of=A1 amount=200 wait=yes");
        s.pass(44min);
        EXPECT_EQ(s.truth().refunded("A1").count, 0);
        EXPECT_EQ(s.truth().requests("/trade/v1/refund"), 0);
        s.pass(3min);
        EXPECT_EQ(s.truth().refunded("A1"), (movements{1, 200}));
    }
}

TEST(WrongClockTest, TheBusinessDayOfANumberIsTheClouds)
{
    for (const auto ahead : errors_of_clocks) {
        SCOPED_TRACE(ahead.count());
        case_shop s{wrong_by(ahead, hong_kong(2026, 11, 19, 3h + 50min), daily_numbers)};
        expect_told(s.pay(way::terminal, "A0"), told_paid);
        expect_told(s.pay(way::terminal, "A1"), told_paid);
        EXPECT_EQ(s.till().count("accepted", "-20261118-A1"), 1U);
        s.pass(12min);
        s.till().forget();
        expect_told(s.pay(way::terminal, "A1"), told_paid);
        EXPECT_EQ(s.till().count("accepted", "-20261119-A1"), 1U) << "a new day: a new sale";
        EXPECT_EQ(s.truth().charged_in_all().count, 3);
    }
}

/// The first order of a start is made before anything is known of the cloud's clock.
TEST(WrongClockTest, ANumberRepeatedAfterTheCloudsTimeWasHeardIsTheSameSale)
{
    for (const auto ahead : errors_of_clocks) {
        SCOPED_TRACE(ahead.count());
        case_shop s{wrong_by(ahead, hong_kong(2026, 11, 18, 12h), daily_numbers)};
        expect_told(s.pay(way::terminal, "A1"), told_paid);
        s.till().forget();
        const auto again = s.pay(way::terminal, "A1");
        EXPECT_EQ(value_of(again, "earlier"), "yes") << again;
        EXPECT_EQ(s.truth().charged_in_all().count, 1);
    }
}

/// And so is the first one after a restart.
TEST(WrongClockTest, ANumberRepeatedAfterARestartIsTheSameSale)
{
    for (const auto ahead : errors_of_clocks) {
        SCOPED_TRACE(ahead.count());
        case_shop s{wrong_by(ahead, hong_kong(2026, 11, 18, 12h), daily_numbers)};
        expect_told(s.pay(way::terminal, "A0"), told_paid);
        expect_told(s.pay(way::terminal, "A1"), told_paid);
        s.restart();
        s.reconnect();
        const auto again = s.pay(way::terminal, "A1");
        EXPECT_EQ(value_of(again, "earlier"), "yes") << again;
        EXPECT_EQ(s.truth().charged_in_all().count, 2);
    }
}

TEST(WrongClockTest, TheSummaryIsOfTheCloudsDay)
{
    for (const auto ahead : errors_of_clocks) {
        SCOPED_TRACE(ahead.count());
        case_shop s{wrong_by(ahead, hong_kong(2026, 11, 19, 3h + 50min))};
        expect_told(s.pay(way::terminal, "A0"), told_paid);
        s.pass(12min);
        expect_told(s.pay(way::terminal, "A1"), told_paid);
        expect_told(s.pay(way::terminal, "A2"), told_paid);
        const auto summary = s.ask(s.till(), "summary");
        EXPECT_EQ(value_of(summary, "day"), "20261119") << summary;
        EXPECT_EQ(value_of(summary, "payments"), "2") << summary;
    }
}

TEST(WrongClockTest, IsToldInTheLogOnceFromHalfAMinuteOn)
{
    struct warning_case {
        milliseconds ahead;
        std::size_t warnings;
    };
    for (const auto& [ahead, warnings] :
         {warning_case{0ms, 0}, {29s, 0}, {-29s, 0}, {31s, 1}, {-31s, 1}, {50h, 1}}) {
        SCOPED_TRACE(ahead.count());
        const log_catcher log;
        {
            case_shop s{wrong_by(ahead, hong_kong(2026, 11, 18, 12h))};
            s.cloud().plan(shopper{.after = 100s});
            expect_told(s.pay(way::terminal, "A1"), told_paid);
            s.pass(3h);
            expect_told(s.pay(way::terminal, "A2"), told_paid);
        }
        EXPECT_EQ(times_logged(log.text(), "cloud.clock"), warnings);
    }
}

TEST(WrongClockTest, IsToldAgainWhenItHadBeenRight)
{
    const log_catcher log;
    {
        case_shop s;
        for (const auto by : {milliseconds{1h}, milliseconds{-1h}, milliseconds{-40s}}) {
            set_pc_clock(s, by);
            s.cloud().plan(shopper{.after = 60s});
            const auto number = "A" + std::to_string(by.count() + 4'000'000);
            expect_told(s.pay(way::terminal, number), told_paid);
        }
    }
    EXPECT_EQ(times_logged(log.text(), "cloud.clock"), 2U);
}

}  // namespace
}  // namespace ecr::test
