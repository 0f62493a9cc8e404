#include "daemon/cli/setup_run.hpp"

#include "daemon/cli/exit_code.hpp"
#include "daemon/cli/questioner.hpp"
#include "daemon/cli/service_control.hpp"
#include "daemon/environment.hpp"
#include "daemon/limits.hpp"
#include "daemon/link/pseudo_terminal.hpp"
#include "daemon/secret.hpp"
#include "daemon/setup/old_config.hpp"
#include "daemon/setup/safe_file.hpp"
#include "daemon/setup/serial_ports.hpp"
#include "daemon/setup/setup_text.hpp"
#include "daemon/setup/setup_trial.hpp"
#include "store/journal_copy.hpp"

#include <cstdlib>
#include <fstream>
#include <iostream>
#include <iterator>
#include <optional>

namespace ecr::cli {
namespace {

namespace fs = std::filesystem;
using daemon::over;

constexpr auto key_variable = "ECRBRIDGE_CLIENT_KEY";
const fs::path service_config = daemon::usual_config();

/// Ends a setup with a sentence; main's last resort is for orders, and none is made here.
struct gave_up {
    exit_code code;
    std::string sentence;
};

[[noreturn]] void give_up(const std::string& sentence, exit_code code = exit_code::refused)
{
    throw gave_up{code, sentence};
}

/// Nothing: it cannot be read. A text longer than a configuration may be is cut after that.
std::optional<std::string> content_of(std::istream& in)
{
    std::string text(daemon::limits::config_size_max + 1, '\0');
    in.read(text.data(), static_cast<std::streamsize>(text.size()));
    if (in.bad() || (!in.eof() && in.gcount() == 0)) return std::nullopt;
    text.resize(static_cast<std::size_t>(in.gcount()));
    return text;
}

std::string trimmed(const std::string& text)
{
    constexpr auto blanks = " \t\r\n";
    const auto first = text.find_first_not_of(blanks);
    if (first == std::string::npos) return {};
    return text.substr(first, text.find_last_not_of(blanks) - first + 1);
}

const char* mark_of(daemon::trial_verdict verdict)
{
    switch (verdict) {
        case daemon::trial_verdict::fine: return "fine   ";
        case daemon::trial_verdict::unsure: return "unsure ";
        case daemon::trial_verdict::wrong: return "WRONG  ";
    }
    return "";
}

class setup_run {
public:
    explicit setup_run(const setup_options& how) : how_{how} {}

    void run()
    {
        read_options();
        look_at_old();
        if (how_.asks) converse();
        const auto settings = settle();
        look_at_open_orders(settings);
        if (how_.tries) try_out(settings);
        std::error_code failed;  // whoever writes into it says so
        fs::create_directories(how_.config_file.parent_path(), failed);
        write_files();
        start(settings);
    }

private:
    [[nodiscard]] bool for_service() const { return how_.config_file == service_config; }

    void read_options()
    {
        if (!how_.answers_file.empty()) read_answers();
        for (const auto& [key, value] : how_.account) {
            plan_.put("cloud", key, value);
        }
        const auto take = [](const std::string& problem) {
            if (!problem.empty()) give_up(problem);
        };
        for (const auto& terminal : how_.terminals)
            take(put_terminal(plan_, terminal));
        for (const auto& link : how_.links)
            take(put_link(plan_, link));
        for (const auto& setting : how_.settings)
            take(put_setting(plan_, setting));
        read_key();
    }

    void read_answers()
    {
        std::ifstream in{how_.answers_file, std::ios::binary};
        const auto text = in ? content_of(in) : std::nullopt;
        if (!text) give_up("cannot read " + how_.answers_file);
        daemon::config_report report;
        auto sections = daemon::read_sections(*text, report);
        if (!sections) give_up(trimmed(report.to_text(how_.answers_file)));
        plan_ = daemon::setup_plan{std::move(*sections)};
    }

    /// From a file, standard input or the environment. Never from the command line, which every
    /// user of the machine can read.
    void read_key()
    {
        if (how_.key_from == "-") {
            if (how_.asks) give_up("--client-key-from - needs --no-questions");
            key_ = trimmed(content_of(std::cin).value_or(""));
            if (key_.empty()) give_up("no client key came from standard input");
        } else if (!how_.key_from.empty()) {
            auto [key, problem] = daemon::read_secret_file(how_.key_from);
            if (!problem.empty()) give_up("--client-key-from: " + problem);
            key_ = std::move(key);
        } else if (const auto given = daemon::environment_variable(key_variable)) {
            key_ = trimmed(*given);
            if (key_.empty()) give_up(std::string{key_variable} + " is empty");
        }
        if (const auto problem = daemon::key_problem(key_); !problem.empty())
            give_up("the client key " + problem);
    }

