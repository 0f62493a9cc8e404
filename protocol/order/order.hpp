#pragma once

#include "protocol/cloud/channel.hpp"
#include "protocol/money.hpp"
#include "protocol/order/state.hpp"
#include "protocol/timestamp.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

namespace ecr::protocol {

/// The numbers are stored in the journal.
enum class order_kind : std::uint8_t { payment = 1, refund = 2 };

/// By which way an order reaches the cloud. The numbers are stored in the journal.
enum class order_route : std::uint8_t {
    terminal = 1,  // /ecr/v1: pushed to a QFPay terminal
    direct = 2,    // /trade/v1: the till's scanner or screen takes the terminal's place
};

/// Why an order is on the operator's list. Bits, stored in the journal.
enum class attention : std::uint8_t {
    none = 0,
    late = 1,         // money moved after the till had been told that it had not
    mismatch = 2,     // the cloud reports another amount, currency or order under our number
    unresolved = 4,   // can no longer be asked about
    returned = 8,     // paid, and the money went back by another way than a refund of ours
    paid_twice = 16,  // the cloud knows a second payment under our number
};
[[nodiscard]] constexpr attention operator|(attention a, attention b) noexcept
{
    return static_cast<attention>(static_cast<unsigned>(a) | static_cast<unsigned>(b));
}
[[nodiscard]] constexpr bool has(attention set, attention bit) noexcept
{
    return (static_cast<unsigned>(set) & static_cast<unsigned>(bit)) != 0;
}

/// The bits of `set` without those of `bits`.
[[nodiscard]] constexpr attention without(attention set, attention bits) noexcept
{
    return static_cast<attention>(static_cast<unsigned>(set) & ~static_cast<unsigned>(bits));
}

/// ISO 4217 numeric code of the only currency /ecr/v1 deals in. Source: contract 3.6, 9.
inline constexpr std::string_view hkd_numeric = "344";

/// What the cloud has said about the transaction behind an order. Empty text: not known.
struct transaction_facts {
    std::string syssn;   // QFPay's number: the key that stays valid for ever
    std::string respcd;  // the last transaction-level (or refusal) code
    std::string sysdtm;  // QFPay's time of the transaction, UTC+8, "YYYY-MM-DD hh:mm:ss"
    std::string busicd;
    std::string chnlsn;
    std::string card;  // masked card number
    std::string card_scheme;
    bool matched_by_question = false;  // contract 13.1: the row did not carry our number
    std::string shown;  // direct: what the shopper scans or opens, a QR text or an address

    friend bool operator==(const transaction_facts&, const transaction_facts&) = default;
};

/// Adds what is new: what the cloud once said is not forgotten because a later answer left it out.
/// As the journal does it.
inline void learn(transaction_facts& known, const transaction_facts& news)
{
    const auto take = [](std::string& into, const std::string& from) {
        if (!from.empty()) into = from;
    };
    take(known.syssn, news.syssn);
    take(known.respcd, news.respcd);
    take(known.sysdtm, news.sysdtm);
    take(known.busicd, news.busicd);
    take(known.chnlsn, news.chnlsn);
    take(known.card, news.card);
    take(known.card_scheme, news.card_scheme);
    take(known.shown, news.shown);
    known.matched_by_question = news.matched_by_question;
}

/// One thing a till wants done with money. A row of the journal.
struct order {
    std::string out_trade_no;  // the number the cloud knows it by; unique for ever
    order_kind kind = order_kind::payment;
    std::string till;  // who asked
    bool till_named =
        false;  // the till said its name, or its link has one: not derived from an address
    std::string till_order;  // the till's own number, as sent; empty when it sent none
    std::string content;     // what a repeat must match; see till/idempotency
    std::string terminal;    // termid
    channel via = channel::card_payment;
    scan_type scan = scan_type::scan_pay;
    std::optional<int> camera_id;
    std::int64_t amount_minor_units = 0;
    std::string currency{hkd_numeric};  // ISO 4217 numeric
    std::chrono::seconds payment_timeout{120};

    // Refunds only.
    std::string of;        // out_trade_no of the payment
    std::string of_syssn;  // and its syssn
    bool allow_modify = false;
    std::optional<std::int64_t> refundable_before;  // allow_refund_amt read before the push

    order_state state = order_state::accepted;
    std::string reason;  // of the last step, for people
    attention needs{};
    transaction_facts facts;
    std::optional<std::int64_t> refundable_now;  // allow_refund_amt at the last enquiry
    bool cancel_wanted = false;
    bool cancel_acknowledged = false;
    bool delivered =
        false;  // the till has shown that it got the end, or has not asked again in time

    std::string merchant;  // the account's name in the configuration; empty: the first one
    order_route route = order_route::terminal;
    std::string pay_type;  // direct: six digits. Source: contract 6
    std::string txdtm;     // direct: as sent, QFPay's time; close and reversal repeat it
    std::optional<timestamp> not_before;  // refunds: waits for QFPay's night to end
    std::optional<bool> resolved_paid;    // what the operator said when ending it

    timestamp created_at{};
    std::optional<timestamp> sent_at;  // the step to `sending`
    timestamp updated_at{};
    std::optional<timestamp> final_at;

    friend bool operator==(const order&, const order&) = default;
};

/// Whether the money is taken to have moved, where a wrong "no" would let it move twice.
[[nodiscard]] inline bool money_has_moved(const order& o) noexcept
{
    return o.state == order_state::paid ||
           (o.state == order_state::resolved && o.resolved_paid.value_or(true));
}

/// A step as the history shows it.
struct order_step {
    order_state from{};
    order_event on{};
    order_state to{};
    std::string reason;
    timestamp at{};

    friend bool operator==(const order_step&, const order_step&) = default;
};

}  // namespace ecr::protocol
