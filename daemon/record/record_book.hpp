#pragma once

#include "daemon/record/cloud_records.hpp"
#include "protocol/order/reconciliation.hpp"

#include <string>
#include <vector>

namespace ecr::daemon {

/// A merchant's days, both ways told: what QFPay has, and what the journal has. The differences
/// point into the two lists: it stays where it is.
struct record_book {
    explicit record_book(cloud_account& whose) : account{whose} {}
    record_book(const record_book&) = delete;
    record_book& operator=(const record_book&) = delete;

    cloud_account& account;
    protocol::record_period period{};
    std::vector<protocol::cloud::trade_row> rows;
    std::vector<protocol::order> orders;
    protocol::reconciliation found;
    record_problem problem;
};

/// Reads both, and compares them. What belongs to the days before and after is read a little
/// beyond the ends, and an order that QFPay names is read however old it is.
[[nodiscard]] asio::awaitable<void> fill(order_service& orders, record_book& book);

/// Asks QFPay about every order that its list lacks, and drops the difference where it knows the
/// order all the same: the list may leave out what terminals did. Source: contract 13.29.
[[nodiscard]] asio::awaitable<void> confirm_missing(order_service& orders, record_book& book);

/// A terminal of the merchant, to ask /ecr with; the order's own when it has one. "": it has none.
[[nodiscard]] std::string terminal_to_ask(order_service& orders, const cloud_account& account,
                                          const std::string& own);

}  // namespace ecr::daemon