    /// Whether something is there that must not simply be replaced.
    void look_at_old()
    {
        std::ifstream in{how_.config_file, std::ios::binary};
        if (!in) return;
        const auto old = content_of(in);
        if (!old) give_up("cannot read " + how_.config_file.string() + ": it is no file");
        over_config_ = *old == daemon::sample_config() ? over::worthless : over::nothing;
        if (over_config_ == over::worthless) return;
        old_.emplace(*old);
        if (how_.replace) {
            over_config_ = over::existing;
        } else if (how_.asks) {
            const auto yes =
                questions_.confirm(how_.config_file.string() + " is there already. Make a new one?",
                                   false, {"The present one is kept beside it."});
            if (!yes.value_or(false)) give_up("nothing was changed");
            over_config_ = over::existing;
        } else {
            give_up(how_.config_file.string() +
                    " is there already: with --replace it is kept beside the new one");
        }
        keep_journal();
    }

    /// The new configuration goes on with the journal of the old one. With another the bridge would
    /// know none of its orders: open ones would never be asked about again, and a number that a
    /// till repeats would be sent twice.
    void keep_journal()
    {
        const auto before = old_->journal();
        const bool says = plan_.find("bridge", "journal") != nullptr;
        if (!before && says) return;
        if (!before)
            give_up(how_.config_file.string() +
                    " does not say where the journal is: say it, with --set bridge.journal=FILE");
        if (!says) return plan_.put("bridge", "journal", before->string());
        const fs::path said = plan_.text("bridge", "journal");
        std::error_code unknown;
        // One that was moved, or never begun, is not left behind.
        const bool is_gone = fs::status(*before, unknown).type() == fs::file_type::not_found;
        if (said == *before || is_gone) return;
        const auto what = "the journal is " + before->string() + "; with " + said.string() +
                          " the bridge would know none of its orders";
        if (!how_.asks)
            give_up(what +
                    ". Leave bridge.journal out, or stop the bridge and move the file first");
        const auto yes = questions_.confirm("Begin another journal all the same?", false, {what});
        if (!yes.value_or(false)) give_up("nothing was changed");
    }

    /// Another account says of orders that are not its own that there are none, and they would be
    /// taken for unpaid.
    void look_at_open_orders(const daemon::config& settings) const
    {
        if (!old_ || old_->has_accounts_in(settings)) return;
        std::error_code unknown;
        if (fs::status(settings.journal, unknown).type() == fs::file_type::not_found) return;
        const auto open = store::count_open_orders(settings.journal);
        if (open == 0) return;
        give_up(
            settings.journal.string() + " has " + std::to_string(open) +
            " open order(s) of another account than this one. Let the bridge end them with the "
            "present configuration first; \"ecrbridge orders\" shows them. Nothing was changed");
    }

    /// Where the client key belongs; empty: it is not ours to write.
    [[nodiscard]] fs::path key_file() const
    {
        const auto credential = plan_.text("cloud", "client_key_credential");
        if (!credential.empty() && credential != "client-key") return {};
        const fs::path named = plan_.text("cloud", "client_key_file");
        return named.empty() ? how_.config_file.parent_path() / "client.key" : named;
    }

    [[nodiscard]] bool key_is_stored() const
    {
        return daemon::read_secret_file(key_file()).problem.empty();
    }

    void converse()
    {
        std::cout << "This writes " << how_.config_file.string()
                  << ".\nAn empty answer takes what is in brackets.\n";
        daemon::setup_talk talk{plan_,
                                {.serial_ports = daemon::serial_ports(),
                                 .key_is_stored = key_is_stored(),
                                 .key_is_given = !key_.empty() || key_file().empty(),
                                 .virtual_ports = daemon::pseudo_terminal::are_there()}};
        while (const auto question = talk.next()) {
            const auto answer = questions_.ask(*question);
            if (!answer) give_up("the answers have ended; nothing was written");
            if (const auto problem = talk.answer(*answer); !problem.empty())
                questions_.refuse(problem);
        }
        plan_ = talk.plan();
        if (!talk.client_key().empty()) key_ = talk.client_key();
    }

    /// The configuration as the bridge will read it.
    daemon::config settle()
    {
        const auto folder = how_.config_file.parent_path();
        const auto journal = for_service() ? daemon::usual_journal() : folder / "journal.db";
        const auto key = for_service() ? daemon::usual_key() : folder / "client.key";
        const auto log = for_service() ? daemon::usual_log() : fs::path{};
        if (!log.empty() && plan_.find("log", "file") == nullptr)
            plan_.put("log", "file", log.string());
        daemon::complete(plan_, key.string(), journal.string());
        daemon::config_report report;
        if (!daemon::config_of(plan_.sections(), report)) complain(report);
        if (!key_.empty() && key_file().empty())
            give_up("a client key was given, but it is to be the service's credential " +
                    plan_.text("cloud", "client_key_credential") +
                    ", whose file setup does not know: leave out the key, or "
                    "client_key_credential");
        if (key_.empty() && !key_file().empty() && !key_is_stored())
            give_up("no client key: say --client-key-from FILE, set " + std::string{key_variable} +
                    ", or write it into " + key_file().string() + " (mode 0600)");
        text_ = daemon::setup_text(daemon::sample_config(), plan_.sections());
        auto settings = daemon::parse_config(text_, report);
        // A fault of ours; better found here than by the bridge.
        if (!settings) give_up("what was to be written is wrong:\n" + report.to_text("line"));
        return std::move(*settings);
    }

