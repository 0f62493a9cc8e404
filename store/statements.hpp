#pragma once

#include "store/sqlite.hpp"

namespace ecr::store {

/// All SQL of the journal's verbs, compiled at startup. The parameters are numbered; the .cpp is
/// their only description.
struct statements {
    explicit statements(const database& db);

    // Writing.
    statement insert_order;
    statement move_order;
    statement append_step;
    statement deliver;

    // Reading.
    statement is_its_row;  // whether the row that the index names carries the number
    statement find;
    statement find_till_order;
    statement find_syssn;
    statement last_of_till;
    statement refunds_of;
    statement open_orders;
    statement watched_orders;
    statement list;            // these three take the same parameters, and differ in the
    statement list_attention;  // index they can use
    statement list_unfinished;
    statement invoice_of;
    statement find_invoice;
    statement note_notification;
    statement notifications_of;
    statement unmatched_notifications;
    statement steps_of;
    statement counts;
    statement totals;
    statement count_unfinished;
    statement find_all;
    statement find_amount;
    statement edge_of_search;  // where find_amount ends when there are more than it looks at
    statement integrity_check;
    statement foreign_key_check;
};

}  // namespace ecr::store
