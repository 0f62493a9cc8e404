#pragma once

#include "protocol/errc.hpp"

#include <sqlite3.h>

#include <cassert>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace ecr::store {

/// SQLite's extended result codes as error_codes.
[[nodiscard]] const boost::system::error_category& sqlite_category() noexcept;

[[nodiscard]] inline error_code make_sqlite_error(int code) noexcept
{
    return {code, sqlite_category()};
}

/// Throws boost::system::system_error in the sqlite category unless `code` is SQLITE_OK.
void throw_if(int code, const std::string& what);

enum class open_as { writer, reader };

/// One connection, owned by one thread.
class database {
public:
    /// Opens an existing file for reading and writing, or only for reading; writes nothing.
    ///
    /// Throws boost::system::system_error (sqlite category): no such file, no permission
    explicit database(const std::filesystem::path& path, open_as how = open_as::writer);

    /// Runs SQL that gives no rows we care for. For starting up; verbs use statements.
    [[nodiscard]] error_code exec(const char* sql) noexcept;

    /// False outside a transaction, and after SQLite has rolled one back by itself.
    [[nodiscard]] bool in_transaction() const noexcept;
    [[nodiscard]] sqlite3* handle() const noexcept { return handle_.get(); }

private:
    struct closer {
        void operator()(sqlite3* db) const noexcept { sqlite3_close_v2(db); }
    };
    std::unique_ptr<sqlite3, closer> handle_;
};

/// How a step of a statement can end when it does not fail.
enum class stepped { row, done };

/// The rows of one run of a statement. Ends the run when it goes, so that no read stays open and
/// keeps the log from being checkpointed.
class rows {
public:
    rows(sqlite3_stmt* statement, int bind_code) noexcept
        : statement_{statement}, bind_code_{bind_code}
    {}
    rows(const rows&) = delete;
    rows& operator=(const rows&) = delete;
    ~rows();

    /// Goes to the next row, or to the end.
    ///
    /// Errors: sqlite category  anything else; never mistaken for the end
    [[nodiscard]] result<stepped> next() noexcept;

    // Of the row next() went to.
    [[nodiscard]] std::int64_t integer(int column) const noexcept;
    [[nodiscard]] std::optional<std::int64_t> maybe_integer(int column) const noexcept;
    // Throws std::bad_alloc.
    [[nodiscard]] std::string text(int column) const;

private:
    sqlite3_stmt* statement_;
    int bind_code_;
};

/// A statement compiled once and run many times. Throws boost::system::system_error if the SQL
/// does not compile, so a typo is found at startup and not at the first refund.
class statement {
public:
    statement(const database& db, std::string_view sql);

    /// Binds `args` in order and starts a run. Texts must outlive the rows.
    template <class... Args>
    [[nodiscard]] rows query(const Args&... args) noexcept
    {
        int index = 0;
        int failed = SQLITE_OK;
        (keep_first(failed, bind(++index, args)), ...);
        assert(index == sqlite3_bind_parameter_count(handle_.get()));
        return rows{handle_.get(), failed};
    }

    /// Binds `args` in order and runs to completion. Returns the number of rows changed.
    ///
    /// Errors: sqlite category
    template <class... Args>
    [[nodiscard]] result<int> exec(const Args&... args) noexcept
    {
        return finish(query(args...));
    }

private:
    struct finalizer {
        void operator()(sqlite3_stmt* s) const noexcept { sqlite3_finalize(s); }
    };

    static void keep_first(int& failed, int code) noexcept;
    [[nodiscard]] int bind(int index, std::int64_t value) noexcept;
    [[nodiscard]] int bind(int index, std::string_view text) noexcept;
    [[nodiscard]] int bind(int index, const std::string& text) noexcept
    {
        return bind(index, std::string_view{text});
    }
    [[nodiscard]] int bind(int index, const std::optional<std::int64_t>& value) noexcept;
    [[nodiscard]] int bind(int index, const std::optional<std::string_view>& text) noexcept;
    [[nodiscard]] result<int> finish(rows run) noexcept;

    std::unique_ptr<sqlite3_stmt, finalizer> handle_;
};

/// BEGIN IMMEDIATE, because every transaction of ours writes: a deferred one could lose the race
/// for the write lock halfway. Errors of all: sqlite category.
class transaction {
public:
    explicit transaction(const database& db)
        : begin_{db, "BEGIN IMMEDIATE"}, commit_{db, "COMMIT"}, rollback_{db, "ROLLBACK"}
    {}

    [[nodiscard]] error_code begin() noexcept { return begin_.exec().error(); }
    /// After an error the transaction may still be open; see database::in_transaction().
    [[nodiscard]] error_code commit() noexcept { return commit_.exec().error(); }
    [[nodiscard]] error_code rollback() noexcept { return rollback_.exec().error(); }

private:
    statement begin_;
    statement commit_;
    statement rollback_;
};

/// A part of a transaction that can be undone alone. Errors of all: sqlite category.
class savepoint {
public:
    explicit savepoint(const database& db)
        : begin_{db, "SAVEPOINT verb"}, release_{db, "RELEASE verb"}, undo_{db, "ROLLBACK TO verb"}
    {}

    [[nodiscard]] error_code begin() noexcept { return begin_.exec().error(); }
    [[nodiscard]] error_code release() noexcept { return release_.exec().error(); }
    [[nodiscard]] error_code rollback() noexcept;

private:
    statement begin_;
    statement release_;
    statement undo_;
};

}  // namespace ecr::store
