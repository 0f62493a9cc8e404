#pragma once

#include "protocol/order/order.hpp"

#include <filesystem>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace ecr::store {

/// What a step changes besides the state. Fields left empty keep their value.
struct step_facts {
    std::optional<protocol::transaction_facts> facts;
    std::optional<std::int64_t> refundable_before;
    std::optional<std::int64_t> refundable_now;
    std::optional<bool> cancel_wanted;
    std::optional<bool> cancel_acknowledged;
    protocol::attention needs{};  // bits to add; `late` is added by the journal itself
};

struct order_filter {
    std::optional<protocol::order_state> state;
    bool needs_attention = false;     // only orders of the operator's list
    std::optional<timestamp> since;   // created at or after
    std::optional<timestamp> before;  // created before
    int limit = 50;
};

/// The durable record of every order and of every step it took, in SQLite. When a verb outside a
/// group returns success, or commit_group() does, it survives a power cut.
///
/// Not thread-safe: owned by the store thread. Times are given by the caller; the store knows none.
class journal {
public:
    /// Opens or creates the database, takes the lock, brings the schema up to date, prepares all
    /// statements.
    ///
    /// Throws boost::system::system_error:
    ///         errc::journal_in_use   another process holds the lock (flock beside the database)
    ///         errc::journal_too_new  schema of a later version
    ///         sqlite category        no such folder, no permission, disk full, not a database
    explicit journal(const std::filesystem::path& path);
    ~journal();
    journal(const journal&) = delete;
    journal& operator=(const journal&) = delete;

    // --- Group commit: everything between begin_group() and commit_group() is one transaction.
    // Each verb inside is atomic by itself (a savepoint): one that fails leaves no trace, and the
    // others stand.

    [[nodiscard]] error_code begin_group() noexcept;
    /// After an error nothing of the group is durable, and the journal must not be used again.
    [[nodiscard]] error_code commit_group() noexcept;

    // --- Writing.

    /// Records a new order in state `accepted`, with the first row of its history.
    ///
    /// Errors: errc::duplicate_order  the out_trade_no exists
    ///         sqlite category        the disk failed us; the daemon must stop taking orders
    [[nodiscard]] error_code add(const protocol::order& order, std::string_view reason) noexcept;

    /// Moves an order along `step`, keeps `facts`, and appends to its history, atomically. A late
    /// step (protocol::is_late) also puts the order on the operator's list. Sets sent_at on the
    /// step to `sending` and final_at on every step into a final state.
    ///
    /// Errors: errc::stale_state    the order is not in `step.from`; nothing was written
    ///         errc::unknown_order  no such order
    ///         sqlite category      as above
    [[nodiscard]] error_code advance(std::string_view out_trade_no,
                                     const protocol::transition& step, std::string_view reason,
                                     timestamp at, const step_facts& facts = {}) noexcept;

    /// The till has shown that it received the final result.
    /// Errors: errc::unknown_order, sqlite category
    [[nodiscard]] error_code mark_delivered(std::string_view out_trade_no) noexcept;

    // --- Reading. Errors of all: sqlite category.

    [[nodiscard]] result<std::optional<protocol::order>> find(std::string_view out_trade_no) noexcept;
    /// The newest order of this till with this number of its own.
    [[nodiscard]] result<std::optional<protocol::order>> find_till_order(
        std::string_view till, std::string_view till_order) noexcept;
    [[nodiscard]] result<std::optional<protocol::order>> find_syssn(std::string_view syssn) noexcept;
    /// The newest order of this till.
    [[nodiscard]] result<std::optional<protocol::order>> last_of_till(std::string_view till) noexcept;
    /// All refunds of a payment, oldest first.
    [[nodiscard]] result<std::vector<protocol::order>> refunds_of(std::string_view out_trade_no) noexcept;
    /// Orders that are not final and not unresolved, oldest first: what recovery goes on with.
    [[nodiscard]] result<std::vector<protocol::order>> open_orders() noexcept;
    /// Orders ended without payment that had been sent at or after `since` and whose end was not
    /// `rejected`: what the watch for late payments goes on with, oldest first.
    [[nodiscard]] result<std::vector<protocol::order>> watched_orders(timestamp since) noexcept;
    /// Newest first.
    [[nodiscard]] result<std::vector<protocol::order>> list(const order_filter& filter) noexcept;
    /// Oldest first.
    [[nodiscard]] result<std::vector<protocol::order_step>> steps_of(
        std::string_view out_trade_no) noexcept;

    /// Runs SQLite's own check. Empty: intact. Otherwise its first complaints.
    [[nodiscard]] result<std::string> integrity() noexcept;

private:
    struct state;
    std::unique_ptr<state> state_;
};

}  // namespace ecr::store
