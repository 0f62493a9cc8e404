// Refunds by /trade/v1, of payments with and without a terminal.
#include "tests/daemon/direct_story.hpp"

#include <gtest/gtest.h>

namespace ecr::test {
namespace {

using simulator::act;
using simulator::fault;
using simulator::fault_kind;
using simulator::movements;
using simulator::shopper;

constexpr auto hong_kong_day = std::chrono::sys_days{std::chrono::year{2026} / 11 / 18};

/// This moment of an ordinary day in Hong Kong.
timestamp at(std::chrono::minutes since_midnight)
{
    return timestamp{hong_kong_day} - 8h + since_midnight;
}

void pay_directly(shop& s, sample_till& till, const std::string& order = "A1",
                  const std::string& code = "134857903088557555")
{
    const auto result =
        s.ask(till, "scan order=" + order + " amount=500 channel=wx auth_code=" + code);
    ASSERT_EQ(value_of(result, "state"), "paid") << result;
}

void pay_on_terminal(shop& s, sample_till& till)
{
    till.say("pay order=A1 amount=500 channel=wx");
    ASSERT_EQ(value_of(s.result_of(till, "A1"), "state"), "paid");
}

struct way {
    const char* name;
    bool by_terminal;
    std::vector<std::pair<std::string, std::string>> settings;

