#include "daemon/bridge_program.hpp"

#include "daemon/app.hpp"
#include "daemon/config_file.hpp"
#include "daemon/limits.hpp"
#include "daemon/log_often.hpp"
#include "daemon/logging.hpp"
#include "daemon/process_manners.hpp"
#include "daemon/rehearsal/rehearsal.hpp"
#include "daemon/reload.hpp"
#include "daemon/service/heartbeat.hpp"
#include "daemon/service/service_manager.hpp"
#include "daemon/service/service_verbs.hpp"
#include "daemon/usual_places.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/system/system_error.hpp>

#include <CLI/CLI.hpp>
#include <csignal>
#include <exception>
#include <iostream>
#include <optional>
#include <string>

namespace ecr::daemon {
namespace {

constexpr int exit_failure = 1;
constexpr int exit_configuration = 2;  // RestartPreventExitStatus= in the unit: no restart helps
constexpr int exit_journal = 3;

struct arguments {
    std::string config_file = usual_config().string();
    bool check = false;
    bool rehearse = false;
    rehearsal::options stage;
    std::string pty;
};

/// The configuration of the file and its keys; nothing when there is something to repair, which has
/// been said.
std::optional<config_loading> load(const arguments& chosen, service_manager& manager)
{
    auto read =
        load_config(chosen.config_file, chosen.check ? secrets_for::check : secrets_for::service);
    if (read.settings) return read;
    const bool is_report = read.problem.ends_with('\n');
    std::cerr << (is_report ? read.problem : "ecrbridged: " + read.problem + "\n");
    manager.failed("Cannot start: " + read.problem);
    return std::nullopt;
}

/// The shop's links, to be rehearsed in their dialects. False: it has been said what is wrong.
bool take_links(arguments& chosen)
{
    std::string text;
    config_report report;
    auto problem = read_config_text(chosen.config_file, text);
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

    int run(config_loading from_file)
    {
        if (chosen_.rehearse) {
            rehearsal_.emplace(io_.get_executor(), clock_, chosen_.stage);
            from_file.settings = rehearsal_->settings();
            from_file.secrets.push_back({.client_key = rehearsal_->client_key(),
                                         .proxy_password = {},
                                         .notification_key = {}});
        }
        config_report none;  // it has been read without a fault
        if (!chosen_.rehearse) in_force_.emplace(read_sections(from_file.text, none).value());
        auto& settings = from_file.settings.value();
        set_up_logging(settings.log);
        drain_ = settings.drain;
        app::options how;
        how.version = ECR_VERSION;
        how.secrets = std::move(from_file.secrets);
        how.on_broken = [this] {
            status_ = exit_journal;
            stop();
        };
        bridge_.emplace(io_.get_executor(), clock_, std::move(settings), std::move(how));
        // A rehearsal ends with the window it runs in.
        if (const auto again = reload_signal(); again && !chosen_.rehearse) signals_.add(*again);
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
        ready_ = true;
        manager_.ready(sentence());
        spawn(heart_.run());
        spawn(say_held_back());
        if (reload_wanted_) reload();
    }

    /// What the log has held back of an outage is said although no line comes after it.
    asio::awaitable<void> say_held_back()
    {
        while (!stopping_) {
            next_line_.set(limits::nuisance_log_pace);
            (void)co_await next_line_.wait();
            pacing_.say_overdue();
        }
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
            if (signal == reload_signal()) {
                reload();
            } else {
                if (stopping_) bridge_->hurry();
                stop();
            }
            wait_for_signal();
        });
    }

    /// What is wrong with the new configuration changes nothing: the bridge goes on as it is.
    void reload()
    {
        if (stopping_) return;
        // What it says while the bridge starts is not lost.
        if (!ready_) {
            reload_wanted_ = true;
            return;
        }
        manager_.reloading();
        // Whatever is wrong with the file or with what it names: the orders in hand go on.
        try {
            const auto fresh = load_config(chosen_.config_file, secrets_for::service);
            if (fresh.settings)
                put_in_force(fresh);
            else
                log(log_level::error, "config.refused",
                    {{"file", chosen_.config_file}, {"why", fresh.problem}});
        } catch (const std::exception& failed) {
            log(log_level::error, "config.refused",
                {{"file", chosen_.config_file}, {"why", failed.what()}});
        }
        manager_.ready(sentence());
    }

    void put_in_force(const config_loading& fresh)
    {
        config_report none;  // it has been read without a fault
        const auto sections = read_sections(fresh.text, none).value();
        auto plan = in_force_->plan(sections);
        for (const auto& problem : bridge_->reload(*fresh.settings, plan.new_links))
            log(log_level::error, "config.not_done", {{"why", problem}});
        drain_ = fresh.settings->drain;
        try {
            set_up_logging(fresh.settings->log);
        } catch (const std::exception& failed) {
            log(log_level::error, "config.not_done", {{"why", failed.what()}});
            std::erase_if(plan.at_once,
                          [](const auto& what) { return what.starts_with("[log] "); });
        }
        in_force_->take(sections, plan);
        for (const auto& what : plan.at_once)
            log(log_level::info, "config.in_force", {{"setting", what}});
        for (const auto& what : plan.at_restart)
            log(log_level::warning, "config.at_restart", {{"setting", what}});
        log(log_level::info, "config.reloaded",
            {{"in_force", plan.at_once.size()},
             {"new_links", plan.new_links.size()},
             {"at_restart", plan.at_restart.size()}});
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
        next_line_.cancel();
        io_.stop();
    }

    const arguments& chosen_;
    service_manager& manager_;
    milliseconds drain_{};
    int status_ = 0;
    bool stopping_ = false;
    bool ready_ = false;
    bool reload_wanted_ = false;  // before it was ready
    std::optional<settings_in_force> in_force_;
    real_clock clock_;  // before the context: its handlers hold alarms
    log_pacing pacing_{clock_};
    asio::io_context io_{1};
    asio::signal_set signals_{io_, SIGINT, SIGTERM};
    alarm next_line_{io_.get_executor(), clock_};
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
    auto manager = service_manager::from_environment();
    config_loading from_file;
    if (!chosen.rehearse) {
        auto read = load(chosen, manager);
        if (!read) return exit_configuration;
        from_file = std::move(*read);
        if (chosen.check) {
            std::cout << chosen.config_file << ": fine\n";
            return 0;
        }
    }
    try {
        return process{chosen, manager}.run(std::move(from_file));
    } catch (const std::exception& failed) {
        std::cerr << "ecrbridged: " << failed.what() << "\n";
        manager.failed("Failed: " + std::string{failed.what()});
        return exit_failure;
    }
}

/// The bridge with the arguments of a command line.
int run_bridge(int argc, char** argv)
{
    arguments chosen;
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
    app.add_option("--rehearse-page", chosen.stage.page_port,
                   "TCP port for the status page; 0 is any free one")
        ->capture_default_str();
    app.add_option("--rehearse-pty", chosen.pty, "Name of the virtual serial port");
    app.add_flag("--rehearse-fast", chosen.stage.fast, "Shoppers who do not think");
    app.set_version_flag("--version", ECR_VERSION);
    CLI11_PARSE(app, argc, argv);
    chosen.stage.pty = chosen.pty;
    if (chosen.rehearse && !file->empty() && !take_links(chosen)) return exit_configuration;
    return run(chosen);
}

}  // namespace

int bridge_program(int argc, char** argv)
{
    outlive_peers();
    write_bytes_as_they_are();
    const auto verb = run_service_verb(argc, argv, run_bridge);
    return verb ? *verb : run_bridge(argc, argv);
}

}  // namespace ecr::daemon
