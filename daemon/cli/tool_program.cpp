// ecrbridge: the hand tool, and a sample of what a till has to do.
#include "daemon/cli/tool_program.hpp"

#include "daemon/cli/certificate_maker.hpp"
#include "daemon/cli/config_command.hpp"
#include "daemon/cli/conversation.hpp"
#include "daemon/cli/journal_commands.hpp"
#include "daemon/cli/machine_commands.hpp"
#include "daemon/cli/record_commands.hpp"
#include "daemon/cli/setup_command.hpp"
#include "daemon/cli/trace_commands.hpp"
#include "daemon/process_manners.hpp"
#include "daemon/secret.hpp"
#include "protocol/json.hpp"
#include "protocol/money.hpp"

#include <CLI/CLI.hpp>
#include <charconv>
#include <iostream>
#include <optional>
#include <unistd.h>

namespace ecr::cli {
namespace {

struct global_options {
    std::string bridge = "127.0.0.1:9100";
    bool raw_json = false;
    std::string token_file;
    std::string till;
    double retry_wait_s = 1;
    bool csv = false;
    std::optional<bool> draw;
    std::string certificate_folder;  // not empty: make-cert
    std::vector<std::string> certificate_names;
};

/// A sentence for a wrong amount, before anything is sent.
std::string amount_fault(const std::string& text)
{
    const auto amount = parse_amount(text);
    return amount ? std::string{}
                  : text + ": " + amount.error().message() + ", such as 110 for 1.10";
}

/// Decimal only: CLI11 would take 010 for octal.
std::optional<int> whole_number(const std::string& text)
{
    int number = 0;
    const auto* end = text.data() + text.size();
    const auto [last, failed] = std::from_chars(text.data(), end, number);
    if (failed != std::errc{} || last != end) return std::nullopt;
    return number;
}

CLI::Validator between(int min, int max)
{
    const auto fault = [min, max](const std::string& text) {
        const auto number = whole_number(text);
        return number && *number >= min && *number <= max
                   ? std::string{}
                   : text + ": must be a whole number from " + std::to_string(min) + " to " +
                         std::to_string(max);
    };
    return {fault, ""};
}

/// The subcommands. Each writes what was asked for into one command of the line dialect's JSON.
class command_line {
public:
    command_line()
    {
        app_.require_subcommand(1);
        app_.fallthrough();
        app_.footer(std::string{exit_codes_for_people});
        app_.set_version_flag("--version", ECR_VERSION);
        app_.add_option("--bridge", options_.bridge, "HOST:PORT of the bridge's line link")
            ->envname("ECRBRIDGE")
            ->capture_default_str();
        app_.add_flag("--json", options_.raw_json, "Show the bridge's JSON lines as they come");
        app_.add_option("--token-file", options_.token_file,
                        "File (mode 0600) with the link's token");
        app_.add_option("--till", options_.till, "Name to give as the till");
        app_.add_option("--retry-wait", options_.retry_wait_s,
                        "Seconds between two tries to find out about an order after the "
                        "connection broke")
            ->check(CLI::Range(0.0, 60.0))
            ->capture_default_str();
        add_money_commands();
        add_direct_commands();
        add_operator_commands();
        add_asking_commands();
        add_listing_commands();
        add_local_commands();
    }

    CLI::App& app() { return app_; }
    [[nodiscard]] const global_options& options() const { return options_; }
    [[nodiscard]] const json& command() const { return command_; }
    [[nodiscard]] trace_commands& traces() { return traces_; }
    [[nodiscard]] setup_command& setup() { return setup_; }
    [[nodiscard]] journal_commands& journals() { return journals_; }
    [[nodiscard]] config_command& configs() { return configs_; }
    [[nodiscard]] machine_commands& machine() { return machine_; }
    [[nodiscard]] record_commands& records() { return records_; }

