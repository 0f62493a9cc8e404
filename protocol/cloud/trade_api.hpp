#pragma once

#include "protocol/cloud/pay_type.hpp"
#include "protocol/cloud/signature.hpp"
#include "protocol/errc.hpp"
#include "protocol/money.hpp"
#include "protocol/timestamp.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

/// The calls of /trade/v1 and /settlement/v1 as typed requests, and tolerant readers for their
/// answers. mchid is the account's affair: the caller adds it to every form.
/// Source: contract 2.5, 4.
namespace ecr::protocol::cloud {

inline constexpr std::string_view trade_payment_path = "/trade/v1/payment";
inline constexpr std::string_view trade_close_path = "/trade/v1/close";
inline constexpr std::string_view trade_refund_path = "/trade/v1/refund";
inline constexpr std::string_view trade_reversal_path = "/trade/v1/reversal";
inline constexpr std::string_view trade_query_path = "/trade/v1/query";
inline constexpr std::string_view settlement_path = "/settlement/v1/query";  // GET; others POST

inline constexpr std::chrono::minutes expired_time_min{5};
inline constexpr std::chrono::minutes expired_time_max{120};
inline constexpr std::chrono::minutes expired_time_default{30};  // what QFPay takes when not told
inline constexpr std::chrono::seconds valid_time_step{300};
inline constexpr std::size_t auth_code_size_max = 128;
inline constexpr std::size_t goods_name_letters_max = 20;
inline constexpr std::size_t goods_name_size_max = 64;
inline constexpr std::size_t udid_size_max = 40;
inline constexpr std::size_t notify_url_size_max = 256;
inline constexpr std::size_t return_url_size_max = 512;
inline constexpr std::size_t sub_openid_size_max = 128;
inline constexpr int page_size_max = 100;
inline constexpr std::size_t query_ids_max = 100;  // a page of rows

/// "" leaves a text out.
struct trade_payment_request {
    std::string out_trade_no;
    std::string pay_type;  // is_usable
    money amount;
    std::string currency = "HKD";  // either ISO code; sent as letters
    timestamp at;                  // txdtm: keep the sent text, close and reversal want it again
    std::string auth_code;         // the shopper's code: needed for, and only for, customer codes
    std::optional<std::chrono::minutes> expired_time;  // 5 to 120, where has_expired_time
    std::optional<std::chrono::seconds> valid_time;    // its name of 2016: 300, 600, …; not both
    std::string goods_name;    // UTF-8; what the API does not take is dropped
    std::string product_name;  // its name of 2016; not both
    std::string udid;
    std::string notify_url;  // http or https, port 80 or 443
    std::string return_url;
    std::string pay_tag;     // "ALIPAYHK", "ALIPAYCN"
    std::string limit_pay;   // "no_credit"
    std::string sub_openid;  // needed for 800207
    std::string txzone;      // "+0800": txdtm is QFPay's time
};

/// Close or reversal: at least one of the ids, both when both are known.
struct trade_undo_request {
    std::string syssn;
    std::string out_trade_no;
    money amount;
    std::string txdtm;  // of the payment, as it was sent
    std::string udid;
};

struct trade_refund_request {
    std::string syssn;         // of the payment
    std::string out_trade_no;  // of the refund: new, and never used again
    money amount;
    timestamp at;
    std::string udid;
};

/// Always within one calendar month of QFPay's clock (query_window.hpp), ids or none.
struct trade_query_request {
    std::vector<std::string> syssns;
    std::vector<std::string> out_trade_nos;
    std::vector<std::string> pay_types;
    std::string respcd;  // only rows of this result
    timestamp start;
    timestamp end;
    int page = 1;
    int page_size = page_size_max;
};

/// In the query string of a GET, signed like a form. Source: contract 4.7, 13.24.
struct settlement_request {
    std::string date_start;        // "20240704"
    std::string date_end;          // not before date_start
    std::optional<int> paymethod;  // 2 Alipay, 3 WeChat
};

/// Each checks the limits of the API and gives the parameters to sign and send.
///
/// Errors: errc::bad_parameter  an empty or too long id or one with other characters than an id
///                              may have, a pay type that cannot be sent, an unknown currency, a
///                              customer's code missing or out of place, an expiry outside the
///                              limits, not a URL, not a time or a day, a query over two months
[[nodiscard]] result<form> to_form(const trade_payment_request& request);
[[nodiscard]] result<form> to_form(const trade_undo_request& request);
[[nodiscard]] result<form> to_form(const trade_refund_request& request);
[[nodiscard]] result<form> to_form(const trade_query_request& request);
[[nodiscard]] result<form> to_form(const settlement_request& request);

/// The first 20 letters, digits and CJK characters (kana and hangul among them) of a UTF-8 text,
/// at most 64 bytes; all else is dropped. Source: contract 4.1, 13.28.
[[nodiscard]] std::string clean_goods_name(std::string_view text);

/// The flat reply of payment, close, reversal and refund.
struct trade_answer {
    std::string respcd;
    std::string resperr;
    std::string respmsg;  // an object comes as JSON text
    std::string pay_type;
    std::string syssn;       // of this call
    std::string orig_syssn;  // of the payment; origssn in 2017
    std::string out_trade_no;
    std::optional<std::int64_t> txamt;
    std::string txcurrcd, txdtm, sysdtm, paydtm, chnlsn, chnlsn2, cardcd, udid;
    std::string surcharge_fee, surcharge_rate, cash_refund_fee, cash_refund_fee_type;
    std::string qrcode;      // the code to show, today
    std::string code_url;    // the same in 2017; "" when the shopper's code was scanned
    std::string pay_url;     // a page to open, 2016
    std::string pay_params;  // for an app or a page in a wallet; JSON text

