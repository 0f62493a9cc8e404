#include "tests/bench/compared/made_journal.hpp"

#include "store/journal.hpp"

#include <sqlite3.h>

#include <chrono>
#include <stdexcept>
#include <string>

namespace ecr::bench {
namespace {

/// ?1 how many, ?2 what the number begins with, ?3 state, ?4 the youngest one's time, ?5 the time
/// between two.
constexpr auto orders =
    "WITH RECURSIVE n(i) AS (VALUES(0) UNION ALL SELECT i + 1 FROM n WHERE i + 1 < ?1) "
    "INSERT INTO orders (out_trade_no, kind, till, till_named, till_order, content, terminal, "
    "channel, scan, amount_minor_units, currency, payment_timeout_s, of_order, of_syssn, "
    "allow_modify, state, reason, needs, syssn, respcd, sysdtm, busicd, chnlsn, card, "
    "card_scheme, matched_by_question, cancel_wanted, cancel_acknowledged, delivered, "
    "created_at_ms, sent_at_ms, updated_at_ms, final_at_ms) "
    "SELECT ?2 || printf('%08d', i), 1, 'T' || (i % 8), 1, ?2 || printf('%08d', i), "
    "'pay 110 wx', 'BENCH' || (10000 + i % 4000), 2, 2, 110, '344', 120, '', '', 0, ?3, "
    "'as it was', 0, CASE WHEN ?3 = 5 THEN '2024' || printf('%020d', i) ELSE '' END, "
    "'0000', '', '', '', '', '', 0, 0, 0, 1, t, t, t, CASE WHEN ?3 = 5 THEN t END "
    "FROM (SELECT i, ?4 - (?1 - i) * ?5 AS t FROM n)";
constexpr auto steps =
    "INSERT INTO steps (order_id, from_state, event, to_state, reason, at_ms) "
    "SELECT id, 1, 11, 1, 'asked for by the till', created_at_ms FROM orders";

constexpr int state_on_terminal = 3;
constexpr int state_paid = 5;

class writer {
public:
    explicit writer(const std::filesystem::path& file)
    {
        if (sqlite3_open_v2(file.c_str(), &db_, SQLITE_OPEN_READWRITE, nullptr) != SQLITE_OK)
            throw std::runtime_error("cannot open " + file.string());
    }
    ~writer() { sqlite3_close(db_); }
    writer(const writer&) = delete;
    writer& operator=(const writer&) = delete;

    void run(const char* sql)
    {
        if (sqlite3_exec(db_, sql, nullptr, nullptr, nullptr) != SQLITE_OK)
            throw std::runtime_error(sqlite3_errmsg(db_));
    }

    void add(int count, const std::string& prefix, int state, std::int64_t at_ms,
             std::int64_t apart_ms)
    {
        if (count == 0) return;
        sqlite3_stmt* insert = nullptr;
        if (sqlite3_prepare_v2(db_, orders, -1, &insert, nullptr) != SQLITE_OK)
            throw std::runtime_error(sqlite3_errmsg(db_));
        sqlite3_bind_int(insert, 1, count);
        sqlite3_bind_text(insert, 2, prefix.c_str(), -1, SQLITE_STATIC);
        sqlite3_bind_int(insert, 3, state);
        sqlite3_bind_int64(insert, 4, at_ms);
        sqlite3_bind_int64(insert, 5, apart_ms);
        const bool done = sqlite3_step(insert) == SQLITE_DONE;
        sqlite3_finalize(insert);
        if (!done) throw std::runtime_error(sqlite3_errmsg(db_));
    }

private:
    sqlite3* db_ = nullptr;
};

}  // namespace

void make_journal(const std::filesystem::path& file, int paid, int open)
{
    const auto now = std::chrono::duration_cast<std::chrono::milliseconds>(
                         std::chrono::system_clock::now().time_since_epoch())
                         .count();
    {
        const store::journal schema{file};
    }
    constexpr std::int64_t hour_ms = 3'600'000;
    writer to{file};
    to.run("PRAGMA synchronous = OFF; PRAGMA cache_size = -200000; BEGIN");
    to.add(paid, "OLD", state_paid, now - hour_ms, 4'000);
    to.add(open, "OPEN", state_on_terminal, now, 0);
    to.run(steps);
    to.run("COMMIT; PRAGMA wal_checkpoint(TRUNCATE)");
}

void settle_open_orders(const std::filesystem::path& file)
{
    writer to{file};
    to.run("UPDATE orders SET state = 5, final_at_ms = updated_at_ms WHERE state < 5");
}

}  // namespace ecr::bench