    /// Asks for what a scan still lacks. False: nothing came.
    [[nodiscard]] bool read_customer_code()
    {
        if (command_.value("verb", "") != "scan" || command_.contains("auth_code")) return true;
        if (::isatty(STDIN_FILENO) != 0) std::cerr << "Scan the customer's code: " << std::flush;
        std::string code;
        std::getline(std::cin, code);
        if (code.ends_with('\r')) code.pop_back();
        if (code.empty()) return false;
        command_["auth_code"] = code;
        return true;
    }

private:
    CLI::App& add(const std::string& verb, const std::string& text)
    {
        auto& sub = *app_.add_subcommand(verb, text);
        sub.callback([this, verb] { command_["verb"] = verb; });
        return sub;
    }

    /// Puts an option's value under `key`.
    CLI::Option* text(CLI::App& sub, const std::string& option, const std::string& key,
                      const std::string& about)
    {
        const auto put = [this, key](const std::string& value) { command_[key] = value; };
        return sub.add_option_function<std::string>(option, put, about);
    }
    void number(CLI::App& sub, const std::string& option, const std::string& key, int max,
                const std::string& about)
    {
        const auto put = [this, key](const std::string& value) {
            command_[key] = whole_number(value).value();
        };
        sub.add_option_function<std::string>(option, put, about)->check(between(1, max));
    }
    CLI::Option* flag(CLI::App& sub, const std::string& option, const std::string& key,
                      const std::string& about)
    {
        return sub.add_flag_callback(
            option, [this, key] { command_[key] = true; }, about);
    }
    CLI::Option* amount(CLI::App& sub)
    {
        const auto put = [this](const std::string& value) {
            command_["amount"] = parse_amount(value).value().minor_units();
        };
        return sub.add_option_function<std::string>("AMOUNT", put, "Minor units: 110 is 1.10")
            ->check(CLI::Validator{amount_fault, ""});
    }

    void add_money_commands()
    {
        auto& pay = add("pay", "Let a customer pay at a terminal, and wait for the result");
        amount(pay)->required();
        text(pay, "--order", "order", "The till's number; asked again, it is the same order");
        text(pay, "--channel", "channel",
             "card_payment, wx, alipay, payme, union, fps, octopus, …");
        text(pay, "--terminal", "terminal", "Id or name");
        text(pay, "--scan", "scan", "mpm: the terminal shows a code; cpm: it scans the customer's")
            ->check(CLI::IsMember({"mpm", "cpm"}));
        number(pay, "--timeout", "timeout", 3600, "Seconds the customer has");
        flag(pay, "--new", "new", "Not the earlier sale of this till, though it looks the same");

        auto& refund = add("refund", "Give money of an earlier order back");
        text(refund, "OF", "of", "The payment: the till's number, out_trade_no or syssn")
            ->required();
        auto* sum = amount(refund);
        auto* all = flag(refund, "--all", "all", "All that has not been refunded yet");
        sum->excludes(all);
        refund.parse_complete_callback([sum, all] {
            if (sum->empty() && all->empty()) throw CLI::RequiredError{"AMOUNT or --all"};
        });
        text(refund, "--order", "order", "The till's number for the refund");
        text(refund, "--via", "via", "terminal or direct; else the way the money came")
            ->check(CLI::IsMember({"terminal", "direct"}));
        flag(refund, "--wait", "wait", "Between 23:30 and 00:30: wait until QFPay takes refunds");
        text(refund, "--terminal", "terminal", "Id or name");

        auto& cancel = add("cancel", "Ask for the running order to be cancelled");
        text(cancel, "--order", "order", "Which one; else this till's");
    }

    void direct_options(CLI::App& sub)
    {
        amount(sub)->required();
        text(sub, "--order", "order", "The till's number; asked again, it is the same order");
        text(sub, "--channel", "channel", "wx, alipay, payme, union, fps, …");
        text(sub, "--pay-type", "pay_type", "QFPay's six digits, in place of a channel");
        text(sub, "--currency", "currency", "HKD, …; else the merchant's");
        text(sub, "--goods", "goods", "What the customer's wallet shows");
        number(sub, "--timeout", "timeout", 3600, "Seconds the customer has");
        flag(sub, "--new", "new", "Not the earlier sale of this till, though it looks the same");
    }

