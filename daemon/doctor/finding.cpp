#include "daemon/doctor/finding.hpp"

#include "daemon/doctor/texts.hpp"

#include <algorithm>
#include <charconv>

namespace ecr::daemon {

std::string_view tag_of(language which) noexcept
{
    switch (which) {
        case language::en: return "en";
        case language::zh_hans: return "zh-Hans";
        case language::zh_hant: return "zh-Hant";
    }
    return {};
}

language language_of_locale(std::string_view text) noexcept
{
    for (const auto each : {language::zh_hans, language::zh_hant})
        if (text == tag_of(each)) return each;
    if (!text.starts_with("zh")) return language::en;
    const bool mainland = text.starts_with("zh_CN") || text.starts_with("zh_SG");
    return mainland ? language::zh_hans : language::zh_hant;
}

namespace doctor {
namespace {

struct symptom_row {
    symptom what;
    topic about;
    verdict how;
    std::string_view name;
};

using enum symptom;
using enum topic;
constexpr auto fine = verdict::fine;
constexpr auto caution = verdict::caution;
constexpr auto wrong = verdict::wrong;
constexpr auto unknown = verdict::unknown;

// clang-format off
constexpr std::array<symptom_row, symptoms_count> rows{{
    {config_fine,            configuration, fine,    "config_fine"},
    {config_missing,         configuration, wrong,   "config_missing"},
    {config_unreadable,      configuration, wrong,   "config_unreadable"},
    {config_mistake,         configuration, wrong,   "config_mistake"},
    {config_sample,          configuration, wrong,   "config_sample"},
    {config_test_host,       configuration, caution, "config_test_host"},
    {secret_fine,            secret,        fine,    "secret_fine"},
    {secret_missing,         secret,        wrong,   "secret_missing"},
    {secret_open,            secret,        wrong,   "secret_open"},
    {secret_fault,           secret,        wrong,   "secret_fault"},
    {secret_unseen,          secret,        unknown, "secret_unseen"},
    {pos_key_own,            pos_key,       fine,    "pos_key_own"},
    {pos_key_published,      pos_key,       wrong,   "pos_key_published"},
    {pos_key_plain,          pos_key,       caution, "pos_key_plain"},
    {clock_fine,             clock,         fine,    "clock_fine"},
    {clock_behind,           clock,         wrong,   "clock_behind"},
    {clock_ahead,            clock,         wrong,   "clock_ahead"},
    {clock_unknown,          clock,         unknown, "clock_unknown"},
    {clock_unsynchronised,   clock,         caution, "clock_unsynchronised"},
    {name_fine,              dns,           fine,    "name_fine"},
    {name_unknown,           dns,           wrong,   "name_unknown"},
    {way_open,               connection,    fine,    "way_open"},
    {way_closed,             connection,    wrong,   "way_closed"},
    {way_refused,            connection,    wrong,   "way_refused"},
    {tls_fine,               tls,           fine,    "tls_fine"},
    {tls_ends_soon,          tls,           caution, "tls_ends_soon"},
    {tls_untrusted,          tls,           wrong,   "tls_untrusted"},
    {tls_wrong_name,         tls,           wrong,   "tls_wrong_name"},
    {tls_not_now,            tls,           wrong,   "tls_not_now"},
    {tls_refused,            tls,           wrong,   "tls_refused"},
    {account_fine,           account,       fine,    "account_fine"},
    {account_refused,        account,       wrong,   "account_refused"},
    {account_silent,         account,       wrong,   "account_silent"},
    {account_foreign,        account,       wrong,   "account_foreign"},
    {account_badly_signed,   account,       caution, "account_badly_signed"},
    {account_busy,           account,       caution, "account_busy"},
    {account_untried,        account,       unknown, "account_untried"},
    {terminal_fine,          terminal,      fine,    "terminal_fine"},
    {terminal_unbound,       terminal,      wrong,   "terminal_unbound"},
    {terminal_untried,       terminal,      unknown, "terminal_untried"},
    {port_free,              link,          fine,    "port_free"},
    {port_of_bridge,         link,          fine,    "port_of_bridge"},
    {port_not_open,          link,          caution, "port_not_open"},
    {port_taken,             link,          wrong,   "port_taken"},
    {port_not_ours,          link,          wrong,   "port_not_ours"},
    {port_privileged,        link,          wrong,   "port_privileged"},
    {port_fault,             link,          wrong,   "port_fault"},
    {port_exposed,           link,          caution, "port_exposed"},
    {serial_fine,            link,          fine,    "serial_fine"},
    {serial_of_bridge,       link,          fine,    "serial_of_bridge"},
    {serial_missing,         link,          wrong,   "serial_missing"},
    {serial_denied,          link,          wrong,   "serial_denied"},
    {serial_busy,            link,          wrong,   "serial_busy"},
    {serial_fault,           link,          wrong,   "serial_fault"},
    {serial_unstable,        link,          caution, "serial_unstable"},
    {serial_not_for_service, link,          wrong,   "serial_not_for_service"},
    {pty_fine,               link,          fine,    "pty_fine"},
    {pty_later,              link,          fine,    "pty_later"},
    {pty_no_folder,          link,          wrong,   "pty_no_folder"},
    {pty_in_the_way,         link,          wrong,   "pty_in_the_way"},
    {pty_fault,              link,          wrong,   "pty_fault"},
    {certificate_fine,       certificate,   fine,    "certificate_fine"},
    {certificate_ends_soon,  certificate,   caution, "certificate_ends_soon"},
    {certificate_ended,      certificate,   wrong,   "certificate_ended"},
    {certificate_fault,      certificate,   wrong,   "certificate_fault"},
    {disk_fine,              disk,          fine,    "disk_fine"},
    {disk_short,             disk,          caution, "disk_short"},
    {disk_full,              disk,          wrong,   "disk_full"},
    {disk_readonly,          disk,          wrong,   "disk_readonly"},
    {disk_volatile,          disk,          wrong,   "disk_volatile"},
    {disk_network,           disk,          wrong,   "disk_network"},
    {journal_fine,           journal,       fine,    "journal_fine"},
    {journal_none,           journal,       fine,    "journal_none"},
    {journal_no_folder,      journal,       wrong,   "journal_no_folder"},
    {journal_unseen,         journal,       unknown, "journal_unseen"},
    {journal_damaged,        journal,       wrong,   "journal_damaged"},
    {journal_too_new,        journal,       wrong,   "journal_too_new"},
    {journal_attention,      journal,       caution, "journal_attention"},
    {log_fine,               topic::log,    fine,    "log_fine"},
    {log_denied,             topic::log,    wrong,   "log_denied"},
    {service_fine,           service,       fine,    "service_fine"},
    {service_disabled,       service,       caution, "service_disabled"},
    {service_failed,         service,       wrong,   "service_failed"},
    {service_absent,         service,       caution, "service_absent"},
    {bridge_runs,            service,       fine,    "bridge_runs"},
    {bridge_rests,           service,       caution, "bridge_rests"},
}};
// clang-format on

constexpr bool in_order()
{
    for (std::size_t i = 0; i < rows.size(); ++i)
        if (static_cast<std::size_t>(rows[i].what) != i) return false;
    return true;
}
static_assert(in_order(), "the rows are in the order of symptom");

const symptom_row& row_of(symptom what) noexcept
{
    return rows[static_cast<std::size_t>(what)];
}

struct title {
    std::string_view name;  // of the JSON
    std::string_view in[3];
};

// clang-format off
constexpr title topic_titles[] = {
    {"configuration", {"Configuration", "配置",     "設定"}},
    {"secret",        {"Secrets",       "密钥文件", "密鑰檔案"}},
    {"pos_key",       {"POS-KEY",       "POS-KEY",  "POS-KEY"}},
    {"clock",         {"Clock",         "时钟",     "時鐘"}},
    {"dns",           {"Name (DNS)",    "名称（DNS）", "名稱（DNS）"}},
    {"connection",    {"Connection",    "网络连接", "網絡連接"}},
    {"tls",           {"TLS",           "TLS",      "TLS"}},
    {"account",       {"Account",       "账户",     "帳戶"}},
    {"terminal",      {"Terminal",      "终端",     "終端"}},
    {"link",          {"Link",          "收银机连接", "收銀機連接"}},
    {"certificate",   {"Certificate",   "证书",     "證書"}},
    {"disk",          {"Disk",          "磁盘",     "磁碟"}},
    {"journal",       {"Journal",       "订单账本", "訂單帳本"}},
    {"log",           {"Log",           "日志",     "日誌"}},
    {"service",       {"Service",       "服务",     "服務"}},
};
constexpr title verdict_titles[] = {
    {"fine",    {"fine",    "正常",     "正常"}},
    {"caution", {"look",    "注意",     "注意"}},
    {"wrong",   {"WRONG",   "有问题",   "有問題"}},
    {"unknown", {"unknown", "无法检查", "無法檢查"}},
};
// clang-format on

/// The text with its values in their places. A value's own braces stay.
std::string filled(std::string_view text, const std::vector<std::string>& values)
{
    std::string made;
    while (!text.empty()) {
        const auto open = text.find('{');
        made += text.substr(0, open);
        if (open == std::string_view::npos) break;
        const auto index = static_cast<std::size_t>(text[open + 1] - '0');
        if (index < values.size()) made += values[index];
        text.remove_prefix(open + 3);  // "{0}"; a test reads every text
    }
    return made;
}

}  // namespace

std::string_view name_of(symptom what) noexcept
{
    return row_of(what).name;
}

std::string_view name_of(topic which) noexcept
{
    return topic_titles[static_cast<std::size_t>(which)].name;
}

std::string_view name_of(verdict how) noexcept
{
    return verdict_titles[static_cast<std::size_t>(how)].name;
}

topic topic_of(symptom what) noexcept
{
    return row_of(what).about;
}

verdict verdict_of(symptom what) noexcept
{
    return row_of(what).how;
}

std::string_view title_of(topic which, language in) noexcept
{
    return topic_titles[static_cast<std::size_t>(which)].in[static_cast<std::size_t>(in)];
}

std::string_view title_of(verdict how, language in) noexcept
{
    return verdict_titles[static_cast<std::size_t>(how)].in[static_cast<std::size_t>(in)];
}

const symptom_text& text_of(symptom what, language in) noexcept
{
    const auto index = static_cast<std::size_t>(what);
    switch (in) {
        case language::en: break;
        case language::zh_hans: return texts_zh_hans[index];
        case language::zh_hant: return texts_zh_hant[index];
    }
    return texts_en[index];
}

std::string reason_of(const finding& found, language in)
{
    return filled(text_of(found.what, in).reason, found.values);
}

std::string cure_of(const finding& found, language in)
{
    return filled(text_of(found.what, in).cure, found.values);
}

}  // namespace doctor
}  // namespace ecr::daemon
