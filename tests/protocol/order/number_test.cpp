#include "protocol/order/number.hpp"

#include "protocol/cloud/ecr_api.hpp"

#include <gtest/gtest.h>

#include <functional>
#include <ostream>
#include <set>

namespace ecr::protocol {
namespace {

using namespace std::chrono_literals;

timestamp cloud_time(std::string_view text)
{
    return parse_cloud_time(text).value();
}

// --- Numbers ----------------------------------------------------------------------------------

TEST(NumberTest, ADailyNumberNamesTillDayNumber)
{
    EXPECT_EQ(daily_number("till1", "20240704", "12"), "till1-20240704-12");
}

TEST(NumberTest, DailyNumbersOfOtherTillsOrDaysDiffer)
{
    const std::set<std::string> all{
        daily_number("a", "20240704", "1"), daily_number("b", "20240704", "1"),
        daily_number("a", "20240705", "1"), daily_number("a", "20240704", "2")};
    EXPECT_EQ(all.size(), 4U);
}

TEST(NumberTest, AMadeNumberNamesTillTimeRandom)
{
    const auto at = cloud_time("2024-07-04 15:14:25");
    EXPECT_EQ(made_number("till1", at, 0), "till1-20240704151425-000000");
    EXPECT_EQ(made_number("till1", at, 1), "till1-20240704151425-100000");
    EXPECT_EQ(made_number("till1", at, 31), "till1-20240704151425-z00000");
    EXPECT_EQ(made_number("till1", at, 32), "till1-20240704151425-010000");
    EXPECT_EQ(made_number("till1", at, 0xffff'ffff), "till1-20240704151425-zzzzzz");
}

TEST(NumberTest, AMadeNumberIsOneTheCloudTakes)
{
    const auto at = cloud_time("2024-12-31 23:59:59");
    for (std::uint32_t random = 0; random < 5'000; ++random) {
        const auto number = made_number("till1", at, random * 858'993U);
        ASSERT_TRUE(cloud::is_out_trade_no(number)) << number;
        ASSERT_EQ(number.find_first_not_of("0123456789abcdefghijklmnopqrstuvwxyz-"), number.npos)
            << number;
        // No letter that a person reads as another sign over the telephone.
        ASSERT_EQ(number.substr(number.rfind('-')).find_first_of("ilou"), number.npos) << number;
    }
}

TEST(NumberTest, EveryOfThirtyRandomBitsMakesAnotherNumber)
{
    const timestamp at{};
    std::set<std::string> all;
    for (std::uint32_t low = 0; low < 1'024; ++low)
        for (const int shift : {0, 10, 20})
            all.insert(made_number("t", at, low << shift));
    EXPECT_EQ(all.size(), 3U * 1'023U + 1U);
}

TEST(NumberTest, MadeNumbersOfOtherSecondsDiffer)
{
    const auto at = cloud_time("2024-07-04 15:14:25");
    EXPECT_NE(made_number("t", at, 7), made_number("t", at + 1s, 7));
    EXPECT_NE(made_number("t", at, 7), made_number("u", at, 7));
}

struct day_case {
    const char* name;
    const char* at;  // QFPay's time
    std::chrono::hours starts;
    const char* day;

    friend void PrintTo(const day_case& c, std::ostream* out) { *out << c.name; }
};

class BusinessDayTest : public testing::TestWithParam<day_case> {};

TEST_P(BusinessDayTest, BeginsAtItsHour)
{
    const auto& c = GetParam();
    EXPECT_EQ(business_day(cloud_time(c.at), c.starts), c.day);
}

// clang-format off
const day_case day_cases[] = {
    // name             at                     starts  day
    {"Noon",            "2024-07-04 12:00:00", 0h,     "20240704"},
    {"LastSecond",      "2024-07-04 23:59:59", 0h,     "20240704"},
    {"Midnight",        "2024-07-05 00:00:00", 0h,     "20240705"},
    {"BeforeFour",      "2024-07-05 03:59:59", 4h,     "20240704"},
    {"AtFour",          "2024-07-05 04:00:00", 4h,     "20240705"},
    {"NightOfTheMonth", "2024-08-01 01:00:00", 4h,     "20240731"},
    {"NightOfTheYear",  "2025-01-01 03:59:59", 4h,     "20241231"},
    {"LeapDay",         "2024-03-01 00:30:00", 1h,     "20240229"},
    {"NoLeapDay",       "2025-03-01 00:30:00", 1h,     "20250228"},
    {"LateStart",       "2024-07-05 22:59:59", 23h,    "20240704"},
};
// clang-format on

INSTANTIATE_TEST_SUITE_P(Table, BusinessDayTest, testing::ValuesIn(day_cases),
                         [](const auto& instance) { return instance.param.name; });

TEST(NumberTest, TheLastMillisecondBelongsToTheOldDay)
{
    const auto four = cloud_time("2024-07-05 04:00:00");
    EXPECT_EQ(business_day(four - 1ms, 4h), "20240704");
    EXPECT_EQ(business_day(four, 4h), "20240705");
}

// --- What makes two commands the same ---------------------------------------------------------

order a_payment()
{
    order o;
    o.amount_minor_units = 110;
    o.via = channel::wx;
    return o;
}

TEST(ContentTest, OfAPaymentIsAmountCurrencyChannel)
{
    EXPECT_EQ(content_of(a_payment(), ""), "pay 110 344 wx");
    EXPECT_EQ(content_of(a_payment(), "T1"), "pay 110 344 wx at T1");
}

TEST(ContentTest, OfARefundIsAmountCurrencyPayment)
{
    auto refund = a_payment();
    refund.kind = order_kind::refund;
    refund.of = "A1001";
    EXPECT_EQ(content_of(refund, ""), "refund 110 344 of A1001");
    EXPECT_EQ(content_of(refund, "T1"), "refund 110 344 of A1001 at T1");
}

struct content_case {
    const char* name;
    std::function<void(order&)> change;
    bool same;

    friend void PrintTo(const content_case& c, std::ostream* out) { *out << c.name; }
};

class ContentChangeTest : public testing::TestWithParam<content_case> {};

TEST_P(ContentChangeTest, TellsSalesApart)
{
    for (const auto kind : {order_kind::payment, order_kind::refund}) {
        auto before = a_payment();
        before.kind = kind;
        before.of = "A1";
        auto after = before;
        GetParam().change(after);
        const bool only_of_payment = std::string_view{GetParam().name} == "Channel";
        const bool only_of_refund = std::string_view{GetParam().name} == "OfWhat";
        const bool counts = kind == order_kind::payment ? !only_of_refund : !only_of_payment;
        EXPECT_EQ(content_of(before, "") == content_of(after, ""), GetParam().same || !counts);
    }
}

// clang-format off
const content_case content_cases[] = {
    // name        change                                              same
    {"Amount",     [](order& o) { o.amount_minor_units = 111; },       false},
    {"Currency",   [](order& o) { o.currency = "840"; },               false},
    {"Channel",    [](order& o) { o.via = channel::alipay; },          false},
    {"OfWhat",     [](order& o) { o.of = "A2"; },                      false},
    {"Terminal",   [](order& o) { o.terminal = "T2"; },                true},
    {"State",      [](order& o) { o.state = order_state::paid; },      true},
    {"Timeout",    [](order& o) { o.payment_timeout = 60s; },          true},
    {"Number",     [](order& o) { o.out_trade_no = "other"; },         true},
};
// clang-format on

INSTANTIATE_TEST_SUITE_P(Table, ContentChangeTest, testing::ValuesIn(content_cases),
                         [](const auto& instance) { return instance.param.name; });

// --- Refunds that cannot be -------------------------------------------------------------------

/// 5.11, paid by `via` at noon of 4 July 2024, QFPay's time.
order a_paid_payment(channel via)
{
    order o;
    o.via = via;
    o.amount_minor_units = 511;
    o.state = order_state::paid;
    o.facts.syssn = "S1";
    o.facts.sysdtm = "2024-07-04 12:00:00";
    return o;
}

struct refusal_case {
    const char* name;
    channel via;
    std::int64_t amount;
    const char* now;    // QFPay's time
    const char* words;  // of the refusal; "" may be tried

    friend void PrintTo(const refusal_case& c, std::ostream* out) { *out << c.name; }
};

class RefundRefusalTest : public testing::TestWithParam<refusal_case> {};

TEST_P(RefundRefusalTest, KnowsTheRules)
{
    const auto& c = GetParam();
    const auto refusal = refund_refusal(a_paid_payment(c.via), c.amount, cloud_time(c.now));
    if (*c.words == '\0')
        EXPECT_EQ(refusal, "");
    else
        EXPECT_NE(refusal.find(c.words), refusal.npos) << refusal;
}

// clang-format off
const refusal_case refusal_cases[] = {
    // name                 channel                 amount now                    words
    {"OctopusSameDay",      channel::octopus,       511,   "2024-07-04 15:00:00", "Octopus"},
    {"OctopusNextDay",      channel::octopus,       100,   "2024-07-05 15:00:00", "Octopus"},
    {"CardSameDayAll",      channel::card_payment,  511,   "2024-07-04 15:00:00", ""},
    {"CardSameDayPart",     channel::card_payment,  510,   "2024-07-04 15:00:00", "in full"},
    {"CardNextDayPart",     channel::card_payment,  510,   "2024-07-05 15:00:00", ""},
    {"UnionCardSameDay",    channel::unionpay_card, 100,   "2024-07-04 15:00:00", "in full"},
    {"UnionCardNextDay",    channel::unionpay_card, 100,   "2024-07-05 15:00:00", ""},
    {"AmexSameDay",         channel::amex_card,     100,   "2024-07-04 15:00:00", "in full"},
    {"AmexNextDay",         channel::amex_card,     100,   "2024-07-05 15:00:00", ""},
    // 16:00 UTC is midnight in Hong Kong: the day changes there, not in Greenwich.
    {"CardLateSameDay",     channel::card_payment,  100,   "2024-07-04 23:29:59", "in full"},
    {"CardEarlyNextDay",    channel::card_payment,  100,   "2024-07-05 00:31:00", ""},
    {"CardEarlyMorning",    channel::card_payment,  100,   "2024-07-05 07:59:59", ""},
    {"WalletSameDayPart",   channel::wx,            1,     "2024-07-04 15:00:00", ""},
    {"AlipaySameDayPart",   channel::alipay,        1,     "2024-07-04 15:00:00", ""},
    {"PayMeSameDayPart",    channel::payme,         1,     "2024-07-04 15:00:00", ""},
    {"UnionQrSameDayPart",  channel::union_qr,      1,     "2024-07-04 15:00:00", ""},
    {"FpsSameDayPart",      channel::fps,           1,     "2024-07-04 15:00:00", ""},
    {"MoreThanPaid",        channel::wx,            512,   "2024-07-04 15:00:00", "more than was paid"},
    {"Blackout2329",        channel::wx,            511,   "2024-07-04 23:29:59", ""},
    {"Blackout2330",        channel::wx,            511,   "2024-07-04 23:30:00", "23:30"},
    {"Blackout2359",        channel::wx,            511,   "2024-07-04 23:59:59", "23:30"},
    {"Blackout0000",        channel::wx,            511,   "2024-07-05 00:00:00", "23:30"},
    {"Blackout0030",        channel::wx,            511,   "2024-07-05 00:30:00", "23:30"},
    {"Blackout0030Still",   channel::wx,            511,   "2024-07-05 00:30:59", "23:30"},
    {"Blackout0031",        channel::wx,            511,   "2024-07-05 00:31:00", ""},
};
// clang-format on

INSTANTIATE_TEST_SUITE_P(Table, RefundRefusalTest, testing::ValuesIn(refusal_cases),
                         [](const auto& instance) { return instance.param.name; });

const auto afternoon = cloud_time("2024-07-05 15:00:00");

TEST(RefundTest, OnlyAPaidPaymentCanBeRefunded)
{
    for (std::size_t i = 1; i <= order_state_count; ++i) {
        auto payment = a_paid_payment(channel::wx);
        payment.state = static_cast<order_state>(i);
        EXPECT_EQ(refund_refusal(payment, 100, afternoon).empty(),
                  payment.state == order_state::paid)
            << name_of(payment.state);
    }
    auto refund = a_paid_payment(channel::wx);
    refund.kind = order_kind::refund;
    EXPECT_NE(refund_refusal(refund, 100, afternoon), "");
}

TEST(RefundTest, APaymentWithoutSyssnCannotBeNamed)
{
    auto payment = a_paid_payment(channel::wx);
    payment.facts.syssn.clear();
    EXPECT_NE(refund_refusal(payment, 100, afternoon), "");
}

TEST(RefundTest, NoMoreThanWhatIsLeft)
{
    auto payment = a_paid_payment(channel::wx);
    payment.refundable_now = 200;
    EXPECT_EQ(refund_refusal(payment, 200, afternoon), "");
    EXPECT_NE(refund_refusal(payment, 201, afternoon), "");
    payment.refundable_now = 0;
    EXPECT_NE(refund_refusal(payment, 1, afternoon), "");
}

TEST(RefundTest, ACardOfAnUnknownDayMayBeTried)
{
    auto payment = a_paid_payment(channel::card_payment);
    payment.facts.sysdtm.clear();
    EXPECT_EQ(refund_refusal(payment, 100, afternoon), "");
}

// --- The night, and refunds by the bridge itself ------------------------------------------------

TEST(NightTest, RefundsArePossibleFromTheMinuteAfterItsEnd)
{
    const auto morning = cloud_time("2024-07-05 00:31:00");
    EXPECT_FALSE(refunds_possible_from(cloud_time("2024-07-04 23:29:59")));
    EXPECT_EQ(refunds_possible_from(cloud_time("2024-07-04 23:30:00")), morning);
    EXPECT_EQ(refunds_possible_from(cloud_time("2024-07-04 23:59:59")), morning);
    EXPECT_EQ(refunds_possible_from(cloud_time("2024-07-05 00:00:00")), morning);
    EXPECT_EQ(refunds_possible_from(cloud_time("2024-07-05 00:30:00")), morning);
    EXPECT_EQ(refunds_possible_from(cloud_time("2024-07-05 00:30:59")), morning);
    EXPECT_FALSE(refunds_possible_from(morning));
    EXPECT_EQ(refunds_possible_from(cloud_time("2024-12-31 23:45:00")),
              cloud_time("2025-01-01 00:31:00"));
}

TEST(NightTest, OneThatWaitsIsNotRefusedAndIsJudgedByTheMorning)
{
    const auto night = cloud_time("2024-07-04 23:45:00");
    EXPECT_EQ(refund_refusal(a_paid_payment(channel::wx), 511, night, order_route::direct, true),
              "");
    // The day has changed until it is sent: a part of a card payment is possible then.
    EXPECT_EQ(refund_refusal(a_paid_payment(channel::card_payment), 100, night,
                             order_route::terminal, true),
              "");
    EXPECT_NE(
        refund_refusal(a_paid_payment(channel::octopus), 511, night, order_route::direct, true),
        "");
}

TEST(RouteTest, OnlyATerminalCannotRefundWhatWasPaidWithoutOne)
{
    auto payment = a_paid_payment(channel::wx);
    EXPECT_EQ(refund_refusal(payment, 511, afternoon, order_route::direct), "");
    payment.route = order_route::direct;
    EXPECT_EQ(refund_refusal(payment, 511, afternoon, order_route::direct), "");
    EXPECT_NE(refund_refusal(payment, 511, afternoon, order_route::terminal), "");
}

TEST(LateRefundNumberTest, IsAlwaysTheSameAndAlwaysFits)
{
    EXPECT_EQ(late_refund_number("A1"), "A1-late");
    for (std::size_t size = 1; size <= cloud::out_trade_no_size_max; ++size) {
        const auto made = late_refund_number(std::string(size, 'a'));
        EXPECT_TRUE(cloud::is_out_trade_no(made)) << size;
        EXPECT_EQ(made, late_refund_number(std::string(size, 'a')));
        EXPECT_NE(made, late_refund_number(std::string(size, 'b')));
    }
}

TEST(FingerprintTest, TellsCodesApartWithoutHoldingThem)
{
    EXPECT_EQ(fingerprint("134857903088557555"), fingerprint("134857903088557555"));
    EXPECT_NE(fingerprint("134857903088557555"), fingerprint("134857903088557556"));
    EXPECT_EQ(fingerprint("134857903088557555").size(), 8U);
}

}  // namespace
}  // namespace ecr::protocol
