// Several merchants: what is inherited, what belongs to whom, and what is refused.
#include "config_lines.hpp"
#include "protocol/cloud/region.hpp"

namespace ecr::daemon {
namespace {

using namespace std::chrono_literals;

config read(const std::string& toml)
{
    config_report report;
    const auto settings = parse_config(toml, report);
    EXPECT_EQ(report.to_text("x"), "");
    return settings.value_or(config{});
}

const std::string second =
    "[[merchant]]\nname = 'food'\napp_code = 'B'\nclient_key_file = '/etc/food'\n";

TEST(ConfigMerchantsTest, InheritTheNetworkOfTheFirst)
{
    const auto c = read(with({{5,
                               "client_key_file = '/k'\nurl = 'https://sim.example:1'\n"
                               "ca_file = '/ca'\nproxy = 'http://me@proxy:8080'\n"
                               "proxy_password_file = '/p'\nconnect_timeout_s = 1\n"
                               "answer_timeout_s = 2\nmchid = 'M'\nrequests_per_minute = 200\n"
                               "currency = 'THB'\n"},
                              {12, second}}));
    ASSERT_EQ(c.merchants.size(), 1U);
    const auto& food = c.merchants[0];
    EXPECT_EQ(food.name, "food");
    EXPECT_EQ(food.url, "https://sim.example:1");
    EXPECT_EQ(food.ca_file, "/ca");
    EXPECT_EQ(food.proxy, "http://me@proxy:8080");
    EXPECT_EQ(food.proxy_password_file, "/p");
    EXPECT_EQ(food.connect_timeout, 1s);
    EXPECT_EQ(food.answer_timeout, 2s);
    EXPECT_EQ(food.mchid, "") << "what is of the account is not inherited";
    EXPECT_EQ(food.requests_per_minute, 400);
    EXPECT_EQ(food.currency, "HKD");
}

TEST(ConfigMerchantsTest, MaySayOtherwise)
{
    const auto c = read(with({{5,
                               "client_key_file = '/k'\nca_file = '/ca'\n"
                               "proxy = 'http://me@proxy:8080'\nproxy_password_file = '/p'"},
                              {12, second + "region = 'jp'\ncurrency = 'JPY'\nca_file = ''\n"
                                            "proxy = ''\nsend_mchid_ecr = true\n"
                                            "send_mchid_trade = false\nalipay_qr = '800101'\n"
                                            "qr_minutes = 5\nudid = 'U'\n"
                                            "notification_key_file = '/n'"}}));
    const auto& food = c.merchants.at(0);
    EXPECT_EQ(food.url, "https://openapi-jp.qfapi.com");
    EXPECT_EQ(food.ca_file, "");
    EXPECT_EQ(food.proxy, "");
    EXPECT_EQ(food.proxy_password_file, "") << "a password goes with its proxy";
    EXPECT_TRUE(food.send_mchid_ecr);
    EXPECT_FALSE(food.send_mchid_trade);
    EXPECT_EQ(food.alipay_qr, "800101");
    EXPECT_EQ(food.qr_minutes, 5);
    EXPECT_EQ(food.udid, "U");
    EXPECT_EQ(food.notification_key_file, "/n");
    EXPECT_EQ(food.currency, "JPY");
}

TEST(ConfigMerchantsTest, ALinkBelongsToTheMerchantOfItsTerminal)
{
    const auto c = read(with({{5, "client_key_file = '/k'\nname = 'shop'"},
                              {12,
                               "terminal = 'bar'\n[[terminal]]\nid = 'T2'\nname = 'bar'\n"
                               "merchant = 'food'\n" +
                                   second}}));
    EXPECT_EQ(c.terminals.at(0).merchant, "shop");
    EXPECT_EQ(c.terminals.at(1).merchant, "food");
    EXPECT_EQ(c.links.at(0).merchant, "food");
}

struct merchant_case {
    std::string name;
    std::map<int, std::string> changes;
    std::string problems;

