#pragma once

#include <sqlite3.h>

#include <filesystem>
#include <string>
#include <vector>

namespace ecr::simulation {

/// The journal's rows, read by a connection of its own while the bridge works.
class onlooker {
public:
    ~onlooker() { close(); }

    /// "NUMBER STATE …" for every order.
    std::vector<std::string> rows(const std::filesystem::path& journal)
    {
        std::vector<std::string> all;
        if (db_ == nullptr && !open(journal)) return all;
        while (sqlite3_step(query_) == SQLITE_ROW)
            all.emplace_back(reinterpret_cast<const char*>(sqlite3_column_text(query_, 0)));
        sqlite3_reset(query_);
        return all;
    }

private:
    bool open(const std::filesystem::path& journal)
    {
        if (sqlite3_open_v2(journal.c_str(), &db_, SQLITE_OPEN_READONLY, nullptr) == SQLITE_OK &&
            sqlite3_prepare_v2(db_,
                               "SELECT out_trade_no || ' ' || state || ' ' || needs || ' ' || "
                               "coalesce(syssn, '') || ' ' || cancel_wanted || ' ' || "
                               "cancel_acknowledged || ' ' || delivered FROM orders "
                               "ORDER BY out_trade_no",
                               -1, &query_, nullptr) == SQLITE_OK)
            return true;
        close();
        return false;
    }
    void close()
    {
        sqlite3_finalize(query_);
        sqlite3_close(db_);
        query_ = nullptr;
        db_ = nullptr;
    }

    sqlite3* db_ = nullptr;
    sqlite3_stmt* query_ = nullptr;
};

}  // namespace ecr::simulation
