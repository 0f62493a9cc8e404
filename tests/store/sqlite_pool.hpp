#pragma once

#include <sqlite3.h>

namespace ecr::store {

/// Gives SQLite memory that costs little while it lives: opening a journal is thousands of
/// allocations, and the sanitizers' allocator is most of the time of a test that opens a hundred
/// thousand. No connection may be open when it begins or ends.
class sqlite_pool {
public:
    sqlite_pool();
    ~sqlite_pool();
    sqlite_pool(const sqlite_pool&) = delete;
    sqlite_pool& operator=(const sqlite_pool&) = delete;

private:
    sqlite3_mem_methods before_{};
};

}  // namespace ecr::store
