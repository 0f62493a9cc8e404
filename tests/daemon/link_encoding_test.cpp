// Tills that write Big5 or GBK, over real links: what they name reaches the journal and the wallet
// as it was meant, and what they are told is in their bytes.
#include "protocol/json.hpp"
#include "protocol/till/text_encoding.hpp"
#include "tests/daemon/shop/dialect_shop.hpp"

#include <gtest/gtest.h>

namespace ecr::test {
namespace {

using protocol::till::text_encoding;
using protocol::till::to_utf8;

const std::string front_desk = "\xE8\xA8\xB1\xE5\x8A\x9F\xE8\x93\x8B";  // 許功蓋
const std::string front_desk_in_big5 = "\xB3\x5C\xA5\x5C\xBB\x5C";
const std::string shuttle = "\xE9\x81\x8B";  // 運
const std::string shuttle_in_gbk = "\xDF\x5C";

struct encoding_case {
    wire_kind wire;
    text_encoding encoding;
};

void PrintTo(const encoding_case& c, std::ostream* out)
{
    *out << name_of(c.wire) << '_' << (c.encoding == text_encoding::big5 ? "big5" : "gbk");
}

class LinkEncodingTest : public testing::TestWithParam<encoding_case> {
protected:
    [[nodiscard]] static std::string name()
    {
        return GetParam().encoding == text_encoding::big5 ? front_desk : shuttle;
    }
    [[nodiscard]] static std::string bytes()
    {
        return GetParam().encoding == text_encoding::big5 ? front_desk_in_big5 : shuttle_in_gbk;
    }
    static void set(daemon::link_config& link) { link.encoding = GetParam().encoding; }
};

TEST_P(LinkEncodingTest, ALineIsReadAndWrittenInTheTillsBytes)
{
    shop s{{.bridge = [](daemon::config& c) {
        c.terminals[0].name = name();
        for (auto& link : c.links) {
            link.terminal.clear();
            set(link);
        }
    }}};
    const auto till = GetParam().wire == wire_kind::pty ? s.port_till() : s.tcp_till();
    till->say("pay order=A1 amount=500 terminal=\"" + bytes() + "\"");
    EXPECT_EQ(value_of(s.result_of(*till, "A1"), "state"), "paid");
    ASSERT_EQ(s.truth().pushes().size(), 1U);
    EXPECT_EQ(s.truth().pushes()[0].termid, "T1");
    s.ask(*till, "terminals");
    EXPECT_EQ(till->count("", bytes()), 1U);
    // As JSON, where a reader of bytes would take 5C for a backslash, it is escaped.
    till->say(R"({"verb":"terminals"})");
    EXPECT_TRUE(s.until([&] { return till->count("{", "\\u") > 0; }, 1min));
    EXPECT_EQ(till->count("{", bytes()), 0U);
    // What is no text is no order number.
    till->say("pay order=A\xFF amount=500");
    EXPECT_TRUE(s.until([&] { return till->count("error") > 0; }, 1min));
    EXPECT_EQ(s.orders_in_journal(), 1U);
}

TEST_P(LinkEncodingTest, AGoodsNameReachesTheWalletAsItWasMeant)
{
    const auto nobody_listens = [](simulator::settings& c) {
        c.notify_url = "http://127.0.0.1:9/";
    };
    const auto of_links = [](daemon::config& c) {
        for (auto& link : c.links)
            set(link);
    };
    shop s{{.bridge = of_links, .cloud = nobody_listens}};
    const auto till = GetParam().wire == wire_kind::pty ? s.port_till() : s.tcp_till();
    till->say("scan order=A1 amount=500 auth_code=134857903088557321 goods=\"" + bytes() + "\"");
    EXPECT_EQ(value_of(s.result_of(*till, "A1"), "state"), "paid");
    // What the cloud has understood, it would tell the shop's server.
    ASSERT_TRUE(s.until([&] { return !s.truth().notifications().empty(); }, 1min));
    const auto told = parse_json(s.truth().notifications()[0].body).value();
    EXPECT_EQ(told["goods_name"], name());
}

TEST_P(LinkEncodingTest, AHypercomResponseIsInTheTillsBytes)
{
    const auto with_name = [](daemon::link_config& link) {
        set(link);
        link.hypercom.encoding = GetParam().encoding;
        link.hypercom.merchant_name = name();
    };
    hypercom_shop s{GetParam().wire, with_name};
    auto till = s.till();
    const auto paid = s.sell(till, 500);
    EXPECT_EQ(paid.status, "00");
    EXPECT_EQ(paid.field("D0").substr(0, bytes().size()), bytes());
    EXPECT_EQ(paid.field("D0").size(), 69U);
    EXPECT_EQ(s.ask(till, "71", {{"R2", bytes()}}).field("R2").substr(0, bytes().size()), bytes());
    EXPECT_EQ(till.broken(), 0);
}

TEST_P(LinkEncodingTest, AQfpayLocalRequestIsEncryptedAndDigestedInTheTillsBytes)
{
    qfpay_shop s{GetParam().wire, set};
    auto habits = s.habits();
    std::string raw;
    habits.decode = [&](std::string text) {
        raw = text;
        return to_utf8(text, GetParam().encoding);
    };
    qfpay_local_till till{s.wire(), std::move(habits)};
    const auto paid = s.ask(till, {{"func_type", "1001"},
                                   {"amt", "5"},
                                   {"out_trade_no", "\"A1\""},
                                   {"subject", '"' + bytes() + '"'}});
    EXPECT_EQ(paid.respcd, "6000") << paid.respmsg;
    // An error that says what the till has said.
    const auto refused = s.ask(till, {{"func_type", "1001"},
                                      {"amt", "5"},
                                      {"out_trade_no", "\"A2\""},
                                      {"channel", '"' + bytes() + '"'}});
    EXPECT_EQ(refused.respcd, "4006");
    EXPECT_EQ(protocol::till::from_utf8(to_utf8(raw, GetParam().encoding), GetParam().encoding),
              raw);
    EXPECT_EQ(s.world.truth().charged_in_all(), (simulator::movements{1, 500}));
}

INSTANTIATE_TEST_SUITE_P(Links, LinkEncodingTest,
                         testing::Values(encoding_case{wire_kind::tcp, text_encoding::big5},
                                         encoding_case{wire_kind::tcp, text_encoding::gbk},
                                         encoding_case{wire_kind::pty, text_encoding::big5},
                                         encoding_case{wire_kind::pty, text_encoding::gbk}),
                         testing::PrintToStringParamName());

}  // namespace
}  // namespace ecr::test
