#include "protocol/cloud/response_code.hpp"

#include <algorithm>
#include <array>
#include <functional>

namespace ecr::protocol::cloud {
namespace {

using enum response_class;

// Source: contract 5. tests/data/status_codes.csv holds the reasons, and a test holds this table to
// it. Where the documents' "everything but 0000, 1143 and 1145 has failed" and reports from the
// field disagree, the code is pending_query: asking once too often costs nothing.
// clang-format off
constexpr auto response_codes = std::to_array<response_code>({
    // code  class          confirm meaning
    {"0000", final_success, false, "Success"},
    {"1100", transient,     false, "System under maintenance"},
    {"1101", pending_query, false, "Reversal error"},
    {"1102", pending_query, false, "Duplicate request"},
    {"1103", config_error,  false, "Malformed request"},
    {"1104", config_error,  false, "Bad parameter"},
    {"1105", config_error,  false, "Device not activated"},
    {"1106", config_error,  false, "Invalid device; in ECR: termid not bound to an app login"},
    {"1107", config_error,  false, "Device not allowed"},
    {"1108", config_error,  false, "Signature check failed (2016: also an invalid merchant code)"},
    {"1109", config_error,  false, "Encryption or decryption error"},
    {"1110", config_error,  false, "Client top-up / serial number error"},
    {"1111", pending_query, false, "External service unavailable"},
    {"1112", pending_query, false, "Internal service unavailable"},
    {"1113", config_error,  false, "User does not exist"},
    {"1114", config_error,  false, "User blocked"},
    {"1115", config_error,  false, "User restricted"},
    {"1116", config_error,  false, "User password wrong"},
    {"1117", config_error,  false, "User not online"},
    {"1118", final_failure, false, "Refused by risk control"},
    {"1119", final_failure, false, "Transaction type not allowed"},
    {"1120", final_failure, false, "Transaction time not allowed"},
    {"1121", final_failure, false, "Card type not allowed"},
    {"1122", final_failure, false, "Currency not allowed"},
    {"1123", final_failure, false, "Amount limit"},
    {"1124", final_failure, false, "Invalid transaction"},
    {"1125", pending_query, false, "Already refunded"},
    {"1126", final_failure, false, "Does not match the original transaction"},
    {"1127", pending_query, false, "Database error"},
    {"1128", pending_query, false, "File system error"},
    {"1129", final_failure, false, "Voucher already uploaded"},
    {"1130", final_failure, false, "Date not allowed"},
    {"1131", pending_query, false, "Channel error"},
    {"1132", config_error,  false, "Client version information wrong"},
    {"1133", config_error,  false, "User channel information wrong"},
    {"1134", final_failure, false, "Void presented with another card than the sale"},
    {"1135", config_error,  false, "User configuration wrong"},
    {"1136", pending_query, false, "No such transaction, or not operable now"},
    {"1137", config_error,  false, "Contact does not exist"},
    {"1138", config_error,  false, "Key update failed"},
    {"1139", final_failure, false, "Card number or stripe error"},
    {"1140", config_error,  false, "Account not approved"},
    {"1141", pending_query, false, "Channel MAC or track-encryption error (listed twice)"},
    {"1142", final_failure, true,  "Order already closed"},
    {"1143", pending_query, false, "Not paid yet / payer entering password"},
    {"1144", final_failure, true,  "Request processing failed"},
    {"1145", pending_query, false, "Processing, wait"},
    {"1146", pending_query, false, "Business error while processing the order (seen for close)"},
    {"1147", final_failure, true,  "WeChat Pay transaction error"},
    {"1150", final_failure, false, "T0 settlement: cancellation not supported"},
    {"1151", final_failure, false, "Pre-authorisation data mismatch"},
    {"1152", final_failure, false, "Pre-authorisation completion date not allowed"},
    {"1153", final_failure, false, "Pre-authorisation completion amount wrong"},
    {"1154", pending_query, false, "Internal error"},
    {"1155", final_failure, false, "Refund refused"},
    {"1161", pending_query, false, "Result unknown, query again"},
    {"1170", transient,     false, "Channel daemon cannot serve"},
    {"1180", transient,     false, "Route reset, needs rerouting"},
    {"1181", final_failure, true,  "Order expired"},
    {"1201", final_failure, false, "Insufficient balance"},
    {"1202", final_failure, false, "Wrong or expired payment code"},
    {"1203", config_error,  false, "Account error: payment account not set up or unusable"},
    {"1204", final_failure, true,  "Bank error"},
    {"1205", final_failure, true,  "Transaction failed, try later"},
    {"1212", final_failure, false, "UnionPay overseas code required"},
    {"1241", config_error,  false, "Store missing or in a wrong state"},
    {"1242", config_error,  false, "Store not configured for payment"},
    {"1243", config_error,  false, "Store disabled"},
    {"1250", final_failure, false, "Transaction forbidden (field use: PayMe refund period over)"},
    {"1251", pending_query, false, "Store configuration problem"},
    {"1252", pending_query, false, "System error while sending the order"},
    {"1254", pending_query, false, "Internal problem being worked on"},
    {"1260", pending_query, false, "Order already paid"},
    {"1261", pending_query, false, "Order not paid"},
    {"1262", pending_query, false, "Order already refunded"},
    {"1263", pending_query, false, "Order already cancelled"},
    {"1264", pending_query, false, "Order closed"},
    {"1265", transient,     false, "Refund not allowed now"},
    {"1266", pending_query, false, "Amount mismatch"},
    {"1267", pending_query, false, "Order data mismatch"},
    {"1268", pending_query, false, "Order does not exist"},
    {"1269", transient,     false, "Unsettled turnover of the day too small for the refund"},
    {"1270", final_failure, false, "Currency does not allow partial refund"},
    {"1271", final_failure, false, "Transaction does not allow partial refund"},
    {"1272", final_failure, false, "Refund exceeds refundable amount"},
    {"1294", final_failure, false, "Blocked by the bank as possibly non-compliant"},
    {"1295", pending_query, false, "Slow network, waiting for a response"},
    {"1296", pending_query, false, "Slow network, retry later or use another method"},
    {"1297", pending_query, false, "Bank system busy"},
    {"1298", pending_query, false, "Slow network; if already paid do not pay again, confirm later"},
    {"2001", config_error,  false, "Organisation does not exist"},
    {"2002", config_error,  false, "Merchant binding failed"},
    {"2003", config_error,  false, "Sign-in to the channel failed"},
    {"2004", final_failure, false, "Customer balance too low"},
    {"2005", final_failure, false, "Customer code wrong or expired"},
    {"2006", final_failure, false, "Illegal customer code"},
    {"2007", final_failure, true,  "Customer closed the payment"},
    {"2008", config_error,  false, "Wrong parameter passed to the channel"},
    {"2009", pending_query, false, "Could not reach the channel"},
    {"2010", pending_query, false, "Unknown error with the channel"},
    {"2011", pending_query, false, "Transaction serial number repeated"},
    {"2012", config_error,  false, "Channel certificate misconfigured"},
    {"2999", pending_query, false, "Channel processing"},
    {"9999", pending_query, false, "In no QFPay table"},
});
// clang-format on

constexpr bool before(const response_code& a, const response_code& b) noexcept
{
    return a.code < b.code;
}
static_assert(std::ranges::adjacent_find(response_codes, std::not_fn(before)) ==
                  response_codes.end(),
              "sorted, and no code twice");

constexpr response_code unlisted{"", pending_query, false, "unknown"};

}  // namespace

const response_code& response_code_of(std::string_view code) noexcept
{
    const auto found = std::ranges::lower_bound(response_codes, code, {}, &response_code::code);
    return found != response_codes.end() && found->code == code ? *found : unlisted;
}

}  // namespace ecr::protocol::cloud
