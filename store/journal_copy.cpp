#include "store/journal_copy.hpp"

#include "store/migrations.hpp"
#include "store/private_file.hpp"
#include "store/sqlite.hpp"

#include <boost/system/system_error.hpp>

#include <chrono>
#include <memory>

namespace ecr::store {
namespace {

namespace fs = std::filesystem;

// A bridge holds its write lock for moments; reading waits for none but a recovery after a crash.
constexpr int busy_timeout_ms = 10'000;
constexpr std::size_t problems_max = 20;

database open_to_read(const fs::path& journal)
{
    database db{journal, open_as::reader};
    throw_if(sqlite3_busy_timeout(db.handle(), busy_timeout_ms), journal.string());
    check_is_journal(db);
    return db;
}

std::int64_t number_of(const database& db, const char* sql)
{
    statement ask{db, sql};
    auto answer = ask.query();
    if (answer.next().value() == stepped::done) throw_if(SQLITE_CORRUPT, sql);
    return answer.integer(0);
}

// Both as the journal itself counts them: statements.cpp, `counts`.
constexpr auto sql_attention = "SELECT count(*) FROM orders WHERE needs <> 0 OR state IN (4, 10)";
constexpr auto sql_open =
    "SELECT count(*) FROM orders WHERE state IN (1, 2, 3, 4, 10) AND state <> 10";

/// Adds a sentence for each row: its first column behind `what`.
void complain(const database& db, const char* sql, const std::string& what,
              std::vector<std::string>& into)
{
    statement ask{db, sql};
    auto answer = ask.query();
    while (into.size() < problems_max && answer.next().value() == stepped::row)
        into.push_back(what + answer.text(0));
}

void check_history(const database& db, std::vector<std::string>& into)
{
    complain(db,
             "SELECT out_trade_no FROM orders WHERE NOT EXISTS "
             "(SELECT 1 FROM steps WHERE order_id = orders.id)",
             "an order without a history: ", into);
    complain(db,
             "SELECT out_trade_no FROM orders WHERE state <> (SELECT to_state FROM steps "
             "WHERE order_id = orders.id ORDER BY id DESC LIMIT 1)",
             "an order that is not where its history leads: ", into);
    complain(db,
             "SELECT DISTINCT out_trade_no FROM (SELECT order_id, from_state, lag(to_state) OVER "
             "(PARTITION BY order_id ORDER BY id) AS earlier FROM steps) AS walk "
             "JOIN orders ON orders.id = walk.order_id WHERE earlier <> from_state",
             "an order with a gap in its history: ", into);
}

void examine(const database& db, journal_examination& found)
{
    complain(db, "PRAGMA integrity_check(20)", "", found.problems);
    std::erase(found.problems, "ok");  // of all that is asked, only this says so
    // What follows reads by indexes and could go wrong in a database that is not whole.
    if (!found.problems.empty()) return;
    complain(db, "SELECT \"table\" FROM pragma_foreign_key_check",
             "a row that belongs to none, in ", found.problems);
    check_history(db, found.problems);
    found.orders = number_of(db, "SELECT count(*) FROM orders");
    found.steps = number_of(db, "SELECT count(*) FROM steps");
    found.attention = number_of(db, sql_attention);
    if (found.orders > 0)
        found.newest = timestamp{
            std::chrono::milliseconds{number_of(db, "SELECT max(created_at_ms) FROM orders")}};
}

[[noreturn]] void fail(const error_code& why, const fs::path& file)
{
    throw boost::system::system_error{why, file.string()};
}

void fail_if(const error_code& why, const fs::path& file)
{
    if (why) fail(why, file);
}

/// SQLite's online backup. All in one go: writers of a log go on meanwhile.
void copy_pages(const database& from, const database& to)
{
    struct finisher {
        void operator()(sqlite3_backup* b) const noexcept { sqlite3_backup_finish(b); }
    };
    std::unique_ptr<sqlite3_backup, finisher> run{
        sqlite3_backup_init(to.handle(), "main", from.handle(), "main")};
    if (!run) throw_if(sqlite3_errcode(to.handle()), "beginning the copy");
    const int stepped_to = sqlite3_backup_step(run.get(), -1);
    const int finished = sqlite3_backup_finish(run.release());
    throw_if(stepped_to == SQLITE_DONE ? finished : stepped_to, "copying the journal");
}

}  // namespace

journal_examination examine_journal(const fs::path& journal)
{
    journal_examination found;
    try {
        const auto db = open_to_read(journal);
        found.schema = number_of(db, "PRAGMA user_version");
        if (found.schema == 0) throw_if(SQLITE_NOTADB, journal.string() + " holds nothing yet");
        examine(db, found);
    } catch (const boost::system::system_error& failed) {
        // What is damaged badly enough cannot even be asked about it.
        const bool corrupt = failed.code().category() == sqlite_category() &&
                             (failed.code().value() & 0xff) == SQLITE_CORRUPT;
        if (!corrupt) throw;
        found.problems.emplace_back(failed.what());
    }
    return found;
}

std::int64_t count_open_orders(const fs::path& journal)
{
    return number_of(open_to_read(journal), sql_open);
}

void copy_journal(const fs::path& journal, const fs::path& copy)
{
    std::error_code unknown;
    if (fs::exists(fs::symlink_status(copy, unknown)))
        fail(make_error_code(boost::system::errc::file_exists), copy);
    const auto from = open_to_read(journal);
    const fs::path part = copy.string() + ".part-" + std::to_string(own_process_id());
    fs::remove(part, unknown);  // of a process that had our number, and is gone
    fail_if(create_new_private_file(part), part);
    try {
        {
            database to{part};
            copy_pages(from, to);
            // One file: it is to be carried to another disk.
            throw_if(to.exec("PRAGMA journal_mode = DELETE").value(), part.string());
        }
        if (flush_file(part)) throw_if(SQLITE_IOERR_FSYNC, part.string());
        fail_if(name_new_file(part, copy), copy);
    } catch (...) {
        fs::remove(part, unknown);
        throw;
    }
    const auto folder = copy.has_parent_path() ? copy.parent_path() : fs::path{"."};
    if (flush_folder(folder)) throw_if(SQLITE_IOERR_FSYNC, folder.string());
}

}  // namespace ecr::store
