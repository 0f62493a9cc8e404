#pragma once

#include "protocol/order/order.hpp"

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <vector>

namespace ecr::store {

/// Which orders of a journal, by the time of their creation.
struct extract_range {
    std::optional<timestamp> since{};   // at or after
    std::optional<timestamp> before{};  // before
};

/// An order with its history, oldest step first.
struct extracted_order {
    protocol::order order;
    std::vector<protocol::order_step> steps;
};

/// Reads orders, oldest first, a few at a time: whoever takes them may be slow without keeping a
/// bridge that runs from anything. `take` says false for "enough". Writes nothing.
///
/// Throws boost::system::system_error: as examine_journal()
void extract_orders(const std::filesystem::path& journal, const extract_range& range,
                    const std::function<bool(extracted_order&&)>& take);

/// When an order was last touched; nothing: there is none.
///
/// Throws boost::system::system_error: as examine_journal()
[[nodiscard]] std::optional<timestamp> newest_change(const std::filesystem::path& journal);

/// What has been forgotten.
struct forgotten {
    std::int64_t orders = 0;
    std::int64_t notifications = 0;
};

/// What forgetting goes by, so that a bridge that runs is not kept waiting.
struct forget_pace {
    std::function<std::chrono::milliseconds()> now;  // of a clock that only goes on
    std::function<void()> breathe;                   // between two deletions, without any lock
};

/// Deletes orders that were made, and last touched, before `before`, with their histories and what
/// QFPay has told about them. Stay, however old: what is not final, what is on the operator's list,
/// payments and refunds of which one stays, and the newest order. Also while a bridge runs: it goes
/// a few orders at a time, holds the lock of writers for some 50 ms, and calls `breathe` in
/// between, without any lock; what it throws ends the work, and what was deleted by then stays
/// deleted.
///
/// Throws boost::system::system_error: as examine_journal(); errc::journal_too_new or
/// SQLITE_SCHEMA:
///         of another program's version; SQLITE_BUSY: somebody is writing all the time
[[nodiscard]] forgotten forget_orders(const std::filesystem::path& journal, timestamp before,
                                      const forget_pace& pace);

}  // namespace ecr::store
