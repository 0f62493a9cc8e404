#include "store/journal_extract.hpp"
#include "store/migrations.hpp"
#include "store/order_row.hpp"
#include "store/sqlite.hpp"

#include <boost/system/system_error.hpp>

#include <chrono>
#include <string>

namespace ecr::store {
namespace {

namespace fs = std::filesystem;

constexpr int busy_timeout_ms = 10'000;
constexpr std::int64_t rows_at_once = 200;
// A bridge that wants to write waits for the lock half a second, and then takes its journal for
// broken. This leaves a slow disk time for the end of the transaction.
constexpr std::chrono::milliseconds lock_held_max{50};

template <class T>
T checked(result<T>&& read)
{
    if (!read) throw boost::system::system_error{read.error()};
    return std::move(*read);
}

void require_done(const error_code& failed)
{
    if (failed) throw boost::system::system_error{failed};
}

/// What another program's tables say of an order would stay behind.
void require_our_schema(const database& db, const fs::path& journal)
{
    statement ask{db, "PRAGMA user_version"};
    auto answer = ask.query();
    (void)checked(answer.next());
    const auto theirs = answer.integer(0);
    if (theirs == schema_version()) return;
    const auto why = theirs > schema_version() ? make_error_code(errc::journal_too_new)
                                               : make_sqlite_error(SQLITE_SCHEMA);
    throw boost::system::system_error{
        why, journal.string() + " has schema " + std::to_string(theirs) +
                 ", and this program forgets only in schema " + std::to_string(schema_version())};
}

database opened(const fs::path& journal)
{
    database db{journal};
    throw_if(sqlite3_busy_timeout(db.handle(), busy_timeout_ms), journal.string());
    check_is_journal(db);
    require_our_schema(db, journal);
    // The triggers hold whatever else writes to the file; forgetting is what they are there
    // against. What belongs together is still watched over.
    throw_if(sqlite3_db_config(db.handle(), SQLITE_DBCONFIG_ENABLE_TRIGGER, 0, nullptr),
             journal.string());
    require_done(db.exec("PRAGMA foreign_keys = ON"));
    // What is forgotten may come back when the power goes out; but the disk must not be waited for
    // while the bridge's till waits for the lock.
    require_done(db.exec("PRAGMA synchronous = NORMAL"));
    return db;
}

/// Final, of nobody's concern, and not touched since ?1. The states are those of migrations.cpp.
std::string is_over(const std::string& row)
{
    return "(" + row + ".state IN (5, 6, 7, 8, 9, 11) AND " + row + ".needs = 0 AND " + row +
           ".created_at_ms < ?1 AND " + row + ".updated_at_ms < ?1)";
}

/// A payment goes with all its refunds, or stays with them. The payment first, by its age: a refund
/// that is left by a power cut can go the next time, a payment whose refunds are forgotten could be
/// refunded again.
std::string doomed_sql(const std::string& which)
{
    return "SELECT id, out_trade_no FROM orders AS o WHERE " + which + " AND " + is_over("o") +
           " AND NOT EXISTS (SELECT 1 FROM orders AS r WHERE r.of_order = o.out_trade_no "
           "AND r.of_order <> '' AND NOT " +
           is_over("r") +
           ") AND NOT EXISTS (SELECT 1 FROM orders AS p WHERE o.of_order <> '' "
           "AND p.out_trade_no = o.of_order AND NOT " +
           is_over("p") +
           ") AND NOT EXISTS (SELECT 1 FROM orders AS s WHERE o.of_order <> '' "
           "AND s.of_order = o.of_order AND s.of_order <> '' AND NOT " +
           is_over("s") + ") AND id < (SELECT max(id) FROM orders) ORDER BY id LIMIT ?3";
}

class forgetter {
public:
    forgetter(const fs::path& journal, timestamp before, const forget_pace& pace)
        : db_{opened(journal)}, before_ms_{to_column(before)}, pace_{pace}
    {}

    forgotten run()
    {
        statement doomed{db_, doomed_sql("o.id > ?2")};
        go_through(doomed, [this](std::int64_t id) { forget_order(id); });
        // Those of no order of ours. That it came is no later than that it came last.
        statement strangers{db_,
                            "SELECT id FROM notifications WHERE order_number = '' AND "
                            "received_at_ms < ?1 AND last_at_ms < ?1 AND id > ?2 "
                            "ORDER BY id LIMIT ?3"};
        go_through(strangers, [this](std::int64_t id) {
            made_.notifications += checked(drop_stranger_.exec(before_ms_, id));
        });
        return made_;
    }

private:
    /// Looks without a lock, then deletes with one, for a moment at a time.
    template <class Drop>
    void go_through(statement& look, Drop drop)
    {
        std::int64_t last = 0;
        while (true) {
            const auto some = found(look, last);
            if (some.empty()) return;
            for (std::size_t done = 0; done < some.size();) {
                done = drop_some(some, done, drop);
                pace_.breathe();
            }
            last = some.back();
        }
    }

    std::vector<std::int64_t> found(statement& look, std::int64_t after)
    {
        std::vector<std::int64_t> ids;
        auto answer = look.query(before_ms_, after, rows_at_once);
        while (checked(answer.next()) == stepped::row)
            ids.push_back(answer.integer(0));
        return ids;
    }

    /// Gives how many of them are done now. One that fails leaves the transaction to the closing.
    template <class Drop>
    std::size_t drop_some(const std::vector<std::int64_t>& ids, std::size_t done, Drop drop)
    {
        require_done(all_.begin());
        const auto until = pace_.now() + lock_held_max;
        do
            drop(ids[done++]);
        while (done < ids.size() && pace_.now() < until);
        require_done(all_.commit());
        return done;
    }

    void forget_order(std::int64_t id)
    {
        std::string number;
        {
            // It may have been touched since: money that came late, a refund.
            auto answer = still_doomed_.query(before_ms_, id, std::int64_t{1});
            if (checked(answer.next()) != stepped::row) return;
            number = answer.text(1);
        }
        (void)checked(drop_steps_.exec(id));
        made_.notifications += checked(drop_told_.exec(number));
        made_.orders += checked(drop_order_.exec(id));
    }

    database db_;
    std::int64_t before_ms_;
    const forget_pace& pace_;
    forgotten made_;
    transaction all_{db_};
    statement still_doomed_{db_, doomed_sql("o.id = ?2")};
    statement drop_steps_{db_, "DELETE FROM steps WHERE order_id = ?1"};
    statement drop_told_{
        db_, "DELETE FROM notifications WHERE order_number = ?1 AND order_number <> ''"};
    statement drop_order_{db_, "DELETE FROM orders WHERE id = ?1"};
    statement drop_stranger_{
        db_, "DELETE FROM notifications WHERE id = ?2 AND order_number = '' AND last_at_ms < ?1"};
};

}  // namespace

forgotten forget_orders(const fs::path& journal, timestamp before, const forget_pace& pace)
{
    return forgetter{journal, before, pace}.run();
}

}  // namespace ecr::store
