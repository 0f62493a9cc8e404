#pragma once

#include "daemon/config_reader.hpp"

#include <map>
#include <span>
#include <string>
#include <vector>

namespace ecr::daemon {

/// How many links one run of the bridge can open beside those it was started with.
inline constexpr std::size_t links_added_max = 64;

/// What a changed configuration means for a bridge that runs.
struct reload_plan {
    std::vector<std::string> at_once;     // settings that are in force from now on: "[orders] late"
    std::vector<std::string> at_restart;  // settings that wait for the next start
    std::vector<std::string> new_links;   // names of links to open

    [[nodiscard]] bool changes_nothing() const
    {
        return at_once.empty() && at_restart.empty() && new_links.empty();
    }
};

/// Compares two configurations, key by key. At once: [log], [orders] but for the hour at which a
/// day begins, [enquiry], drain_s, and links that are new; all of these wait, if [cloud] or a
/// terminal or a merchant has to. All else is what running orders and connected tills rest on.
[[nodiscard]] reload_plan plan_reload(std::span<const config_section> now,
                                      std::span<const config_section> fresh);

/// What a bridge that runs goes by: the configuration it was started with, and what reloads have
/// changed of it since.
class settings_in_force {
public:
    explicit settings_in_force(std::span<const config_section> started_with);

    /// As plan_reload(), beside what is in force.
    [[nodiscard]] reload_plan plan(std::span<const config_section> fresh) const;

    /// Takes over what has been carried out: `done` is a plan without what could not be.
    void take(std::span<const config_section> fresh, const reload_plan& done);

    /// One table, by what people call it: "[orders]", "[[link]] shop". Values as TOML.
    struct table {
        std::string section;
        std::string title;
        std::map<std::string, std::string> settings;
    };

private:
    std::map<std::string, table> tables_;  // by title
};

}  // namespace ecr::daemon
