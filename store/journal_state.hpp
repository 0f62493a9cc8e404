#pragma once

#include "store/journal.hpp"
#include "store/journal_file.hpp"
#include "store/lock_file.hpp"
#include "store/order_row.hpp"
#include "store/statements.hpp"

#include <cassert>
#include <new>

/// The inside of the journal, for its own .cpp files.
namespace ecr::store {

struct journal::state {
    // The lock before the database: nothing is created or changed while another process has it.
    explicit state(const std::filesystem::path& path)
        : lock{lock_path_of(path)}, db{open_journal_file(path)}, group{db}, verb{db}, sql{db}
    {}

    template <class Body>
    [[nodiscard]] error_code write(Body body) noexcept;
    [[nodiscard]] error_code move(std::string_view out_trade_no, const protocol::transition& step,
                                  std::string_view reason, timestamp at,
                                  const step_facts& changes) noexcept;
    [[nodiscard]] error_code why_not_moved(std::string_view out_trade_no) noexcept;
    [[nodiscard]] error_code append(std::string_view out_trade_no, const protocol::transition& step,
                                    std::string_view reason, timestamp at) noexcept;

    template <class Row, class... Args>
    [[nodiscard]] result<std::vector<Row>> read_all(result<Row> (*read_row)(const rows&),
                                                    statement& from, const Args&... args) noexcept;
    /// Errors: as read_all, and index_lies() when what was found is not what was asked for
    template <class IsIt, class... Args>
    [[nodiscard]] result<std::optional<protocol::order>> read_one(IsIt is_it, statement& from,
                                                                  const Args&... args) noexcept;
    /// An index that names another order's row: the disk has changed it.
    [[nodiscard]] error_code index_lies() noexcept;

    [[nodiscard]] error_code undo(const error_code& why) noexcept;
    [[nodiscard]] error_code end_transaction() noexcept;
    [[nodiscard]] error_code note(const error_code& error) noexcept;

    lock_file lock;
    database db;
    transaction group;  // or the transaction of a lone verb
    savepoint verb;     // of a verb within a group
    statements sql;
    bool group_open = false;
    bool group_lost = false;  // its transaction is gone, and all its verbs with it
    error_code broken_by;
};

// --- How a verb writes and reads. ----------------------------------------------------------------

/// Runs `body` as one unit: all of it is kept, or none.
template <class Body>
error_code journal::state::write(Body body) noexcept
{
    if (broken_by) return broken_by;
    if (const auto failed = group_open ? verb.begin() : group.begin()) return note(failed);
    if (const auto failed = body()) return undo(failed);
    if (!group_open) return end_transaction();
    if (const auto failed = verb.release()) return undo(failed);
    return {};
}

template <class Row, class... Args>
result<std::vector<Row>> journal::state::read_all(result<Row> (*read_row)(const rows&),
                                                  statement& from, const Args&... args) noexcept
{
    if (broken_by) return broken_by;
    std::vector<Row> all;
    auto found = from.query(args...);
    // Memory that runs out is an error like SQLite's own of that name, whoever asked for it.
    try {
        for (;;) {
            const auto outcome = found.next();
            if (!outcome) return note(outcome.error());
            if (*outcome == stepped::done) return all;
            auto row = read_row(found);
            // Not noted: a row that somebody else has spoilt says nothing about the disk.
            if (!row) return row.error();
            all.push_back(std::move(*row));
        }
    } catch (const std::bad_alloc&) {
        return note(make_sqlite_error(SQLITE_NOMEM));
    }
}

template <class IsIt, class... Args>
result<std::optional<protocol::order>> journal::state::read_one(IsIt is_it, statement& from,
                                                                const Args&... args) noexcept
{
    auto all = read_all<protocol::order>(read_order, from, args...);
    if (!all) return all.error();
    assert(all->size() <= 1);
    if (all->empty()) return std::nullopt;
    if (!is_it(all->front())) return index_lies();
    return std::move(all->front());
}

}  // namespace ecr::store
