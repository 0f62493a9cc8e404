#include "daemon/app.hpp"
#include "daemon/limits.hpp"
#include "daemon/link/link_language.hpp"
#include "daemon/logging.hpp"
#include "daemon/rehearsal/rehearsal.hpp"
#include "daemon/secret.hpp"
#include "daemon/service/heartbeat.hpp"
#include "daemon/service/service_manager.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/system/system_error.hpp>

#include <CLI/CLI.hpp>
#include <csignal>
#include <exception>
#include <fstream>
#include <iostream>
#include <optional>
#include <string>

namespace ecr::daemon {
namespace {

constexpr int exit_failure = 1;
constexpr int exit_configuration = 2;  // RestartPreventExitStatus= in the unit: no restart helps
constexpr int exit_journal = 3;

struct arguments {
    std::string config_file = "/etc/ecrbridge/ecrbridged.toml";
    bool check = false;
    bool rehearse = false;
    rehearsal::options stage;
    std::string pty;
};

/// Reads the file. Gives what is wrong, for people; empty: nothing.
std::string read_config(const std::string& file, std::string& text)
{
    std::ifstream in{file, std::ios::binary};
    if (!in) return "cannot read " + file;
    text.resize(limits::config_size_max + 1);
    in.read(text.data(), static_cast<std::streamsize>(text.size()));
    if (in.bad()) return "cannot read " + file + ": it is no file";  // a folder, most likely
    text.resize(static_cast<std::size_t>(in.gcount()));
    if (text.size() > limits::config_size_max) return file + " is too long for a configuration";
    return {};
}

/// The configuration of the file and its key; nothing when there is something to repair, which has
/// been said.
struct loaded {
    config settings;
    std::vector<merchant_secrets> secrets;
};
std::optional<loaded> load(const arguments& chosen, service_manager& manager)
{
    const auto complain = [&](const std::string& sentence) {
        std::cerr << "ecrbridged: " << sentence << "\n";
        manager.status("Cannot start: " + sentence);
        return std::nullopt;
    };
    std::string text;
    if (auto problem = read_config(chosen.config_file, text); !problem.empty())
        return complain(problem);
    config_report report;
    auto settings = parse_config(text, report);
    if (!settings) {
        std::cerr << report.to_text(chosen.config_file);
        manager.status("Cannot start: " + report.to_text(chosen.config_file));
        return std::nullopt;
    }
    auto secrets =
        read_secrets(*settings, chosen.check ? secrets_for::check : secrets_for::service);
    if (!secrets.problem.empty()) return complain(secrets.problem);
    // Read again for each hello; that nobody could say it is better known now.
    const auto can_look = [&](const std::filesystem::path& file) {
        return !file.empty() && !(chosen.check && only_the_service_sees(file));
    };
    for (const auto& link : settings->links) {
        const bool look = link.pos_key_file.empty() || can_look(link.pos_key_file);
        if (const auto language = language_of(link); look && !language.problem.empty())
            return complain("link " + link.name + ": " + language.problem);
        if (!can_look(link.token_file)) continue;
        const auto token = read_secret_file(link.token_file);
        if (!token.problem.empty())
            return complain("link " + link.name + ": token: " + token.problem);
    }
    return loaded{std::move(*settings), std::move(secrets.all)};
}

/// The shop's links, to be rehearsed in their dialects. False: it has been said what is wrong.
bool take_links(arguments& chosen)
{
    std::string text;
    config_report report;
    auto problem = read_config(chosen.config_file, text);
    const auto settings = problem.empty() ? parse_config(text, report) : std::nullopt;
    if (!settings) {
        std::cerr << (problem.empty() ? report.to_text(chosen.config_file)
                                      : "ecrbridged: " + problem + "\n");
        return false;
    }
    chosen.stage.links = settings->links;
    return true;
}

/// Runs a bridge until a signal or a failure of its journal.
class process {
public:
    process(const arguments& chosen, service_manager& manager) : chosen_{chosen}, manager_{manager}
    {}

    int run(std::optional<loaded> from_file)
    {
        if (chosen_.rehearse) {
            rehearsal_.emplace(io_.get_executor(), clock_, chosen_.stage);
            from_file = loaded{rehearsal_->settings(), {}};
            from_file->secrets.push_back({.client_key = rehearsal_->client_key(),
                                          .proxy_password = {},
                                          .notification_key = {}});
        }
        set_up_logging(from_file->settings.log);
        drain_ = from_file->settings.drain;
        app::options how;
        how.secrets = std::move(from_file->secrets);
        how.on_broken = [this] {
            status_ = exit_journal;
            stop();
        };
        bridge_.emplace(io_.get_executor(), clock_, std::move(from_file->settings), std::move(how));
        wait_for_signal();
        spawn(start());
        io_.run();
        return status_;
    }

private:
    void spawn(asio::awaitable<void> task)
    {
        asio::co_spawn(io_, std::move(task), [](std::exception_ptr failed) {
            if (failed) std::rethrow_exception(failed);
        });
    }

