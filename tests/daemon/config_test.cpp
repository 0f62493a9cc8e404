#include "daemon/config.hpp"

#include "config_lines.hpp"
#include "daemon/config_keys.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <sstream>

namespace ecr::daemon {
namespace {

using namespace std::chrono_literals;
using std::chrono::milliseconds;

config good(const std::string& toml)
{
    config_report report;
    const auto settings = parse_config(toml, report);
    EXPECT_EQ(report.to_text("x"), "");
    return settings.value_or(config{});
}

void accounts_of(const config& c, std::ostream& out)
{
    auto all = c.merchants;
    all.insert(all.begin(), c.cloud);
    for (const auto& a : all)
        out << a.name << '|' << a.url << '|' << a.app_code << '|' << a.client_key_file
            << a.client_key_credential << '|' << a.ca_file << static_cast<int>(a.algorithm) << '|'
            << a.mchid << a.send_mchid_ecr << a.send_mchid_trade << '|' << a.query_path << '|'
            << a.connect_timeout.count() << '|' << a.answer_timeout.count() << '|'
            << a.requests_per_minute << '|' << a.requests_per_second << '|' << a.proxy
            << a.proxy_password_file << '|' << a.currency << '|' << a.alipay_qr << '|'
            << a.qr_minutes << '|' << a.udid << '|' << a.notification_key_file << '|'
            << a.valid_time.count() << '|' << a.notify_url << '|' << a.return_url << '\n';
}

void language_of(const link_config& l, std::ostream& out)
{
    out << name_of(l.dialect) << '|' << static_cast<int>(l.tls) << '|' << l.certificate_file
        << l.certificate_key_file << '|' << l.patience.count() << '|';
    for (const auto& each : l.allow)
        out << each << ',';
    const auto& h = l.hypercom;
    out << h.acknowledges << '|' << h.repeat_after.count() << '|' << h.response_tries << '|'
        << static_cast<int>(h.order_number) << '|' << static_cast<int>(h.refund) << '|'
        << h.terminal_id << '|' << h.merchant_id << '|' << h.merchant_name << '|';
    for (const auto& wallet : h.wallets)
        out << wallet.type << '=' << name_of(wallet.via) << ',';
    const auto& q = l.qfpay_local;
    out << l.pos_key_file << '|' << static_cast<int>(q.wraps) << '|' << q.encryption << '|';
    if (q.encrypt_answers) out << *q.encrypt_answers;
    for (const auto& origin : q.origins)
        out << ',' << origin;
    out << '\n';
}

/// The whole configuration as text, to compare two.
std::string all_of(const config& c)
{
    std::ostringstream out;
    out << c.journal << c.drain.count() << '\n';
    accounts_of(c, out);
    for (const auto& t : c.terminals)
        out << t.id << '|' << t.name << '|' << t.merchant << '\n';
    for (const auto& l : c.links) {
        out << l.name << '|' << static_cast<int>(l.kind) << '|' << l.address << '|' << l.port << '|'
            << l.connections_max << '|' << l.device << l.baud << '|' << l.data_bits << '|'
            << static_cast<int>(l.parity_bit) << '|' << l.stop_bits << '|' << l.symlink
            << static_cast<int>(l.framing) << '|' << l.progress << '|';
        if (l.operator_commands) out << *l.operator_commands;
        out << '|' << l.token_file << l.idle_timeout.count() << '|' << l.write_timeout.count()
            << '|' << l.till << '|' << l.terminal << '|' << l.merchant << '|' << l.trace << '|';
        if (l.via) out << name_of(*l.via);
        out << '|' << name_of(l.scan) << '|' << l.camera_id.value_or(-1) << '|'
            << l.payment_timeout.count() << '|' << static_cast<int>(l.numbers) << '|'
            << l.qr_minutes.value_or(-1) << '|' << l.return_url << '\n';
        language_of(l, out);
    }
    const auto& o = c.orders;
    out << o.wait_for_terminal << '|' << o.queue_max << '|' << o.queue_wait.count() << '|'
        << o.push_patience.count() << '|' << o.reattach_window.count() << '|'
        << o.day_starts.count() << '\n';
    const auto& p = o.pace;
    for (const auto each : {p.first, p.while_waiting, p.after_processing, p.window_slack,
                            p.refund_window, p.conclusion, p.patience, p.confirmation, p.doubt,
                            p.doubt_until, p.watch_soon, p.watch_soon_until, p.watch, p.watch_until,
                            p.outage_first, p.outage_max_waiting, p.outage_max})
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
    c.cloud.client_key_credential = "client-key";
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
         {"bridge", "cloud", "merchant", "terminal", "link", "orders", "enquiry", "log"}) {
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
valid_time_s = 7200
notify_url = "https://shop.example/n?a=1"
return_url = "https://shop.example/back"
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
qr_minutes = 5
return_url = "https://lane.example:8443/"
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
               .requests_per_second = 6,
               .valid_time = 7200s,
               .notify_url = "https://shop.example/n?a=1",
               .return_url = "https://shop.example/back"};
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
    net.qr_minutes = 5;
    net.return_url = "https://lane.example:8443/";
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

}  // namespace
}  // namespace ecr::daemon
