#include "protocol/order/enquiry_schedule.hpp"

#include <gtest/gtest.h>

#include <array>
#include <functional>
#include <ostream>

namespace ecr::protocol {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;
using namespace std::chrono_literals;

constexpr enquiry_pace pace;  // the shop's
constexpr milliseconds timeout = 120s;
constexpr auto all_answers =
    std::to_array({last_answer::none, last_answer::undecided, last_answer::processing,
                   last_answer::unconfirmed, last_answer::failed});

// --- The delay, moment by moment --------------------------------------------------------------

struct delay_case {
    const char* name;
    enquiry_moment moment;
    std::optional<milliseconds> delay;

    friend void PrintTo(const delay_case& c, std::ostream* out) { *out << c.name; }
};

class EnquiryDelayTest : public testing::TestWithParam<delay_case> {};

TEST_P(EnquiryDelayTest, IsAsTheDesignSays)
{
    const auto& c = GetParam();
    const auto delay = next_enquiry(pace, c.moment);
    ASSERT_EQ(delay.has_value(), c.delay.has_value());
    EXPECT_EQ(delay.value_or(0ms).count(), c.delay.value_or(0ms).count());
}

using enum last_answer;

// The window of a 120 s payment ends at 150 s, the patience of its till at 210 s.
// clang-format off
const delay_case delay_cases[] = {
    // name                     age        timeout  settled last         failures  delay
    {"First",                   {0s,       timeout, false, none},                  3s},
    {"FirstAfterASlowPush",     {2s,       timeout, false, none},                  1s},
    {"FirstAfterARestart",      {60s,      timeout, false, none},                  0s},
    {"WhileWaiting",            {3s,       timeout, false, undecided},             3s},
    {"AfterProcessing",         {3s,       timeout, false, processing},            5s},
    {"AfterUnconfirmed",        {3s,       timeout, false, unconfirmed},           3s},
    {"LastOfTheWindow",         {147s,     timeout, false, undecided},             3s},
    {"NotPastTheWindow",        {148s,     timeout, false, undecided},             2s},
    {"NotPastWithProcessing",   {149s,     timeout, false, processing},            1s},
    {"NotPastWithFailure",      {149s,     timeout, false, failed, 9},             1s},
    {"AfterTheWindow",          {150s,     timeout, false, undecided},             3s},
    {"LastPatience",            {209'999ms, timeout, false, undecided},            3s},
    {"Doubt",                   {210s,     timeout, false, undecided},             30s},
    {"DoubtAfterProcessing",    {210s,     timeout, false, processing},            30s},
    {"DoubtUnconfirmed",        {210s,     timeout, false, unconfirmed},           3s},
    {"EndOfDoubt",              {599'999ms, timeout, false, undecided},            30s},
    {"Watch",                   {600s,     timeout, false, undecided},             5min},
    {"LateWatch",               {2h,       timeout, false, undecided},             1h},
    {"LastOfTheWatch",          {26h - 1ms, timeout, false, undecided},            1h},
    {"Over",                    {26h,      timeout, false, undecided},             std::nullopt},
    {"OverUnconfirmed",         {26h,      timeout, false, unconfirmed},           std::nullopt},
    {"OverSettled",             {26h,      timeout, true,  undecided},             std::nullopt},
    {"SettledEarly",            {10s,      timeout, true,  undecided},             30s},
    {"SettledProcessing",       {10s,      timeout, true,  processing},            30s},
    {"SettledNotAsked",         {10s,      timeout, true,  none},                  30s},
    {"SettledUnconfirmed",      {10s,      timeout, true,  unconfirmed},           3s},
    {"SettledLater",            {20min,    timeout, true,  undecided},             5min},
    {"SettledAfter25Hours",     {25h,      timeout, true,  undecided},             1h},
    {"LongWindow",              {620s,     600s,    false, undecided},             3s},
    {"LongWindowDoubt",         {690s,     600s,    false, undecided},             5min},
    // The cloud is down.
    {"Failure1",                {3s,       timeout, false, failed, 1},             3s},
    {"Failure2",                {3s,       timeout, false, failed, 2},             6s},
    {"Failure3",                {3s,       timeout, false, failed, 3},             12s},
    {"Failure4",                {3s,       timeout, false, failed, 4},             15s},
    {"Failure99",               {3s,       timeout, false, failed, 99},            15s},
    {"NoFailure",               {3s,       timeout, false, failed, 0},             3s},
    {"HalfTheJitter",           {3s,       timeout, false, failed, 3, 0.5},        10'500ms},
    {"AllTheJitter",            {3s,       timeout, false, failed, 3, 1},          9s},
    {"DoubtFailure1",           {300s,     timeout, false, failed, 1},             3s},
    {"DoubtFailure6",           {300s,     timeout, false, failed, 6},             96s},
    {"DoubtFailure99",          {300s,     timeout, false, failed, 99},            5min},
    {"DoubtFailureAllJitter",   {300s,     timeout, false, failed, 99, 1},         225s},
    {"LateFailure99",           {3h,       timeout, false, failed, 99},            1h},
    {"SettledFailure2",         {10s,      timeout, true,  failed, 2},             6s},
};
// clang-format on

INSTANTIATE_TEST_SUITE_P(Table, EnquiryDelayTest, testing::ValuesIn(delay_cases),
                         [](const auto& instance) { return instance.param.name; });

// --- What must hold at every moment -----------------------------------------------------------

template <class Check>
void for_every_moment(Check check)
{
    for (const milliseconds window : {milliseconds{1s}, timeout, milliseconds{600s}})
        for (milliseconds age{0}; age <= 27h; age += age < 15min ? 499ms : 61'003ms)
            for (const bool settled : {false, true})
                for (const auto last : all_answers)
                    for (const int failures : {0, 1, 7, 1'000'000})
                        for (const double jitter : {0.0, 1.0})
                            check(enquiry_moment{age, window, settled, last, failures, jitter});
}

TEST(EnquiryScheduleTest, ADelayIsPositiveOrTheScheduleIsOver)
{
    for_every_moment([](const enquiry_moment& m) {
        const auto delay = next_enquiry(pace, m);
        ASSERT_EQ(delay.has_value(), m.age < pace.watch_until) << m.age.count();
        if (!delay) return;
        // What has never been asked about, and should have been, is asked about at once.
        const bool overdue = m.last == none && !m.settled && m.age >= pace.first;
        ASSERT_GE(*delay, overdue ? 0ms : 1ms) << m.age.count();
        ASSERT_LE(*delay, 1h) << m.age.count();
    });
}

TEST(EnquiryScheduleTest, NothingIsAskedPastTheEndOfTheWindow)
{
    for_every_moment([](const enquiry_moment& m) {
        const auto end = window_end(pace, m.payment_timeout);
        if (m.settled || m.age >= end || m.last == unconfirmed) return;
        ASSERT_LE(m.age + *next_enquiry(pace, m), end) << m.age.count();
    });
}

TEST(EnquiryScheduleTest, AFailureWaitsNoLessThanTheFirstAndNoMoreThanTheCap)
{
    for_every_moment([](const enquiry_moment& m) {
        if (m.last != failed) return;
        const auto delay = next_enquiry(pace, m);
        if (!delay) return;
        const auto phase = phase_of(pace, m.age, m.payment_timeout);
        const bool shopper = !m.settled && phase != enquiry_phase::doubt;
        const auto end = window_end(pace, m.payment_timeout);
        const bool clipped = shopper && m.age + *delay == end;
        ASSERT_GE(*delay, clipped ? 1ms : pace.outage_first * 3 / 4) << m.age.count();
        ASSERT_LE(*delay, shopper      ? pace.outage_max_waiting
                          : m.age < 2h ? pace.outage_max
                                       : pace.watch)
            << m.age.count();
    });
}

TEST(EnquiryScheduleTest, MoreFailuresNeverShortenTheWait)
{
    for (const auto age :
         {milliseconds{3s}, milliseconds{300s}, milliseconds{1h}, milliseconds{9h}})
        for (int failures = 0; failures < 40; ++failures) {
            enquiry_moment m{age, timeout, false, failed, failures};
            const auto before = *next_enquiry(pace, m);
            ++m.failures;
            ASSERT_GE(*next_enquiry(pace, m), before) << failures;
        }
}

TEST(EnquiryScheduleTest, ThePhasesFollowEachOther)
{
    for (const milliseconds window : {milliseconds{1s}, timeout, milliseconds{600s}}) {
        auto before = enquiry_phase::window;
        for (milliseconds age{0}; age <= 27h; age += 499ms) {
            const auto now = phase_of(pace, age, window);
            ASSERT_GE(now, before) << age.count();
            before = now;
        }
        EXPECT_EQ(before, enquiry_phase::over);
    }
}

TEST(EnquiryScheduleTest, ThePhasesChangeAtTheirBounds)
{
    const auto end = window_end(pace, timeout);
    const auto patience = patience_end(pace, timeout);
    EXPECT_EQ(end, 150s);
    EXPECT_EQ(patience, 210s);
    EXPECT_EQ(phase_of(pace, 0ms, timeout), enquiry_phase::window);
    EXPECT_EQ(phase_of(pace, end - 1ms, timeout), enquiry_phase::window);
    EXPECT_EQ(phase_of(pace, end, timeout), enquiry_phase::conclusion);
    EXPECT_EQ(phase_of(pace, patience - 1ms, timeout), enquiry_phase::conclusion);
    EXPECT_EQ(phase_of(pace, patience, timeout), enquiry_phase::doubt);
    EXPECT_EQ(phase_of(pace, pace.watch_until - 1ms, timeout), enquiry_phase::doubt);
    EXPECT_EQ(phase_of(pace, pace.watch_until, timeout), enquiry_phase::over);
}

// --- A whole life -----------------------------------------------------------------------------

struct life {
    int enquiries = 0;
    milliseconds first{};
    milliseconds last{};
    milliseconds longest_pause{};
};

/// Asks as often as the schedule wants until it is over.
life life_of(const std::function<last_answer(milliseconds)>& answer_at,
             milliseconds settled_from = hours{99})
{
    life whole;
    enquiry_moment m{.payment_timeout = timeout};
    while (const auto delay = next_enquiry(pace, m)) {
        m.age += *delay;
        whole.longest_pause = std::max(whole.longest_pause, *delay);
        if (whole.enquiries++ == 0) whole.first = m.age;
        whole.last = m.age;
        m.last = answer_at(m.age);
        m.failures = m.last == failed ? m.failures + 1 : 0;
        m.settled = m.age >= settled_from;
        if (whole.enquiries > 100'000) throw std::runtime_error{"the schedule has no end"};
    }
    return whole;
}

TEST(EnquiryScheduleTest, AnOrderThatNeverEndsIsAskedAboutOneHundredAndTwentyNineTimes)
{
    const auto whole = life_of([](milliseconds) { return undecided; });
    // 70 until 210 s, 13 in doubt, 22 every five minutes until 2 h, 24 every hour until 26 h.
    EXPECT_EQ(whole.enquiries, 70 + 13 + 22 + 24);
    EXPECT_EQ(whole.first, 3s);
    EXPECT_GE(whole.last, 25h);
    EXPECT_EQ(whole.longest_pause, 1h);
}

TEST(EnquiryScheduleTest, ASettledOrderIsWatchedAsLong)
{
    const auto whole = life_of([](milliseconds) { return undecided; }, 9s);
    // 3 until it is settled, 20 every half minute, 22 every five minutes, 24 every hour.
    EXPECT_EQ(whole.enquiries, 3 + 20 + 22 + 24);
    EXPECT_GE(whole.last, 25h);
}

TEST(EnquiryScheduleTest, ACloudThatIsDownForADayIsNotFlooded)
{
    const auto whole = life_of([](milliseconds) { return failed; });
    EXPECT_EQ(whole.enquiries, 65);
    EXPECT_GE(whole.last, 25h);
}

// The worst that a cloud can do: never twice the same, always to be confirmed.
TEST(EnquiryScheduleTest, ACloudThatContradictsItselfIsAskedEveryThreeSecondsAtMost)
{
    const auto whole = life_of([](milliseconds) { return unconfirmed; });
    EXPECT_EQ(whole.enquiries, 26 * 3'600 / 3);
}

TEST(EnquiryScheduleTest, TheWatchOutlivesTheLongestNotificationLadder)
{
    EXPECT_GE(pace.watch_until, 25h);
}

}  // namespace
}  // namespace ecr::protocol
