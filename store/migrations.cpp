#include "store/migrations.hpp"

#include <boost/system/system_error.hpp>

#include <array>
#include <string>

namespace ecr::store {
namespace {

// The n-th entry leads from version n to n + 1. Append, never edit: journals in shops have run the
// old ones. The numbers of states are those of protocol::order_state, pinned there; statements.cpp
// checks the ones used in SQL.
constexpr std::array migrations{
    // 1: orders, their steps, and triggers that hold whatever else writes to the file.
    R"sql(
CREATE TABLE orders (
    id                  INTEGER PRIMARY KEY,  -- grows with age
    out_trade_no        TEXT NOT NULL UNIQUE CHECK (out_trade_no <> ''),
    kind                INTEGER NOT NULL CHECK (kind IN (1, 2)),
    till                TEXT NOT NULL,
    till_named          INTEGER NOT NULL CHECK (till_named IN (0, 1)),
    till_order          TEXT NOT NULL,
    content             TEXT NOT NULL,
    terminal            TEXT NOT NULL,
    channel             INTEGER NOT NULL,
    scan                INTEGER NOT NULL,
    camera_id           INTEGER,
    amount_minor_units  INTEGER NOT NULL CHECK (amount_minor_units > 0),
    currency            TEXT NOT NULL,
    payment_timeout_s   INTEGER NOT NULL,
    of_order            TEXT NOT NULL,
    of_syssn            TEXT NOT NULL,
    allow_modify        INTEGER NOT NULL CHECK (allow_modify IN (0, 1)),
    refundable_before   INTEGER,
    state               INTEGER NOT NULL CHECK (state > 0),
    reason              TEXT NOT NULL,
    needs               INTEGER NOT NULL,
    syssn               TEXT NOT NULL,
    respcd              TEXT NOT NULL,
    sysdtm              TEXT NOT NULL,
    busicd              TEXT NOT NULL,
    chnlsn              TEXT NOT NULL,
    card                TEXT NOT NULL,
    card_scheme         TEXT NOT NULL,
    matched_by_question INTEGER NOT NULL CHECK (matched_by_question IN (0, 1)),
    refundable_now      INTEGER,
    cancel_wanted       INTEGER NOT NULL CHECK (cancel_wanted IN (0, 1)),
    cancel_acknowledged INTEGER NOT NULL CHECK (cancel_acknowledged IN (0, 1)),
    delivered           INTEGER NOT NULL CHECK (delivered IN (0, 1)),
    created_at_ms       INTEGER NOT NULL,
    sent_at_ms          INTEGER,
    updated_at_ms       INTEGER NOT NULL,
    final_at_ms         INTEGER
) STRICT;

-- An index carries the id at its end, so each of these also gives its rows in order of age.
CREATE INDEX orders_of_till     ON orders (till);
CREATE INDEX orders_till_order  ON orders (till, till_order) WHERE till_order <> '';
CREATE INDEX orders_syssn       ON orders (syssn, kind)      WHERE syssn <> '';
CREATE INDEX orders_of_order    ON orders (of_order)         WHERE of_order <> '';
CREATE INDEX orders_created_at  ON orders (created_at_ms);
CREATE INDEX orders_attention   ON orders (created_at_ms)    WHERE needs <> 0;
CREATE INDEX orders_unfinished  ON orders (state)            WHERE state IN (1, 2, 3, 4, 10);
CREATE INDEX orders_watched     ON orders (sent_at_ms)       WHERE state IN (6, 7, 8);

CREATE TABLE steps (
    id         INTEGER PRIMARY KEY,
    order_id   INTEGER NOT NULL REFERENCES orders (id),
    from_state INTEGER NOT NULL,
    event      INTEGER NOT NULL,
    to_state   INTEGER NOT NULL,
    reason     TEXT NOT NULL,
    at_ms      INTEGER NOT NULL
) STRICT;
CREATE INDEX steps_of_order ON steps (order_id);

CREATE TRIGGER orders_final_states_stay BEFORE UPDATE OF state ON orders
WHEN OLD.state IN (5, 6, 7, 8, 9) AND NEW.state NOT IN (OLD.state, 5)
BEGIN SELECT RAISE(ABORT, 'a final state never changes, except to paid'); END;

CREATE TRIGGER orders_questions_stay BEFORE UPDATE OF
    id, out_trade_no, kind, till, till_order, content, terminal, channel, scan,
    amount_minor_units, currency, of_order, of_syssn, created_at_ms ON orders
BEGIN SELECT RAISE(ABORT, 'what the till asked for never changes'); END;

CREATE TRIGGER orders_stay BEFORE DELETE ON orders
BEGIN SELECT RAISE(ABORT, 'an order is never deleted'); END;

CREATE TRIGGER steps_stay BEFORE DELETE ON steps
BEGIN SELECT RAISE(ABORT, 'a step is never deleted'); END;

CREATE TRIGGER steps_never_change BEFORE UPDATE ON steps
BEGIN SELECT RAISE(ABORT, 'a step is never changed'); END;

-- REPLACE deletes without asking the triggers above.
CREATE TRIGGER steps_are_new BEFORE INSERT ON steps
WHEN EXISTS (SELECT 1 FROM steps WHERE id = NEW.id)
BEGIN SELECT RAISE(ABORT, 'a step is never replaced'); END;
)sql",
    // 2: direct payments, several merchants, the operator's word, and notifications.
    R"sql(
ALTER TABLE orders ADD COLUMN shown            TEXT NOT NULL DEFAULT '';
ALTER TABLE orders ADD COLUMN merchant         TEXT NOT NULL DEFAULT '';
ALTER TABLE orders ADD COLUMN route            INTEGER NOT NULL DEFAULT 1 CHECK (route IN (1, 2));
ALTER TABLE orders ADD COLUMN pay_type         TEXT NOT NULL DEFAULT '';
ALTER TABLE orders ADD COLUMN txdtm            TEXT NOT NULL DEFAULT '';
ALTER TABLE orders ADD COLUMN not_before_ms    INTEGER;
ALTER TABLE orders ADD COLUMN resolved_paid    INTEGER CHECK (resolved_paid IN (0, 1));

DROP TRIGGER orders_final_states_stay;
CREATE TRIGGER orders_final_states_stay BEFORE UPDATE OF state ON orders
WHEN OLD.state IN (5, 6, 7, 8, 9, 11) AND NEW.state NOT IN (OLD.state, 5)
BEGIN SELECT RAISE(ABORT, 'a final state never changes, except to paid'); END;

CREATE TRIGGER orders_accounts_stay BEFORE UPDATE OF merchant, route, pay_type, txdtm ON orders
BEGIN SELECT RAISE(ABORT, 'what the till asked for never changes'); END;

DROP INDEX orders_watched;
CREATE INDEX orders_watched ON orders (sent_at_ms) WHERE state IN (6, 7, 8, 11);

-- What QFPay has told by itself. One row a message; a message that comes again is counted.
CREATE TABLE notifications (
    id             INTEGER PRIMARY KEY,
    merchant       TEXT NOT NULL,
    kind           TEXT NOT NULL,   -- notify_type
    syssn          TEXT NOT NULL,
    out_trade_no   TEXT NOT NULL,   -- as it came; empty for what was keyed in at a terminal
    order_number   TEXT NOT NULL,   -- our order it is about, or empty
    body           TEXT NOT NULL,   -- without card numbers
    digest         TEXT NOT NULL,   -- SHA-256 of the bytes as they came
    received_at_ms INTEGER NOT NULL,
    times          INTEGER NOT NULL DEFAULT 1 CHECK (times > 0),
    last_at_ms     INTEGER NOT NULL,
    UNIQUE (merchant, kind, syssn, digest)
) STRICT;
CREATE INDEX notifications_of_order ON notifications (order_number) WHERE order_number <> '';
CREATE INDEX notifications_unmatched ON notifications (received_at_ms) WHERE order_number = '';

CREATE TRIGGER notifications_stay BEFORE DELETE ON notifications
BEGIN SELECT RAISE(ABORT, 'a notification is never deleted'); END;

CREATE TRIGGER notifications_never_change
BEFORE UPDATE OF id, merchant, kind, syssn, out_trade_no, body, digest, received_at_ms
ON notifications
BEGIN SELECT RAISE(ABORT, 'a notification is never changed'); END;
)sql",
    // 3: the same conditions without lists. For each list of more than two SQLite makes a table and
    // fills it, every time: half of what a step cost.
    R"sql(
CREATE TABLE readable_by (schema INTEGER NOT NULL) STRICT;
INSERT INTO readable_by VALUES (2);

DROP INDEX orders_unfinished;
CREATE INDEX orders_unfinished ON orders (state) WHERE state < 5 OR state = 10;
DROP INDEX orders_watched;
CREATE INDEX orders_watched ON orders (sent_at_ms)
    WHERE (state > 5 AND state < 9) OR state = 11;

DROP TRIGGER orders_final_states_stay;
CREATE TRIGGER orders_final_states_stay BEFORE UPDATE OF state ON orders
WHEN OLD.state >= 5 AND OLD.state <> 10 AND NEW.state <> OLD.state AND NEW.state <> 5
BEGIN SELECT RAISE(ABORT, 'a final state never changes, except to paid'); END;
)sql",
};

