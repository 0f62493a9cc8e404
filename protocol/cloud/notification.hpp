#pragma once

#include "protocol/errc.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// What QFPay tells unasked. A hint, never a result: it is verified, stored and answered, and the
/// order is asked about. Source: contract 7.
namespace ecr::protocol::cloud {

/// What to answer, with status 200, to everything that verifies. Source: contract 7.1.
inline constexpr std::string_view notification_reply = "SUCCESS";

enum class notify_rule : std::uint8_t {
    raw_body,            // MD5 of the bytes and the key: every source since 2017
    sorted_fields_2016,  // one sample program of 2017; only where a setting says so
};

/// Whether `sign_header` (X-QF-SIGN, any case) is right, in time that does not depend on how far
/// it is. An empty key proves nothing: false.
///
/// Source: contract 7.1, 7.2; vectors B10 to B20.
[[nodiscard]] bool verify_notification(std::string_view body, std::string_view sign_header,
                                       std::string_view key, notify_rule rule);

enum class notify_kind : std::uint8_t {
    payment,
    refund,
    cancel,  // a refund made on a terminal
    close,
    other,  // of products that are none of ours: stored and answered, nothing else
};

/// How a match_id is to be looked up.
enum class match_by : std::uint8_t { syssn, out_trade_no };

struct match_id {
    match_by by{};
    std::string id;

    friend bool operator==(const match_id&, const match_id&) = default;
};

/// Numbers or text are accepted for every field; "" is missing or null.
struct notification {
    notify_kind kind = notify_kind::other;
    std::string notify_type;  // as it came; "" in 2016, which told of payments only
    std::string status;       // "1": success; "" in 2016
    std::string respcd;
    std::string respmsg;  // respmesg in 2016
    std::string syssn;    // of the payment; in a refund, of the refund
    std::string out_trade_no;
    std::string orig_syssn, orig_out_trade_no;  // of the payment, in refund and cancel
    std::optional<std::int64_t> txamt;
    std::optional<std::int64_t> cancel;
    std::string txcurrcd, pay_type, mchid, udid;
    std::string txdtm, sysdtm, paydtm;
    std::string goods_name, goods_info, chnlsn, chnlsn2, cardcd;
    std::string cash_fee, cash_fee_type, cash_refund_fee, cash_refund_fee_type, exchange_rate;
    std::string customer_source, outcardnm;  // from terminals

    /// Which order this is about: ids to try in this order, against refunds and then payments.
    /// The syssn comes last, for a sale keyed in at the terminal, which has no other id.
    [[nodiscard]] std::vector<match_id> match_order_ids() const;
};

/// Errors: errc::bad_json  not a JSON object
[[nodiscard]] result<notification> read_notification(std::string_view body);

/// The parameters with which a shopper's browser comes back from Alipay. Nobody signs them: good
/// for choosing a page to show, for nothing else. Source: contract 7.3.
struct return_redirect {
    std::string out_trade_no, syssn, respcd, respmsg, pay_type, txamt, txdtm, mchid, udid;
};

/// With or without the leading '?'.
///
/// Errors: errc::bad_form  see decode_form
[[nodiscard]] result<return_redirect> read_return_redirect(std::string_view query_string);

}  // namespace ecr::protocol::cloud
