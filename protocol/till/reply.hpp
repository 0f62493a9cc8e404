#pragma once

#include "protocol/order/order.hpp"
#include "protocol/till/command.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

/// What a till is told. A command is answered by any number of `accepted`, `progress`,
/// `code_to_show` and `row`, and ended by exactly one `outcome`, `done` or `problem`.
namespace ecr::protocol::till {

/// The two-digit result a 1980s program can switch on. Never renumber; the table of meanings is in
/// line/README.md.
enum class result_code : std::uint8_t {
    done = 0,     // paid, refunded, printed, cancelled an order that was not sent, pong
    pending = 1,  // still running
    declined = 10,
    cancelled = 11,
    expired = 12,
    rejected = 13,  // the cloud refused the request; nothing reached the terminal
    not_sent = 14,  // no byte left: cloud not reachable
    in_doubt = 20,
    unresolved = 21,
    mismatch = 22,  // the cloud reports another amount or order: a human decides
    resolved = 23,  // a human has ended it; the text says how
    returned = 24,     // paid, and the money has gone back, or is going back, to the customer
    bad_command = 30,
    unknown_order = 31,
    number_in_use = 32,  // same number, other content: nothing sent
    busy = 33,           // terminal or queue full: nothing sent
    not_allowed = 34,    // hello missing, wrong token, operator command on another link
    refused = 35,        // against a known rule (Octopus refund, 23:30–00:30, …): nothing sent
    unknown_terminal = 36,
    too_long = 37,        // line or frame above the limit
    journal_failed = 50,  // cannot be made durable: nothing sent, the bridge stops
    stopping = 51,
    internal = 59,
};

/// What the till already holds or is waiting for.
enum class stage : std::uint8_t {
    queued,  // another order has the terminal
    sending,
    on_terminal,  // waiting for the shopper
    cancelling,
    confirming,  // window over or cloud silent: being asked about
    cloud_down,  // the cloud cannot be reached; the order is safe
};

/// The bridge has made the order durable.
struct accepted {
    std::string tag;
    std::string order;  // the till's number, or the bridge's when the till sent none
    std::string out_trade_no;
    bool earlier = false;  // not new: an earlier order of this till, re-attached
};

struct progress {
    std::string tag;
    std::string order;
    stage where{};
    std::optional<int> ahead;  // queued: how many orders have the terminal first
    std::string text;
};

/// Ends pay, refund, status, query, last, cancel: where the order stands.
struct outcome {
    std::string tag;
    result_code code{};
    bool safe_to_retry = false;
    bool earlier = false;
    bool late = false;
    std::string text;
    protocol::order order;
    std::string order_number;   // what to call it towards this till
    std::uint32_t invoice = 0;  // its six-digit number; 0: not looked up
};

/// What the shopper scans or opens to pay, for the till to show. Comes between `accepted` and the
/// outcome, and again when the command is repeated.
struct code_to_show {
    std::string tag;
    std::string order;
    std::string text;  // of the QR code, or the address of a page
    std::optional<timestamp> until;
    drawing draw = drawing::none;
};

/// A row of a list: ordered names and values.
struct row {
    std::string tag;
    std::string name;  // "order", "step", "terminal", "help"
    std::vector<std::pair<std::string, std::variant<std::string, std::int64_t, bool>>> fields;
};

/// Ends a command that is not about one order's state: hello, receipt, summary, orders, ping, ….
struct done {
    std::string tag;
    std::string what;           // the verb
    bool safe_to_retry = true;  // false for a cancel: the order may still be paid
    std::string text;
    std::vector<std::pair<std::string, std::variant<std::string, std::int64_t, bool>>> fields;
};

/// Ends a command that cost nothing: no order was made, nothing was sent for it.
struct problem {
    std::string tag;
    std::string order;  // the number the till used, if any
    result_code code{};
    bool safe_to_retry = true;
    std::string text;
};

using reply = std::variant<accepted, progress, outcome, row, done, problem, code_to_show>;

[[nodiscard]] inline bool ends_command(const reply& r) noexcept
{
    return std::holds_alternative<outcome>(r) || std::holds_alternative<done>(r) ||
           std::holds_alternative<problem>(r);
}

[[nodiscard]] std::string_view name_of(stage where) noexcept;

}  // namespace ecr::protocol::till