[[nodiscard]] std::int64_t number_of(database& db, const char* sql)
{
    statement ask{db, sql};
    auto answer = ask.query();
    if (answer.next().value() == stepped::done) throw_if(SQLITE_CORRUPT, sql);
    return answer.integer(0);
}

void run(database& db, const std::string& sql)
{
    if (const auto failed = db.exec(sql.c_str()))
        throw boost::system::system_error{failed, sqlite3_errmsg(db.handle())};
}

/// The oldest schema whose programs may work with this journal. A later program that has only added
/// what earlier ones need not know says so in a table of its own.
std::int64_t oldest_that_may_open(database& db, std::int64_t version)
{
    if (number_of(db, "SELECT count(*) FROM sqlite_schema WHERE name = 'readable_by'") == 0)
        return version;
    return number_of(db, "SELECT coalesce(max(schema), 1000000) FROM readable_by");
}

}  // namespace

int schema_version() noexcept
{
    return static_cast<int>(migrations.size());
}

void check_is_journal(database& db)
{
    const auto application_id = number_of(db, "PRAGMA application_id");
    const auto version = number_of(db, "PRAGMA user_version");
    const bool empty = number_of(db, "SELECT count(*) FROM sqlite_schema") == 0;
    const bool is_new = empty && application_id == 0 && version == 0;
    if (!is_new && application_id != journal_application_id)
        throw_if(SQLITE_NOTADB, "the database of another program");
    if (version > schema_version() && oldest_that_may_open(db, version) > schema_version())
        throw boost::system::system_error{make_error_code(errc::journal_too_new),
                                          "version " + std::to_string(version) +
                                              ", and this program knows up to " +
                                              std::to_string(schema_version())};
}

void migrate(database& db)
{
    auto version = static_cast<std::size_t>(number_of(db, "PRAGMA user_version"));
    if (version >= migrations.size()) return;
    // All at once: a power cut leaves the version that was, or ours, and none in between.
    run(db, "BEGIN IMMEDIATE");  // an error on the way leaves the transaction to the closing
    for (; version < migrations.size(); ++version)
        run(db, migrations.at(version));
    run(db, "PRAGMA application_id = " + std::to_string(journal_application_id));
    run(db, "PRAGMA user_version = " + std::to_string(version));
    run(db, "COMMIT");
}

}  // namespace ecr::store
