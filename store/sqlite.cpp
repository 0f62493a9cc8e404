#include "store/sqlite.hpp"

#include <boost/system/system_error.hpp>

#include <new>
#include <utility>

namespace ecr::store {
namespace {

class category final : public boost::system::error_category {
public:
    const char* name() const noexcept override { return "sqlite"; }

    // The number goes with the text: SQLite says "disk I/O error" to thirty different things.
    std::string message(int value) const override
    {
        return std::string{sqlite3_errstr(value)} + " (sqlite " + std::to_string(value) + ")";
    }
};

}  // namespace

const boost::system::error_category& sqlite_category() noexcept
{
    static const category instance;
    return instance;
}

void throw_if(int code, const std::string& what)
{
    if (code != SQLITE_OK) throw boost::system::system_error{make_sqlite_error(code), what};
}

namespace {

/// SQLite counts its memory under a lock, for questions that nobody asks here: each allocation, and
/// there are hundreds in a step, is the cheaper for it. Too late once SQLite is in use: then it
/// goes on counting.
void count_no_memory() noexcept
{
    static const int once = sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
    (void)once;
}

}  // namespace

database::database(const std::filesystem::path& path, open_as how)
{
    count_no_memory();
    sqlite3* raw = nullptr;
    const int access = how == open_as::writer ? SQLITE_OPEN_READWRITE : SQLITE_OPEN_READONLY;
    // NOMUTEX: one connection, one thread.
    const int code =
        sqlite3_open_v2(path.string().c_str(), &raw, access | SQLITE_OPEN_NOMUTEX, nullptr);
    handle_.reset(raw);  // SQLite hands out a connection even when opening failed
    throw_if(code, path.string());
    throw_if(sqlite3_extended_result_codes(raw, 1), path.string());
    // SQLite falls back to reading when it may not write, and would tell us at the first order.
    if (how == open_as::writer && sqlite3_db_readonly(raw, "main") != 0)
        throw_if(SQLITE_READONLY, path.string());
}

error_code database::exec(const char* sql) noexcept
{
    const int code = sqlite3_exec(handle_.get(), sql, nullptr, nullptr, nullptr);
    return code == SQLITE_OK ? error_code{} : make_sqlite_error(code);
}

bool database::in_transaction() const noexcept
{
    return sqlite3_get_autocommit(handle()) == 0;
}

void statement::keep_first(int& failed, int code) noexcept
{
    if (failed == SQLITE_OK) failed = code;
}

rows::~rows()
{
    (void)sqlite3_reset(statement_);           // repeats step()'s error, which next() has returned
    (void)sqlite3_clear_bindings(statement_);  // bound text belongs to the caller
}

result<stepped> rows::next() noexcept
{
    if (bind_code_ != SQLITE_OK) return make_sqlite_error(bind_code_);
    switch (const int code = sqlite3_step(statement_)) {
        case SQLITE_ROW: return stepped::row;
        case SQLITE_DONE: return stepped::done;
        default: return make_sqlite_error(code);
    }
}

std::int64_t rows::integer(int column) const noexcept
{
    return sqlite3_column_int64(statement_, column);
}

std::optional<std::int64_t> rows::maybe_integer(int column) const noexcept
{
    if (sqlite3_column_type(statement_, column) == SQLITE_NULL) return std::nullopt;
    return integer(column);
}

std::string rows::text(int column) const
{
    const auto* const bytes = sqlite3_column_text(statement_, column);
    if (bytes == nullptr) {
        // SQLite says so of what is null, and of what it has no memory to show.
        if (sqlite3_errcode(sqlite3_db_handle(statement_)) == SQLITE_NOMEM) throw std::bad_alloc{};
        return {};
    }
    const auto size = sqlite3_column_bytes(statement_, column);
    return {reinterpret_cast<const char*>(bytes), static_cast<std::size_t>(size)};
}

statement::statement(const database& db, std::string_view sql)
{
    sqlite3_stmt* raw = nullptr;
    const int code = sqlite3_prepare_v3(db.handle(), sql.data(), static_cast<int>(sql.size()),
                                        SQLITE_PREPARE_PERSISTENT, &raw, nullptr);
    handle_.reset(raw);
    throw_if(code, sqlite3_errmsg(db.handle()));
}

int statement::bind(int index, std::int64_t value) noexcept
{
    return sqlite3_bind_int64(handle_.get(), index, value);
}

int statement::bind(int index, std::string_view text) noexcept
{
    // A view of nothing has no address, and SQLite takes a text without an address for NULL.
    // STATIC: the caller's text outlives the rows.
    return sqlite3_bind_text64(handle_.get(), index, text.data() == nullptr ? "" : text.data(),
                               text.size(), SQLITE_STATIC, SQLITE_UTF8);
}

int statement::bind(int index, const std::optional<std::int64_t>& value) noexcept
{
    return value ? bind(index, *value) : sqlite3_bind_null(handle_.get(), index);
}

int statement::bind(int index, const std::optional<std::string_view>& text) noexcept
{
    return text ? bind(index, *text) : sqlite3_bind_null(handle_.get(), index);
}

result<int> statement::finish(rows run) noexcept
{
    for (;;) {
        const auto outcome = run.next();
        if (!outcome) return outcome.error();
        if (*outcome == stepped::done) return sqlite3_changes(sqlite3_db_handle(handle_.get()));
    }
}

error_code savepoint::rollback() noexcept
{
    if (const auto failed = undo_.exec(); !failed) return failed.error();
    return release();  // ROLLBACK TO undoes the work and leaves the savepoint standing
}

}  // namespace ecr::store
