#include "daemon/reload.hpp"

#include "daemon/setup/setup_text.hpp"

#include <algorithm>
#include <map>
#include <set>
#include <utility>

namespace ecr::daemon {
namespace {

using named_table = settings_in_force::table;
using keys_and_values = decltype(named_table::settings);
using tables = std::map<std::string, named_table>;

std::string name_in(const config_section& section)
{
    for (const auto* key : {"name", "id"})
        if (const auto* found = section.find(key))
            if (const auto* text = std::get_if<std::string>(&found->value)) return *text;
    return {};
}

/// By title. A table may come in several pieces: "[a]" and dotted keys.
tables tables_of(std::span<const config_section> sections)
{
    tables all;
    for (const auto& section : sections) {
        auto title = section.title();
        if (section.repeated) title += " " + name_in(section);
        auto& into = all[title];
        into.section = section.name;
        into.title = title;
        for (const auto& setting : section.settings)
            into.settings[setting.key] = toml_of(setting.value);
    }
    return all;
}

bool is_live(const std::string& section, const std::string& key)
{
    if (section == "bridge") return key == "drain_s";
    // A till's order number of today must stay the same number all day.
    if (section == "orders") return key != "day_starts_hour";
    return section == "log" || section == "enquiry";
}

class comparison {
public:
    comparison(const tables& now, std::span<const config_section> fresh)
        : now_{now}, fresh_{tables_of(fresh)}
    {}

    reload_plan run()
    {
        std::set<std::string> titles;
        for (const auto* side : {&now_, &fresh_})
            for (const auto& [title, table] : *side)
                titles.insert(title);
        for (const auto& title : titles)
            compare(title);
        hold_links_back();
        return std::move(plan_);
    }

private:
    /// A new link may name a terminal or a merchant that is not known yet, or rest on what its
    /// account is about to become: all of them wait with that, and one line says so.
    void hold_links_back()
    {
        std::string with;
        for (const auto& what : plan_.at_restart)
            if (what.starts_with("[[terminal]]") || what.starts_with("[[merchant]]") ||
                what.starts_with("[cloud]"))
                with.append(with.empty() ? "" : ", ").append(what);
        if (with.empty() || plan_.new_links.empty()) return;
        std::string all;
        for (const auto& name : std::exchange(plan_.new_links, {}))
            all.append(all.empty() ? "[[link]] " : ", ").append(name);
        plan_.at_restart.push_back(all + ", held back with " + with);
    }

    void compare(const std::string& title)
    {
        const auto before = now_.find(title);
        const auto after = fresh_.find(title);
        const bool repeated = title.starts_with("[[");
        if (after == fresh_.end()) {
            if (repeated) return plan_.at_restart.push_back(title);
            return compare(before->second, before->second.settings, {});
        }
        if (before == now_.end()) {
            if (!repeated) return compare(after->second, {}, after->second.settings);
            if (after->second.section != "link") return plan_.at_restart.push_back(title);
            return plan_.new_links.push_back(title.substr(title.find(' ') + 1));
        }
        compare(before->second, before->second.settings, after->second.settings);
    }

    void compare(const named_table& table, const keys_and_values& before,
                 const keys_and_values& after)
    {
        std::set<std::string> keys;
        for (const auto* side : {&before, &after})
            for (const auto& [key, value] : *side)
                keys.insert(key);
        for (const auto& key : keys) {
            const auto was = before.find(key);
            const auto is = after.find(key);
            const bool same = was != before.end() && is != after.end() && was->second == is->second;
            if (same) continue;
            auto& list = is_live(table.section, key) ? plan_.at_once : plan_.at_restart;
            list.push_back(table.title + " " + key);
        }
    }

    const tables& now_;
    const tables fresh_;
    reload_plan plan_;
};

}  // namespace

reload_plan plan_reload(std::span<const config_section> now, std::span<const config_section> fresh)
{
    return settings_in_force{now}.plan(fresh);
}

settings_in_force::settings_in_force(std::span<const config_section> started_with)
    : tables_{tables_of(started_with)}
{}

reload_plan settings_in_force::plan(std::span<const config_section> fresh) const
{
    return comparison{tables_, fresh}.run();
}

void settings_in_force::take(std::span<const config_section> fresh, const reload_plan& done)
{
    auto all = tables_of(fresh);
    for (const auto& what : done.at_once) {
        const auto space = what.rfind(' ');
        const auto title = what.substr(0, space);
        const auto key = what.substr(space + 1);
        auto& into = tables_[title];
        const auto& from = all[title];
        if (into.title.empty()) {
            into.section = from.section;
            into.title = title;
        }
        into.settings.erase(key);
        if (const auto found = from.settings.find(key); found != from.settings.end())
            into.settings.insert(*found);
    }
    for (const auto& name : done.new_links) {
        const auto title = "[[link]] " + name;
        tables_[title] = all.at(title);
    }
}

}  // namespace ecr::daemon
