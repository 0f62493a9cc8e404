#include "daemon/cli/journal_commands.hpp"

#include "daemon/cli/exit_code.hpp"
#include "daemon/cli/journal_place.hpp"
#include "store/journal_copy.hpp"

#include <CLI/CLI.hpp>
#include <ctime>
#include <filesystem>
#include <iostream>

namespace ecr::cli {
namespace {

namespace fs = std::filesystem;

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
    journal_place place;

    [[nodiscard]] exit_code run() const
    {
        if (verify->parsed()) return report(what.empty() ? place.find(std::cout) : what);
        store::copy_journal(place.find(std::cout), to);
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
        p.place.add_options(*sub);
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
