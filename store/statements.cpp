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
              to_column(order_state::declined) == 6 && to_column(order_state::cancelled) == 7 &&
              to_column(order_state::expired) == 8 && to_column(order_state::unresolved) == 10 &&
              to_column(order_state::resolved) == 11);

[[nodiscard]] std::string orders_where(std::string_view condition)
{
    return std::string{"SELECT "}
        .append(order_columns)
        .append(" FROM orders WHERE ")
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
[[nodiscard]] std::string list_sql(std::string_view condition)
{
    return orders_where(condition) +
           "created_at_ms >= ?1 AND created_at_ms < ?2 AND (?3 IS NULL OR state = ?3) "
           "ORDER BY created_at_ms DESC, id DESC LIMIT ?4";
}

// What nobody knows is a human's matter too, also while the cloud is still being asked: in doubt,
// unresolved. The rest carries what it needs. Each half has an index.
constexpr std::string_view doubtful = "state IN (1, 2, 3, 4, 10) AND state IN (4, 10)";

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
      append_step{db,
                  of_that_order("INSERT INTO steps (order_id, from_state, event, to_state, reason, "
                                "at_ms) SELECT id, ?2, ?3, ?4, ?5, ?6 FROM orders NOT INDEXED")},
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
      open_orders{db, orders_where("state IN (1, 2, 3, 4, 10) AND state <> 10 ORDER BY id")},
      // +id: sorting the few that are watched, not walking all orders there ever were by id.
      watched_orders{db, orders_where("state IN (6, 7, 8, 11) AND sent_at_ms >= ?1 ORDER BY +id")},
      list{db, list_sql("")},
      list_attention{db, list_sql("id IN (SELECT id FROM orders WHERE needs <> 0 UNION ALL "
                                  "SELECT id FROM orders WHERE " +
                                  std::string{doubtful} + ") AND ")},
      list_unfinished{db, list_sql("state IN (1, 2, 3, 4, 10) AND ")},
      invoice_of{db, of_that_order("SELECT (id - 1) % 999999 + 1 FROM orders NOT INDEXED")},
      find_invoice{db, orders_where("id = (SELECT max(id) - (max(id) - ?1) % 999999 FROM orders) "
                                    "AND ?1 BETWEEN 1 AND 999999 AND id >= ?1")},
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
      // Orders are never deleted, so the last id is their number, without counting a million rows
      // for every look at the status page.
      counts{db, std::string{"SELECT (SELECT count(*) FROM orders "
                             "WHERE state IN (1, 2, 3, 4, 10) AND state <> 10), "
                             "(SELECT count(*) FROM orders WHERE needs <> 0) + "
                             "(SELECT count(*) FROM orders WHERE needs = 0 AND "}
                     .append(doubtful)
                     .append("), (SELECT coalesce(max(id), 0) FROM orders)")},
      integrity_check{db, "PRAGMA integrity_check(10)"},
      foreign_key_check{db, "PRAGMA foreign_key_check"}
{}

}  // namespace ecr::store
