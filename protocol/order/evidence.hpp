#pragma once

#include "protocol/cloud/ecr_api.hpp"
#include "protocol/order/enquiry_schedule.hpp"
#include "protocol/order/order.hpp"

#include <optional>
#include <string>
#include <string_view>

/// What the cloud's answers prove about an order. Pure; the only place that may call money moved or
/// not moved. Source: design 3; contract 5, 10, 13.
namespace ecr::protocol {

/// How a request to the cloud ended, as far as the network can tell.
enum class transport : std::uint8_t {
    answered,   // an HTTP answer was read whole
    not_sent,   // proof: no byte of the request left (name resolution, connect or TLS failed)
    no_answer,  // it may have arrived; nothing usable came back
};

struct cloud_reply {
    transport how = transport::no_answer;
    unsigned http_status = 0;
    std::string body;
    /// The answer carried a signature that does not verify: believed only when a second one agrees.
    bool bad_signature = false;
    std::string detail;  // of a transport failure, for people
};

/// What a push proved.
struct push_verdict {
    order_event event{};  // push, refuse, doubt or not_sent; direct also pay or decline
    std::string respcd;
    std::string reason;
    std::optional<transaction_facts> facts{};  // direct: what the answer tells of the transaction
    /// A refund was refused because its number is not wanted: it may be sent again without, nothing
    /// was executed. Source: contract 3.2, CONFLICT.
    bool number_unwanted = false;
};
[[nodiscard]] push_verdict judge_push(order_kind kind, const cloud_reply& reply);

/// Codes with which the cloud refuses a refund and that may also mean that it was done before: the
/// payment is read before anybody hears "rejected". Source: contract 13.6, 13.7.
[[nodiscard]] bool is_refund_refusal_to_check(std::string_view code) noexcept;

/// Whether the terminal has been told to cancel. It proves nothing about the money: the cloud
/// answers the same for an idle terminal (contract 13.14).
[[nodiscard]] bool cancel_was_heard(const cloud_reply& reply);

/// What an enquiry proved.
enum class finding : std::uint8_t {
    nothing,     // no information: failed, unreadable, empty, or a row of another order
    not_found,   // the cloud does not know the order (yet)
    pending,     // it knows it, and nothing has ended
    processing,  // the same, said with 1145: ask a little later
    paid,
    declined,
    closed,    // ended unpaid: cancelled or closed
    expired,   // ended unpaid: the cloud says that time ran out
    mismatch,  // success for another amount, currency or transaction: a human decides
    returned,  // paid, and the money went back to the shopper
};

struct evidence {
    finding what = finding::nothing;
    bool confirm = false;         // counts only when the next enquiry says the same
    bool reached = false;         // the cloud gave a usable answer
    bool other_terminal = false;  // 1106: ask with another terminal of the merchant
    std::string respcd;
    std::string reason;
    std::optional<transaction_facts> facts;  // new facts about our transaction
    std::optional<std::int64_t> refundable;
    attention needs{};  // for the operator's list, whatever was found
    /// Of a refund that was not found: its payment was, and nothing of it has been given back.
    bool untouched = false;
};

/// What is needed to judge beside the order and the answer.
struct enquiry_context {
    milliseconds age{};       // since the push was sent
    timestamp now{};          // used only when the answer carries no server_time
    std::string syssn_owner;  // out_trade_no of the order that holds the row's syssn; "" none
};

/// The row's syssn, when judging needs to know its owner first: a row that does not carry our
/// number may belong to another order. Empty: not needed.
[[nodiscard]] std::string syssn_to_look_up(const order& of, const cloud_reply& reply);

/// Judges an enquiry by the order's own number (or syssn).
[[nodiscard]] evidence judge_enquiry(const order& of, const cloud_reply& reply,
                                     const enquiry_context& context);

/// Judges an enquiry of the payment behind a refund: the drop of allow_refund_amt is the evidence.
/// Source: design 3.10; contract 10.13, 13.8.
[[nodiscard]] evidence judge_refund_by_payment(const order& refund, const cloud_reply& reply);

/// The refundable amount of a payment as the cloud reports it now, or why it is not known.
struct refundable_reading {
    std::optional<std::int64_t> amount;
    bool reached = false;
    bool other_terminal = false;
    std::string respcd;
    std::string reason;
};
[[nodiscard]] refundable_reading read_refundable(const order& refund, const cloud_reply& reply);

}  // namespace ecr::protocol