    /// What to show to the shopper, whichever name it came by; "" when there is nothing.
    [[nodiscard]] const std::string& presented() const noexcept;
};

/// A row of a query. Several rows may share an out_trade_no: decide on any, never on the first.
struct trade_row {
    std::string respcd;      // of the transaction, not of the query
    std::string order_type;  // "payment", "refund", "close"
    std::string syssn, out_trade_no, pay_type;
    std::string origssn;  // of the payment, for a refund; also orig_syssn
    std::optional<std::int64_t> txamt;
    std::optional<std::int64_t> cancel;  // not 0: money went back, wholly or in part (contract 4.6)
    std::string txcurrcd;                // "" in 2017
    std::string txdtm, sysdtm, paydtm, errmsg;
    std::string chnlsn, chnlsn2, cardcd, cardtp, clisn, udid, userid;
    std::string goods_name, goods_info, goods_detail;
    std::string exchange_rate, cash_fee, cash_fee_type, cash_refund_fee, cash_refund_fee_type;
};

struct trade_list {
    std::string respcd;  // of the query
    std::string resperr;
    std::string respmsg;
    std::optional<std::int64_t> page;
    std::optional<std::int64_t> page_size;
    bool has_data = false;        // false: `data` was missing or no list
    std::vector<trade_row> rows;  // an entry that is no object is an empty row
};

/// As it comes: what is in a row is not documented. Source: contract 13.24.
struct settlement_answer {
    using row = std::vector<std::pair<std::string, std::string>>;  // name, value, in their order

    std::string respcd;
    std::string resperr;
    std::string respmsg;
    row beside;             // what stands beside `data`: totals, pages
    std::vector<row> rows;  // of `data`, a list or an object; without it, one of all other fields
};

/// Errors: errc::bad_json  not a JSON object, or without a respcd
[[nodiscard]] result<trade_answer> read_trade_answer(std::string_view body);
[[nodiscard]] result<trade_list> read_trade_list(std::string_view body);
[[nodiscard]] result<settlement_answer> read_settlement(std::string_view body);

}  // namespace ecr::protocol::cloud
