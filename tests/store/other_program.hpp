#pragma once

#include "store/sqlite.hpp"

#include <filesystem>
#include <string>

namespace ecr::store {

// What another program does to the file: each call has a connection of its own, without the
// settings of ours.

/// What `read(sqlite3_stmt*)` makes of the answer's first row, read through a connection that
/// cannot write.
template <class Reader>
[[nodiscard]] auto ask_for(const std::filesystem::path& path, const char* sql, Reader read)
{
    sqlite3* raw = nullptr;
    const int opened = sqlite3_open_v2(path.string().c_str(), &raw, SQLITE_OPEN_READONLY, nullptr);
    const std::unique_ptr<sqlite3, int (*)(sqlite3*)> connection{raw, sqlite3_close};
    throw_if(opened, path.string());
    sqlite3_stmt* compiled = nullptr;
    throw_if(sqlite3_prepare_v2(raw, sql, -1, &compiled, nullptr), sqlite3_errmsg(raw));
    const std::unique_ptr<sqlite3_stmt, int (*)(sqlite3_stmt*)> query{compiled, sqlite3_finalize};
    if (const int code = sqlite3_step(compiled); code != SQLITE_ROW) throw_if(code, sql);
    return read(compiled);
}

/// The first number of the answer.
[[nodiscard]] inline std::int64_t ask(const std::filesystem::path& path, const char* sql)
{
    return ask_for(path, sql, [](sqlite3_stmt* row) { return sqlite3_column_int64(row, 0); });
}

/// The first text of the answer.
[[nodiscard]] inline std::string ask_text(const std::filesystem::path& path, const char* sql)
{
    return ask_for(path, sql, [](sqlite3_stmt* row) {
        const auto* text = sqlite3_column_text(row, 0);
        return text == nullptr ? std::string{} : std::string{reinterpret_cast<const char*>(text)};
    });
}

/// Errors: sqlite category
[[nodiscard]] inline error_code tamper(const std::filesystem::path& path, const char* sql)
{
    database connection{path};
    return connection.exec(sql);
}

}  // namespace ecr::store
