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

/// What a step changes besides the state. Fields left empty keep their value, and so does every
/// text inside `facts` that is empty: what the cloud once said is not forgotten because a later
/// answer left it out.
struct step_facts {
    // The braces let a caller name only what it has: {.cancel_wanted = true}.
    std::optional<protocol::transaction_facts> facts{};
    std::optional<std::int64_t> refundable_before{};
    std::optional<std::int64_t> refundable_now{};
    std::optional<bool> cancel_wanted{};
    std::optional<bool> cancel_acknowledged{};
    protocol::attention needs{};    // bits to add; `late` is added by the journal itself
    protocol::attention settled{};  // bits the operator takes off
    std::optional<bool> resolved_paid{};
};

/// What QFPay has told by itself, as it is kept.
struct notification_record {
    std::string merchant;
    std::string kind;  // notify_type
    std::string syssn;
    std::string out_trade_no;  // as it came; empty for what was keyed in at a terminal
    std::string order;         // out_trade_no of our order, or empty
    std::string body;          // without card numbers
    std::string digest;        // SHA-256, hex, of the bytes as they came
    timestamp received_at{};
    std::int64_t times = 1;  // how often it came; set by the journal

    friend bool operator==(const notification_record&, const notification_record&) = default;
};

/// Six-digit numbers for tills that know no others: they go round, the newest order wins.
inline constexpr std::uint32_t invoice_max = 999'999;

struct order_filter {
    std::optional<protocol::order_state> state{};
    bool needs_attention = false;       // only orders of the operator's list
    std::optional<timestamp> since{};   // created at or after
    std::optional<timestamp> before{};  // created before
    int limit = 50;                     // zero or less: none
};

/// For the status page.
struct counts {
    std::int64_t open = 0;       // as open_orders()
    std::int64_t attention = 0;  // on the operator's list
    std::int64_t total = 0;      // ever recorded
};

/// Orders whose money has moved, summed up by what they have in common.
struct moved_total {
    std::int64_t hour =
        0;  // whole ones between the beginning that was asked for and their creation
    std::string till;
    protocol::channel via{};
    protocol::order_kind kind{};
    std::string merchant;
    std::string currency;   // as the orders have it: either ISO code
    bool returned = false;  // and the money went back by another way than a refund of ours
    bool by_hand = false;   // the operator has said so, and the cloud has not
    std::int64_t count = 0;
    std::int64_t amount_minor_units = 0;
};

/// Open orders and those in question, by state.
struct state_count {
    protocol::order_state state{};
    std::int64_t count = 0;
    timestamp oldest{};  // creation
};

struct amount_search {
    std::int64_t amount_minor_units = 0;
    std::optional<timestamp> since{};   // created at or after
    std::optional<timestamp> before{};  // created before
    int limit = 50;
    int look_at_max = 20'000;  // orders; then the search ends, and says so
};

struct amount_found {
    std::vector<protocol::order> orders;   // newest first
    std::optional<timestamp> unseen_from;  // what was made before that was not looked at
};

