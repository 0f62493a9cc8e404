#include "daemon/cli/setup_command.hpp"

#include "daemon/cli/setup_run.hpp"

#include <CLI/CLI.hpp>

namespace ecr::cli {

struct setup_command::parts {
    CLI::App* setup = nullptr;
    setup_options how;
};

setup_command::setup_command(CLI::App& app) : parts_{std::make_unique<parts>()}
{
    auto& how = parts_->how;
    auto& setup = *app.add_subcommand(
        "setup", "Write the bridge's configuration: asks, tries links and account, stores the key");
    parts_->setup = &setup;
    setup.footer(
        "What options and answers say is not asked for. The client key comes from\n"
        "--client-key-from, the environment variable ECRBRIDGE_CLIENT_KEY, or is asked for.\n"
        "Exit codes: 0 written, 1 it would not work and nothing was written, 2 wrong usage.");
    setup.add_option("--config", how.config_file, "The file to write")->capture_default_str();
    setup.add_option("--answers", how.answers_file,
                     "File with answers: tables and keys as in the configuration");
    setup.add_flag_callback(
        "--no-questions", [&how] { how.asks = false; }, "Ask nothing: options and answers say all");
    setup.add_flag("--replace", how.replace,
                   "A configuration or key that is there is kept beside the new one");
    setup.add_flag_callback(
        "--no-try", [&how] { how.tries = false; }, "Try neither links nor account");
    setup.add_flag("--start", how.start, "Start the service afterwards, now and at every boot");
    setup.add_option("--client-key-from", how.key_from,
                     "File with the client key; -: standard input");
    const auto account = [&](const std::string& option, const std::string& key,
                             const std::string& about) {
        return setup.add_option_function<std::string>(
            option, [&how, key](const std::string& value) { how.account.emplace_back(key, value); },
            about);
    };
    auto* region = account("--region", "region", "Where the account is: hk, hk-test, …");
    auto* url = account("--url", "url", "Instead: https:// and a host");
    region->excludes(url);
    account("--ca-file", "ca_file", "Certificates to trust, in PEM; else the system's");
    account("--app-code", "app_code", "The developer's code, from QFPay");
    account("--mchid", "mchid", "Only for those who were told to send it");
    account("--currency", "currency", "The account's; must be said outside Hong Kong");
    account("--signature", "signature", "md5 or sha256");
    setup.add_option("--terminal", how.terminals, "ID or ID,NAME of a terminal; may be repeated")
        ->expected(1)
        ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
    setup
        .add_option("--link", how.links,
                    "NAME,KIND,WHERE of a link and its settings: shop,tcp,127.0.0.1:9100,"
                    "channel=wx; may be repeated")
        ->expected(1)
        ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
    setup
        .add_option("--set", how.settings, "Any other setting: SECTION.KEY=VALUE; may be repeated")
        ->expected(1)
        ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
}

setup_command::~setup_command() = default;

bool setup_command::chosen() const
{
    return parts_->setup->parsed();
}

int setup_command::serve()
{
    return run_setup(parts_->how);
}

}  // namespace ecr::cli
