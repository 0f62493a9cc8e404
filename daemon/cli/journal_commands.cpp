#include "daemon/cli/journal_commands.hpp"

#include "daemon/cli/exit_code.hpp"
#include "daemon/setup/old_config.hpp"
#include "store/journal_copy.hpp"

#include <CLI/CLI.hpp>
#include <ctime>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>
#include <stdexcept>

namespace ecr::cli {
namespace {

namespace fs = std::filesystem;

constexpr auto usual_journal = "/var/lib/ecrbridge/journal.db";

/// In this machine's time, as people write it.
std::string date_of(timestamp when)
{
    const auto seconds = std::chrono::system_clock::to_time_t(when);
    std::tm parts{};
    char text[32];
    ::localtime_r(&seconds, &parts);
    return {text, std::strftime(text, sizeof text, "%Y-%m-%d %H:%M:%S", &parts)};
}

std::string counted(std::int64_t count, const std::string& what)
{
    return std::to_string(count) + " " + what + (count == 1 ? "" : "s");
}

exit_code report(const fs::path& file)
{
    const auto found = store::examine_journal(file);
    if (!found.problems.empty()) {
        for (const auto& problem : found.problems)
            std::cout << file.string() << ": " << problem << '\n';
        std::cout << file.string()
                  << ": DAMAGED. Keep it, and restore the newest copy that is whole; "
                  << "\"ecrbridge rebuild\" brings back the payments since then\n";
        return exit_code::not_paid;
    }
    std::cout << file.string() << ": whole. " << counted(found.orders, "order") << ", "
              << counted(found.steps, "step") << ", " << found.attention
              << " to be looked at, schema " << found.schema;
    if (found.newest) std::cout << ", the newest order of " << date_of(*found.newest);
    std::cout << '\n';
    return exit_code::done;
}

}  // namespace

struct journal_commands::parts {
    CLI::App* backup = nullptr;
    CLI::App* verify = nullptr;
    fs::path to;
    fs::path what;
    fs::path journal;
    fs::path config_file = "/etc/ecrbridge/ecrbridged.toml";

    /// That of --journal, else of the configuration, else, when there is none, the usual one. Says
    /// which. Throws when a configuration does not: another journal's copy would be taken for the
    /// bridge's.
    [[nodiscard]] fs::path journal_file() const
    {
        if (!journal.empty()) return journal;
        std::error_code unknown;
        const bool absent = fs::status(config_file, unknown).type() == fs::file_type::not_found;
        const auto file = absent ? fs::path{usual_journal} : named_in_config();
        std::cout << "Journal: " << file.string() << " ("
                  << (absent ? "the usual one; there is no " : "named in ") << config_file.string()
                  << ")\n";
        return file;
    }

    /// Its other mistakes do not matter: whoever wants to save the journal has no time for them.
    [[nodiscard]] fs::path named_in_config() const
    {
        std::ifstream in{config_file, std::ios::binary};
        if (!in) throw std::runtime_error{"cannot read " + config_file.string()};
        const std::string text{std::istreambuf_iterator<char>{in}, {}};
        const auto name = daemon::old_config{text}.journal();
        if (!name)
            throw std::runtime_error{config_file.string() +
                                     " does not say where the journal is: say --journal FILE"};
        return *name;
    }

    [[nodiscard]] exit_code run() const
    {
        if (verify->parsed()) return report(what.empty() ? journal_file() : what);
        store::copy_journal(journal_file(), to);
        return report(to);
    }
};

journal_commands::journal_commands(CLI::App& app) : parts_{std::make_unique<parts>()}
{
    auto& p = *parts_;
    p.backup = app.add_subcommand("backup", "Copy the journal, also while the bridge runs");
    p.backup->add_option("FILE", p.to, "The copy; must not be there yet")->required();
    p.verify = app.add_subcommand("verify", "Check the journal, or a copy of it");
    p.verify->add_option("FILE", p.what, "What to check; else the bridge's own journal");
    for (auto* sub : {p.backup, p.verify}) {
        auto* named = sub->add_option("--journal", p.journal, "The bridge's journal");
        sub->add_option("--config", p.config_file, "The configuration that names it")
            ->capture_default_str()
            ->excludes(named);
        sub->footer(
            "Whoever asks must be able to read the journal: root.\n"
            "Exit codes: 0 whole, 1 damaged, 2 it could not be read or written.");
    }
}

journal_commands::~journal_commands() = default;

bool journal_commands::chosen() const
{
    return parts_->backup->parsed() || parts_->verify->parsed();
}

int journal_commands::serve()
{
    try {
        return static_cast<int>(parts_->run());
    } catch (const std::exception& failed) {
        std::cerr << "ecrbridge: " << failed.what() << '\n';
        return static_cast<int>(exit_code::refused);
    }
}

}  // namespace ecr::cli
