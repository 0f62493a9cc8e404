#include "protocol/cloud/channel.hpp"

#include <gtest/gtest.h>

#include <optional>
#include <ostream>
#include <string>

namespace ecr::protocol {
namespace {

struct named_channel {
    channel value;
    std::string name;
    bool card;

    friend void PrintTo(const named_channel& c, std::ostream* out) { *out << c.name; }
};

class ChannelTest : public testing::TestWithParam<named_channel> {};

TEST_P(ChannelTest, HasTheWireName)
{
    EXPECT_EQ(name_of(GetParam().value), GetParam().name);
}

TEST_P(ChannelTest, IsFoundByItsName)
{
    EXPECT_EQ(channel_of(GetParam().name), GetParam().value);
}

TEST_P(ChannelTest, KnowsWhetherItIsACard)
{
    EXPECT_EQ(is_card(GetParam().value), GetParam().card);
}

// clang-format off
const named_channel named_channels[] = {
    {channel::card_payment,  "card_payment",  true},
    {channel::wx,            "wx",            false},
    {channel::alipay,        "alipay",        false},
    {channel::payme,         "payme",         false},
    {channel::union_qr,      "union",         false},
    {channel::fps,           "fps",           false},
    {channel::octopus,       "octopus",       false},
    {channel::unionpay_card, "unionpay_card", true},
    {channel::amex_card,     "amex_card",     true},
};
// clang-format on
static_assert(std::size(named_channels) == channel_count);

INSTANTIATE_TEST_SUITE_P(All, ChannelTest, testing::ValuesIn(named_channels),
                         [](const auto& instance) { return instance.param.name; });

TEST(ChannelTest, OfAnyOtherNameIsNone)
{
    for (const auto* name : {"", "?", "WX", "union_qr", "wx ", "card", "visa"})
        EXPECT_EQ(channel_of(name), std::nullopt) << name;
}

TEST(ChannelTest, OutsideTheEnumHasNoName)
{
    EXPECT_EQ(name_of(channel{}), "?");
    EXPECT_EQ(name_of(static_cast<channel>(channel_count + 2)), "?");
    EXPECT_EQ(name_of(static_cast<channel>(255)), "?");
}

TEST(ScanTypeTest, NamesRoundTrip)
{
    EXPECT_EQ(name_of(scan_type::qrcode_pay), "QRCODE_PAY");
    EXPECT_EQ(name_of(scan_type::scan_pay), "SCAN_PAY");
    EXPECT_EQ(scan_type_of("QRCODE_PAY"), scan_type::qrcode_pay);
    EXPECT_EQ(scan_type_of("SCAN_PAY"), scan_type::scan_pay);
}

TEST(ScanTypeTest, OfAnyOtherNameIsNone)
{
    for (const auto* name : {"", "?", "scan_pay", "QRCODE"})
        EXPECT_EQ(scan_type_of(name), std::nullopt) << name;
    EXPECT_EQ(name_of(scan_type{}), "?");
}

struct busicd_case {
    std::string busicd;
    std::optional<channel> via;

    friend void PrintTo(const busicd_case& c, std::ostream* out) { *out << c.busicd; }
};

class BusicdTest : public testing::TestWithParam<busicd_case> {};

TEST_P(BusicdTest, BelongsToItsChannel)
{
    EXPECT_EQ(channel_of_busicd(GetParam().busicd), GetParam().via);
}

const busicd_case busicd_cases[] = {
    {"802808", channel::card_payment},
    {"802801", channel::card_payment},
    {"800208", channel::wx},
    {"800201", channel::wx},
    {"801008", channel::wx},
    {"800108", channel::alipay},
    {"800101", channel::alipay},
    {"801103", channel::alipay},
    {"801104", channel::alipay},
    {"801501", channel::alipay},
    {"805808", channel::payme},
    {"805801", channel::payme},
    {"800708", channel::union_qr},
    {"800701", channel::union_qr},
    {"802001", channel::fps},
    {"803708", channel::octopus},
    {"806708", channel::unionpay_card},
    {"806808", channel::amex_card},
    {"801208", std::nullopt},
    {"800008", std::nullopt},
    {"", std::nullopt},
    {"8028", std::nullopt},
    {"80280", std::nullopt},
    {"8028080", std::nullopt},
    {"card", std::nullopt},
};

INSTANTIATE_TEST_SUITE_P(Table, BusicdTest, testing::ValuesIn(busicd_cases));

}  // namespace
}  // namespace ecr::protocol