    asio::awaitable<void> start()
    {
        co_await bridge_->start();
        bridge_->learn_time();
        if (rehearsal_) std::cout << rehearsal_->how_to_reach(*bridge_) << std::flush;
        log(log_level::info, "bridge.ready", {});
        manager_.ready(sentence());
        spawn(heart_.run());
    }

    /// Maintainer scripts of the package read the number of orders from it.
    std::string sentence() const
    {
        const auto orders = std::to_string(bridge_->awaited_orders());
        if (stopping_) return "Stopping. Orders in hand: " + orders;
        return "Ready. Links: " + std::to_string(bridge_->links().size()) +
               ". Orders in hand: " + orders;
    }

    void wait_for_signal()
    {
        signals_.async_wait([this](const boost::system::error_code& failed, int signal) {
            if (failed) return;
            log(log_level::info, "bridge.signal", {{"signal", std::to_string(signal)}});
            if (stopping_) bridge_->hurry();
            stop();
            wait_for_signal();
        });
    }

    void stop()
    {
        if (stopping_) return;
        stopping_ = true;
        manager_.stopping(sentence(), drain_ + limits::stop_margin);
        spawn(end());
    }

    asio::awaitable<void> end()
    {
        co_await bridge_->stop();
        log(log_level::info, "bridge.stopped", {});
        if (rehearsal_) rehearsal_->stop();
        signals_.cancel();
        heart_.stop();
        io_.stop();
    }

    const arguments& chosen_;
    service_manager& manager_;
    milliseconds drain_{};
    int status_ = 0;
    bool stopping_ = false;
    real_clock clock_;  // before the context: its handlers hold alarms
    asio::io_context io_{1};
    asio::signal_set signals_{io_, SIGINT, SIGTERM};
    std::optional<rehearsal> rehearsal_;
    std::optional<app> bridge_;
    heartbeat heart_{io_.get_executor(),
                     clock_,
                     manager_,
                     {.answers = [this] { return bridge_->answers(); },
                      .sentence = [this] { return sentence(); }}};
};

int run(const arguments& chosen)
{
    std::signal(SIGPIPE, SIG_IGN);  // a till that left is an error value, not the end
    std::signal(SIGXFSZ, SIG_IGN);  // nor is a file that may not grow: its writer hears EFBIG
    auto manager = service_manager::from_environment();
    std::optional<loaded> from_file;
    if (!chosen.rehearse) {
        from_file = load(chosen, manager);
        if (!from_file) return exit_configuration;
        if (chosen.check) {
            std::cout << chosen.config_file << ": fine\n";
            return 0;
        }
    }
    try {
        return process{chosen, manager}.run(std::move(from_file));
    } catch (const std::exception& failed) {
        std::cerr << "ecrbridged: " << failed.what() << "\n";
        manager.status("Failed: " + std::string{failed.what()});
        return exit_failure;
    }
}

}  // namespace
}  // namespace ecr::daemon

int main(int argc, char** argv)
{
    ecr::daemon::arguments chosen;
    CLI::App app{"Bridge between tills and QFPay's terminals", "ecrbridged"};
    const auto* file =
        app.add_option("--config", chosen.config_file,
                       "Configuration (TOML); with --rehearse only its links are used")
            ->capture_default_str();
    app.add_flag("--check-config", chosen.check, "Check the configuration and end");
    app.add_flag("--rehearse", chosen.rehearse,
                 "Run against a built-in simulated cloud with a throw-away journal");
    app.add_option("--rehearse-port", chosen.stage.port, "TCP port for tills; 0 is any free one")
        ->capture_default_str();
    app.add_option("--rehearse-pty", chosen.pty, "Name of the virtual serial port");
    app.add_flag("--rehearse-fast", chosen.stage.fast, "Shoppers who do not think");
    app.set_version_flag("--version", ECR_VERSION);
    CLI11_PARSE(app, argc, argv);
    chosen.stage.pty = chosen.pty;
    if (chosen.rehearse && !file->empty() && !ecr::daemon::take_links(chosen))
        return ecr::daemon::exit_configuration;
    return ecr::daemon::run(chosen);
}
