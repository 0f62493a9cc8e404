#pragma once

#include "store/sqlite.hpp"

#include <filesystem>

namespace ecr::store {

// What another program does to the file: each call has a connection of its own, without the
// settings of ours.

/// The first number of the answer, read through a connection that cannot write.
[[nodiscard]] inline std::int64_t ask(const std::filesystem::path& path, const char* sql)
{
    sqlite3* raw = nullptr;
    const int opened = sqlite3_open_v2(path.c_str(), &raw, SQLITE_OPEN_READONLY, nullptr);
    const std::unique_ptr<sqlite3, int (*)(sqlite3*)> connection{raw, sqlite3_close};
    throw_if(opened, path.string());
    sqlite3_stmt* compiled = nullptr;
    throw_if(sqlite3_prepare_v2(raw, sql, -1, &compiled, nullptr), sqlite3_errmsg(raw));
    const std::unique_ptr<sqlite3_stmt, int (*)(sqlite3_stmt*)> query{compiled, sqlite3_finalize};
    if (const int code = sqlite3_step(compiled); code != SQLITE_ROW) throw_if(code, sql);
    return sqlite3_column_int64(compiled, 0);
}

/// Errors: sqlite category
[[nodiscard]] inline error_code tamper(const std::filesystem::path& path, const char* sql)
{
    database connection{path};
    return connection.exec(sql);
}

}  // namespace ecr::store
