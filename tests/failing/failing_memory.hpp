#pragma once

#include <cstdint>

namespace ecr::failing {

/// Memory that runs out where a test says so: for operator new, and for SQLite.
struct memory {
    /// The next but `from` allocations fail: the one of that number, or it and all after it.
    static void run_out(std::int64_t from, bool for_good) noexcept;
    static void be_plenty() noexcept;
    /// Allocations since run_out().
    [[nodiscard]] static std::int64_t asked() noexcept;

    /// Before the first connection: SQLite takes its memory here, too.
    static void give_to_sqlite() noexcept;
};

}  // namespace ecr::failing
