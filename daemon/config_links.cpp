#include "daemon/config_links.hpp"

#include "daemon/http/address_list.hpp"
#include "protocol/cloud/trade_api.hpp"

#include <algorithm>
#include <array>

namespace ecr::daemon {
namespace {

using namespace std::chrono_literals;
using reader = setting_reader;
using protocol::till::dialect_kind;
using protocol::till::qfpay_local::wrapping;
namespace hypercom = protocol::till::hypercom;
namespace cloud = protocol::cloud;

constexpr std::size_t allow_max = 64;
constexpr std::size_t wallets_max = 32;
constexpr std::size_t origins_max = 32;
constexpr std::size_t hosts_max = 32;

template <class T, std::size_t N>
void word(reader& s, T& into, const std::pair<std::string_view, T> (&words)[N])
{
    s.word(into, std::span<const std::pair<std::string_view, T>>{words});
}

std::vector<std::pair<std::string_view, protocol::channel>> channel_words()
{
    std::vector<std::pair<std::string_view, protocol::channel>> words;
    for (int i = 1; i <= protocol::channel_count; ++i) {
        const auto value = static_cast<protocol::channel>(i);
        words.emplace_back(name_of(value), value);
    }
    return words;
}

void read_kind(reader& s, link_config& into)
{
    using enum link_kind;
    word(s, into.kind, {{"tcp", tcp}, {"serial", serial}, {"pty", pty}});
}

void read_tls(reader& s, link_config& into)
{
    using enum tls_use;
    word(s, into.tls, {{"off", off}, {"on", on}, {"both", both}});
}

void read_parity(reader& s, link_config& into)
{
    word(s, into.parity_bit,
         {{"none", parity::none}, {"odd", parity::odd}, {"even", parity::even}});
}

void read_dialect(reader& s, link_config& into)
{
    using enum dialect_kind;
    word(s, into.dialect,
         {{name_of(line), line},
          {name_of(hypercom), hypercom},
          {name_of(qfpay_local), qfpay_local}});
}

void read_framing(reader& s, link_config& into)
{
    using enum protocol::till::line::framing;
    word(s, into.framing, {{"plain", plain}, {"stx", stx}});
}

void read_encoding(reader& s, link_config& into)
{
    using enum protocol::till::text_encoding;
    auto got = into.encoding.value_or(utf8);
    word(s, got,
         {{name_of(utf8), utf8},
          {name_of(ascii), ascii},
          {name_of(gbk), gbk},
          {name_of(gb18030), gb18030},
          {name_of(big5), big5}});
    into.encoding = got;
    into.hypercom.encoding = got;
}

void read_order_number(reader& s, link_config& into)
{
    using enum hypercom::reference_field;
    word(s, into.hypercom.order_number, {{"none", none}, {"66", f66}, {"R1", r1}, {"R2", r2}});
}

void read_refunds(reader& s, link_config& into)
{
    using enum hypercom::refund_policy;
    word(s, into.hypercom.refund, {{"refuse", refuse}, {"by_reference", by_reference}});
}

/// "01=alipay", one for each type that field A1 may have.
void read_wallets(reader& s, link_config& into)
{
    std::vector<std::string> entries;
    s.texts(entries, wallets_max);
    std::vector<hypercom::wallet> table;
    for (const auto& entry : entries) {
        const auto equals = entry.find('=');
        const auto channel = entry.substr(equals == std::string::npos ? entry.size() : equals + 1);
        const auto words = channel_words();
        const auto known = std::ranges::find(words, channel, [](const auto& w) { return w.first; });
        if (known == words.end())
            return s.refuse("'" + entry + "' is not TYPE=CHANNEL, such as \"01=alipay\"");
        table.push_back({.type = entry.substr(0, equals), .via = known->second});
    }
    into.hypercom.wallets = std::move(table);
}

void read_wrapping(reader& s, link_config& into)
{
    using enum wrapping;
    word(s, into.qfpay_local.wraps, {{"http", http}, {"tcp", tcp}, {"serial", serial}});
}

/// "on": plain text is refused. "auto": accepted, and each answered as it came. "off": accepted,
/// and everything is answered in plain text.
void read_encryption(reader& s, link_config& into)
{
    int got = 0;
    word(s, got, {{"on", 1}, {"auto", 2}, {"off", 3}});
    if (got == 0) return;
    into.qfpay_local.encryption = got == 1;
    if (got == 3) into.qfpay_local.encrypt_answers = false;
}

void read_encrypt_answers(reader& s, link_config& into)
{
    bool got = into.qfpay_local.encrypt_answers.value_or(false);
    s.yes_or_no(got);
    into.qfpay_local.encrypt_answers = got;
}

void read_operator_commands(reader& s, link_config& into)
{
    bool got = into.operator_commands.value_or(false);
    s.yes_or_no(got);
    into.operator_commands = got;
}

void read_channel(reader& s, link_config& into)
{
    const auto words = channel_words();
    auto got = into.via.value_or(protocol::channel{});
    s.word(got, std::span<const std::pair<std::string_view, protocol::channel>>{words});
    if (got != protocol::channel{}) into.via = got;
}

void read_scan(reader& s, link_config& into)
{
    using enum protocol::scan_type;
    word(s, into.scan,
         {{"QRCODE_PAY", qrcode_pay},
          {"SCAN_PAY", scan_pay},
          {"mpm", qrcode_pay},
          {"cpm", scan_pay}});
}

void read_camera(reader& s, link_config& into)
{
    int got = into.camera_id.value_or(0);
    s.whole(got, 0, 1);  // Source: contract 3.1, 0 is the back camera, 1 the front
    into.camera_id = got;
}

void read_payment_timeout(reader& s, link_config& into)
{
    auto got = into.payment_timeout.count();
    s.whole(got, 1, 3600);
    into.payment_timeout = std::chrono::seconds{got};
}

void read_qr_minutes(reader& s, link_config& into)
{
    auto got = into.qr_minutes.value_or(0);
    s.whole(got, cloud::expired_time_min.count(), cloud::expired_time_max.count());
    if (got != 0) into.qr_minutes = got;
}

void read_numbers(reader& s, link_config& into)
{
    word(s, into.numbers,
         {{"unique", numbering::unique}, {"daily", numbering::daily}, {"none", numbering::none}});
}

struct known_key {
    std::string_view name;
    void (*read)(reader&, link_config&);
};

// clang-format off
constexpr auto keys = std::to_array<known_key>({
    {"name",                 [](reader& s, link_config& c) { s.text(c.name); }},
    {"type",                 read_kind},
    {"listen",               [](reader& s, link_config& c) { s.address_and_port(c.address, c.port); }},
    {"connections_max",      [](reader& s, link_config& c) { s.whole(c.connections_max, 1, 65'536); }},
    {"allow",                [](reader& s, link_config& c) { s.texts(c.allow, allow_max); }},
    {"tls",                  read_tls},
    {"certificate_file",     [](reader& s, link_config& c) { s.path(c.certificate_file); }},
    {"certificate_key_file", [](reader& s, link_config& c) { s.path(c.certificate_key_file); }},
    {"device",               [](reader& s, link_config& c) { s.path(c.device); }},
    {"baud",                 [](reader& s, link_config& c) { s.whole(c.baud, 1, 4'000'000); }},
    {"data_bits",            [](reader& s, link_config& c) { s.whole(c.data_bits, 5, 8); }},
    {"parity",               read_parity},
    {"stop_bits",            [](reader& s, link_config& c) { s.whole(c.stop_bits, 1, 2); }},
    {"symlink",              [](reader& s, link_config& c) { s.path(c.symlink); }},
    {"dialect",              read_dialect},
    {"framing",              read_framing},
    {"encoding",             read_encoding},
    {"progress",             [](reader& s, link_config& c) { s.yes_or_no(c.progress); }},
    {"token_file",           [](reader& s, link_config& c) { s.path(c.token_file); }},
    {"acknowledges",         [](reader& s, link_config& c) { s.yes_or_no(c.hypercom.acknowledges); }},
    {"repeat_after_s",       [](reader& s, link_config& c) { s.seconds(c.hypercom.repeat_after, 500ms, 30s); }},
    {"response_tries",       [](reader& s, link_config& c) { s.whole(c.hypercom.response_tries, 1, hypercom::response_tries_max); }},
    {"order_number",         read_order_number},
    {"refunds",              read_refunds},
    {"wallets",              read_wallets},
    {"terminal_id",          [](reader& s, link_config& c) { s.text(c.hypercom.terminal_id); }},
    {"merchant_id",          [](reader& s, link_config& c) { s.text(c.hypercom.merchant_id); }},
    {"merchant_name",        [](reader& s, link_config& c) { s.text(c.hypercom.merchant_name); }},
    {"pos_key_file",         [](reader& s, link_config& c) { s.path(c.pos_key_file); }},
    {"wrapping",             read_wrapping},
    {"encryption",           read_encryption},
    {"encrypt_answers",      read_encrypt_answers},
    {"origins",              [](reader& s, link_config& c) { s.texts(c.qfpay_local.origins, origins_max); }},
    {"hosts",                [](reader& s, link_config& c) { s.texts(c.qfpay_local.hosts, hosts_max); }},
    {"operator_commands",    read_operator_commands},
    {"idle_timeout_s",       [](reader& s, link_config& c) { s.seconds(c.idle_timeout, 0ms, 30 * 24h); }},
    {"write_timeout_s",      [](reader& s, link_config& c) { s.seconds(c.write_timeout, 1ms, 1h); }},
    {"patience_s",           [](reader& s, link_config& c) { s.seconds(c.patience, 0ms, 1h); }},
    {"trace",                [](reader& s, link_config& c) { s.path(c.trace); }},
    {"till",                 [](reader& s, link_config& c) { s.text(c.till); }},
    {"terminal",             [](reader& s, link_config& c) { s.text(c.terminal); }},
    {"merchant",             [](reader& s, link_config& c) { s.text(c.merchant); }},
    {"channel",              read_channel},
    {"scan",                 read_scan},
    {"camera",               read_camera},
    {"payment_timeout_s",    read_payment_timeout},
    {"numbers",              read_numbers},
    {"qr_minutes",           read_qr_minutes},
    {"return_url",           [](reader& s, link_config& c) { s.text(c.return_url, cloud::return_url_size_max); }},
});
// clang-format on

class checker {
public:
    checker(const link_config& link, const config_section& where, config_report& report)
        : link_{link}, where_{where}, report_{report}
    {}

    void run()
    {
        only_for(dialect_kind::line, {"framing", "progress", "token_file"});
        only_for(dialect_kind::hypercom,
                 {"acknowledges", "repeat_after_s", "response_tries", "order_number", "refunds",
                  "wallets", "terminal_id", "merchant_id", "merchant_name"});
        only_for(dialect_kind::qfpay_local,
                 {"pos_key_file", "wrapping", "encryption", "encrypt_answers", "origins", "hosts"});
        check_tls();
        if (const auto why = return_url_problem(link_.return_url); !why.empty())
            at("return_url", why);
        for (const auto& entry : link_.allow)
            if (address_list scratch; !scratch.add(entry))
                at("allow", "'" + entry + "' is neither an address nor a network");
        if (link_.dialect == dialect_kind::hypercom)
            for (const auto& fault : hypercom::faults_of(link_.hypercom))
                at("dialect", fault);
        if (link_.dialect == dialect_kind::qfpay_local) check_qfpay_local();
    }

private:
    void at(std::string_view key, const std::string& why)
    {
        report_.problems.push_back({.line = where_.line_of(key),
                                    .text = where_.title() + ' ' + std::string{key} + ": " + why});
    }

    /// A till that says hello can be asked for a word; the other dialects have no such command.
    void only_for(dialect_kind owner, std::initializer_list<std::string_view> names)
    {
        if (link_.dialect == owner) return;
        for (const auto key : names)
            if (where_.find(key))
                at(key, "has no meaning when dialect is \"" +
                            std::string{protocol::till::name_of(link_.dialect)} + "\"");
    }

    void check_tls()
    {
        const bool both = !link_.certificate_file.empty() && !link_.certificate_key_file.empty();
        const bool none = link_.certificate_file.empty() && link_.certificate_key_file.empty();
        if (link_.tls != tls_use::off && !both)
            at("tls", "needs certificate_file and certificate_key_file");
        else if (link_.tls == tls_use::off && !none)
            at(link_.certificate_file.empty() ? "certificate_key_file" : "certificate_file",
               "has no meaning without tls = \"on\" or \"both\"");
    }

    void check_qfpay_local()
    {
        const bool tcp = link_.kind == link_kind::tcp;
        const bool wire = link_.qfpay_local.wraps == wrapping::serial;
        if (tcp == wire)
            at("wrapping", tcp ? "\"serial\" frames need type = \"serial\" or \"pty\""
                               : "must be \"serial\" on a serial line");
        if (link_.numbers != numbering::unique)
            at("numbers",
               "must be \"unique\": the till's own server waits for a notification of "
               "its very number");
        for (const auto& origin : link_.qfpay_local.origins) {
            const auto host = origin.find("://");
            const bool good = (origin.starts_with("http://") || origin.starts_with("https://")) &&
                              origin.find('/', host + 3) == std::string::npos &&
                              origin.size() > host + 3;
            if (origin != "*" && !good)
                at("origins", "'" + origin + "' is not like \"https://pos.example.com\"");
        }
        for (const auto& host : link_.qfpay_local.hosts)
            if (host.empty() || host.find_first_of(":/@ ") != std::string::npos)
                at("hosts", "'" + host + "' is not a name such as \"bridge.example.com\"");
    }

    const link_config& link_;
    const config_section& where_;
    config_report& report_;
};

}  // namespace

bool read_link_key(std::string_view key, setting_reader& reader, link_config& into)
{
    const auto* known = std::ranges::find(keys, key, &known_key::name);
    if (known == keys.end()) return false;
    known->read(reader, into);
    return true;
}

std::vector<std::string_view> link_keys()
{
    std::vector<std::string_view> all;
    all.reserve(std::size(keys));
    for (const auto& key : keys)
        all.push_back(key.name);
    return all;
}

void check_language(const link_config& link, const config_section& where, config_report& report)
{
    checker{link, where, report}.run();
}

}  // namespace ecr::daemon