    void add_direct_commands()
    {
        auto& scan = add("scan", "Take a payment with the customer's code, without a terminal");
        direct_options(scan);
        text(scan, "--auth-code", "auth_code",
             "The customer's code; else read from standard input, where no process list shows it");

        auto& qr = add("qr", "Show a code that the customer pays with, and wait for the result");
        direct_options(qr);
        qr.add_flag("--draw,!--no-draw", options_.draw,
                    "Draw the code; else only when standard output is a terminal");

        auto& close = add("close", "Ask that nobody can pay a shown code any more");
        text(close, "OF", "of", "The payment: number, out_trade_no or syssn")->required();
        auto& reverse = add("reverse", "Ask for a scanned payment of unknown outcome to be undone");
        text(reverse, "OF", "of", "The payment: number, out_trade_no or syssn")->required();
    }

    CLI::App& add_days_command(const std::string& verb, const std::string& about)
    {
        auto& sub = add(verb, about);
        auto* day = text(sub, "--day", "from", "One day, such as 2026-11-21");
        auto* from = text(sub, "--from", "from", "The first of several days");
        auto* to = text(sub, "--to", "to", "The last of them");
        day->excludes(from);
        to->needs(from);
        sub.parse_complete_callback([day, from] {
            if (day->empty() && from->empty()) throw CLI::RequiredError{"--day or --from"};
        });
        text(sub, "--merchant", "merchant", "Only this account; else all of them");
        sub.add_flag("--csv", options_.csv, "The rows as CSV, for a spreadsheet");
        return sub;
    }

    void add_operator_commands()
    {
        add_days_command("reconcile", "Compare the journal with QFPay's records");
        add_days_command("rebuild", "Restore the payments of a lost journal from QFPay's records");
        add_days_command("settlement", "What QFPay has settled");

        auto& resolve = add("resolve", "End an order by your word, or take it off the list");
        text(resolve, "ORDER", "order", "")->required();
        auto* paid = flag(resolve, "--paid", "paid", "You have found that the money has moved");
        auto* not_paid = resolve.add_flag_callback(
            "--not-paid", [this] { command_["paid"] = false; }, "That it has not");
        paid->excludes(not_paid);
        text(resolve, "--reason", "text", "How you know; kept in the order's history")->required();
    }

    void add_asking_commands()
    {
        text(add("status", "Where an order stands, from the journal"), "ORDER", "order", "")
            ->required();
        add("last", "Where the last order of this till stands");
        text(add("query", "The same, after asking the cloud now"), "ORDER", "order", "")
            ->required();
        auto& receipt = add("receipt", "Print an order's receipt on the terminal");
        text(receipt, "OF", "of", "The paid order")->required();
        text(receipt, "--terminal", "terminal", "Id or name");
        receipt
            .add_option_function<int>(
                "--columns", [this](int columns) { command_["columns"] = columns; },
                "Show it here instead, as a till's printer of so many columns would")
            ->check(CLI::IsMember({32, 40, 48}));
        auto& summary = add("summary", "Print the summary on the terminal");
        text(summary, "--terminal", "terminal", "Id or name");
        add("ping", "Whether the bridge is there, and whether it reaches the cloud");
    }

    void add_listing_commands()
    {
        auto& orders = add("orders", "The newest orders of the journal");
        text(orders, "--state", "state", "Only these: paid, in_doubt, …");
        flag(orders, "--attention", "attention", "Only those somebody has to look at");
        number(orders, "--limit", "limit", 500, "How many at most");
        text(add("show", "An order and its history"), "ORDER", "order", "")->required();
        add("terminals",
            "The terminals and whether they are free, and each merchant's way to the cloud: "
            "reached or not, its clock against ours, how many requests are left in this minute");
    }