    [[noreturn]] void complain(const daemon::config_report& report) const
    {
        std::string all;
        for (const auto& [line, text] : report.problems) {
            if (line > 0) all += how_.answers_file + ":" + std::to_string(line) + ": ";
            all += text + "\n";
        }
        give_up(trimmed(all));
    }

    void try_out(const daemon::config& settings)
    {
        std::cout << "\nTrying links and account\n" << std::flush;
        auto findings = daemon::try_links(settings);
        const auto key = key_.empty() ? daemon::read_secret_file(key_file()).secret : key_;
        if (!key.empty())
            for (auto& finding : daemon::try_cloud(settings, key))
                findings.push_back(std::move(finding));
        bool works = true;
        for (const auto& [verdict, what, text] : findings) {
            std::cout << "  " << mark_of(verdict) << what << ": " << text << '\n';
            works = works && verdict != daemon::trial_verdict::wrong;
        }
        if (works) return;
        constexpr auto nothing_written = "it would not work like this; nothing was written";
        if (!how_.asks)
            give_up(std::string{nothing_written} + ". With --no-try it is", exit_code::not_paid);
        const auto yes = questions_.confirm("Something is wrong. Write it all the same?", false);
        if (!yes.value_or(false)) give_up(nothing_written, exit_code::not_paid);
    }

    /// Both, or none: a key of one account beside the configuration of another helps nobody.
    void write_files() const
    {
        daemon::file_in_waiting config{how_.config_file, text_, 0, over_config_};
        if (!config.problem().empty()) give_up(config.problem());
        std::cout << '\n';
        if (!key_.empty()) {
            // Whoever agreed to a new configuration agreed to a new key.
            const auto how = how_.replace || over_config_ == over::existing || how_.asks
                                 ? over::existing
                                 : over::nothing;
            daemon::file_in_waiting key{key_file(), daemon::kept_form(key_) + "\n", 0600, how};
            if (!key.problem().empty())
                give_up("client key: " + key.problem() +
                        (how == over::nothing ? "; say --replace" : ""));
            show("Stored:  ", key_file().string() + " (the client key, mode 0600)",
                 key.take_place());
        }
        show("Written: ", how_.config_file.string(), config.take_place());
    }

    static void show(const std::string& done, const std::string& what,
                     const daemon::file_written& written)
    {
        if (!written.problem.empty()) give_up(written.problem);
        std::cout << done << what << '\n';
        if (!written.old.empty()) std::cout << "Kept:    " << written.old.string() << '\n';
    }

    void start(const daemon::config& settings)
    {
        const bool can = for_service() && can_start_service();
        bool wanted = how_.start;
        if (how_.start && !can)
            give_up("written, but not started: only the service of " + service_config.string() +
                    " can be");
        if (!wanted && can && how_.asks)
            wanted = questions_.confirm("Start the service, now and at every boot?", true)
                         .value_or(false);
        if (wanted) {
            const auto problem = start_service(settings);
            if (!problem.empty()) give_up("written, but " + problem);
            std::cout << "Started. It is ready for tills; a first payment of 1.00 and its refund "
                         "prove the rest.\n";
            return;
        }
        if (can)
            std::cout << "\nStart it with:  " << how_to_start() << "\n";
        else
            std::cout << "\nTry it with:  ecrbridged --rehearse --config "
                      << how_.config_file.string() << '\n';
    }

    const setup_options& how_;
    questioner questions_;
    daemon::setup_plan plan_;
    std::optional<daemon::old_config> old_;  // what is to be replaced
    std::string key_;
    std::string text_;
    over over_config_ = over::nothing;
};

}  // namespace

int run_setup(const setup_options& how)
{
    try {
        auto absolute = how;
        absolute.config_file = fs::absolute(how.config_file);
        setup_run{absolute}.run();
        return static_cast<int>(exit_code::done);
    } catch (const gave_up& why) {
        std::cerr << "ecrbridge: setup: " << why.sentence << '\n';
        return static_cast<int>(why.code);
    } catch (const std::exception& failed) {
        std::cerr << "ecrbridge: setup: " << failed.what() << '\n';
        return static_cast<int>(exit_code::refused);
    }
}

}  // namespace ecr::cli
