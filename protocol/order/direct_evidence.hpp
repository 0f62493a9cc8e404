#pragma once

#include "protocol/cloud/trade_api.hpp"
#include "protocol/order/evidence.hpp"

/// What the answers of /trade/v1 prove about a direct payment or refund. With evidence.hpp the only
/// place that may call money moved or not moved. Source: design 3; contract 4, 5, 10, 13.
namespace ecr::protocol {

/// Judges the answer to the payment or refund itself. 0000 is money only where a customer's code
/// was scanned, or for a refund; for a code to show it is an order that somebody may pay.
[[nodiscard]] push_verdict judge_direct(const order& of, const cloud_reply& reply);

/// Judges a list of transactions, which may hold several of our number and others. Any of ours that
/// succeeded decides, never the first.
[[nodiscard]] evidence judge_direct_rows(const order& of, const cloud_reply& reply);

/// Judges a list that has the payment behind a refund which is in no list itself: a payment of
/// which nothing has gone back says that the refund has not happened.
[[nodiscard]] evidence judge_untouched(const order& refund, const cloud_reply& reply);

/// What became of a close or a reversal. None of them says what became of the money: ask.
enum class undo_answer : std::uint8_t {
    unknown,      // no answer, or one that proves nothing
    heard,        // done, in progress, or there is nothing to undo
    unsupported,  // not for this wallet: wait for the end of its time, and ask
    refused,      // the order is paid, or ended already
};
[[nodiscard]] undo_answer judge_undo(const cloud_reply& reply);

}  // namespace ecr::protocol
