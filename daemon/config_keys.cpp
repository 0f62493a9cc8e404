#include "daemon/config_keys.hpp"

#include "daemon/config_links.hpp"
#include "daemon/config_notifications.hpp"
#include "daemon/config_page.hpp"
#include "protocol/cloud/region.hpp"
#include "protocol/cloud/trade_api.hpp"

#include <algorithm>

namespace ecr::daemon {
namespace {

using namespace std::chrono_literals;
using protocol::enquiry_pace;

/// A key and where its value goes. These tables are all there is: they drive the reading, the
/// check for unknown keys, and the test that packaging/ecrbridged.toml documents every key.
template <class T>
struct known_key {
    std::string_view name;
    void (*read)(setting_reader&, T&);
};

template <class>
struct member_of;
template <class C, class M>
struct member_of<M C::*> {
    using owner = C;
};
template <auto Member>
using owner = typename member_of<decltype(Member)>::owner;

template <auto Member>
void text(setting_reader& s, owner<Member>& into)
{
    s.text(into.*Member);
}
template <auto Member>
void path(setting_reader& s, owner<Member>& into)
{
    s.path(into.*Member);
}
template <auto Member>
void flag(setting_reader& s, owner<Member>& into)
{
    s.yes_or_no(into.*Member);
}
template <auto Member, std::int64_t Min, std::int64_t Max>
void whole(setting_reader& s, owner<Member>& into)
{
    s.whole(into.*Member, Min, Max);
}
/// A wait that may be zero, which means "never" or "not at all".
template <auto Member, std::int64_t MaxSeconds>
void seconds(setting_reader& s, owner<Member>& into)
{
    s.seconds(into.*Member, 0ms, std::chrono::seconds{MaxSeconds});
}
template <auto Member, std::int64_t MaxSeconds>
void positive_seconds(setting_reader& s, owner<Member>& into)
{
    s.seconds(into.*Member, 1ms, std::chrono::seconds{MaxSeconds});
}
template <auto Member>
void pace(setting_reader& s, enquiry_pace& into)
{
    constexpr auto max = milliseconds{std::chrono::days{40}}.count();
    std::int64_t count = (into.*Member).count();
    s.whole(count, 1, max);
    into.*Member = milliseconds{count};
}

template <class T, std::size_t N>
void word(setting_reader& s, T& into, const std::pair<std::string_view, T> (&words)[N])
{
    s.word(into, std::span<const std::pair<std::string_view, T>>{words});
}

void read_algorithm(setting_reader& s, cloud_config& into)
{
    using enum protocol::cloud::sign_algorithm;
    word(s, into.algorithm, {{"md5", md5}, {"sha256", sha256}});
}

void read_region(setting_reader& s, cloud_config& into)
{
    std::string name;
    s.text(name);
    if (name.empty()) return;
    const auto url = protocol::cloud::base_url_of(name);
    if (!url) return s.refuse("'" + name + "' is not one of " + protocol::cloud::region_names());
    into.url = *url;
}

void read_alipay_qr(setting_reader& s, cloud_config& into)
{
    std::string_view type = into.alipay_qr;
    word(s, type, {{"800101", "800101"}, {"801501", "801501"}});  // Source: contract 6
    into.alipay_qr = type;
}

void read_valid_time(setting_reader& s, cloud_config& into)
{
    using protocol::cloud::valid_time_step;
    constexpr std::chrono::seconds max = protocol::cloud::expired_time_max;
    auto got = into.valid_time.count();
    s.whole(got, valid_time_step.count(), max.count());
    if (got % valid_time_step.count() != 0)
        return s.refuse("must be a multiple of " + std::to_string(valid_time_step.count()));
    into.valid_time = std::chrono::seconds{got};
}

void read_return_url(setting_reader& s, cloud_config& into)
{
    s.text(into.return_url, protocol::cloud::return_url_size_max);
}

void read_level(setting_reader& s, log_config& into)
{
    std::string_view level = into.level;
    word(s, level,
         {{"debug", "debug"}, {"info", "info"}, {"warning", "warning"}, {"error", "error"}});
    into.level = level;
}

void read_late(setting_reader& s, order_config& into)
{
    word(s, into.refund_late, {{"list", false}, {"refund", true}});
}

void read_day_starts(setting_reader& s, order_config& into)
{
    auto got = into.day_starts.count();
    s.whole(got, 0, 23);
    into.day_starts = std::chrono::hours{got};
}

void read_file_size(setting_reader& s, log_config& into)
{
    constexpr std::size_t mega = 1024 * 1024;
    auto got = into.file_size_max / mega;
    s.whole(got, 1, 1024);
    into.file_size_max = got * mega;
}

constexpr known_key<config> bridge_keys[] = {
    {"journal", path<&config::journal>},
    {"drain_s", seconds<&config::drain, 3600>},
};

/// Of [cloud] and of each [[merchant]].
constexpr known_key<cloud_config> cloud_keys[] = {
    {"name", text<&cloud_config::name>},
    {"region", read_region},
    {"url", text<&cloud_config::url>},
    {"app_code", text<&cloud_config::app_code>},
    {"client_key_file", path<&cloud_config::client_key_file>},
    {"client_key_credential", text<&cloud_config::client_key_credential>},
    {"ca_file", path<&cloud_config::ca_file>},
    {"signature", read_algorithm},
    {"mchid", text<&cloud_config::mchid>},
    {"send_mchid_ecr", flag<&cloud_config::send_mchid_ecr>},
    {"send_mchid_trade", flag<&cloud_config::send_mchid_trade>},
    {"udid", text<&cloud_config::udid>},
    {"currency", text<&cloud_config::currency>},
    {"alipay_qr", read_alipay_qr},
    {"qr_minutes", whole<&cloud_config::qr_minutes, 5, 120>},
    {"valid_time_s", read_valid_time},
    {"notify_url", text<&cloud_config::notify_url>},
    {"return_url", read_return_url},
    {"notification_key_file", path<&cloud_config::notification_key_file>},
    {"proxy", text<&cloud_config::proxy>},
    {"proxy_password_file", path<&cloud_config::proxy_password_file>},
    {"query_path", text<&cloud_config::query_path>},
    {"connect_timeout_s", positive_seconds<&cloud_config::connect_timeout, 300>},
    {"answer_timeout_s", positive_seconds<&cloud_config::answer_timeout, 300>},
    {"requests_per_minute", whole<&cloud_config::requests_per_minute, 1, 100'000>},
    {"requests_per_second", whole<&cloud_config::requests_per_second, 1, 10'000>},
};

constexpr known_key<terminal_config> terminal_keys[] = {
    {"id", text<&terminal_config::id>},
    {"name", text<&terminal_config::name>},
    {"merchant", text<&terminal_config::merchant>},
};

constexpr known_key<order_config> order_keys[] = {
    {"wait_for_terminal", flag<&order_config::wait_for_terminal>},
    {"queue_max", whole<&order_config::queue_max, 1, 1000>},
    {"queue_wait_s", positive_seconds<&order_config::queue_wait, 24 * 3600>},
    {"push_patience_s", seconds<&order_config::push_patience, 3600>},
    {"reattach_s", seconds<&order_config::reattach_window, 24 * 3600>},
    {"day_starts_hour", read_day_starts},
    {"late", read_late},
};

constexpr known_key<enquiry_pace> enquiry_keys[] = {
    {"first_ms", pace<&enquiry_pace::first>},
    {"while_waiting_ms", pace<&enquiry_pace::while_waiting>},
    {"after_processing_ms", pace<&enquiry_pace::after_processing>},
    {"window_slack_ms", pace<&enquiry_pace::window_slack>},
    {"refund_window_ms", pace<&enquiry_pace::refund_window>},
    {"conclusion_ms", pace<&enquiry_pace::conclusion>},
    {"patience_ms", pace<&enquiry_pace::patience>},
    {"confirmation_ms", pace<&enquiry_pace::confirmation>},
    {"doubt_ms", pace<&enquiry_pace::doubt>},
    {"doubt_until_ms", pace<&enquiry_pace::doubt_until>},
    {"watch_soon_ms", pace<&enquiry_pace::watch_soon>},
    {"watch_soon_until_ms", pace<&enquiry_pace::watch_soon_until>},
    {"watch_ms", pace<&enquiry_pace::watch>},
    {"watch_until_ms", pace<&enquiry_pace::watch_until>},
    {"outage_first_ms", pace<&enquiry_pace::outage_first>},
    {"outage_max_waiting_ms", pace<&enquiry_pace::outage_max_waiting>},
    {"outage_max_ms", pace<&enquiry_pace::outage_max>},
};
static_assert(sizeof(enquiry_pace) == std::size(enquiry_keys) * sizeof(milliseconds),
              "every field of enquiry_pace has its key");

constexpr known_key<log_config> log_keys[] = {
    {"file", path<&log_config::file>},
    {"level", read_level},
    {"file_size_max_mb", read_file_size},
    {"files_max", whole<&log_config::files_max, 1, 1000>},
};

template <class T, std::size_t N>
std::vector<std::string_view> names(const known_key<T> (&keys)[N])
{
    std::vector<std::string_view> all;
    for (const auto& key : keys)
        all.push_back(key.name);
    return all;
}

template <class T, std::size_t N>
bool read_with(const known_key<T> (&keys)[N], std::string_view name, setting_reader& reader,
               T& into)
{
    const auto key = std::ranges::find(keys, name, &known_key<T>::name);
    if (key == std::end(keys)) return false;
    key->read(reader, into);
    return true;
}

}  // namespace

bool read_setting(const config_section& section, const config_setting& setting, config& into,
                  config_report& report)
{
    const auto name = std::string_view{section.name};
    const auto& key = setting.key;
    setting_reader reader{section, setting, report};
    if (name == "bridge") return read_with(bridge_keys, key, reader, into);
    if (name == "cloud") return read_with(cloud_keys, key, reader, into.cloud);
    if (name == "merchant") return read_with(cloud_keys, key, reader, into.merchants.back());
    if (name == "terminal") return read_with(terminal_keys, key, reader, into.terminals.back());
    if (name == "link") return read_link_key(key, reader, into.links.back());
    if (name == "orders") return read_with(order_keys, key, reader, into.orders);
    if (name == "enquiry") return read_with(enquiry_keys, key, reader, into.orders.pace);
    if (name == "notifications") return read_notification_key(key, reader, into.notifications);
    if (name == "page") return read_page_key(key, reader, into.page);
    if (name == "log") return read_with(log_keys, key, reader, into.log);
    return false;
}

std::vector<std::string_view> known_keys(std::string_view section)
{
    if (section == "bridge") return names(bridge_keys);
    if (section == "cloud") return names(cloud_keys);
    if (section == "merchant") return names(cloud_keys);
    if (section == "terminal") return names(terminal_keys);
    if (section == "link") return link_keys();
    if (section == "orders") return names(order_keys);
    if (section == "enquiry") return names(enquiry_keys);
    if (section == "notifications") return notification_keys();
    if (section == "page") return page_keys();
    if (section == "log") return names(log_keys);
    return {};
}

}  // namespace ecr::daemon
