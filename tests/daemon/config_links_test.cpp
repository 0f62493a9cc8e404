#include "daemon/config_links.hpp"

#include "config_lines.hpp"

#include <gtest/gtest.h>

namespace ecr::daemon {
namespace {

using namespace std::chrono_literals;
using protocol::channel;
using protocol::till::dialect_kind;
namespace hypercom = protocol::till::hypercom;
namespace qfpay_local = protocol::till::qfpay_local;

link_config link_of(std::map<int, std::string> changes)
{
    config_report report;
    const auto settings = parse_config(with(std::move(changes)), report);
    EXPECT_EQ(report.to_text("x"), "");
    return settings ? settings->links.front() : link_config{};
}

TEST(ConfigLinksTest, ALinkSpeaksLinesUnlessItIsTold)
{
    EXPECT_EQ(link_of({}).dialect, dialect_kind::line);
    EXPECT_EQ(link_of({}).patience, 0ms);
}

TEST(ConfigLinksTest, ReadsEverySettingOfHypercom)
{
    const auto link = link_of({{12, "dialect = 'hypercom'"},
                               {13, "acknowledges = false"},
                               {14, "repeat_after_s = 1.5"},
                               {15, "response_tries = 9"},
                               {16, "order_number = 'R1'"},
                               {17, "refunds = 'by_reference'"},
                               {18, "wallets = ['09=octopus', 'WX=wx']"},
                               {19, "terminal_id = '12345678'"},
                               {20, "merchant_id = 'M1'"},
                               {21, "merchant_name = 'A SHOP'"},
                               {22, "patience_s = 110"}});
    EXPECT_EQ(link.dialect, dialect_kind::hypercom);
    EXPECT_FALSE(link.hypercom.acknowledges);
    EXPECT_EQ(link.hypercom.repeat_after, 1500ms);
    EXPECT_EQ(link.hypercom.response_tries, 9);
    EXPECT_EQ(link.hypercom.order_number, hypercom::reference_field::r1);
    EXPECT_EQ(link.hypercom.refund, hypercom::refund_policy::by_reference);
    ASSERT_EQ(link.hypercom.wallets.size(), 2U);
    EXPECT_EQ(link.hypercom.wallets[0].type, "09");
    EXPECT_EQ(link.hypercom.wallets[0].via, channel::octopus);
    EXPECT_EQ(link.hypercom.wallets[1].via, channel::wx);
    EXPECT_EQ(link.hypercom.terminal_id, "12345678");
    EXPECT_EQ(link.hypercom.merchant_id, "M1");
    EXPECT_EQ(link.hypercom.merchant_name, "A SHOP");
    EXPECT_EQ(link.patience, 110s);
}

TEST(ConfigLinksTest, ReadsEverySettingOfQfpayLocal)
{
    const auto link = link_of({{12, "dialect = 'qfpay-local'"},
                               {13, "wrapping = 'tcp'"},
                               {14, "pos_key_file = '/k'"},
                               {15, "encryption = 'auto'"},
                               {16, "encrypt_answers = true"},
                               {17, "origins = ['https://pos.example.com']"},
                               {18, "tls = 'both'"},
                               {19, "certificate_file = '/c'"},
                               {20, "certificate_key_file = '/ck'"},
                               {21, "allow = ['10.0.0.0/8', '::1']"}});
    EXPECT_EQ(link.dialect, dialect_kind::qfpay_local);
    EXPECT_EQ(link.qfpay_local.wraps, qfpay_local::wrapping::tcp);
    EXPECT_EQ(link.pos_key_file, "/k");
    EXPECT_FALSE(link.qfpay_local.encryption);
    EXPECT_EQ(link.qfpay_local.encrypt_answers, true);
    EXPECT_EQ(link.qfpay_local.origins, std::vector<std::string>{"https://pos.example.com"});
    EXPECT_EQ(link.tls, tls_use::both);
    EXPECT_EQ(link.certificate_file, "/c");
    EXPECT_EQ(link.certificate_key_file, "/ck");
    EXPECT_EQ(link.allow, (std::vector<std::string>{"10.0.0.0/8", "::1"}));
}

TEST(ConfigLinksTest, EncryptionOffAlsoAnswersInPlainText)
{
    const auto link = link_of({{12, "dialect = 'qfpay-local'"}, {13, "encryption = 'off'"}});
    EXPECT_FALSE(link.qfpay_local.encryption);
    EXPECT_EQ(link.qfpay_local.encrypt_answers, false);
}

TEST(ConfigLinksTest, ALinkHasAnEncoding)
{
    using protocol::till::text_encoding;
    EXPECT_EQ(link_of({}).encoding, std::nullopt);
    const std::pair<const char*, text_encoding> words[]{{"utf-8", text_encoding::utf8},
                                                        {"ascii", text_encoding::ascii},
                                                        {"gbk", text_encoding::gbk},
                                                        {"gb18030", text_encoding::gb18030},
                                                        {"big5", text_encoding::big5}};
    for (const auto& [word, encoding] : words)
        for (const auto* dialect : {"line", "hypercom", "qfpay-local"}) {
            const auto link = link_of(
                {{12, "dialect = '" + std::string{dialect} + "'"},
                 {13, "encoding = '" + std::string{word} + "'"},
                 {14, std::string{dialect} == "qfpay-local" ? "wrapping = 'http'" : "till = 'a'"}});
            EXPECT_EQ(link.encoding, encoding) << word;
            EXPECT_EQ(link.hypercom.encoding, encoding) << word;
        }
    EXPECT_EQ(link_of({{12, "dialect = 'hypercom'"}}).hypercom.encoding, text_encoding::ascii);
}

TEST(ConfigLinksTest, AMerchantsNameIsMeasuredInItsEncoding)
{
    const std::string name = "merchant_name = '\xE5\xA5\xB6\xE8\x8C\xB6'";
    const auto link =
        link_of({{12, "dialect = 'hypercom'"}, {13, name}, {14, "encoding = 'big5'"}});
    EXPECT_EQ(link.hypercom.merchant_name, "\xE5\xA5\xB6\xE8\x8C\xB6");
    EXPECT_EQ(problems_of(with({{12, "dialect = 'hypercom'"}, {13, name}})),
              "x:12: [[link]] dialect: merchant_name must be at most 69 printable ASCII "
              "characters\n");
}

struct bad_case {
    std::string name;
    std::map<int, std::string> changes;
    std::string complaint;
};

void PrintTo(const bad_case& c, std::ostream* out)
{
    *out << c.name;
}

class ConfigLinksBadTest : public testing::TestWithParam<bad_case> {};

TEST_P(ConfigLinksBadTest, IsSaidInASentence)
{
    EXPECT_EQ(problems_of(with(GetParam().changes)), GetParam().complaint);
}

// clang-format off
INSTANTIATE_TEST_SUITE_P(All, ConfigLinksBadTest, testing::ValuesIn(std::vector<bad_case>{
    {"AnUnknownDialect", {{12, "dialect = 'zvt'"}},
     "x:12: [[link]] dialect: 'zvt' is not one of line, hypercom, qfpay-local\n"},
    {"AnUnknownEncoding", {{12, "encoding = 'utf8'"}},
     "x:12: [[link]] encoding: 'utf8' is not one of utf-8, ascii, gbk, gb18030, big5\n"},
    {"AnEncodingThatIsNoText", {{12, "encoding = 950"}},
     "x:12: [[link]] encoding: must be one of utf-8, ascii, gbk, gb18030, big5, not a whole number\n"},
    {"ASlipInTheKey", {{12, "encodign = 'gbk'"}},
     "x:12: unknown key 'encodign' in [[link]], did you mean 'encoding'?\n"},
    {"ATokenWithoutAWordForIt", {{12, "dialect = 'hypercom'"}, {13, "token_file = '/t'"}},
     "x:13: [[link]] token_file: has no meaning when dialect is \"hypercom\"\n"},
    {"SettingsOfAnotherDialect", {{12, "acknowledges = false"}, {13, "wrapping = 'tcp'"}},
     "x:12: [[link]] acknowledges: has no meaning when dialect is \"line\"\n"
     "x:13: [[link]] wrapping: has no meaning when dialect is \"line\"\n"},
    {"AWalletWithoutAChannel", {{12, "dialect = 'hypercom'"}, {13, "wallets = ['01=cash']"}},
     "x:13: [[link]] wallets: '01=cash' is not TYPE=CHANNEL, such as \"01=alipay\"\n"},
    {"AWalletTwice", {{12, "dialect = 'hypercom'"}, {13, "wallets = ['01=wx', '01=fps']"}},
     "x:12: [[link]] dialect: wallet type '01' stands twice\n"},
    {"ATerminalIdThatDoesNotFit", {{12, "dialect = 'hypercom'"}, {13, "terminal_id = '123456789'"}},
     "x:12: [[link]] dialect: terminal_id must be at most 8 printable ASCII characters\n"},
    {"FramesOverTcp", {{12, "dialect = 'qfpay-local'"}, {13, "wrapping = 'serial'"}},
     "x:13: [[link]] wrapping: \"serial\" frames need type = \"serial\" or \"pty\"\n"},
    {"HttpOnASerialLine", {{10, "type = 'pty'"}, {11, "symlink = '/s'"}, {12, "dialect = 'qfpay-local'"}},
     "x:8: [[link]] wrapping: must be \"serial\" on a serial line\n"},
    {"NumbersThatWouldBeChanged", {{12, "dialect = 'qfpay-local'"}, {13, "numbers = 'daily'"}},
     "x:13: [[link]] numbers: must be \"unique\": the till's own server waits for a notification of its very number\n"},
    {"AnOriginWithAPath", {{12, "dialect = 'qfpay-local'"}, {13, "origins = ['https://a/b']"}},
     "x:13: [[link]] origins: 'https://a/b' is not like \"https://pos.example.com\"\n"},
    {"TlsWithoutACertificate", {{12, "tls = 'on'"}, {13, "certificate_file = '/c'"}},
     "x:12: [[link]] tls: needs certificate_file and certificate_key_file\n"},
    {"ACertificateForNothing", {{12, "certificate_file = '/c'"}},
     "x:12: [[link]] certificate_file: has no meaning without tls = \"on\" or \"both\"\n"},
    {"AnAllowThatIsNoAddress", {{12, "allow = ['shop.lan']"}},
     "x:12: [[link]] allow: 'shop.lan' is neither an address nor a network\n"},
    {"TlsOnAPort", {{10, "type = 'pty'"}, {11, "symlink = '/s'"}, {12, "allow = []"}},
     "x:12: [[link]] allow: has no meaning when type is \"pty\"\n"},
}), [](const auto& i) { return i.param.name; });
// clang-format on

}  // namespace
}  // namespace ecr::daemon
