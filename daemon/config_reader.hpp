#pragma once

#include "daemon/config.hpp"

#include <concepts>
#include <cstdint>
#include <filesystem>
#include <limits>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace ecr::daemon {

/// A value no key of ours takes: its TOML type, for people.
struct foreign_value {
    std::string_view type;
};

/// One "key = value" of a configuration file.
struct config_setting {
    std::string key;
    std::variant<bool, std::int64_t, double, std::string, std::vector<std::string>, foreign_value>
        value;
    int line = 0;
};

/// One table of a configuration file. Settings before the first header are a table without a name.
struct config_section {
    std::string name;
    bool repeated = false;  // [[name]], not [name]
    int line = 0;
    std::vector<config_setting> settings;

    [[nodiscard]] const config_setting* find(std::string_view key) const noexcept;
    /// Where the key is, or where it should have been.
    [[nodiscard]] int line_of(std::string_view key) const noexcept;
    /// "[name]" or "[[name]]".
    [[nodiscard]] std::string title() const;
};

/// Cuts TOML into sections. Nothing: it is not TOML, and the report says where.
[[nodiscard]] std::optional<std::vector<config_section>> read_sections(std::string_view toml,
                                                                       config_report& report);

/// What the sections say, checked as a whole; parse_config() without the TOML. Nothing: the report
/// has problems, with the lines that the sections carry.
[[nodiscard]] std::optional<config> config_of(std::span<const config_section> sections,
                                              config_report& report);

/// Hands one setting to the field it belongs to, or reports why it cannot be. A field keeps its
/// default then, so that the rest of the file can still be checked.
class setting_reader {
public:
    static constexpr std::size_t text_size_max = 256;
    static constexpr std::size_t path_size_max = 4096;

    setting_reader(const config_section& section, const config_setting& setting,
                   config_report& report)
        : section_{section}, setting_{setting}, report_{report}
    {}

    void text(std::string& into, std::size_t size_max = text_size_max);
    void path(std::filesystem::path& into);
    void yes_or_no(bool& into);
    /// A list of texts.
    void texts(std::vector<std::string>& into, std::size_t count_max);
    /// "127.0.0.1:9100" or "[::1]:9100", into a port and what stands before it.
    void address_and_port(std::string& address, std::uint16_t& port);

    template <std::integral Int>
    void whole(Int& into, std::int64_t min, std::int64_t max)
    {
        if (const auto got = whole_number(min, max)) into = static_cast<Int>(*got);
    }

    /// A key ending in _s: whole or fractional seconds.
    void seconds(milliseconds& into, milliseconds min, milliseconds max);

    /// One of a closed set of words.
    template <class T>
    void word(T& into, std::span<const std::pair<std::string_view, T>> words)
    {
        std::vector<std::string_view> allowed;
        for (const auto& [name, value] : words) {
            if (is_text(name)) {
                into = value;
                return;
            }
            allowed.push_back(name);
        }
        refuse_word(allowed);
    }

    /// Reports "SECTION KEY: why".
    void refuse(std::string_view why);

private:
    [[nodiscard]] std::optional<std::int64_t> whole_number(std::int64_t min, std::int64_t max);
    [[nodiscard]] bool is_text(std::string_view wanted) const noexcept;
    void refuse_word(std::span<const std::string_view> allowed);
    void refuse_type(std::string_view wanted);

    const config_section& section_;
    const config_setting& setting_;
    config_report& report_;
};

/// Reports every contradiction between settings that are each right by themselves, and what is
/// missing. The n-th terminal and link belong to the n-th section of that name.
void check_config(const config& settings, std::span<const config_section> sections,
                  config_report& report);

/// The same about accounts at QFPay, and about which terminal and link is whose.
void check_merchants(const config& settings, std::span<const config_section> all,
                     config_report& report);

/// What is wrong with an address that the bridge hands to QFPay; empty: nothing, or there is none.
/// Whatever passes here, protocol::cloud::to_form takes, too.
[[nodiscard]] std::string notify_url_problem(std::string_view text);
[[nodiscard]] std::string return_url_problem(std::string_view text);

/// "A-Z a-z 0-9 _ -", 1 to 20 of them: the bridge's own order numbers carry names to the cloud.
[[nodiscard]] bool is_name(std::string_view text);

}  // namespace ecr::daemon
