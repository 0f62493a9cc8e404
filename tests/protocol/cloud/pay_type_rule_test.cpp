#include "protocol/cloud/pay_type.hpp"
#include "tests/protocol/cloud/data_file.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <ostream>
#include <set>

namespace ecr::protocol::cloud {
namespace {

// --- Every row of the table -------------------------------------------------------------------

// Columns: code, name, brand, mode, status, ecr_channel, note.
class PayTypeRuleTest : public testing::TestWithParam<data_row> {};

TEST_P(PayTypeRuleTest, HasTheStatusOfTheCsv)
{
    const std::map<std::string, pay_type_status> statuses{
        {"current", pay_type_status::current},
        {"legacy", pay_type_status::legacy},
        {"commented-out", pay_type_status::commented_out},
        {"sample-only", pay_type_status::sample_only},
        {"returned-only", pay_type_status::returned_only}};
    const auto& status = GetParam()[4];
    EXPECT_EQ(find_pay_type(GetParam()[0])->status, statuses.at(status));
    EXPECT_EQ(is_commented_out(GetParam()[0]), status == "commented-out");
}

TEST_P(PayTypeRuleTest, HasTheModeOfTheCsv)
{
    const std::map<std::string, pay_mode> modes{{"CPM", pay_mode::customer_code},
                                                {"MPM", pay_mode::merchant_code},
                                                {"terminal", pay_mode::terminal},
                                                {"preauth", pay_mode::preauth}};
    const auto found = modes.find(GetParam()[3]);
    EXPECT_EQ(mode_of(std::string_view{GetParam()[0]}),
              found == modes.end() ? pay_mode::web : found->second);
}

TEST_P(PayTypeRuleTest, IsUsableUnlessItCannotBeAskedFor)
{
    const auto& row = GetParam();
    EXPECT_EQ(is_usable(row[0]), row[3] != "terminal" && row[3] != "preauth" &&
                                     row[4] != "sample-only" && row[4] != "returned-only");
}

TEST_P(PayTypeRuleTest, IsUndoneByOneCallAtMost)
{
    EXPECT_FALSE(can_close(GetParam()[0]) && can_reverse(GetParam()[0]));
}

// Source: contract 4.2, 4.3 (FOLLOW), 10.31: only Octopus surely gives nothing back.
TEST_P(PayTypeRuleTest, MayMoveMoneyUnlessItIsOctopus)
{
    EXPECT_EQ(reverse_may_move_money(GetParam()[0]), GetParam()[2] != "Octopus");
}

INSTANTIATE_TEST_SUITE_P(Csv, PayTypeRuleTest, testing::ValuesIn(data_rows("pay_types.csv")),
                         [](const auto& instance) { return "C" + instance.param[0]; });

// --- Lists of the contract --------------------------------------------------------------------

using codes = std::set<std::string_view>;

codes those(bool (*rule)(std::string_view) noexcept)
{
    codes found;
    for (const auto& each : pay_types())
        if (rule(each.code)) found.insert(each.code);
    return found;
}

TEST(PayTypeListTest, TheNewestListOfReversalsComesFirst)
{
    EXPECT_EQ(those(can_reverse),
              (codes{"800108", "800208", "800708", "802801", "806527",  // newest
                     "800101", "801501"}));
}

TEST(PayTypeListTest, TheNewestListOfClosesComesFirst)
{
    EXPECT_EQ(those(can_close), (codes{"800201", "800212", "800701", "801514",  // newest
                                       "800008", "801008"}));
}

TEST(PayTypeListTest, EightTakeAnExpiry)
{
    EXPECT_EQ(those(has_expired_time), (codes{"800201", "800101", "801512", "801501", "801107",
                                              "801101", "801010", "801510"}));
}

TEST(PayTypeListTest, AnUnknownCodeIsOnNone)
{
    for (const auto* code : {"", "999999", "80010", "8001010"}) {
        EXPECT_FALSE(is_usable(code)) << code;
        EXPECT_FALSE(is_commented_out(code)) << code;
        EXPECT_FALSE(can_reverse(code)) << code;
        EXPECT_FALSE(can_close(code)) << code;
        EXPECT_FALSE(has_expired_time(code)) << code;
        EXPECT_TRUE(reverse_may_move_money(code)) << code;
        EXPECT_EQ(mode_of(std::string_view{code}), std::nullopt) << code;
    }
}

// --- Defaults ---------------------------------------------------------------------------------

struct default_case {
    std::string name;
    std::optional<channel> via;
    std::string customer_code;
    std::string merchant_code;

    friend void PrintTo(const default_case& c, std::ostream* out) { *out << c.name; }
};

class DefaultPayTypeTest : public testing::TestWithParam<default_case> {};

TEST_P(DefaultPayTypeTest, IsOfTheChannelAndTheMode)
{
    const auto& c = GetParam();
    EXPECT_EQ(default_pay_type(c.via, pay_mode::customer_code), c.customer_code);
    EXPECT_EQ(default_pay_type(c.via, pay_mode::merchant_code), c.merchant_code);
    for (const auto mode : {pay_mode::web, pay_mode::terminal, pay_mode::preauth})
        EXPECT_EQ(default_pay_type(c.via, mode), "");
}

TEST_P(DefaultPayTypeTest, CanBeSent)
{
    for (const auto mode : {pay_mode::customer_code, pay_mode::merchant_code}) {
        const auto code = default_pay_type(GetParam().via, mode);
        if (code.empty()) continue;
        EXPECT_TRUE(is_usable(code)) << code;
        EXPECT_EQ(mode_of(code), mode) << code;
        if (GetParam().via) {
            EXPECT_EQ(channel_of_busicd(code), GetParam().via) << code;
        }
    }
}

// clang-format off
const default_case default_cases[] = {
    {"None",     {},                     "800008", ""},
    {"Wx",       channel::wx,            "800208", "800201"},
    {"Alipay",   channel::alipay,        "800108", "800101"},
    {"PayMe",    channel::payme,         "805808", "805801"},
    {"Union",    channel::union_qr,      "800708", "800701"},
    {"Fps",      channel::fps,           "",       "802001"},
    {"Octopus",  channel::octopus,       "",       "803701"},
    {"Card",     channel::card_payment,  "",       ""},
    {"UnionPay", channel::unionpay_card, "",       ""},
    {"Amex",     channel::amex_card,     "",       ""},
};
// clang-format on
static_assert(std::size(default_cases) == channel_count + 1);

INSTANTIATE_TEST_SUITE_P(Table, DefaultPayTypeTest, testing::ValuesIn(default_cases),
                         [](const auto& instance) { return instance.param.name; });

}  // namespace
}  // namespace ecr::protocol::cloud
