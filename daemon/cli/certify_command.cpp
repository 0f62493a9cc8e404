#include "daemon/cli/certify_command.hpp"

#include "daemon/certify/certify_report.hpp"
#include "daemon/cli/exit_code.hpp"
#include "daemon/cli/till_actor.hpp"
#include "daemon/clock.hpp"
#include "daemon/config_file.hpp"
#include "daemon/logging.hpp"
#include "daemon/setup/safe_file.hpp"
#include "protocol/errc.hpp"
#include "protocol/timestamp.hpp"
#include "store/lock_file.hpp"

#include <boost/system/system_error.hpp>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <filesystem>
#include <iostream>
#include <optional>
#include <stdexcept>

namespace ecr::cli {
namespace {

namespace certify = daemon::certify;

std::vector<std::string> names_of_trials()
{
    std::vector<std::string> all;
    for (const auto& each : certify::trials())
        all.emplace_back(each.name);
    return all;
}

}  // namespace

struct certify_command::parts {
    CLI::App* sub = nullptr;
    std::string config_file;  // empty: one TCP link
    std::string link;         // empty: all of the configuration
    std::uint16_t port = 9100;
    std::string command;  // empty: a person works the till
    std::vector<std::string> only;
    std::string report;  // empty: named after the moment
    std::string till;
    daemon::real_clock time;
    std::optional<store::lock_file> bridge_away;

    /// Keeps the bridge of that journal from starting, as long as its links are used here: a
    /// terminal of a till must have one bridge at its other end. Throws while it runs.
    void take_place_of_bridge(const std::filesystem::path& journal)
    {
        const auto lock = store::lock_path_of(journal);
        // Not made here: it would be whoever runs this that owns it, and not the bridge.
        if (!std::filesystem::exists(lock)) return;
        try {
            bridge_away.emplace(lock);
        } catch (const boost::system::system_error& failed) {
            if (failed.code() == make_error_code(errc::journal_in_use))
                throw std::runtime_error{"the bridge of " + config_file + " runs (" +
                                         failed.what() +
                                         "): stop it first, its tills would find "
                                         "a simulated QFPay in its place"};
            throw std::runtime_error{std::string{"whether the bridge of "} + config_file +
                                     " runs cannot be told: " + failed.what()};
        }
    }

    [[nodiscard]] std::vector<daemon::link_config> links()
    {
        if (config_file.empty()) return {};
        std::string text;
        if (const auto problem = daemon::read_config_text(config_file, text); !problem.empty())
            throw std::runtime_error{problem};
        daemon::config_report mistakes;
        auto settings = daemon::parse_config(text, mistakes);
        if (!settings) throw std::runtime_error{mistakes.to_text(config_file)};
        take_place_of_bridge(settings->journal);
        std::erase_if(settings->links,
                      [&](const auto& each) { return !link.empty() && each.name != link; });
        if (settings->links.empty()) throw std::runtime_error{config_file + " has no link " + link};
        return std::move(settings->links);
    }

    /// One that no till has used today.
    [[nodiscard]] std::string number_of(certify::trial which) const
    {
        const auto seconds =
            std::chrono::duration_cast<std::chrono::seconds>(time.wall().time_since_epoch())
                .count();
        return "C" + std::to_string(seconds % 10'000'000) +
               std::to_string(10 + static_cast<int>(which));
    }

    /// Trials that some ways to the bridge do not have. Empty: this one can be made.
    static std::string obstacle(const certify::stage& on, certify::trial which)
    {
        if (which == certify::trial::lost_reply && on.address().empty())
            return "Only on a network something stands between till and bridge.";
        if (which == certify::trial::refund && on.paid_number().empty())
            return "Nothing has been paid that could be refunded.";
        return {};
    }

