#include "store/statements.hpp"

#include "store/order_row.hpp"

#include <string>

namespace ecr::store {
namespace {

using protocol::order_state;

// The numbers below stand in SQL, here and in the indexes of migrations.cpp: an index is used only
// for a condition written with the same words.
static_assert(to_column(order_state::accepted) == 1 && to_column(order_state::sending) == 2 &&
              to_column(order_state::on_terminal) == 3 && to_column(order_state::in_doubt) == 4 &&
              to_column(order_state::paid) == 5 && to_column(order_state::declined) == 6 &&
              to_column(order_state::cancelled) == 7 && to_column(order_state::expired) == 8 &&
              to_column(order_state::rejected) == 9 && to_column(order_state::unresolved) == 10 &&
              to_column(order_state::resolved) == 11);

// SQLite does not see by itself that these are worth their index, and would walk all orders there
// ever were. Where an index cannot be used after all, the statement does not compile.
constexpr std::string_view unfinished =
    "orders INDEXED BY orders_unfinished WHERE (state < 5 OR state = 10) AND ";
constexpr std::string_view watched =
    "orders INDEXED BY orders_watched WHERE ((state > 5 AND state < 9) OR state = 11) AND ";
constexpr std::string_view every_order = "orders WHERE ";

[[nodiscard]] std::string orders_from(std::string_view where, std::string_view condition)
{
    return std::string{"SELECT "}
        .append(order_columns)
        .append(" FROM ")
        .append(where)
        .append(condition);
}

// SQLite reads a column that is part of the index it uses from there, and a disk may have changed
// one of both. What an index finds is therefore read from the table, and compared with what was
// asked for.
constexpr std::string_view id_of_number = "(SELECT id FROM orders WHERE out_trade_no = ?1)";

[[nodiscard]] std::string found_by_index(std::string_view condition)
{
    return std::string{"SELECT "}
        .append(order_columns)
        .append(" FROM orders NOT INDEXED WHERE id IN (SELECT id FROM orders WHERE ")
        .append(condition)
        .append(") ORDER BY id");
}

/// Of the order of that number, if its row says so too.
[[nodiscard]] std::string of_that_order(std::string_view what)
{
    return std::string{what}
        .append(" WHERE id = ")
        .append(id_of_number)
        .append(" AND out_trade_no = ?1");
}

[[nodiscard]] std::string insert_sql()
{
    std::string sql{"INSERT INTO orders ("};
    sql.append(order_columns).append(") VALUES (?");
    for (int column = 1; column < order_column_count; ++column)
        sql += ", ?";
    return sql + ')';
}

// ?1 since, ?2 before, ?3 state or null, ?4 limit.
[[nodiscard]] std::string list_sql(std::string_view where, std::string_view condition = {})
{
    return orders_from(where, condition) +
           "created_at_ms >= ?1 AND created_at_ms < ?2 AND (?3 IS NULL OR state = ?3) "
           "ORDER BY created_at_ms DESC, id DESC LIMIT ?4";
}

// What nobody knows is a human's matter too, also while the cloud is still being asked: in doubt,
// unresolved. The rest carries what it needs. Each half has an index.
constexpr std::string_view doubtful = "(state = 4 OR state = 10)";

[[nodiscard]] std::string attention_sql()
{
    return std::string{"id IN (SELECT id FROM orders WHERE needs <> 0 UNION ALL SELECT id FROM "}
        .append(unfinished)
        .append(doubtful)
        .append(") AND ");
}

// Orders are never deleted, so the last id is their number, without counting a million rows for
// every look at the status page.
[[nodiscard]] std::string counts_sql()
{
    return std::string{"SELECT (SELECT count(*) FROM "}
        .append(unfinished)
        .append(
            "state <> 10), (SELECT count(*) FROM orders WHERE needs <> 0) + "
            "(SELECT count(*) FROM ")
        .append(unfinished)
        .append("needs = 0 AND ")
        .append(doubtful)
        .append("), (SELECT coalesce(max(id), 0) FROM orders)");
}

// The hour of creation is counted from ?1. An order is returned by bit 8 of what it needs.
constexpr std::string_view totals_sql =
    "SELECT (created_at_ms - ?1) / 3600000 AS hour, till, channel, kind, merchant, currency, "
    "needs & 8 <> 0 AS returned, state <> 5 AS by_hand, count(*), sum(amount_minor_units) "
    "FROM orders INDEXED BY orders_created_at WHERE created_at_ms >= ?1 AND created_at_ms < ?2 "
    "AND (state = 5 OR (state = 11 AND resolved_paid = 1)) "
    "GROUP BY hour, till, channel, kind, merchant, currency, returned, by_hand";
static_assert(to_column(protocol::attention::returned) == 8 && to_column(order_state::paid) == 5);

// The tills by steps through their index: there are few of them, and a number alone has none.
constexpr std::string_view known_by_number =
    "WITH RECURSIVE tills (name) AS (SELECT min(till) FROM orders UNION ALL "
    "SELECT (SELECT min(till) FROM orders WHERE till > name) FROM tills WHERE name IS NOT NULL) "
    "SELECT id FROM orders WHERE out_trade_no = ?1 "
    "UNION SELECT o.id FROM tills CROSS JOIN orders AS o INDEXED BY orders_till_order "
    "ON o.till = tills.name AND o.till_order = ?1 AND o.till_order <> '' "
    "UNION SELECT id FROM orders WHERE syssn = ?1 AND syssn <> '' "
    "UNION SELECT id FROM orders WHERE of_order = ?1 AND of_order <> ''";

// ?1 since, ?2 before.
constexpr std::string_view newest_first =
    "FROM orders WHERE created_at_ms >= ?1 AND created_at_ms < ?2 "
    "ORDER BY created_at_ms DESC, id DESC ";

[[nodiscard]] std::string find_amount_sql()
{
    return orders_from(every_order, "id IN (SELECT id FROM (SELECT id, amount_minor_units ")
        .append(newest_first)
        .append(
            "LIMIT ?3) WHERE amount_minor_units = ?4 LIMIT ?5) "
            "ORDER BY created_at_ms DESC, id DESC");
}

[[nodiscard]] std::string notifications_where(std::string_view condition)
{
    return std::string{
        "SELECT merchant, kind, syssn, out_trade_no, order_number, body, digest, "
        "received_at_ms, times FROM notifications WHERE "}
        .append(condition);
}

// What is not known is null, and keeps what was known. sent_at and final_at are null unless this
// step is the one that sets them.
constexpr std::string_view move_sql =
    "UPDATE orders NOT INDEXED SET state = ?3, reason = ?4, updated_at_ms = ?5, "
    "needs = (needs | ?6 | (CASE WHEN coalesce(resolved_paid, 0) = 1 THEN 0 ELSE ?24 END)) & ~?21, "
    "sent_at_ms = coalesce(?7, sent_at_ms), final_at_ms = coalesce(?8, final_at_ms), "
    "refundable_before = coalesce(?9, refundable_before), "
    "refundable_now = coalesce(?10, refundable_now), "
    "cancel_wanted = coalesce(?11, cancel_wanted), "
    "cancel_acknowledged = coalesce(?12, cancel_acknowledged), "
    "syssn = coalesce(?13, syssn), respcd = coalesce(?14, respcd), "
    "sysdtm = coalesce(?15, sysdtm), busicd = coalesce(?16, busicd), "
    "chnlsn = coalesce(?17, chnlsn), card = coalesce(?18, card), "
    "card_scheme = coalesce(?19, card_scheme), "
    "matched_by_question = coalesce(?20, matched_by_question), "
    "shown = coalesce(?22, shown), resolved_paid = coalesce(?23, resolved_paid)";

}  // namespace

statements::statements(const database& db)
    : insert_order{db, insert_sql()},
      move_order{db, of_that_order(move_sql) + " AND state = ?2"},
      // The order's id as one value: "INSERT … SELECT" goes through a table in between. Where there
      // is no such order it is null, which no step may have.
      append_step{db,
                  "INSERT INTO steps (order_id, from_state, event, to_state, reason, at_ms) VALUES "
                  "((" +
                      of_that_order("SELECT id FROM orders NOT INDEXED") +
                      "), ?2, ?3, ?4, ?5, ?6)"},
      deliver{db, of_that_order("UPDATE orders NOT INDEXED SET delivered = 1")},
      is_its_row{db,
                 std::string{"SELECT out_trade_no = ?1 FROM orders NOT INDEXED WHERE id = "}.append(
                     id_of_number)},
      find{db, found_by_index("out_trade_no = ?1")},
      find_till_order{db, found_by_index("till = ?1 AND till_order = ?2 AND till_order <> '' "
                                         "ORDER BY id DESC LIMIT 1")},
      find_syssn{db, found_by_index("syssn = ?1 AND syssn <> '' ORDER BY kind, id DESC LIMIT 1")},
      last_of_till{db, found_by_index("till = ?1 ORDER BY id DESC LIMIT 1")},
      refunds_of{db, found_by_index("of_order = ?1 AND of_order <> ''")},
      open_orders{db, orders_from(unfinished, "state <> 10 ORDER BY id")},
      // +id: sorting the few that are watched, not walking all orders there ever were by id.
      watched_orders{db, orders_from(watched, "sent_at_ms >= ?1 ORDER BY +id")},
      list{db, list_sql(every_order)},
      list_attention{db, list_sql(every_order, attention_sql())},
      list_unfinished{db, list_sql(unfinished)},
      invoice_of{db, of_that_order("SELECT (id - 1) % 999999 + 1 FROM orders NOT INDEXED")},
      find_invoice{db, orders_from(every_order,
                                   "id = (SELECT max(id) - (max(id) - ?1) % 999999 FROM orders)"
                                   " AND ?1 BETWEEN 1 AND 999999 AND id >= ?1")},
      note_notification{
          db,
          "INSERT INTO notifications (merchant, kind, syssn, out_trade_no, order_number, body, "
          "digest, received_at_ms, last_at_ms) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?8) "
          "ON CONFLICT (merchant, kind, syssn, digest) DO UPDATE "
          "SET times = times + 1, last_at_ms = excluded.last_at_ms RETURNING times"},
      notifications_of{db,
                       notifications_where("order_number = ?1 AND order_number <> '' ORDER BY id")},
      unmatched_notifications{db, notifications_where("order_number = '' AND received_at_ms >= ?1 "
                                                      "ORDER BY received_at_ms, id")},
      steps_of{db, std::string{"SELECT "}
                       .append(step_columns)
                       .append(" FROM steps WHERE order_id = (")
                       .append(of_that_order("SELECT id FROM orders NOT INDEXED"))
                       .append(") ORDER BY id")},
      counts{db, counts_sql()},
      totals{db, std::string{totals_sql}},
      count_unfinished{db, std::string{"SELECT state, count(*), min(created_at_ms) FROM "}
                               .append(unfinished)
                               .append("state > 0 GROUP BY state")},
      find_all{db, orders_from(every_order, std::string{"id IN ("}
                                                .append(known_by_number)
                                                .append(") ORDER BY id DESC LIMIT ?2"))},
      find_amount{db, find_amount_sql()},
      edge_of_search{
          db,
          std::string{"SELECT created_at_ms "}.append(newest_first).append("LIMIT 1 OFFSET ?3")},
      integrity_check{db, "PRAGMA integrity_check(10)"},
      foreign_key_check{db, "PRAGMA foreign_key_check"}
{}

}  // namespace ecr::store
