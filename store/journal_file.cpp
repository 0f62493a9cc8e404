#include "store/journal_file.hpp"

#include "store/migrations.hpp"
#include "store/private_file.hpp"

#include <boost/system/system_error.hpp>

namespace ecr::store {
namespace {

// A support engineer's sqlite3 may hold the write lock for a moment; the store thread waits that
// long and no longer, because every till waits with it.
constexpr int busy_timeout_ms = 500;

// Absolute, so that SQLite sees neither "" nor ":memory:": those are journals on no disk.
[[nodiscard]] std::filesystem::path on_disk(const std::filesystem::path& path)
{
    std::error_code failed;
    auto whole = std::filesystem::absolute(path, failed);
    if (path.empty() || failed) throw_if(SQLITE_CANTOPEN, "no path for the journal");
    return whole;
}

void set(database& db, const char* pragma)
{
    if (const auto failed = db.exec(pragma)) throw boost::system::system_error{failed, pragma};
}

void use_write_ahead_log(const database& db)
{
    statement ask{db, "PRAGMA journal_mode = WAL"};
    auto answer = ask.query();
    // SQLite answers with the mode it kept, and no error, where it cannot have a log: on a network
    // share, for one.
    if (answer.next().value() == stepped::done || answer.text(0) != "wal")
        throw_if(SQLITE_CANTOPEN, "no write-ahead log on this file system");
}

}  // namespace

std::filesystem::path lock_path_of(const std::filesystem::path& journal)
{
    auto path = on_disk(journal);
    path += ".lock";
    return path;
}

database open_journal_file(const std::filesystem::path& journal)
{
    const auto path = on_disk(journal);
    if (const auto failed = create_private_file(path))
        throw_if(SQLITE_CANTOPEN, path.string() + ": " + failed.message());
    database db{path};
    throw_if(sqlite3_busy_timeout(db.handle(), busy_timeout_ms), path.string());
    check_is_journal(db);

    use_write_ahead_log(db);
    // FULL, not the NORMAL that usually goes with WAL: under NORMAL a power cut may undo a
    // transaction whose COMMIT already returned (sqlite.org/pragma.html#pragma_synchronous), and
    // that transaction is our only proof that a customer was charged. Costs one fsync a group.
    set(db, "PRAGMA synchronous = FULL");
    set(db, "PRAGMA foreign_keys = ON");
    // The daemon's idle memory is 8 MiB in all. The working set is the orders of the last minutes.
    set(db, "PRAGMA cache_size = -256");  // KiB
    set(db, "PRAGMA temp_store = MEMORY");
    // The log is moved into the database at 1 MiB, and a burst's longer one is cut back.
    set(db, "PRAGMA wal_autocheckpoint = 256");  // pages of 4 KiB
    set(db, "PRAGMA journal_size_limit = 2097152");
    migrate(db);
    return db;
}

}  // namespace ecr::store
