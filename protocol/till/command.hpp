#pragma once

#include "protocol/cloud/channel.hpp"
#include "protocol/money.hpp"
#include "protocol/order/order.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

/// What every dialect is translated to.
namespace ecr::protocol::till {

enum class verb : std::uint8_t {
    hello,
    pay,
    refund,
    cancel,
    receipt,  // print a receipt on the terminal
    summary,  // print the summary on the terminal
    query,    // ask the cloud now
    status,   // from the journal, costs no cloud call
    last,     // the last order of this till
    orders,   // the journal's newest orders; operator links only
    show,     // an order with its history; operator links only
    terminals,
    ping,
    help,
    scan,        // a direct payment with the customer's code, read by the till's scanner
    qr,          // a direct payment with a code that the till shows
    close,       // wishes an unpaid direct payment closed, so that nobody can pay it any more
    reverse,     // wishes a scanned payment of unknown outcome undone
    reconcile,   // compares journal and cloud; operator links only, as the next three
    rebuild,     // restores the payments of a lost journal from the cloud
    resolve,     // the operator ends an order, or takes it off the list
    settlement,  // asks what QFPay has settled
    trace,       // what has passed on the links; operator links only
};

/// How a code is drawn for the till beside its text.
enum class drawing : std::uint8_t {
    none,
    blocks,  // rows of block characters, UTF-8
    escpos,  // ESC/POS raster bytes for a receipt printer, Base64 in rows
};

struct command {
    verb what{};
    std::string tag;    // only the dialect knows what it says: goes into every reply to this
    std::string order;  // the till's number for a new or an earlier order; empty when it sent none
    std::string of;     // refund, receipt, query: the earlier order, by the till's number,
                        // out_trade_no or syssn
    // refund, status: the earlier order by its six-digit number; it stands in the place of `of`
    // (refund) or `order` (status). 0: not used.
    std::uint32_t invoice = 0;
    std::optional<money> amount;  // refund without: all that is left
    std::optional<channel> via;
    std::optional<scan_type> scan;
    std::optional<int> camera_id;
    std::optional<std::chrono::seconds> payment_timeout;
    std::string terminal;              // termid or the name the configuration gives it
    std::string till;                  // the till's name; hello, or any command on a shared link
    std::string token;                 // hello
    bool new_sale = false;             // pay without a number: never re-attach to an earlier one
    std::optional<order_state> state;  // orders: only these
    bool attention = false;            // orders: only the operator's list
    std::optional<int> limit;          // orders, trace

    // Direct payments.
    std::string auth_code;         // scan: the customer's code. A secret: never kept, never logged
    std::string pay_type;          // scan, qr: six digits; empty: chosen by the channel
    std::string currency;          // scan, qr: ISO 4217, alphabetic; empty: the merchant's
    std::string goods;             // scan, qr: what the customer's wallet shows
    drawing draw = drawing::none;  // qr
    std::optional<order_route> route;  // refund: by the terminal, or directly; else as paid
    bool when_possible = false;        // refund: waits for the end of QFPay's night by itself

    // Operators.
    std::string from;          // reconcile, rebuild, settlement: first day, "YYYYMMDD"
    std::string to;            // and last day; empty: the same
    std::optional<bool> paid;  // resolve: what the human has found out; else only off the list
    std::string merchant;      // reconcile, rebuild, settlement: the account's name in the
                               // configuration; empty: all of them
    std::string text;          // resolve: the reason
    std::string link;          // trace: its name in the configuration; empty: all of them
    std::uint64_t after = 0;   // trace: only what came after this number

    friend bool operator==(const command&, const command&) = default;
};

}  // namespace ecr::protocol::till
