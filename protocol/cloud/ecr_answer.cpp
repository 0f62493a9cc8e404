#include "protocol/cloud/ecr_api.hpp"
#include "protocol/json.hpp"

#include <algorithm>
#include <array>
#include <charconv>

namespace ecr::protocol::cloud {
namespace {

// --- Numbers as they come ---------------------------------------------------------------------

constexpr std::string_view blanks = " \t\r\n";
constexpr std::size_t exact_digits_max = 18;  // every integer of so many digits fits int64

// Digits, and what surrounds them in a number or, in the documents' samples, masks them.
constexpr std::string_view number_chars = "0123456789*.+-eE";

bool is_plain_integer(std::string_view token) noexcept
{
    const bool padded = token.size() > 1 && token.starts_with('0');
    return !padded && token.size() <= exact_digits_max &&
           token.find_first_not_of("0123456789") == std::string_view::npos;
}

/// Puts quotes around every value that looks like a number but is more than a plain integer: a
/// syssn of 26 digits and 0.0 would lose digits on their way through a double, and 0000 (contract
/// 2.5) or 113****619 (the samples of S0) are not JSON at all.
std::string with_numbers_as_text(std::string_view body)
{
    std::string text;
    text.reserve(body.size() + 16);
    bool in_string = false;
    bool after_colon = false;
    for (std::size_t at = 0; at < body.size();) {
        const char c = body[at];
        if (!in_string && after_colon && number_chars.find(c) != std::string_view::npos) {
            const auto end = std::min(body.find_first_not_of(number_chars, at), body.size());
            const auto token = body.substr(at, end - at);
            const std::string_view quote = is_plain_integer(token) ? "" : "\"";
            text.append(quote).append(token).append(quote);
            after_colon = false;
            at = end;
            continue;
        }
        if (in_string && c == '\\' && at + 1 < body.size()) text += body[at++];
        text += body[at++];
        if (c == '"') in_string = !in_string;
        if (in_string || blanks.find(c) == std::string_view::npos)
            after_colon = !in_string && c == ':';
    }
    return text;
}

// --- Fields -----------------------------------------------------------------------------------

/// A string, or a number or truth value as text; "" for null, anything nested, or a missing field.
std::string text_in(const json& object, std::string_view name)
{
    const auto field = object.find(name);
    if (field == object.end() || field->is_null() || field->is_structured()) return {};
    if (field->is_string()) return field->get_ref<const std::string&>();
    return to_text(*field);
}

/// A result code. A bare number has lost its leading zeros: 0 is 0000.
std::string code_in(const json& object)
{
    auto code = text_in(object, "respcd");
    const auto field = object.find("respcd");
    if (field != object.end() && field->is_number_unsigned() && code.size() < 4)
        code.insert(0, 4 - code.size(), '0');
    return code;
}

/// A whole, non-negative number, also as "511" or 511.0. Anything else is nothing: a wrong amount
/// would be believed.
std::optional<std::int64_t> integer_in(const json& object, std::string_view name)
{
    const auto text = text_in(object, name);
    std::string_view digits = text;
    if (const auto point = digits.find('.'); point != std::string_view::npos) {
        const auto fraction = digits.substr(point + 1);
        if (fraction.empty() || fraction.find_first_not_of('0') != std::string_view::npos)
            return std::nullopt;
        digits = digits.substr(0, point);
    }
    std::int64_t value = 0;
    const auto [end, failed] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
    if (failed != std::errc{} || end != digits.data() + digits.size() || digits.starts_with('-'))
        return std::nullopt;
    return value;
}

struct text_field {
    std::string_view name;
    std::string transaction_row::*member;
};

// Source: contract 3.6. respcd and the integers are read apart.
constexpr auto text_fields = std::to_array<text_field>({
    {"txcurrcd", &transaction_row::txcurrcd},
    {"syssn", &transaction_row::syssn},
    {"out_trade_no", &transaction_row::out_trade_no},
    {"origssn", &transaction_row::origssn},
    {"tradetp", &transaction_row::tradetp},
    {"busicd", &transaction_row::busicd},
    {"origbusicd", &transaction_row::origbusicd},
    {"sysdtm", &transaction_row::sysdtm},
    {"server_time", &transaction_row::server_time},
    {"clisn", &transaction_row::clisn},
    {"chnlsn", &transaction_row::chnlsn},
    {"chnluserid", &transaction_row::chnluserid},
    {"chnltermid", &transaction_row::chnltermid},
    {"opuid", &transaction_row::opuid},
    {"opuser", &transaction_row::opuser},
    {"nickname", &transaction_row::nickname},
    {"customer_source", &transaction_row::customer_source},
    {"cardcd", &transaction_row::cardcd},
    {"userid", &transaction_row::userid},
    {"cardtype", &transaction_row::cardtype},
    {"cardscheme", &transaction_row::cardscheme},
    {"cardno", &transaction_row::cardno},
    {"batchno", &transaction_row::batchno},
    {"refno", &transaction_row::refno},
    {"storeno", &transaction_row::storeno},
    {"termno", &transaction_row::termno},
    {"octopus_order_status", &transaction_row::octopus_order_status},
    {"octopus_account_id", &transaction_row::octopus_account_id},
    {"octopus_balance", &transaction_row::octopus_balance},
    {"octopus_order_id", &transaction_row::octopus_order_id},
    {"octopus_paydtm", &transaction_row::octopus_paydtm},
    {"octopus_no", &transaction_row::octopus_no},
});

transaction_row row_of(const json& object)
{
    transaction_row row;
    row.respcd = code_in(object);
    row.txamt = integer_in(object, "txamt");
    row.cancel = integer_in(object, "cancel");
    row.allow_refund_amt = integer_in(object, "allow_refund_amt");
    row.billamt = integer_in(object, "billamt");
    for (const auto& [name, member] : text_fields)
        row.*member = text_in(object, name);
    // The table of S0 calls it `system`, every sample `sysdtm`.
    if (row.sysdtm.empty()) row.sysdtm = text_in(object, "system");
    return row;
}

}  // namespace

result<acknowledgement> read_acknowledgement(std::string_view body)
{
    const auto answer = parse_json(with_numbers_as_text(body));
    if (!answer || !answer->is_object()) return errc::bad_json;
    auto code = code_in(*answer);
    if (code.empty()) return errc::bad_json;
    return acknowledgement{std::move(code), text_in(*answer, "resperr")};
}

result<enquiry_answer> read_enquiry(std::string_view body)
{
    const auto answer = parse_json(with_numbers_as_text(body));
    if (!answer || !answer->is_object()) return errc::bad_json;
    auto code = code_in(*answer);
    if (code.empty()) return errc::bad_json;

    enquiry_answer enquiry{std::move(code), text_in(*answer, "resperr"), std::nullopt};
    const auto row = answer->find("respmsg");
    if (row != answer->end() && row->is_object()) enquiry.row = row_of(*row);
    return enquiry;
}

}  // namespace ecr::protocol::cloud
