#pragma once

#include "protocol/cloud/channel.hpp"
#include "protocol/cloud/currency.hpp"
#include "protocol/cloud/signature.hpp"
#include "protocol/errc.hpp"
#include "protocol/money.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

/// The six calls of /ecr/v1 as typed requests, and tolerant readers for their answers.
/// Source: contract 2.3, 2.5, 3.
namespace ecr::protocol::cloud {

inline constexpr std::string_view payment_path = "/ecr/v1/payment/async";
inline constexpr std::string_view refund_path = "/ecr/v1/refund/async";
inline constexpr std::string_view cancel_path = "/ecr/v1/cancel/async";
inline constexpr std::string_view receipt_path = "/ecr/v1/print_receipt/async";
inline constexpr std::string_view summary_path = "/ecr/v1/print_summary/async";
inline constexpr std::string_view query_path = "/ecr/v1/query";

inline constexpr std::size_t out_trade_no_size_max = 128;
inline constexpr std::size_t termid_size_max = 64;
inline constexpr std::chrono::seconds payment_timeout_default{120};
inline constexpr std::chrono::seconds payment_timeout_max{600};
inline constexpr std::chrono::seconds payme_timeout_max{120};

struct payment_request {
    std::string out_trade_no;
    std::string termid;
    channel via{};
    scan_type scan{};
    money amount;
    std::optional<int> camera_id;  // 0 back, 1 front
    std::chrono::seconds payment_timeout = payment_timeout_default;
};

struct refund_request {
    std::string syssn;  // of the payment
    std::string termid;
    money amount;  // always sent: the API's default is everything that is left
    bool allow_modify = false;
    std::string out_trade_no;  // of the refund; empty: not sent (contract 3.2, CONFLICT)
};

struct cancel_request {
    std::string termid;
};

struct receipt_request {
    std::string syssn;
    std::string out_trade_no;
    std::string termid;
};

struct summary_request {
    std::string termid;
};

struct query_request {
    std::string syssn;  // one of the two, syssn wins
    std::string out_trade_no;
    std::string termid;
};

/// Each checks the limits of the API and gives the parameters to sign and send.
///
/// Errors: errc::bad_parameter  empty or too long id, characters outside the printable ASCII set or
///                              a comma in an id, a timeout of zero or above the limit of the
///                              channel, a camera that is neither 0 nor 1
[[nodiscard]] result<form> to_form(const payment_request& request);
[[nodiscard]] result<form> to_form(const refund_request& request);
[[nodiscard]] result<form> to_form(const cancel_request& request);
[[nodiscard]] result<form> to_form(const receipt_request& request);
[[nodiscard]] result<form> to_form(const summary_request& request);
[[nodiscard]] result<form> to_form(const query_request& request);

/// True when `text` may be an out_trade_no: 1 to 128 printable ASCII characters, no blank, no
/// comma.
[[nodiscard]] bool is_out_trade_no(std::string_view text) noexcept;

/// The answer to a push. 0000 says that the push went out, never that money moved.
struct acknowledgement {
    std::string respcd;
    std::string resperr;  // text for people and logs
};

/// The row behind an enquiry. Numbers or strings are accepted for every field; text may be null.
struct transaction_row {
    std::string respcd;  // of the transaction, not of the enquiry
    std::optional<std::int64_t> txamt;
    std::string txcurrcd;  // ISO 4217 numeric ("344"), alphabetic, or ""
    std::string syssn;
    std::string out_trade_no;  // "" for sales keyed in at the terminal, and in the Octopus sample
    std::string origssn;
    std::string tradetp;  // "payment", "refund"
    std::string busicd;
    std::string origbusicd;
    std::string sysdtm;
    std::string server_time;
    std::optional<std::int64_t> cancel;
    std::optional<std::int64_t> allow_refund_amt;
    std::optional<std::int64_t> billamt;
    std::string clisn, chnlsn, chnluserid, chnltermid, opuid, opuser, nickname, customer_source,
        cardcd, userid;
    // Cards.
    std::string cardtype, cardscheme, cardno, batchno, refno, storeno, termno;
    // Octopus.
    std::string octopus_order_status, octopus_account_id, octopus_balance, octopus_order_id,
        octopus_paydtm, octopus_no;
};

struct enquiry_answer {
    std::string respcd;  // of the enquiry
    std::string resperr;
    std::optional<transaction_row> row;  // absent: `respmsg` was "" or not an object
};

/// Errors: errc::bad_json  not a JSON object, or without a respcd
[[nodiscard]] result<acknowledgement> read_acknowledgement(std::string_view body);
[[nodiscard]] result<enquiry_answer> read_enquiry(std::string_view body);

}  // namespace ecr::protocol::cloud
