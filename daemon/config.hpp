#pragma once

#include "protocol/cloud/channel.hpp"
#include "protocol/cloud/notification.hpp"
#include "protocol/cloud/signature.hpp"
#include "protocol/order/enquiry_schedule.hpp"
#include "protocol/till/registry.hpp"

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace ecr::daemon {

using std::chrono::milliseconds;

/// Whether a till's order numbers can stand alone. Source: design 3.4.
enum class numbering : std::uint8_t {
    unique,  // unique for ever: sent to the cloud unchanged
    daily,   // start again every business day: the bridge adds till and day
    none,    // the till sends none, or they mean nothing: the bridge makes one
};

/// One account at QFPay: [cloud], or a [[merchant]] beside it.
struct cloud_config {
    std::string url = "https://openapi-hk.qfapi.com";
    std::string app_code;
    std::filesystem::path client_key_file;  // mode 0600
    std::string client_key_credential;      // or a systemd credential of this name
    std::filesystem::path ca_file;          // empty: the system's certificate store
    protocol::cloud::sign_algorithm algorithm = protocol::cloud::sign_algorithm::md5;
    std::string mchid;  // empty: not sent
    std::string query_path = "/ecr/v1/query";
    milliseconds connect_timeout{10'000};
    milliseconds answer_timeout{30'000};
    int requests_per_minute = 400;
    int requests_per_second = 100;
    std::string name = {};         // what terminals and links call the merchant; "" only in [cloud]
    bool send_mchid_ecr = false;   // with calls to /ecr; Source: contract 2.1
    bool send_mchid_trade = true;  // with all others
    std::string proxy = {};        // "http://[user@]host:port"; empty: none
    std::filesystem::path proxy_password_file = {};
    std::string currency = "HKD";      // ISO 4217, of the account
    std::string alipay_qr = "801501";  // pay type of a code that the till shows for Alipay
    int qr_minutes = 30;               // how long such a code is good for
    std::string udid = {};             // the device that QFPay is told of; empty: none
    std::filesystem::path notification_key_file = {};  // empty: the client key
    std::chrono::seconds valid_time{0};  // the life of a code under its name of 2016; 0: not said
    std::string notify_url = {};  // goes with direct payments; empty: what QFPay has registered
    std::string return_url = {};  // where a shopper's browser goes after paying on a page
};

struct terminal_config {
    std::string id;             // termid
    std::string name;           // what tills may call it; empty: id only
    std::string merchant = {};  // whose it is; empty: of [cloud]
};

enum class link_kind : std::uint8_t { tcp, serial, pty };
enum class parity : std::uint8_t { none, odd, even };
enum class tls_use : std::uint8_t { off, on, both };  // both: as the till's first byte says

struct link_config {
    std::string name;
    link_kind kind = link_kind::tcp;
    // tcp
    std::string address = "127.0.0.1";
    std::uint16_t port = 0;
    int connections_max = 2048;
    std::vector<std::string> allow = {};  // addresses and networks; empty: anybody
    tls_use tls = tls_use::off;
    std::filesystem::path certificate_file = {};
    std::filesystem::path certificate_key_file = {};
    // serial
    std::filesystem::path device;
    int baud = 9600;
    int data_bits = 8;
    parity parity_bit = parity::none;
    int stop_bits = 1;
    // pty
    std::filesystem::path symlink;  // stable name of the virtual port
    // the dialect, and what each of them reads
    protocol::till::dialect_kind dialect = protocol::till::dialect_kind::line;
    protocol::till::hypercom::settings hypercom = {};
    protocol::till::qfpay_local::settings qfpay_local = {};  // but for its key
    std::filesystem::path pos_key_file = {};                 // empty: the published key
    // all
    protocol::till::line::framing framing = protocol::till::line::framing::plain;
    bool progress = true;
    std::optional<protocol::till::text_encoding> encoding = {};  // unset: the dialect's own
    std::optional<bool> operator_commands;  // default: only for tills on this machine
    std::filesystem::path token_file;       // when set, hello token=… must come first
    milliseconds idle_timeout{900'000};     // 0: never
    milliseconds write_timeout{30'000};
    milliseconds patience{0};  // how long the till waits for a result; 0: as long as the order
    // what a till's command leaves out
    std::string till;      // the till's name; serial and pty: default is the link's name
    std::string terminal;  // id or name; default: the only one there is
    std::optional<protocol::channel> via;
    protocol::scan_type scan = protocol::scan_type::scan_pay;
    std::optional<int> camera_id;
    std::chrono::seconds payment_timeout{120};
    numbering numbers = numbering::unique;
    std::string merchant = {};           // for orders without a terminal; parse_config fills it in
    std::optional<int> qr_minutes = {};  // of codes that its tills show; default: the merchant's
    std::string return_url = {};         // empty: the merchant's
    std::filesystem::path trace = {};    // what passes on the link, secrets masked; empty: no file
};

struct order_config {
    bool wait_for_terminal = true;       // false: a busy terminal is answered with "busy"
    std::size_t queue_max = 8;           // per terminal
    milliseconds queue_wait{120'000};    // then the order ends as not sent
    milliseconds push_patience{20'000};  // retries while it is proven that nothing was sent
    milliseconds reattach_window{120'000};
    bool refund_late = false;          // a payment that comes late is given back without asking
    std::chrono::hours day_starts{4};  // business day of `daily` numbers, QFPay's time
    protocol::enquiry_pace pace;
    bool rehearsal = false;  // no setting: the cloud is simulated, no money moves
};

/// Where QFPay's notifications arrive. Source: contract 7.
struct notification_config {
    std::string address;  // empty: nothing listens
    std::uint16_t port = 0;
    std::string path = "/qfpay/notify";         // of other merchants than the first: with "/NAME"
    std::string return_path = "/qfpay/return";  // for shoppers' browsers; empty: none
    std::vector<std::string> allow = {"127.0.0.0/8", "::1", "13.228.112.115", "18.138.115.47",
                                      "18.166.202.92"};
    std::string trust_forwarded;  // the address of a proxy of ours
    protocol::cloud::notify_rule rule = protocol::cloud::notify_rule::raw_body;
    std::filesystem::path certificate_file;  // empty: no TLS
    std::filesystem::path certificate_key_file;
};

/// The status page, its API and the metrics. Who comes from elsewhere than this machine needs a
/// token, and TLS.
struct page_config {
    bool on = false;                    // there is a [page], and it listens
    std::string address = "127.0.0.1";  // numeric
    std::uint16_t port = 9190;
    std::vector<std::string> hosts;    // names that browsers call it by, besides its addresses
    std::vector<std::string> allow;    // addresses and networks; empty: everybody
    std::filesystem::path token_file;  // empty: nobody is asked for one
    std::filesystem::path certificate_file;  // empty: no TLS
    std::filesystem::path certificate_key_file;
    bool actions = true;  // false: it shows, and does nothing
};

struct log_config {
    std::filesystem::path file;  // empty: standard error only
    std::string level = "info";
    std::size_t file_size_max = 10 * 1024 * 1024;
    std::size_t files_max = 5;
};

struct config {
    std::filesystem::path journal;
    milliseconds drain{20'000};  // how long a stop waits for orders whose till is waiting
    cloud_config cloud;
    std::vector<cloud_config> merchants;  // beside that of [cloud]
    std::vector<terminal_config> terminals;
    std::vector<link_config> links;
    order_config orders;
    notification_config notifications;
    page_config page;
    log_config log;
};

/// Everything wrong with a configuration, in the order of its lines.
struct config_problem {
    int line = 0;  // 0: not tied to a line
    std::string text;
};

struct config_report {
    std::vector<config_problem> problems;
    /// One line each: "FILE:LINE: text".
    [[nodiscard]] std::string to_text(std::string_view file) const;
};

/// Reads a configuration. All problems are reported, not only the first: unknown keys (with the
/// nearest known one), wrong types, values out of range, contradictions.
[[nodiscard]] std::optional<config> parse_config(std::string_view toml, config_report& report);

}  // namespace ecr::daemon
