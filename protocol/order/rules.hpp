#pragma once

#include "protocol/order/evidence.hpp"

#include <string_view>
#include <vector>

/// What of the rules about money the bridge asserts of itself while it runs. Each question gives
/// the rule that is broken, for people, or nothing. They share nothing with the code that decides,
/// and they are never broken by what a till, the cloud or the disk does: only by a mistake of ours.
/// Source: design 3.
namespace ecr::protocol {

/// An order whose request is about to leave for the cloud.
struct push_moment {
    const order& of;
    order_state journalled{};    // what the journal has acknowledged last
    bool has_terminal = false;   // it, and nobody else
    bool may_have_left = false;  // an earlier try of the same request
};
[[nodiscard]] std::string_view broken_by_push(const push_moment& now) noexcept;

/// A refund that is about to leave: `others` are the refunds of that payment.
[[nodiscard]] std::string_view broken_by_refund(const order& refund, const order& payment,
                                                const std::vector<order>& others) noexcept;

/// What a request for money was judged to be, by how it ended on the network.
[[nodiscard]] std::string_view broken_by_verdict(transport how, order_event verdict) noexcept;

/// An end that is about to be journalled. `respcd` is of the transaction, as the cloud gave it.
[[nodiscard]] std::string_view broken_by_end(const order& o, order_event on,
                                             std::string_view respcd) noexcept;

/// An order of which a till is about to be told.
[[nodiscard]] std::string_view broken_by_reply(const order& o, bool says_paid,
                                               bool safe_to_retry) noexcept;

}  // namespace ecr::protocol