/// The durable record of every order and of every step it took, in SQLite. When a verb outside a
/// group returns success, or commit_group() does, it survives a power cut.
///
/// After an error of the disk the journal is broken: from then on every verb returns that error,
/// whatever the disk may have recovered to, so that nothing can go on in memory. Open a new one.
/// What was acknowledged is there; the step that failed may be there, or not.
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
    // others stand. Verbs that read see what the group has written, before it is durable: hold back
    // their answers, too, until commit_group().

    /// Errors: sqlite category  SQLITE_BUSY: somebody else is writing to the file, and the journal
    ///                          is not broken by it; or the disk failed us. No group is open.
    [[nodiscard]] error_code begin_group() noexcept;
    /// After an error nothing of the group is durable, and the journal is broken.
    [[nodiscard]] error_code commit_group() noexcept;

    /// True after an error of the disk; see above.
    [[nodiscard]] bool broken() const noexcept;

    // --- Writing.

    /// Records a new order in state `accepted`, with the first row of its history: `learn`, from
    /// accepted to accepted. The order's own `reason`, `sent_at`, `updated_at` and `final_at` are
    /// not looked at.
    ///
    /// Errors: errc::duplicate_order  the out_trade_no exists
    ///         sqlite category        the disk failed us; the daemon must stop taking orders.
    ///                                SQLITE_BUSY outside a group as in begin_group().
    [[nodiscard]] error_code add(const protocol::order& order, std::string_view reason) noexcept;

    /// Moves an order along `step`, keeps `facts`, and appends to its history, atomically. A late
    /// step (protocol::is_late) also puts the order on the operator's list. Sets sent_at on the
    /// step to `sending` and final_at on every step into a final state.
    ///
    /// Errors: errc::stale_state         the order is not in `step.from`; nothing was written
    ///         errc::unknown_order       no such order
    ///         errc::illegal_transition  `step` is not one that protocol::decide() gives
    ///         sqlite category           as above
    [[nodiscard]] error_code advance(std::string_view out_trade_no,
                                     const protocol::transition& step, std::string_view reason,
                                     timestamp at, const step_facts& facts = {}) noexcept;

    /// The till has shown that it received the final result.
    /// Errors: errc::unknown_order, sqlite category
    [[nodiscard]] error_code mark_delivered(std::string_view out_trade_no) noexcept;

    /// Keeps a notification, or counts one that has come before: how often it has come by now.
    /// Errors: sqlite category
    [[nodiscard]] result<std::int64_t> note_notification(const notification_record& what) noexcept;

    // --- Reading. Errors of all: sqlite category.

    [[nodiscard]] result<std::optional<protocol::order>> find(
        std::string_view out_trade_no) noexcept;
    /// The newest order of this till with this number of its own. None for an empty number.
    [[nodiscard]] result<std::optional<protocol::order>> find_till_order(
        std::string_view till, std::string_view till_order) noexcept;
    /// The newest payment known by this number, or else the newest refund. None for an empty
    /// number.
    [[nodiscard]] result<std::optional<protocol::order>> find_syssn(
        std::string_view syssn) noexcept;
    /// The newest order of this till.
    [[nodiscard]] result<std::optional<protocol::order>> last_of_till(
        std::string_view till) noexcept;
    /// The order's six-digit number, 1 to invoice_max. Errors: errc::unknown_order
    [[nodiscard]] result<std::uint32_t> invoice_of(std::string_view out_trade_no) noexcept;
    /// The newest order of that six-digit number.
    [[nodiscard]] result<std::optional<protocol::order>> find_invoice(
        std::uint32_t invoice) noexcept;
    /// What QFPay has told about an order, oldest first.
    [[nodiscard]] result<std::vector<notification_record>> notifications_of(
        std::string_view out_trade_no) noexcept;
    /// What it has told since then about none of ours, oldest first.
    [[nodiscard]] result<std::vector<notification_record>> unmatched_notifications(
        timestamp since) noexcept;
    /// All refunds of a payment, oldest first.
    [[nodiscard]] result<std::vector<protocol::order>> refunds_of(
        std::string_view out_trade_no) noexcept;
    /// Orders that are not final and not unresolved, oldest first: what recovery goes on with.
    [[nodiscard]] result<std::vector<protocol::order>> open_orders() noexcept;
    /// Orders ended without payment that had been sent at or after `since` and whose end was not
    /// `rejected`: what the watch for late payments goes on with, oldest first.
    [[nodiscard]] result<std::vector<protocol::order>> watched_orders(timestamp since) noexcept;
    /// By the time of their creation, newest first.
    [[nodiscard]] result<std::vector<protocol::order>> list(const order_filter& filter) noexcept;
    /// Oldest first. Empty for an unknown order.
    [[nodiscard]] result<std::vector<protocol::order_step>> steps_of(
        std::string_view out_trade_no) noexcept;
    [[nodiscard]] result<counts> count_orders() noexcept;

    // --- Reading for the status page.

    /// Of the orders created from `since` until before `before`.
    [[nodiscard]] result<std::vector<moved_total>> totals(timestamp since,
                                                          timestamp before) noexcept;
    /// Only states in which there are orders.
    [[nodiscard]] result<std::vector<state_count>> count_unfinished() noexcept;
    /// Every order that is known by this number, ours, a till's or QFPay's, and the refunds of it.
    /// Newest first.
    [[nodiscard]] result<std::vector<protocol::order>> find_all(std::string_view number,
                                                                int limit) noexcept;
    [[nodiscard]] result<amount_found> find_amount(const amount_search& what) noexcept;

    /// Runs SQLite's own check. Empty: intact. Otherwise its first complaints.
    [[nodiscard]] result<std::string> integrity() noexcept;

    // --- Housekeeping.

    /// Moves everything from the log beside the database into the database, for a shutdown: one
    /// file is then the whole journal. Not within a group. What was acknowledged is durable
    /// without.
    ///
    /// Errors: sqlite category  SQLITE_BUSY: somebody is reading; otherwise as above
    [[nodiscard]] error_code checkpoint() noexcept;

private:
    struct state;
    std::unique_ptr<state> state_;
};

}  // namespace ecr::store
