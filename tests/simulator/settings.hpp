#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

/// How the simulated cloud behaves where QFPay's documents contradict themselves or are silent.
/// Each open behaviour of the contract's section 13 is a setting; the first value of each enum is
/// the default. Names and values are listed in README.md.
namespace ecr::simulator {

using std::chrono::milliseconds;

/// What an enquiry says while the terminal shows the request (13.2).
enum class busy_enquiry { not_found, row_1143, row_1145 };
/// A push to a busy terminal (13.3).
enum class busy_push { refuse_1145, queue_behind };
/// A push whose out_trade_no was used before (13.4).
enum class repeated_number { refuse_1102, accept_again };
/// Whether a push refused with 1106 or 1145 uses up its number (13.5).
enum class refused_number { used_up, free };
/// The out_trade_no in an enquiry row (13.1). The Octopus sample has none.
enum class row_number { empty_for_octopus, echoed, empty_always };
/// What is left of a request that ended unpaid (contract 11, question 2).
enum class ended_unpaid { row, no_row };
/// An out_trade_no sent with a refund (3.2).
enum class refund_out_trade_no { accepted, refused_1103, required_1103 };
/// The refund of a payment that is already fully refunded (13.7).
enum class refund_already { code_1264, code_1262, code_1125, code_1272 };
/// When allow_refund_amt falls (13.8).
enum class refund_fall { at_completion, at_once_with_way_back };
/// The `cancel` digit of a refunded payment: 3 fully and 5 partly, or always 1 (13.9).
enum class refund_cancel_digit { digit_3_or_5, digit_1 };
/// A refund between 23:30 and 00:30 (13.10).
enum class refund_blackout { code_1265, code_1136 };
/// FPS refunds: the documents say no, the field says yes (contract 6).
enum class fps_refund { refused_1155, accepted };
/// Refund, receipt and enquiry that name an unbound terminal (13.13).
enum class unbound_enquiry { code_1106, works };
/// A cancel for a terminal that does nothing (13.14).
enum class idle_cancel { code_0000, code_1136 };
/// When payment_timeout starts (13.16).
enum class timeout_starts { at_push, when_shown };
/// A push the terminal could not be given before its window ended (contract 11, question 3).
enum class offline_push { dropped_at_timeout, shown_when_back };
/// The response signature of a request signed with SHA256 (13.20).
enum class sha256_response { md5, sha256 };
/// Whether /ecr/v1 takes SHA256 at all (contract 11, question 1).
enum class sha256_request { accepted, refused_1108 };
/// The parameter mchid (2.1).
enum class mchid { ignored, refused_1104, required_1103 };

// /trade/v1

/// When the payment of a customer's code is answered (4.1): at once as paid, when the shopper has
/// acted, or at once as pending. A shopper with a time of its own is always pending under at_once.
enum class cpm_reply { at_once, waits_for_shopper, pending };
/// The code of what is under way (4.1 to 4.4).
enum class pending_code { code_1143, code_1145 };
/// Where the reply to a created order carries its code (4.1).
enum class trade_code_field { qrcode, code_url, pay_url };
/// The row of an order that nobody paid in time (5).
enum class trade_expired_code { code_1142, code_1181 };
/// The row of an order that waits for its shopper (13.2).
enum class trade_open_row { row_1143, row_1145, no_row };
/// An out_trade_no that was used before, for a payment or a refund (13.4).
enum class trade_repeated_number { code_1251, code_2011 };
/// A payment without txcurrcd: the pages of 2016 have none (4.1).
enum class trade_currency_missing { refused_1103, means_hkd };
/// Which of the three official tables of close and reversal holds (4.3).
enum class undo_support { newz, d24, cam };
/// A close or reversal that the table does not know (4.2).
enum class undo_unsupported { code_1297, no_syssn };
/// A close or reversal of a paid order (13.18).
enum class close_on_paid { refused_1260, returns_money };
enum class reversal_on_paid { refused, returns_money };
/// When a close or reversal is carried out: before its reply, or after (4.3).
enum class undo_reply { at_once, pending_1143, pending_1145 };
/// How a refund that nothing is planned for is answered (4.4); with a pending code it is done
/// later.
enum class trade_refund_reply { code_0000, code_1143, code_2999 };
/// A query across months, or with one bound only (13.26).
enum class trade_window { code_1104, first_month };
/// The time range of a query that names ids (8.3).
enum class trade_times_with_ids { respected, ignored };
/// A query that names neither ids nor times (4.5).
enum class trade_bare_query { current_month, refused_1103 };
/// txcurrcd of query rows; in 2017 it was empty (4.5).
enum class trade_rows_currency { alpha, empty };
/// Which URL is notified (7.1): the request's, or the registered one.
enum class notify_url_wins { of_request, of_setting };
/// notify_type of a refund made on a terminal (7.1).
enum class terminal_refund_notice { cancel, refund };
/// The settlement call exists in old texts only (13.24).
enum class settlement { absent_1155, present };

struct terminal_setup {
    std::string termid;
    bool bound = true;

