#include "store/journal_file.hpp"

#include "store/lock_file.hpp"
#include "store/migrations.hpp"
#include "store/private_file.hpp"

#include <boost/system/system_error.hpp>

#include <algorithm>
#include <vector>

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
    // To the end: the answer comes before it is committed. Where that fails, SQLite goes on with a
    // rollback journal, whose removal it does not flush, so that a power cut takes back a verb.
    (void)answer.next().value();
}

/// Writes once more, and flushes, what the log holds.
///
/// A log that is there at the start was left by a bridge that was killed, or that could not flush
/// it. After a flush that failed Linux shows what was written, does not have it on the disk, and
/// flushes it no more (wiki.postgresql.org/wiki/Fsync_Errors). What is appended to such a log is
/// lost with it when the power goes out. The write lock: nobody else appends meanwhile.
void make_sure_of_log(database& db)
{
    set(db, "BEGIN IMMEDIATE");  // an error on the way leaves the transaction to the closing
    sqlite3_file* log = nullptr;
    throw_if(sqlite3_file_control(db.handle(), "main", SQLITE_FCNTL_JOURNAL_POINTER,
                                  static_cast<void*>(&log)),
             "where is the log");
    sqlite3_int64 size = 0;
    if (log->pMethods != nullptr)  // or it is not open
        throw_if(log->pMethods->xFileSize(log, &size), "size of the log");
    std::vector<char> bytes(std::size_t{1} << 16);
    for (sqlite3_int64 at = 0; at < size; at += static_cast<sqlite3_int64>(bytes.size())) {
        const auto part =
            static_cast<int>(std::min(size - at, static_cast<sqlite3_int64>(bytes.size())));
        throw_if(log->pMethods->xRead(log, bytes.data(), part, at), "reading the log");
        throw_if(log->pMethods->xWrite(log, bytes.data(), part, at), "writing the log again");
    }
    if (size > 0) throw_if(log->pMethods->xSync(log, SQLITE_SYNC_NORMAL), "flushing the log");
    set(db, "COMMIT");
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
    make_sure_of_log(db);
    migrate(db);
    return db;
}

}  // namespace ecr::store