    friend void PrintTo(const way& w, std::ostream* out) { *out << w.name; }
};

class DirectRefundTest : public testing::TestWithParam<way> {
protected:
    [[nodiscard]] shop_plan plan() const
    {
        const auto settings = GetParam().settings;
        return {.cloud = [settings](simulator::settings& target) {
            for (const auto& [name, value] : settings)
                EXPECT_EQ(set_by_name(target, name, value), "");
        }};
    }
    static void pay(shop& s, sample_till& till)
    {
        GetParam().by_terminal ? pay_on_terminal(s, till) : pay_directly(s, till);
    }
};

TEST_P(DirectRefundTest, PartsAndThenAllThatIsLeft)
{
    shop s{plan()};
    const auto till = s.tcp_till();
    pay(s, *till);
    const auto part = s.ask(*till, "refund order=R1 of=A1 amount=200 via=direct");
    EXPECT_EQ(value_of(part, "state"), "refunded") << part;
    EXPECT_EQ(s.truth().refunded("A1"), (movements{1, 200}));
    EXPECT_EQ(s.ask(*till, "refund order=R1 of=A1 amount=200 via=direct").find("error"),
              std::string::npos);
    EXPECT_EQ(s.truth().refunded("A1"), (movements{1, 200}));

    const auto rest = s.ask(*till, "refund order=R2 of=A1 all=yes via=direct");
    EXPECT_EQ(value_of(rest, "state"), "refunded") << rest;
    EXPECT_EQ(value_of(rest, "amount"), "300") << rest;
    EXPECT_EQ(s.truth().refunded("A1"), (movements{2, 500}));
    const auto again = s.ask(*till, "refund order=R2 of=A1 all=yes via=direct");
    EXPECT_EQ(value_of(again, "state"), "refunded") << again;
    EXPECT_EQ(value_of(s.ask(*till, "refund order=R3 of=A1 amount=1 via=direct"), "code"), "35");
    EXPECT_EQ(value_of(s.ask(*till, "refund order=R4 of=A1 all=yes via=direct"), "code"), "35");
    EXPECT_EQ(s.truth().refunded("A1"), (movements{2, 500}));
    EXPECT_EQ(s.truth().times_pushed("R1"), 1);
    EXPECT_EQ(s.truth().times_pushed("R2"), 1);
}

TEST_P(DirectRefundTest, TwoAtOnceAreMadeOneAfterTheOther)
{
    shop s{plan()};
    const auto till = s.tcp_till();
    const auto other = s.tcp_till();
    pay(s, *till);
    till->say("refund order=R1 of=A1 amount=300 via=direct");
    other->say("refund order=R2 of=A1 amount=300 via=direct");
    const auto first = s.result_of(*till, "R1");
    const auto second = s.result_of(*other, "R2");
    const bool one =
        (value_of(first, "state") == "refunded") != (value_of(second, "state") == "refunded");
    EXPECT_TRUE(one) << first << second;
    EXPECT_EQ(s.truth().refunded("A1"), (movements{1, 300}));
}

TEST_P(DirectRefundTest, WithoutAnAnswerItStaysInDoubtUntilTheCloudShowsIt)
{
    shop s{plan()};
    const auto till = s.tcp_till();
    pay(s, *till);
    s.cloud().plan(fault{.kind = fault_kind::no_answer, .path = "/trade/v1/refund"});
    till->say("refund order=R1 of=A1 amount=200 via=direct");
    ASSERT_TRUE(s.until([&] { return s.truth().requests("/trade/v1/refund") == 1; }));
    s.cloud().plan(fault{.kind = fault_kind::status, .path = "query", .count = 60});
    const auto result = s.result_of(*till, "R1", 15min);
    EXPECT_EQ(value_of(result, "state"), "in_doubt") << result;
    EXPECT_EQ(value_of(result, "safe_to_retry"), "no");
    EXPECT_EQ(value_of(s.ask(*till, "refund order=R2 of=A1 amount=200 via=direct"), "code"), "33");
    s.cloud().clear_faults();
    s.pass(2h);
    EXPECT_EQ(value_of(s.ask(*till, "status order=R1"), "state"), "refunded");
    EXPECT_EQ(s.truth().refunded("A1"), (movements{1, 200}));
    EXPECT_EQ(s.truth().requests("/trade/v1/refund"), 1);
}

TEST_P(DirectRefundTest, OneThatNeverArrivedIsNotSentAgainAndEndsWhenItsPaymentIsSeenUntouched)
{
    shop s{plan()};
    auto till = s.tcp_till();
    pay(s, *till);
    s.cloud().plan(fault{.kind = fault_kind::close, .path = "/trade/v1/refund", .done = false});
    const auto result = s.ask(*till, "refund order=R1 of=A1 amount=200 via=direct", 15min);
    EXPECT_EQ(value_of(result, "state"), "in_doubt") << result;
    s.restart();
    till = s.tcp_till();
    s.pass(5min);
    EXPECT_EQ(value_of(s.ask(*till, "status order=R1"), "state"), "in_doubt");
    s.pass(27h);
    const auto later = s.ask(*till, "status order=R1");
    EXPECT_EQ(value_of(later, "state"), "expired") << later;
    EXPECT_EQ(s.journal("R1")->needs, 0);
    EXPECT_EQ(s.truth().requests("/trade/v1/refund"), 1);
    EXPECT_EQ(s.truth().refunded("A1"), (movements{0, 0}));
}

INSTANTIATE_TEST_SUITE_P(Money, DirectRefundTest,
                         testing::ValuesIn(std::vector<way>{
                             {"Direct", false, {}},
                             {"Terminal", true, {}},
                             {"DirectPending", false, {{"trade_refund_reply", "code_1143"}}},
                             {"Direct2999", false, {{"trade_refund_reply", "code_2999"}}},
                             {"TerminalPending", true, {{"trade_refund_reply", "code_1143"}}},
                             {"DirectDigit1", false, {{"refund_cancel_digit", "digit_1"}}},
                             {"DirectBareRows", false, {{"trade_rows_currency", "empty"}}},
                         }),
                         [](const auto& i) { return std::string{i.param.name}; });

// --- Refusals ----------------------------------------------------------------------------------

TEST(DirectRefundRefusalTest, ATerminalCannotRefundWhatWasPaidWithoutOne)
{
    shop s;
    const auto till = s.tcp_till();
    pay_directly(s, *till);
    const auto answer = s.ask(*till, "refund order=R1 of=A1 amount=500 via=terminal");
    EXPECT_EQ(value_of(answer, "code"), "35") << answer;
    EXPECT_NE(answer.find("via=direct"), std::string::npos) << answer;
    EXPECT_EQ(s.truth().requests("/trade/v1/refund"), 0);
}

TEST(DirectRefundRefusalTest, TheCloudsRefusalIsToldAndTheTillMayAskAgain)
{
    for (const auto* code : {"1269", "1125", "1264", "1270", "1297"}) {
        SCOPED_TRACE(code);
        shop s;
        const auto till = s.tcp_till();
        pay_directly(s, *till);
        s.cloud().plan(
            fault{.kind = fault_kind::respcd, .path = "refund", .done = false, .respcd = code});
        const auto result = s.ask(*till, "refund order=R1 of=A1 amount=500", 15min);
        EXPECT_NE(value_of(result, "state"), "refunded") << result;
        EXPECT_EQ(value_of(result, "safe_to_retry"),
                  value_of(result, "state") == "rejected" ? "yes" : "no")
            << result;
        EXPECT_EQ(s.truth().refunded("A1"), (movements{0, 0}));
    }
}

TEST(DirectRefundRefusalTest, ARefusalThatMayMeanThatItWasDoneIsLookedUp)
{
    shop s;
    const auto till = s.tcp_till();
    pay_directly(s, *till);
    s.cloud().plan(fault{.kind = fault_kind::respcd, .path = "refund", .respcd = "1264"});
    const auto result = s.ask(*till, "refund order=R1 of=A1 amount=500");
    EXPECT_EQ(value_of(result, "state"), "refunded") << result;
    EXPECT_EQ(s.truth().refunded("A1"), (movements{1, 500}));
}

// --- The night ---------------------------------------------------------------------------------

TEST(NightRefundTest, WithoutWaitItIsRefused)
{
    shop s{{.start = at(23h + 25min)}};
    const auto till = s.tcp_till();
    pay_directly(s, *till);
    s.pass(10min);
    EXPECT_EQ(value_of(s.ask(*till, "refund order=R1 of=A1 amount=200"), "code"), "35");
    EXPECT_EQ(s.truth().requests("/trade/v1/refund"), 0);
}

TEST(NightRefundTest, WaitsForItsEndAlsoWhenTheBridgeIsStartedAgain)
{
    for (const bool by_terminal : {false, true}) {
        for (const bool restarted : {false, true}) {
            shop s{{.start = at(23h + 25min)}};
            auto till = s.tcp_till();
            by_terminal ? pay_on_terminal(s, *till) : pay_directly(s, *till);
            s.pass(10min);
            till->say("refund order=R1 of=A1 amount=500 wait=yes");
            s.pass(10min);
            EXPECT_EQ(till->count("result", "R1"), 0U);
            if (restarted) {
                s.away(10min);
                till = s.tcp_till();
                till->say("refund order=R1 of=A1 amount=500 wait=yes");  // the same one
            }
            // The terminal is free for sales meanwhile.
            const auto seller = s.tcp_till();
            EXPECT_EQ(value_of(s.ask(*seller, "pay order=B1 amount=100 channel=wx"), "state"),
                      "paid");
            EXPECT_EQ(s.truth().refunded("A1"), (movements{0, 0}));
            const auto result = s.result_of(*till, "R1", 2h);
            EXPECT_EQ(value_of(result, "state"), "refunded") << result;
            EXPECT_GE(s.time().wall(), at(24h + 31min));
            EXPECT_LE(s.time().wall(), at(24h + 35min));
            EXPECT_EQ(s.truth().refunded("A1"), (movements{1, 500}));
        }
    }
}

TEST(NightRefundTest, CanBeTakenBackWhileItWaits)
{
    shop s{{.start = at(23h + 40min)}};
    const auto till = s.tcp_till();
    pay_directly(s, *till);
    till->say("refund order=R1 of=A1 amount=500 wait=yes");
    s.pass(1min);
    till->say("cancel order=R1");
    const auto result = s.result_of(*till, "R1", 5s);
    EXPECT_EQ(value_of(result, "state"), "cancelled") << result;
    s.pass(2h);
    EXPECT_EQ(s.truth().requests("/trade/v1/refund"), 0);
}

TEST(NightRefundTest, IsNotDueAfterDaysOfAbsenceIsSentOnce)
{
    shop s{{.start = at(23h + 40min)}};
    auto till = s.tcp_till();
    pay_directly(s, *till);
    till->say("refund order=R1 of=A1 amount=500 wait=yes");
    s.pass(1min);
    s.away(49h);
    till = s.tcp_till();
    s.pass(10min);
    EXPECT_EQ(value_of(s.ask(*till, "status order=R1"), "state"), "refunded");
    EXPECT_EQ(s.truth().refunded("A1"), (movements{1, 500}));
}

// --- Months ------------------------------------------------------------------------------------

/// The last ten seconds of a month, in Hong Kong.
const auto month_ends = std::to_array<std::chrono::sys_days>({std::chrono::year{2026} / 12 / 1,
                                                              std::chrono::year{2027} / 1 / 1,
                                                              std::chrono::year{2028} / 3 / 1});

TEST(MonthEndTest, DirectAndTerminalPaymentsAreFoundInTheNextMonth)
{
    for (const auto& next : month_ends) {
        for (const std::string command : {"scan auth_code=1234567890", "pay", "qr"}) {
            SCOPED_TRACE(command);
            shop s{{.start = timestamp{next} - 8h - 10s}};
            s.cloud().plan(shopper{.after = 45s});
            s.cloud().plan(fault{.kind = fault_kind::no_answer, .path = "payment"});
            auto till = s.tcp_till();
            till->say(command + " order=A1 amount=500 channel=wx");
            const auto result = s.result_of(*till, "A1");
            EXPECT_EQ(value_of(result, "state"), "paid") << result;
            EXPECT_EQ(s.truth().charged("A1"), (movements{1, 500}));
        }
    }
}

TEST(MonthEndTest, OneThatPaysLateIsFoundInTheMonthItWasMadeIn)
{
    for (const auto& next : month_ends) {
        for (const std::string command : {"scan auth_code=1234567890", "pay"}) {
            SCOPED_TRACE(command);
            shop s{{.start = timestamp{next} - 8h - 10s}};
            s.cloud().plan(shopper{.does = act::pays_late, .late = 20h});
            auto till = s.tcp_till();
            till->say(command + " order=A1 amount=500 channel=wx");
            const auto result = s.result_of(*till, "A1", 15min);
            EXPECT_TRUE(says_not_paid(value_of(result, "state"))) << result;
            s.away(1h);
            s.pass(24h);
            EXPECT_EQ(s.journal("A1")->state, "paid");
            EXPECT_EQ(s.journal("A1")->needs, 1);
        }
    }
}

TEST(MonthEndTest, ARefundThatIsDoneNextMonthIsFound)
{
    for (const auto& next : month_ends) {
        shop s{{.start = timestamp{next} - 8h - 32min}};
        auto till = s.tcp_till();
        pay_directly(s, *till);
        s.cloud().behaviour().trade_refund_reply = simulator::trade_refund_reply::code_1143;
        s.cloud().plan_order("R1", shopper{.after = 50min});
        till->say("refund order=R1 of=A1 amount=500");
        s.pass(30min);
        s.away(10min);
        s.pass(2h);
        till = s.tcp_till();
        EXPECT_EQ(value_of(s.ask(*till, "status order=R1"), "state"), "refunded");
    }
}

}  // namespace
}  // namespace ecr::test
