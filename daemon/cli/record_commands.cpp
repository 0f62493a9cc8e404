#include "daemon/cli/record_commands.hpp"

#include "daemon/cli/exit_code.hpp"
#include "daemon/cli/export_file.hpp"
#include "daemon/cli/journal_place.hpp"
#include "daemon/cli/order_export.hpp"
#include "daemon/clock.hpp"
#include "protocol/timestamp.hpp"
#include "store/lock_file.hpp"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <iostream>
#include <stdexcept>
#include <thread>

namespace ecr::cli {
namespace {

namespace fs = std::filesystem;

// What can still be refunded, asked about or settled is not forgotten.
constexpr int keep_days_min = 62;
// For a bridge that wants to write, too. It asks for the lock at least every 100 ms before it gives
// up, so it gets it.
constexpr std::chrono::milliseconds breath{200};

/// The beginning of a day in QFPay's time, as `reconcile` has it.
timestamp start_of(const std::string& day)
{
    const auto start = parse_cloud_time(day + " 00:00:00");
    if (!start) throw std::runtime_error{day + " is no day, such as 2026-11-21"};
    return *start;
}

/// The journal is opened before what is written over it, so nothing would be saved.
void require_no_journal(const fs::path& target, const fs::path& journal)
{
    const auto beside = [&](const char* ending) { return fs::path{journal.string() + ending}; };
    for (const auto& part : {journal, beside("-wal"), beside("-shm"), beside("-journal"),
                             store::lock_path_of(journal)}) {
        std::error_code unlike;  // one of them is not there
        const bool same = fs::equivalent(target, part, unlike) ||
                          fs::weakly_canonical(target) == fs::weakly_canonical(part);
        if (same)
            throw std::runtime_error{target.string() + " is the journal, or a part of it: " +
                                     "write the export elsewhere"};
    }
}

}  // namespace

struct record_commands::parts {
    CLI::App* exporting = nullptr;
    CLI::App* pruning = nullptr;
    journal_place place;
    std::string from;
    std::string to;
    fs::path file;  // empty: standard output
    bool history = false;
    bool spreadsheet = false;
    int keep_days = 0;

    void add_export(CLI::App& app)
    {
        exporting = app.add_subcommand("export", "The orders as CSV, or with --json as JSON");
        exporting->fallthrough();
        exporting->add_option("FILE", file, "Where to; else standard output");
        auto* first = exporting->add_option("--from", from, "The first day, such as 2026-11-21");
        exporting->add_option("--to", to, "The last day")->needs(first);
        exporting
            ->add_option_function<std::string>(
                "--day", [this](const std::string& day) { from = to = day; }, "One day alone")
            ->excludes(first);
        exporting->add_flag("--history", history, "With every step of each order; JSON only");
        exporting->add_flag("--excel", spreadsheet,
                            "With the mark by which Excel knows that the text is UTF-8");
        place.add_options(*exporting);
        exporting->footer(
            "Days are QFPay's (UTC+8), times are in UTC. Columns are never renamed or moved; new\n"
            "ones come at the end. A FILE of before stays until the new one is whole. Exit codes:\n"
            "0 done, 2 it could not be read or written, 3 not all of it was written.");
    }

    void add_prune(CLI::App& app)
    {
        pruning = app.add_subcommand("prune", "Forget orders that are over and old");
        pruning->add_option("--keep-days", keep_days, "How many days stay")
            ->required()
            ->check(CLI::Range(keep_days_min, 36'500));
        place.add_options(*pruning);
        pruning->footer(
            "Whatever its age, an order stays that is not final or that waits for somebody; and a\n"
            "payment stays with its refunds. A till's number is no longer known afterwards. Also\n"
            "while the bridge runs: a little at a time. Days are counted back from the newest\n"
            "change of an order: a clock that is ahead does no harm. The journal must be of this\n"
            "program's version. Make an export or a backup before.");
    }

    [[nodiscard]] store::extract_range range() const
    {
        store::extract_range made;
        if (!from.empty()) made.since = start_of(from);
        if (!to.empty()) made.before = start_of(to) + std::chrono::days{1};
        return made;
    }

    [[nodiscard]] exit_code run_export(bool as_json) const
    {
        const auto journal = place.find(std::cerr);
        const auto days = range();
        if (!file.empty()) require_no_journal(file, journal);
        export_file into{file};
        if (spreadsheet && !as_json) into.out() << "\xEF\xBB\xBF";
        order_export out{into.out(), as_json ? export_format::json : export_format::csv, history};
        bool whole = true;
        store::extract_orders(journal, days, [&](const store::extracted_order& each) {
            return whole = out.add(each);
        });
        whole = out.finish() && whole && into.take_place();
        std::cerr << out.count() << " order(s)"
                  << (whole ? "" : ", and not all: it cannot be written") << '\n';
        return whole ? exit_code::done : exit_code::in_doubt;
    }

    [[nodiscard]] exit_code run_prune() const
    {
        const auto journal = place.find(std::cout);
        daemon::real_clock time;
        // A clock that is years ahead must not make everything old.
        const auto now = std::min(time.wall(), store::newest_change(journal).value_or(time.wall()));
        const auto before = now - std::chrono::days{keep_days};
        const auto all =
            store::forget_orders(journal, before,
                                 {.now = [&] { return time.now(); },
                                  .breathe = [] { std::this_thread::sleep_for(breath); }});
        std::cout << "Forgotten: " << all.orders << " order(s) and " << all.notifications
                  << " notification(s) of before " << to_iso8601(before) << '\n';
        return exit_code::done;
    }
};

record_commands::record_commands(CLI::App& app) : parts_{std::make_unique<parts>()}
{
    parts_->add_export(app);
    parts_->add_prune(app);
}

record_commands::~record_commands() = default;

bool record_commands::chosen() const
{
    const auto& p = *parts_;
    return p.exporting->parsed() || p.pruning->parsed();
}

int record_commands::serve(bool as_json)
{
    const auto& p = *parts_;
    try {
        const auto ended = p.exporting->parsed() ? p.run_export(as_json) : p.run_prune();
        return static_cast<int>(ended);
    } catch (const std::exception& failed) {
        std::cerr << "ecrbridge: " << failed.what() << '\n';
        return static_cast<int>(exit_code::refused);
    }
}

}  // namespace ecr::cli