    friend void PrintTo(const merchant_case& c, std::ostream* out) { *out << c.name; }
};
class ConfigMerchantCaseTest : public testing::TestWithParam<merchant_case> {};

TEST_P(ConfigMerchantCaseTest, IsReported)
{
    EXPECT_EQ(problems_of(with(GetParam().changes)), GetParam().problems);
}

const std::string key = "client_key_file = '/k'\n";
const std::string proxy_sentence =
    "x:6: [cloud] proxy: must be \"http://host:port\" or \"http://user@host:port\"; a password "
    "belongs into a file that proxy_password_file names\n";

const std::string notify_sentence =
    "must be https:// and the name of a host, such as \"https://shop.example/qfpay/notify\"\n";
const std::string return_sentence =
    "must be https:// and the name of a host, such as \"https://shop.example/thanks\"\n";

// clang-format off
const merchant_case merchant_cases[] = {
    {"Nothing",         {{12, second}},                          ""},
    {"NoName",          {{12, "[[merchant]]\napp_code = 'B'\nclient_key_file = '/b'"}},
        "x:12: [[merchant]] name: is missing\n"},
    {"NoAccount",       {{12, "[[merchant]]\nname = 'b'"}},
        "x:12: [[merchant]] app_code: is missing\nx:12: [[merchant]]: client_key_file or client_key_credential is missing\n"},
    {"BadName",         {{5, key + "name = 'a b'"}},             "x:6: [cloud] name: must be 1 to 20 of A-Z a-z 0-9 _ -\n"},
    {"Single",          {{12, "[merchant]\nname = 'b'\napp_code = 'B'\nclient_key_file = '/b'"}},
        "x:12: write [[merchant]], not [merchant]\n"},
    {"NameOfTheFirst",  {{5, key + "name = 'food'"}, {12, second}},
        "x:14: [[merchant]] name: 'food' is taken by line 6\n"},
    {"NameOfAnother",   {{12, second + second}},                 "x:17: [[merchant]] name: 'food' is taken by line 13\n"},
    {"TerminalOfNobody", {{7, "id = 'T1'\nmerchant = 'bar'"}},
        "x:8: [[terminal]] merchant: there is no [cloud] or [[merchant]] with the name 'bar'\n"},
    {"LinkOfNobody",    {{12, "merchant = 'bar'"}},
        "x:12: [[link]] merchant: there is no [cloud] or [[merchant]] with the name 'bar'\n"},
    {"TerminalOfAnother", {{12, "terminal = 'T1'\nmerchant = 'food'\n" + second}},
        "x:13: [[link]] merchant: the terminal 'T1' belongs to [cloud]\n"},
    {"LinkOfTheFirst",  {{5, key + "name = 'shop'"}, {7, "id = 'T1'\nmerchant = 'food'"}, {12, "terminal = 'T1'\nmerchant = 'shop'\n" + second}},
        "x:15: [[link]] merchant: the terminal 'T1' belongs to 'food'\n"},
    {"UrlAndRegion",    {{5, key + "url = 'https://a.example'\nregion = 'hk'"}},
        "x:7: [cloud] region: and url exclude each other\n"},
    {"RegionOfTheMoon", {{5, key + "region = 'moon'\ncurrency = 'HKD'"}},
        "x:6: [cloud] region: 'moon' is not one of " + protocol::cloud::region_names() + "\n"},
    {"RegionWithoutCurrency", {{5, key + "region = 'th'"}},
        "x:3: [cloud] currency: is missing: outside Hong Kong it must be said\n"},
    {"RegionAtHome",    {{5, key + "region = 'hk-test'"}},       ""},
    {"Currency",        {{5, key + "currency = '344'"}},         "x:6: [cloud] currency: must be three capital letters, such as \"HKD\"\n"},
    {"AlipayQr",        {{5, key + "alipay_qr = '800108'"}},     "x:6: [cloud] alipay_qr: '800108' is not one of 800101, 801501\n"},
    {"QrMinutes",       {{5, key + "qr_minutes = 4"}},           "x:6: [cloud] qr_minutes: must be a whole number from 5 to 120, not 4\n"},
    {"ValidTime",       {{5, key + "valid_time_s = 600"}},       ""},
    {"ValidTimeShort",  {{5, key + "valid_time_s = 299"}},       "x:6: [cloud] valid_time_s: must be a whole number from 300 to 7200, not 299\n"},
    {"ValidTimeLong",   {{5, key + "valid_time_s = 7500"}},      "x:6: [cloud] valid_time_s: must be a whole number from 300 to 7200, not 7500\n"},
    {"ValidTimeOdd",    {{5, key + "valid_time_s = 301"}},       "x:6: [cloud] valid_time_s: must be a multiple of 300\n"},
    {"ValidTimeText",   {{5, key + "valid_time_s = '5m'"}},      "x:6: [cloud] valid_time_s: must be a whole number from 300 to 7200, not text\n"},
    {"TwoLives",        {{5, key + "qr_minutes = 10\nvalid_time_s = 600"}},
        "x:7: [cloud] valid_time_s: and qr_minutes exclude each other\n"},
    {"TwoLivesOfTheSecond", {{12, second + "valid_time_s = 600\nqr_minutes = 10"}},
        "x:16: [[merchant]] valid_time_s: and qr_minutes exclude each other\n"},
    {"DocumentedName",  {{5, key + "expired_time = 10"}},        "x:6: unknown key 'expired_time' in [cloud], did you mean 'qr_minutes'?\n"},
    {"NearName",        {{5, key + "valid_time = 600"}},         "x:6: unknown key 'valid_time' in [cloud], did you mean 'valid_time_s'?\n"},
    {"NearUrl",         {{5, key + "notify_uri = 'https://a'"}}, "x:6: unknown key 'notify_uri' in [cloud], did you mean 'notify_url'?\n"},
    {"DocumentedUrl",   {{5, key + "callback_url = 'https://a'"}}, "x:6: unknown key 'callback_url' in [cloud], did you mean 'notify_url'?\n"},
    {"NotifyUrlOfALink", {{12, "notify_url = 'https://a.example'"}}, "x:12: unknown key 'notify_url' in [[link]], it belongs in [cloud]\n"},
    {"NotifyUrl",       {{5, key + "notify_url = 'https://a.example/n?x=1'"}}, ""},
    {"NotifyUrl443",    {{5, key + "notify_url = 'https://a.example:443'"}}, ""},
    {"NotifyUrlEmpty",  {{5, key + "notify_url = ''\nreturn_url = ''"}}, ""},
    {"NotifyUrlPort",   {{5, key + "notify_url = 'https://a.example:8443/n'"}},
        "x:6: [cloud] notify_url: must be at port 443: QFPay calls at no other\n"},
    {"NotifyUrlHttp",   {{5, key + "notify_url = 'http://a.example/n'"}},     "x:6: [cloud] notify_url: " + notify_sentence},
    {"NotifyUrlHost",   {{5, key + "notify_url = 'https:///n'"}},             "x:6: [cloud] notify_url: " + notify_sentence},
    {"NotifyUrlUser",   {{5, key + "notify_url = 'https://me:pw@a.example'"}}, "x:6: [cloud] notify_url: " + notify_sentence},
    {"NotifyUrlPart",   {{5, key + "notify_url = 'https://a.example/#n'"}},   "x:6: [cloud] notify_url: " + notify_sentence},
    {"NotifyUrlBlank",  {{5, key + "notify_url = 'https://a.example/a b'"}},  "x:6: [cloud] notify_url: " + notify_sentence},
    {"NotifyUrlLong",   {{5, key + "notify_url = 'https://a.example/" + std::string(239, 'n') + "'"}},
        "x:6: [cloud] notify_url: must not be longer than 256 bytes\n"},
    {"NotifyUrlOfTheSecond", {{12, second + "notify_url = 'shop'"}},          "x:16: [[merchant]] notify_url: " + notify_sentence},
    {"ReturnUrl",       {{5, key + "return_url = 'https://a.example:8443/" + std::string(400, 'r') + "'"}}, ""},
    {"ReturnUrlHttp",   {{5, key + "return_url = 'http://a.example'"}},       "x:6: [cloud] return_url: " + return_sentence},
    {"ReturnUrlLong",   {{5, key + "return_url = 'https://a.example/" + std::string(495, 'r') + "'"}},
        "x:6: [cloud] return_url: must not be longer than 512 bytes\n"},
    {"ReturnUrlOfALink", {{12, "return_url = 'back'"}},                       "x:12: [[link]] return_url: " + return_sentence},
    {"QrMinutesOfALink", {{12, "qr_minutes = 121"}},                          "x:12: [[link]] qr_minutes: must be a whole number from 5 to 120, not 121\n"},
    {"ProxyWithPassword", {{5, key + "proxy = 'http://me:pw@proxy:80'"}}, proxy_sentence},
    {"ProxyWithoutPort", {{5, key + "proxy = 'http://proxy'"}},  proxy_sentence},
    {"ProxyPassword",   {{5, key + "proxy_password_file = '/p'"}},
        "x:6: [cloud] proxy_password_file: has no meaning without proxy\n"},
    {"ProxyUser",       {{5, key + "proxy = 'http://proxy:80'\nproxy_password_file = '/p'"}},
        "x:7: [cloud] proxy_password_file: has no meaning when proxy names no user\n"},
    {"UrlOfTheSecond",  {{12, second + "url = 'http://a'"}},
        "x:16: [[merchant]] url: must be https:// and the name of a host\n"},
};
// clang-format on

INSTANTIATE_TEST_SUITE_P(Settings, ConfigMerchantCaseTest, testing::ValuesIn(merchant_cases),
                         [](const auto& instance) { return instance.param.name; });

}  // namespace
}  // namespace ecr::daemon