    /// What needs no bridge.
    void add_local_commands()
    {
        auto& cert = *app_.add_subcommand(
            "make-cert", "Make a certificate for tills that want TLS, and an authority to trust");
        cert.add_option("DIR", options_.certificate_folder, "Folder for it; nothing is overwritten")
            ->required();
        cert.add_option("--name", options_.certificate_names,
                        "Name or address by which tills reach the bridge; may be repeated")
            ->required();
    }

    CLI::App app_{"Talks to ecrbridged as a till does.", "ecrbridge"};
    trace_commands traces_{app_};
    setup_command setup_{app_};
    journal_commands journals_{app_};
    config_command configs_{app_};
    machine_commands machine_{app_};
    record_commands records_{app_};
    global_options options_;
    json command_ = json::object();
};

int fail_usage(const std::string& sentence)
{
    std::cerr << "ecrbridge: " << sentence << '\n';
    return static_cast<int>(exit_code::refused);
}

output_style style_of(const global_options& options, bool on_terminal)
{
    if (options.raw_json) return output_style::json;
    if (options.csv) return output_style::csv;
    return on_terminal ? output_style::live : output_style::lines;
}

int serve_certificate(const global_options& options)
{
    const auto made = make_certificate(options.certificate_folder, options.certificate_names);
    if (!made.problem.empty()) return fail_usage("make-cert: " + made.problem);
    std::cout << made.what_to_do;
    return 0;
}

int serve(command_line& line)
{
    const auto& options = line.options();
    if (!options.certificate_folder.empty()) return serve_certificate(options);
    if (line.setup().chosen()) return line.setup().serve();
    if (line.journals().chosen()) return line.journals().serve();
    if (line.configs().chosen()) return line.configs().serve(options.raw_json);
    if (line.machine().chosen()) return line.machine().serve(options.raw_json);
    if (line.records().chosen()) return line.records().serve(options.raw_json);
    conversation_settings how{.bridge_text = options.bridge, .till = options.till};
    const auto address = parse_bridge_address(options.bridge);
    if (!address) return fail_usage("--bridge: " + options.bridge + " is not HOST:PORT");
    how.bridge = *address;
    how.retry_wait = milliseconds{static_cast<std::int64_t>(options.retry_wait_s * 1000)};
    if (!options.token_file.empty()) {
        auto [token, problem] = daemon::read_secret_file(options.token_file);
        if (!problem.empty()) return fail_usage("--token-file: " + problem);
        how.token = std::move(token);
    }
    if (line.traces().chosen()) return line.traces().serve(how, options.raw_json);
    if (!line.read_customer_code()) return fail_usage("scan: no code has come; nothing was sent");
    const bool on_terminal = ::isatty(STDOUT_FILENO) != 0;
    presenter out{style_of(options, on_terminal), options.draw.value_or(on_terminal)};
    const auto ended = conversation{std::move(how), out}.run(line.command());
    // Half a list would pass for a whole one. What became of money is told by the code alone.
    const bool whole = out.finish();
    return static_cast<int>(!whole && ended == exit_code::done ? exit_code::in_doubt : ended);
}

}  // namespace

int tool_program(int argc, char** argv)
{
    daemon::write_bytes_as_they_are();
    try {
        command_line line;
        try {
            line.app().parse(argc, argv);
        } catch (const CLI::ParseError& stopped) {
            // --help stops the parsing, too, and is no mistake.
            const int shown = line.app().exit(stopped);
            return shown == 0 ? 0 : static_cast<int>(exit_code::refused);
        }
        return serve(line);
    } catch (const std::exception& failed) {
        // Nothing above throws once a command is on its way; should it, money may have moved.
        std::cerr << "ecrbridge: " << failed.what() << "; do not ring again, ask for the status\n";
        return static_cast<int>(exit_code::in_doubt);
    }
}

}  // namespace ecr::cli
