// One mistake at a time, and the exact line that reports it.
#include "config_lines.hpp"

namespace ecr::daemon {
namespace {

struct config_case {
    std::string name;
    std::map<int, std::string> changes;
    std::string problems;

    friend void PrintTo(const config_case& c, std::ostream* out) { *out << c.name; }
};

class ConfigCaseTest : public testing::TestWithParam<config_case> {};

TEST_P(ConfigCaseTest, IsReported)
{
    EXPECT_EQ(problems_of(with(GetParam().changes)), GetParam().problems);
}

const std::string secret_sentence =
    "a secret does not belong in this file: put it into a file of its own with mode 0600 and name "
    "that in client_key_file, client_key_credential or token_file\n";
const std::string listen_sentence =
    "x:11: [[link]] listen: must be an address and a port from 0 (any free one) to 65535, such as "
    "\"127.0.0.1:9100\" or \"[::1]:9100\"\n";
const std::string second_tcp = "[[link]]\nname = 'b'\ntype = 'tcp'\n";
const std::string second_pty = "[[link]]\nname = 'b'\ntype = 'pty'\nsymlink = '/run/a'\n";

// clang-format off
const config_case config_cases[] = {
    {"Nothing",          {},                                     ""},
    {"Syntax",           {{4, "app_code = "}},                   "x:4: not TOML: Error while parsing key-value pair: expected value, saw '\\n'\n"},
    {"TableWithoutName", {{12, "["}},                            "x:12: not TOML: there is no name where one has to be\n"},
    {"ListWithoutName",  {{12, "[[\nname = 'a'"}},               "x:12: not TOML: there is no name where one has to be\n"},
    {"NoNameAtAll",      {{12, "[=]"}},                          "x:12: not TOML: there is no name where one has to be\n"},
    {"DoubledKey",       {{5, "client_key_file = '/a'\nclient_key_file = '/b'"}},
        "x:6: not TOML: Error while parsing key-value pair: cannot redefine existing string 'client_key_file'\n"},
    {"Suggestion",       {{12, "termnal = 'T1'"}},               "x:12: unknown key 'termnal' in [[link]], did you mean 'terminal'?\n"},
    {"NoSuggestion",     {{12, "colour = 'red'"}},               "x:12: unknown key 'colour' in [[link]]\n"},
    {"OtherTable",       {{12, "drain_s = 1"}},                  "x:12: unknown key 'drain_s' in [[link]], it belongs in [bridge]\n"},
    {"UnknownTable",     {{12, "[claud]"}},                      "x:12: unknown table [claud], did you mean 'cloud'?\n"},
    {"FarTable",         {{12, "[printer]\nx = 1"}},             "x:12: unknown table [printer]\n"},
    {"InnerTable",       {{12, "[cloud.proxy]\nurl = 'x'"}},     "x:12: [cloud] proxy: must be text in quotes, not a table\n"},
    {"SingleTerminal",   {{6, "[terminal]"}},                    "x:6: write [[terminal]], not [terminal]\n"},
    {"DoubledCloud",     {{3, "[[cloud]]"}},                     "x:3: write [cloud], not [[cloud]]\n"},
    {"LooseKey",         {{1, "drain_s = 1\n[bridge]"}},         "x:1: unknown key 'drain_s', it belongs in [bridge]\n"},
    {"TableAsValue",     {{1, "log = 1\n[bridge]"}},             "x:1: 'log' must be a table\n"},

    {"ClientKey",        {{5, "client_key = 'abc'"}},
        "x:3: [cloud]: client_key_file or client_key_credential is missing\nx:5: [cloud] client_key: " + secret_sentence},
    {"LooseKeyword",     {{1, "key = 'abc'\n[bridge]"}},         "x:1: key: " + secret_sentence},
    {"Token",            {{12, "token = 'abc'"}},                "x:12: [[link]] token: " + secret_sentence},
    {"BothKeys",         {{5, "client_key_file = '/k'\nclient_key_credential = 'c'"}},
        "x:6: [cloud] client_key_credential: and client_key_file exclude each other\n"},
    {"EmptyAppCode",     {{4, "app_code = ''"}},                 "x:4: [cloud] app_code: must not be empty\n"},

    {"Http",             {{5, "client_key_file = '/k'\nurl = 'http://a.example'"}},
        "x:6: [cloud] url: must be https:// and the name of a host\n"},
    {"NoHost",           {{5, "client_key_file = '/k'\nurl = 'https://'"}},
        "x:6: [cloud] url: must be https:// and the name of a host\n"},
    {"UrlWithPath",      {{5, "client_key_file = '/k'\nurl = 'https://a.example/ecr'"}},
        "x:6: [cloud] url: must end after the host, or its port\n"},
    {"QueryPath",        {{5, "client_key_file = '/k'\nquery_path = 'query'"}},
        "x:6: [cloud] query_path: must begin with \"/\"\n"},
    {"Budget",           {{5, "client_key_file = '/k'\nrequests_per_minute = 50"}},
        "x:3: [cloud] requests_per_second: is more than requests_per_minute allows\n"},

    {"WrongType",        {{2, "journal = '/j'\ndrain_s = '20'"}}, "x:3: [bridge] drain_s: must be a number of seconds, not text\n"},
    {"List",             {{4, "app_code = ['a']"}},              "x:4: [cloud] app_code: must be text in quotes, not a list\n"},
    {"Fraction",         {{12, "camera = 1.0"}},                 "x:12: [[link]] camera: must be a whole number from 0 to 1, not a fraction\n"},
    {"NotBoolean",       {{12, "progress = 'yes'"}},             "x:12: [[link]] progress: must be true or false, not text\n"},
    {"NotAWord",         {{12, "channel = 1"}},
        "x:12: [[link]] channel: must be one of card_payment, wx, alipay, payme, union, fps, octopus, unionpay_card, amex_card, not a whole number\n"},
    {"Newline",          {{9, "name = \"a\\nb\""}},
        "x:9: [[link]] name: must not contain control characters\n"},
    {"TooLong",          {{4, "app_code = '" + std::string(257, 'a') + "'"}},
        "x:4: [cloud] app_code: must not be longer than 256 bytes\n"},

    {"Negative",         {{2, "journal = '/j'\ndrain_s = -1"}},  "x:3: [bridge] drain_s: must be from 0 to 3600 seconds\n"},
    {"Infinite",         {{2, "journal = '/j'\ndrain_s = inf"}}, "x:3: [bridge] drain_s: must be from 0 to 3600 seconds\n"},
    {"NotANumber",       {{2, "journal = '/j'\ndrain_s = nan"}}, "x:3: [bridge] drain_s: must be from 0 to 3600 seconds\n"},
    {"Huge",             {{2, "journal = '/j'\ndrain_s = 9223372036854775807"}},
        "x:3: [bridge] drain_s: must be from 0 to 3600 seconds\n"},
    {"ZeroWait",         {{12, "write_timeout_s = 0.0001"}},     "x:12: [[link]] write_timeout_s: must be from 0.001 to 3600 seconds\n"},
    {"ZeroPace",         {{12, "[enquiry]\nfirst_ms = 0"}},
        "x:13: [enquiry] first_ms: must be a whole number from 1 to 3456000000, not 0\n"},
    {"DayStarts",        {{12, "[orders]\nday_starts_hour = 24"}},
        "x:13: [orders] day_starts_hour: must be a whole number from 0 to 23, not 24\n"},
    {"Level",            {{12, "[log]\nlevel = 'verbose'"}},     "x:13: [log] level: 'verbose' is not one of debug, info, warning, error\n"},

    {"NoLinkName",       {{9, ""}},                              "x:8: [[link]] name: is missing\n"},
    {"BadLinkName",      {{9, "name = 'lane 1'"}},               "x:9: [[link]] name: must be 1 to 20 of A-Z a-z 0-9 _ -\n"},
    {"LongLinkName",     {{9, "name = '123456789012345678901'"}}, "x:9: [[link]] name: must be 1 to 20 of A-Z a-z 0-9 _ -\n"},
    {"BadTillName",      {{12, "till = 'a b'"}},                 "x:12: [[link]] till: must be 1 to 20 of A-Z a-z 0-9 _ -\n"},
    {"NoType",           {{10, ""}},                             "x:8: [[link]] type: is missing: tcp, serial or pty\n"},
    {"NoListen",         {{11, ""}},                             "x:8: [[link]] listen: is missing\n"},
    {"NoPort",           {{11, "listen = '127.0.0.1'"}},         listen_sentence},
    {"PortTooLarge",     {{11, "listen = '127.0.0.1:65536'"}},   listen_sentence},
    {"PortWithSign",     {{11, "listen = '127.0.0.1:+80'"}},     listen_sentence},
    {"BareIp6",          {{11, "listen = '::1:9100'"}},          listen_sentence},
    {"HostName",         {{11, "listen = 'localhost:9100'"}},
        "x:11: [[link]] listen: 'localhost' is not an address: a name may mean several\n"},
    {"SerialNeedsDevice", {{10, "type = 'serial'"}, {11, ""}},   "x:8: [[link]] device: is missing\n"},
    {"PtyNeedsSymlink",  {{10, "type = 'pty'"}, {11, ""}},       "x:8: [[link]] symlink: is missing\n"},
    {"ForeignKeys",      {{10, "type = 'pty'"}, {12, "symlink = '/a'\nbaud = 9600"}},
        "x:11: [[link]] listen: has no meaning when type is \"pty\"\nx:13: [[link]] baud: has no meaning when type is \"pty\"\n"},
    {"Baud",             {{10, "type = 'serial'"}, {11, "device = '/dev/a'"}, {12, "baud = 4000001"}},
        "x:12: [[link]] baud: must be a whole number from 1 to 4000000, not 4000001\n"},

    {"UnknownTerminal",  {{12, "terminal = 'T9'"}},              "x:12: [[link]] terminal: there is no [[terminal]] with the id or name 'T9'\n"},
    {"SameTerminal",     {{12, "[[terminal]]\nid = 'T1'"}},      "x:13: [[terminal]] id: 'T1' is taken by line 7\n"},
    {"NameIsAnId",       {{12, "[[terminal]]\nid = 'T2'\nname = 'T1'"}},
        "x:14: [[terminal]] name: 'T1' is taken by line 7\n"},
    {"NoTerminalId",     {{7, "name = 'counter'"}},              "x:6: [[terminal]] id: is missing\n"},
    {"SameLinkName",     {{12, "[[link]]\nname = 'lane-1'\ntype = 'tcp'\nlisten = '127.0.0.1:0'"}},
        "x:13: [[link]] name: is the same as in line 9\n"},
    {"SamePort",         {{12, second_tcp + "listen = '0.0.0.0:9100'"}}, "x:15: [[link]] listen: is the same as in line 11\n"},
    {"OtherAddress",     {{12, second_tcp + "listen = '127.0.0.2:9100'"}}, ""},
    {"TwoFreePorts",     {{11, "listen = '127.0.0.1:0'"}, {12, second_tcp + "listen = '127.0.0.1:0'"}}, ""},
    {"SameSymlink",      {{10, "type = 'pty'"}, {11, "symlink = '/run/./a'"}, {12, second_pty}},
        "x:15: [[link]] symlink: is the same as in line 11\n"},
    {"SameDevice",       {{10, "type = 'serial'"}, {11, "device = '/dev/a'"}, {12, "[[link]]\nname = 'b'\ntype = 'serial'\ndevice = '/dev/a'"}},
        "x:15: [[link]] device: is the same as in line 11\n"},
    {"PaymeTooLong",     {{12, "channel = 'payme'\npayment_timeout_s = 121"}},
        "x:13: [[link]] payment_timeout_s: must not be above 120 when channel is \"payme\"\n"},
    {"PaymeAtItsMost",   {{12, "channel = 'payme'\npayment_timeout_s = 120"}}, ""},
    {"FpsScanned",       {{12, "channel = 'fps'\nscan = 'SCAN_PAY'"}},
        "x:13: [[link]] scan: must be \"QRCODE_PAY\" when channel is \"fps\": it only knows a code that the shopper scans\n"},
    {"FpsShown",         {{12, "channel = 'fps'\nscan = 'mpm'"}}, ""},
};
// clang-format on

INSTANTIATE_TEST_SUITE_P(Settings, ConfigCaseTest, testing::ValuesIn(config_cases),
                         [](const auto& instance) { return instance.param.name; });

}  // namespace
}  // namespace ecr::daemon
