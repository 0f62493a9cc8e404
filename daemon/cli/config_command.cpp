#include "daemon/cli/config_command.hpp"

#include "daemon/cli/exit_code.hpp"
#include "daemon/config_file.hpp"
#include "daemon/reload.hpp"
#include "daemon/usual_places.hpp"
#include "protocol/json.hpp"

#include <CLI/CLI.hpp>
#include <iostream>
#include <sstream>

namespace ecr::cli {

struct config_command::parts {
    CLI::App* check = nullptr;
    std::string config_file = daemon::usual_config().string();
    std::string before;  // empty: nothing to compare with

    [[nodiscard]] std::vector<std::string> problems(daemon::config_loading& read) const
    {
        read = daemon::load_config(config_file, daemon::secrets_for::check);
        std::vector<std::string> all;
        std::istringstream lines{read.problem};
        for (std::string line; std::getline(lines, line);)
            all.push_back(line);
        return all;
    }

    /// Nothing: the one of before cannot be read.
    [[nodiscard]] std::optional<daemon::reload_plan> compared(const std::string& text) const
    {
        std::string old;
        daemon::config_report none;
        if (!daemon::read_config_text(before, old).empty()) return std::nullopt;
        const auto was = daemon::read_sections(old, none);
        const auto is = daemon::read_sections(text, none);
        if (!was || !is) return std::nullopt;
        return daemon::plan_reload(*was, *is);
    }

    static void show(const char* what, const std::vector<std::string>& all)
    {
        for (const auto& each : all)
            std::cout << "  " << what << each << '\n';
    }
};

config_command::config_command(CLI::App& app) : parts_{std::make_unique<parts>()}
{
    auto& p = *parts_;
    p.check = app.add_subcommand("check-config", "Say all that is wrong with a configuration");
    p.check->fallthrough();
    p.check->add_option("FILE", p.config_file, "The configuration")->capture_default_str();
    p.check->add_option("--since", p.before,
                        "The one a bridge was started with: say what a reload puts in force, and "
                        "what waits for a restart");
    p.check->footer("Exit codes: 0 it is fine, 1 it is not.");
}

config_command::~config_command() = default;

bool config_command::chosen() const
{
    return parts_->check->parsed();
}

int config_command::serve(bool as_json)
{
    const auto& p = *parts_;
    daemon::config_loading read;
    const auto problems = p.problems(read);
    const auto plan = p.before.empty() || !problems.empty() ? std::nullopt : p.compared(read.text);
    if (as_json) {
        json made{{"file", p.config_file}, {"fine", problems.empty()}, {"problems", problems}};
        if (plan) {
            made["at_once"] = plan->at_once;
            made["new_links"] = plan->new_links;
            made["at_restart"] = plan->at_restart;
        }
        std::cout << to_text(made) << '\n';
    } else {
        for (const auto& problem : problems)
            std::cout << problem << '\n';
        if (problems.empty()) std::cout << p.config_file << ": fine\n";
        if (!p.before.empty() && problems.empty() && !plan)
            std::cout << "  it cannot be compared: " << p.before << " cannot be read\n";
        if (plan) {
            parts::show("at once:    ", plan->at_once);
            parts::show("new link:   ", plan->new_links);
            parts::show("at restart: ", plan->at_restart);
        }
    }
    return static_cast<int>(problems.empty() ? exit_code::done : exit_code::not_paid);
}

}  // namespace ecr::cli