    friend bool operator==(const terminal_setup&, const terminal_setup&) = default;
};

inline constexpr std::string_view test_app_code = "A1B2C3D4E5F60718293A4B5C6D7E8F90";
inline constexpr std::string_view test_client_key = "0F1E2D3C4B5A69788796A5B4C3D2E1F0";

/// A further merchant, with books and limits of its own. Terminals serve every merchant.
struct merchant_setup {
    std::string app_code;
    std::string client_key;
};

struct settings {
    std::string app_code{test_app_code};
    std::string client_key{test_client_key};
    std::vector<merchant_setup> merchants;  // beside the one above
    std::vector<terminal_setup> terminals;

    simulator::busy_enquiry busy_enquiry{};
    simulator::busy_push busy_push{};
    simulator::repeated_number repeated_number{};
    simulator::refused_number refused_number{};
    simulator::row_number row_number{};
    simulator::ended_unpaid ended_unpaid{};
    simulator::refund_out_trade_no refund_out_trade_no{};
    simulator::refund_already refund_already{};
    simulator::refund_fall refund_fall{};
    simulator::refund_cancel_digit refund_cancel_digit{};
    simulator::refund_blackout refund_blackout{};
    simulator::fps_refund fps_refund{};
    simulator::unbound_enquiry unbound_enquiry{};
    simulator::idle_cancel idle_cancel{};
    simulator::timeout_starts timeout_starts{};
    simulator::offline_push offline_push{};
    simulator::sha256_response sha256_response{};
    simulator::sha256_request sha256_request{};
    simulator::mchid mchid{};

    simulator::cpm_reply cpm_reply{};
    pending_code trade_pending_code{};
    simulator::trade_code_field trade_code_field{};
    simulator::trade_expired_code trade_expired_code{};
    simulator::trade_open_row trade_open_row{};
    simulator::trade_repeated_number trade_repeated_number{};
    simulator::trade_currency_missing trade_currency_missing{};
    simulator::undo_support undo_support{};
    simulator::undo_unsupported undo_unsupported{};
    simulator::close_on_paid close_on_paid{};
    simulator::reversal_on_paid reversal_on_paid{};
    simulator::undo_reply undo_reply{};
    simulator::trade_refund_reply trade_refund_reply{};
    simulator::trade_window trade_window{};
    simulator::trade_times_with_ids trade_times_with_ids{};
    simulator::trade_bare_query trade_bare_query{};
    simulator::trade_rows_currency trade_rows_currency{};
    simulator::notify_url_wins notify_url_wins{};
    simulator::terminal_refund_notice terminal_refund_notice{};
    simulator::settlement settlement{};

    bool ecr_in_trade_lists = true;     // /trade/v1/query shows what terminals did (13.29)
    bool trade_in_ecr = false;          // /ecr/v1 knows what /trade/v1 did (13.29)
    bool cancel_overtakes = false;      // a cancel sent behind a push arrives before it (13.15)
    bool rate_limit_counts_429 = true;  // a refused request uses budget too (13.19)
    bool signs_responses = true;        // X-QF-SIGN on answers (2.4)
    bool magic_amounts = false;         // the last two digits of txamt choose what happens
    bool keep_alive = true;             // false: every answer closes its connection

    milliseconds shopper_delay{3'000};  // from shown to paid
    milliseconds push_delay{300};       // from the cloud to the terminal
    milliseconds late_delay{30'000};    // from the end of the window to a late success
    milliseconds slow_result{100'000};  // how long a slow wallet stays at 1143
    milliseconds cpm_window{600'000};   // until an unpaid customer's code is closed
    milliseconds undo_delay{2'000};     // of a pending close or reversal
    milliseconds notify_delay{500};     // from the money to the first notification
    milliseconds clock_offset{0};       // the cloud's clock against ours; may be negative
    milliseconds idle_close{60'000};    // a silent connection is closed; 0: never
    std::int64_t requests_per_second = 100;
    std::int64_t requests_per_minute = 400;

    std::string notify_url{};        // http://127.0.0.1:PORT/PATH, the registered one; "": none
    std::string notification_key{};  // "": the client key
    std::string mchid_value{"SimMchid1"};        // of notifications and rows
    std::string card_busicd{"802801"};           // as in the sample; CAM says 802808
    std::string octopus_refund_code{"1199"};     // 13.11: unlisted
    std::string processing_refund_code{"1198"};  // 13.25: unlisted
    std::string cardno{"520000******1096"};      // of card rows; the documents show it masked
    std::string opuser{"Store Account"};
    std::string nickname{"QFPay store"};
};

/// The client key of an app code; "" when nobody has it.
[[nodiscard]] std::string_view key_of(const settings& source, std::string_view app_code) noexcept;

/// Changes one setting by its name. Returns what is wrong, or "".
[[nodiscard]] std::string set_by_name(settings& target, std::string_view name,
                                      std::string_view value);

struct named_setting {
    std::string_view name;
    std::string value;
    std::string allowed;  // "not_found|row_1143|row_1145", "true|false", "milliseconds", …
};

/// Every setting that set_by_name() knows, with its present value. The client keys are not among
/// them, and of the notification key only whether there is one.
[[nodiscard]] std::vector<named_setting> list_settings(const settings& source);

}  // namespace ecr::simulator
