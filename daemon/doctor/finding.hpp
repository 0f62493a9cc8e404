#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace ecr::daemon {

enum class language : std::uint8_t { en, zh_hans, zh_hant };

/// "en", "zh-Hans" or "zh-Hant".
[[nodiscard]] std::string_view tag_of(language which) noexcept;

/// That of a tag, or of what LANG and LC_ALL hold: "zh_CN.UTF-8", "zh_HK". Else English.
[[nodiscard]] language language_of_locale(std::string_view text) noexcept;

namespace doctor {

/// What has been looked at. Words of the JSON: never rename.
enum class topic : std::uint8_t {
    configuration,
    secret,
    pos_key,
    clock,
    dns,
    connection,
    tls,
    account,
    terminal,
    link,
    certificate,
    disk,
    journal,
    log,
    service,
};

enum class verdict : std::uint8_t {
    fine,
    caution,  // it works; somebody should know
    wrong,    // tills cannot pay, or not for long
    unknown,  // it could not be looked at
};

/// What can be found, one row in every language each. Words of the JSON: never rename.
enum class symptom : std::uint8_t {
    config_fine,
    config_missing,
    config_unreadable,
    config_mistake,
    config_sample,
    config_test_host,
    secret_fine,
    secret_missing,
    secret_open,
    secret_fault,
    secret_unseen,
    pos_key_own,
    pos_key_published,
    pos_key_plain,
    clock_fine,
    clock_behind,
    clock_ahead,
    clock_unknown,
    clock_unsynchronised,
    name_fine,
    name_unknown,
    way_open,
    way_closed,
    way_refused,
    tls_fine,
    tls_ends_soon,
    tls_untrusted,
    tls_wrong_name,
    tls_not_now,
    tls_refused,
    account_fine,
    account_refused,
    account_silent,
    account_foreign,
    account_badly_signed,
    account_busy,
    account_untried,
    terminal_fine,
    terminal_unbound,
    terminal_untried,
    port_free,
    port_of_bridge,
    port_not_open,
    port_taken,
    port_not_ours,
    port_privileged,
    port_fault,
    port_exposed,
    serial_fine,
    serial_of_bridge,
    serial_missing,
    serial_denied,
    serial_busy,
    serial_fault,
    serial_unstable,
    serial_not_for_service,
    pty_fine,
    pty_later,
    pty_no_folder,
    pty_in_the_way,
    pty_fault,
    certificate_fine,
    certificate_ends_soon,
    certificate_ended,
    certificate_fault,
    disk_fine,
    disk_short,
    disk_full,
    disk_readonly,
    disk_volatile,
    disk_network,
    journal_fine,
    journal_none,
    journal_no_folder,
    journal_unseen,
    journal_damaged,
    journal_too_new,
    journal_attention,
    log_fine,
    log_denied,
    service_fine,
    service_disabled,
    service_failed,
    service_absent,
    bridge_runs,
    bridge_rests,
};
inline constexpr std::size_t symptoms_count = static_cast<std::size_t>(symptom::bridge_rests) + 1;

struct finding {
    symptom what{};
    std::vector<std::string> values = {};  // what stands for {0}, {1}, … in its texts

    friend bool operator==(const finding&, const finding&) = default;
};

/// "clock_behind", "clock", "caution".
[[nodiscard]] std::string_view name_of(symptom what) noexcept;
[[nodiscard]] std::string_view name_of(topic which) noexcept;
[[nodiscard]] std::string_view name_of(verdict how) noexcept;

[[nodiscard]] topic topic_of(symptom what) noexcept;
[[nodiscard]] verdict verdict_of(symptom what) noexcept;

/// A topic and a verdict as people read them.
[[nodiscard]] std::string_view title_of(topic which, language in) noexcept;
[[nodiscard]] std::string_view title_of(verdict how, language in) noexcept;

/// What has been found. Words of systems and of QFPay inside it stay as they are.
[[nodiscard]] std::string reason_of(const finding& found, language in);
/// What to do about it; empty only for what is fine.
[[nodiscard]] std::string cure_of(const finding& found, language in);

/// A symptom in one language.
struct symptom_text {
    symptom what{};
    std::string_view reason;
    std::string_view cure = {};
};

/// All of a language's, in the order of `symptom`.
[[nodiscard]] const symptom_text& text_of(symptom what, language in) noexcept;

}  // namespace doctor
}  // namespace ecr::daemon
