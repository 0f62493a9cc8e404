#include "daemon/cli/support_command.hpp"

#include "daemon/cli/exit_code.hpp"
#include "daemon/cli/support_bundle.hpp"
#include "daemon/usual_places.hpp"

#include <CLI/CLI.hpp>
#include <filesystem>
#include <iostream>

namespace ecr::cli {

struct support_command::parts {
    CLI::App* sub = nullptr;
    std::filesystem::path file;
    std::filesystem::path config_file = daemon::usual_config();
    int days = 7;

    [[nodiscard]] exit_code run() const
    {
        const auto made = make_bundle(
            {.file = file, .config_file = config_file, .reach = std::chrono::days{days}});
        for (const auto& each : made.holds)
            std::cout << "  " << each << '\n';
        for (const auto& each : made.lacks)
            std::cout << "  not in it: " << each << '\n';
        for (const auto& each : made.unseen)
            std::cout << "  COULD NOT BE HIDDEN, should it be in it: " << each << '\n';
        const bool clean = made.unseen.empty();
        std::cout << "Written: " << file.string()
                  << (clean ? ". It holds no secret of the configuration, and no card number\n"
                            : ". Look for these secrets before you send it\n");
        return clean ? exit_code::done : exit_code::in_doubt;
    }
};

support_command::support_command(CLI::App& app) : parts_{std::make_unique<parts>()}
{
    auto& p = *parts_;
    p.sub = app.add_subcommand(
        "support", "Put what support needs into one file, without secrets and card numbers");
    p.sub->add_option("FILE", p.file, "A tar.gz; must not be there yet")->required();
    p.sub->add_option("--config", p.config_file, "The bridge's configuration")
        ->capture_default_str();
    p.sub->add_option("--days", p.days, "How far its orders reach back")
        ->check(CLI::Range(1, 366))
        ->capture_default_str();
    p.sub->footer(
        "Look into it before you send it: \"tar -tzf FILE\".\n"
        "Exit codes: 0 done, 2 it could not be made, 3 a secret could not be read, and so not be "
        "looked for.");
}

support_command::~support_command() = default;

bool support_command::chosen() const
{
    return parts_->sub->parsed();
}

int support_command::serve()
{
    try {
        return static_cast<int>(parts_->run());
    } catch (const std::exception& failed) {
        std::cerr << "ecrbridge: support: " << failed.what() << '\n';
        return static_cast<int>(exit_code::refused);
    }
}

}  // namespace ecr::cli
