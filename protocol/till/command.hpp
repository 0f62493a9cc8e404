#pragma once

#include "protocol/cloud/channel.hpp"
#include "protocol/money.hpp"
#include "protocol/order/state.hpp"

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
};

struct command {
    verb what{};
    std::string tag;    // only the dialect knows what it says: goes into every reply to this
    std::string order;  // the till's number for a new or an earlier order; empty when it sent none
    std::string of;     // refund, receipt, query: the earlier order, by the till's number,
                        // out_trade_no or syssn
    std::optional<money> amount;  // refund without one: all that is left of the payment
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
    std::optional<int> limit;          // orders

    friend bool operator==(const command&, const command&) = default;
};

}  // namespace ecr::protocol::till