    void write(const certify::certificate_report& all) const
    {
        auto file = report;
        if (file.empty()) {
            const auto stamp = to_iso8601(all.made).substr(0, 16);
            file = "certificate-" + stamp + ".html";
            std::ranges::replace(file, ':', '-');
        }
        const auto written =
            daemon::write_whole(file, certify::html_of(all), 0644, daemon::over::worthless);
        if (!written.problem.empty()) throw std::runtime_error{written.problem};
        std::cout << "\nReport: " << file << '\n';
    }

    [[nodiscard]] exit_code run()
    {
        daemon::set_up_logging({.level = "error"});  // what goes wrong here is meant to
        certify::stage_plan plan{.links = links(), .port = port, .pace = {}};
        if (command.empty()) plan.pace = certify::pace::of_people();
        certify::stage on{std::move(plan)};
        certify::certificate_report all{.till = till,
                                        .version = ECR_VERSION,
                                        .links = on.where(),
                                        .made = time.wall(),
                                        .trials = {}};
        std::cout << "A simulated QFPay: no money moves. The till finds the bridge here:\n";
        for (const auto& each : all.links)
            std::cout << "  " << each << '\n';
        auto actor = command.empty() ? make_person() : make_program(command);
        for (const auto& text : certify::trials()) {
            const bool wanted = only.empty() || std::ranges::count(only, text.name) > 0;
            if (!wanted) continue;
            auto& one = all.trials.emplace_back();
            one.began = time.wall();
            one.seen.which = text.which;
            if (auto why = obstacle(on, text.which); !why.empty()) {
                std::cout << text.title << ": skipped. " << why << '\n';
                one.judged = {certify::mark::skipped, std::move(why)};
                continue;
            }
            on.begin(text.which);
            const auto shows = actor->play(on, text.which, number_of(text.which));
            if (!shows) {
                all.trials.pop_back();
                std::cout << "\nThe answers have ended.\n";
                break;
            }
            one.seen = on.end();
            one.seen.shows = *shows;
            one.judged = certify::judge(one.seen);
            one.trace = on.trace();
            actor->told(one.judged);
        }
        write(all);
        const bool passed = certify::passes(all);
        std::cout << (passed ? "The till has passed.\n" : "The till has NOT passed.\n");
        return passed ? exit_code::done : exit_code::not_paid;
    }
};

certify_command::certify_command(CLI::App& app) : parts_{std::make_unique<parts>()}
{
    auto& p = *parts_;
    p.sub = app.add_subcommand("certify",
                               "Try a till with everything that can go wrong, and write a report");
    auto* config = p.sub->add_option("--config", p.config_file,
                                     "Take the links, and so the dialects, of this configuration");
    p.sub->add_option("--link", p.link, "Only this one of them")->needs(config);
    p.sub->add_option("--port", p.port, "Without a configuration: the TCP port; 0 is any free one")
        ->capture_default_str()
        ->excludes(config);
    p.sub->add_option("--run", p.command,
                      "A till that is a program: this command rings up each sale. It finds "
                      "ECR_CASE, ECR_BRIDGE, ECR_ORDER, ECR_AMOUNT and ECR_OF in its environment, "
                      "and ends with 0 when it shows paid, with 1 when it shows not paid");
    p.sub->add_option("--only", p.only, "Only these trials")
        ->delimiter(',')
        ->check(CLI::IsMember(names_of_trials()));
    p.sub->add_option("--report", p.report, "The report, HTML; else certificate-DATE.html here");
    p.sub->add_option("--till", p.till, "What is certified, for the report");
    p.sub->footer(
        "With --config the bridge must not run: its tills find this one in its place. No money "
        "moves.\n"
        "Exit codes: 0 the till has passed, 1 it has not, 2 it could not be tried.");
}

certify_command::~certify_command() = default;

bool certify_command::chosen() const
{
    return parts_->sub->parsed();
}

int certify_command::serve()
{
    try {
        return static_cast<int>(parts_->run());
    } catch (const std::exception& failed) {
        std::cerr << "ecrbridge: certify: " << failed.what() << '\n';
        return static_cast<int>(exit_code::refused);
    }
}

}  // namespace ecr::cli
