#include "daemon/config.hpp"

#include "daemon/config_keys.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <map>
#include <sstream>

namespace ecr::daemon {
namespace {

using namespace std::chrono_literals;
using std::chrono::milliseconds;

/// Eleven lines with all that is required. Cases replace lines, and go on at line 12.
const std::map<int, std::string> required = {
    {1, "[bridge]"},
    {2, "journal = '/var/lib/j.db'"},
    {3, "[cloud]"},
    {4, "app_code = 'CODE'"},
    {5, "client_key_file = '/etc/k'"},
    {6, "[[terminal]]"},
    {7, "id = 'T1'"},
    {8, "[[link]]"},
    {9, "name = 'lane-1'"},
    {10, "type = 'tcp'"},
    {11, "listen = '127.0.0.1:9100'"},
};

std::string with(std::map<int, std::string> changes)
{
    changes.insert(required.begin(), required.end());
    std::string text;
    for (const auto& [line, words] : changes)
        text += words + "\n";
    return text;
}

std::string problems_of(const std::string& toml)
{
    config_report report;
    const auto settings = parse_config(toml, report);
    EXPECT_EQ(settings.has_value(), report.problems.empty());
    return report.to_text("x");
}

config good(const std::string& toml)
{
    config_report report;
    const auto settings = parse_config(toml, report);
    EXPECT_EQ(report.to_text("x"), "");
    return settings.value_or(config{});
}

/// The whole configuration as text, to compare two.
std::string all_of(const config& c)
{
    std::ostringstream out;
    out << c.journal << c.drain.count() << '\n'
        << c.cloud.url << '|' << c.cloud.app_code << '|' << c.cloud.client_key_file
        << c.cloud.client_key_credential << '|' << c.cloud.ca_file
        << static_cast<int>(c.cloud.algorithm) << '|' << c.cloud.mchid << '|' << c.cloud.query_path
        << '|' << c.cloud.connect_timeout.count() << '|' << c.cloud.answer_timeout.count() << '|'
        << c.cloud.requests_per_minute << '|' << c.cloud.requests_per_second << '\n';
    for (const auto& t : c.terminals)
        out << t.id << '|' << t.name << '\n';
    for (const auto& l : c.links) {
        out << l.name << '|' << static_cast<int>(l.kind) << '|' << l.address << '|' << l.port << '|'
            << l.connections_max << '|' << l.device << l.baud << '|' << l.data_bits << '|'
            << static_cast<int>(l.parity_bit) << '|' << l.stop_bits << '|' << l.symlink
            << static_cast<int>(l.framing) << '|' << l.progress << '|';
        if (l.operator_commands) out << *l.operator_commands;
        out << '|' << l.token_file << l.idle_timeout.count() << '|' << l.write_timeout.count()
            << '|' << l.till << '|' << l.terminal << '|';
        if (l.via) out << name_of(*l.via);
        out << '|' << name_of(l.scan) << '|' << l.camera_id.value_or(-1) << '|'
            << l.payment_timeout.count() << '|' << static_cast<int>(l.numbers) << '\n';
    }
    const auto& o = c.orders;
    out << o.wait_for_terminal << '|' << o.queue_max << '|' << o.queue_wait.count() << '|'
        << o.push_patience.count() << '|' << o.reattach_window.count() << '|'
        << o.day_starts.count() << '\n';
    const auto& p = o.pace;
    for (const auto each :
         {p.first, p.while_waiting, p.after_processing, p.window_slack, p.conclusion, p.patience,
          p.confirmation, p.doubt, p.doubt_until, p.watch_soon, p.watch_soon_until, p.watch,
          p.watch_until, p.outage_first, p.outage_max_waiting, p.outage_max})
        out << each.count() << '|';
    out << '\n'
        << c.log.file << c.log.level << '|' << c.log.file_size_max << '|' << c.log.files_max
        << '\n';
    return out.str();
}

std::string example()
{
    std::ifstream in{std::string{ECR_SOURCE_DIR} + "/packaging/ecrbridged.toml"};
    std::ostringstream text;
    text << in.rdbuf();
    return text.str();
}

config example_by_hand()
{
    config c;
    c.journal = "/var/lib/ecrbridge/journal.db";
    c.cloud.app_code = "REPLACE-WITH-YOUR-APP-CODE";
    c.cloud.client_key_file = "/etc/ecrbridge/client.key";
    c.terminals = {{.id = "REPLACE-WITH-YOUR-TERMID", .name = {}}};
    link_config link;
    link.name = "shop";
    link.port = 9100;
    c.links = {link};
    return c;
}

TEST(ConfigExampleTest, GivesTheDefaults)
{
    EXPECT_EQ(all_of(good(example())), all_of(example_by_hand()));
}

/// The example with "#key = value" turned into "key = value".
std::string spelled_out()
{
    std::istringstream in{example()};
    std::string text;
    for (std::string line; std::getline(in, line); text += line + "\n")
        if (line.size() > 1 && line[0] == '#' && line[1] >= 'a' && line[1] <= 'z') line.erase(0, 1);
    return text;
}

TEST(ConfigExampleTest, ShowsEveryDefaultAsItIs)
{
    ASSERT_NE(spelled_out(), example());
    EXPECT_EQ(all_of(good(spelled_out())), all_of(example_by_hand()));
}

TEST(ConfigExampleTest, DocumentsEveryKey)
{
    for (const auto* section :
         {"bridge", "cloud", "terminal", "link", "orders", "enquiry", "log"}) {
        const auto keys = known_keys(section);
        EXPECT_FALSE(keys.empty()) << section;
        for (const auto key : keys) {
            const auto setting = std::string{key} + " = ";
            const bool shown = spelled_out().find("\n" + setting) != std::string::npos ||
                               spelled_out().find("\n# " + setting) != std::string::npos;
            EXPECT_TRUE(shown) << section << "." << key;
        }
    }
}

TEST(ConfigTest, ReadsEveryKey)
{
    const auto c = good(R"(
bridge = {journal = "/j", drain_s = 1.5}
[cloud]
url = "https://localhost:8443"
app_code = "A"
client_key_credential = "ck"
ca_file = "/ca"
signature = "sha256"
mchid = "M"
query_path = "/ecr/v1/query/async"
connect_timeout_s = 0.25
answer_timeout_s = 2
requests_per_minute = 60
requests_per_second = 6
[[terminal]]
id = "T1"
name = "counter"
[[terminal]]
id = "T2"
[[link]]
name = "net"
type = "tcp"
listen = "[::1]:0"
connections_max = 3
framing = "stx"
progress = false
operator_commands = false
token_file = "/tok"
idle_timeout_s = 0
write_timeout_s = 1
till = "bar"
terminal = "counter"
channel = "union"
scan = "mpm"
camera = 1
payment_timeout_s = 60
numbers = "none"
[[link]]
name = "com"
type = "serial"
device = "/dev/ttyS0"
baud = 12345
data_bits = 7
parity = "even"
stop_bits = 2
numbers = "daily"
terminal = "T2"
[[link]]
name = "virtual"
type = "pty"
symlink = "/run/tty"
[orders]
wait_for_terminal = false
queue_max = 1
queue_wait_s = 2
push_patience_s = 0
reattach_s = 4
day_starts_hour = 0
[enquiry]
first_ms = 1
watch_until_ms = 16
[log]
file = "/log"
level = "debug"
file_size_max_mb = 2
files_max = 3
)");

    config e;
    e.journal = "/j";
    e.drain = 1500ms;
    e.cloud = {.url = "https://localhost:8443",
               .app_code = "A",
               .client_key_file = {},
               .client_key_credential = "ck",
               .ca_file = "/ca",
               .algorithm = protocol::cloud::sign_algorithm::sha256,
               .mchid = "M",
               .query_path = "/ecr/v1/query/async",
               .connect_timeout = 250ms,
               .answer_timeout = 2s,
               .requests_per_minute = 60,
               .requests_per_second = 6};
    e.terminals = {{.id = "T1", .name = "counter"}, {.id = "T2", .name = {}}};
    link_config net;
    net.name = "net";
    net.address = "::1";
    net.connections_max = 3;
    net.framing = protocol::till::line::framing::stx;
    net.progress = false;
    net.operator_commands = false;
    net.token_file = "/tok";
    net.idle_timeout = 0ms;
    net.write_timeout = 1s;
    net.till = "bar";
    net.terminal = "counter";
    net.via = protocol::channel::union_qr;
    net.scan = protocol::scan_type::qrcode_pay;
    net.camera_id = 1;
    net.payment_timeout = 60s;
    net.numbers = numbering::none;
    link_config com;
    com.name = "com";
    com.kind = link_kind::serial;
    com.device = "/dev/ttyS0";
    com.baud = 12345;
    com.data_bits = 7;
    com.parity_bit = parity::even;
    com.stop_bits = 2;
    com.numbers = numbering::daily;
    com.terminal = "T2";
    link_config pty;
    pty.name = "virtual";
    pty.kind = link_kind::pty;
    pty.symlink = "/run/tty";
    e.links = {net, com, pty};
    e.orders.wait_for_terminal = false;
    e.orders.queue_max = 1;
    e.orders.queue_wait = 2s;
    e.orders.push_patience = 0ms;
    e.orders.reattach_window = 4s;
    e.orders.day_starts = 0h;
    e.orders.pace.first = 1ms;
    e.orders.pace.watch_until = 16ms;
    e.log = {.file = "/log", .level = "debug", .file_size_max = 2 * 1024 * 1024, .files_max = 3};
    EXPECT_EQ(all_of(c), all_of(e));
}

TEST(ConfigTest, ReportsFiveMistakesAtOnce)
{
    const auto toml = with({{2, "jornal = '/var/lib/j.db'"},
                            {4, "app_code = 7"},
                            {10, "type = 'usb'"},
                            {12, "numbers = 'weekly'"},
                            {13, "[log]\nfiles_max = 0"}});
    EXPECT_EQ(problems_of(toml),
              "x:1: [bridge] journal: is missing\n"
              "x:2: unknown key 'jornal' in [bridge], did you mean 'journal'?\n"
              "x:4: [cloud] app_code: must be text in quotes, not a whole number\n"
              "x:10: [[link]] type: 'usb' is not one of tcp, serial, pty\n"
              "x:12: [[link]] numbers: 'weekly' is not one of unique, daily, none\n"
              "x:14: [log] files_max: must be a whole number from 1 to 1000, not 0\n");
}

TEST(ConfigTest, AnEmptyFileLacksEverything)
{
    EXPECT_EQ(problems_of(""),
              "x: [bridge] journal: is missing\n"
              "x: [cloud] app_code: is missing\n"
              "x: [cloud]: client_key_file or client_key_credential is missing\n"
              "x: no [[terminal]]: there is nothing to pay at\n"
              "x: no [[link]]: no till could reach the bridge\n");
}

TEST(ConfigTest, NeverRepeatsASecret)
{
    for (const auto* line : {"client_key = 'S3CR3T'", "secret = 'S3CR3T'", "token = 'S3CR3T'"})
        EXPECT_THAT(problems_of(with({{12, line}})), testing::Not(testing::HasSubstr("S3CR3T")));
}

TEST(ConfigTest, RefusesAFileWithoutEnd)
{
    EXPECT_EQ(problems_of(std::string(1024 * 1024 + 1, '#')), "x: longer than 1048576 bytes\n");
}

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
    {"DoubledKey",       {{5, "client_key_file = '/a'\nclient_key_file = '/b'"}},
        "x:6: not TOML: Error while parsing key-value pair: cannot redefine existing string 'client_key_file'\n"},
    {"Suggestion",       {{12, "termnal = 'T1'"}},               "x:12: unknown key 'termnal' in [[link]], did you mean 'terminal'?\n"},
    {"NoSuggestion",     {{12, "colour = 'red'"}},               "x:12: unknown key 'colour' in [[link]]\n"},
    {"OtherTable",       {{12, "drain_s = 1"}},                  "x:12: unknown key 'drain_s' in [[link]], it belongs in [bridge]\n"},
    {"UnknownTable",     {{12, "[claud]"}},                      "x:12: unknown table [claud], did you mean 'cloud'?\n"},
    {"FarTable",         {{12, "[printer]\nx = 1"}},             "x:12: unknown table [printer]\n"},
    {"InnerTable",       {{12, "[cloud.proxy]\nurl = 'x'"}},     "x:12: unknown key 'proxy' in [cloud]\n"},
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
