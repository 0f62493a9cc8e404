#include "protocol/cloud/tolerant_json.hpp"
#include "protocol/cloud/trade_api.hpp"
#include "protocol/json.hpp"

#include <array>

namespace ecr::protocol::cloud {
namespace {

// Source: contract 4.1 to 4.4. respcd, the texts that may be objects and the amount are read apart.
constexpr auto answer_fields = std::to_array<text_field<trade_answer>>({
    {"pay_type", &trade_answer::pay_type},
    {"syssn", &trade_answer::syssn},
    {"orig_syssn", &trade_answer::orig_syssn},
    {"out_trade_no", &trade_answer::out_trade_no},
    {"txcurrcd", &trade_answer::txcurrcd},
    {"txdtm", &trade_answer::txdtm},
    {"sysdtm", &trade_answer::sysdtm},
    {"paydtm", &trade_answer::paydtm},
    {"chnlsn", &trade_answer::chnlsn},
    {"chnlsn2", &trade_answer::chnlsn2},
    {"cardcd", &trade_answer::cardcd},
    {"udid", &trade_answer::udid},
    {"surcharge_fee", &trade_answer::surcharge_fee},
    {"surcharge_rate", &trade_answer::surcharge_rate},
    {"cash_refund_fee", &trade_answer::cash_refund_fee},
    {"cash_refund_fee_type", &trade_answer::cash_refund_fee_type},
    {"qrcode", &trade_answer::qrcode},
    {"code_url", &trade_answer::code_url},
    {"pay_url", &trade_answer::pay_url},
});

// Source: contract 4.5.
constexpr auto row_fields = std::to_array<text_field<trade_row>>({
    {"order_type", &trade_row::order_type},
    {"syssn", &trade_row::syssn},
    {"out_trade_no", &trade_row::out_trade_no},
    {"pay_type", &trade_row::pay_type},
    {"origssn", &trade_row::origssn},
    {"txcurrcd", &trade_row::txcurrcd},
    {"txdtm", &trade_row::txdtm},
    {"sysdtm", &trade_row::sysdtm},
    {"paydtm", &trade_row::paydtm},
    {"errmsg", &trade_row::errmsg},
    {"chnlsn", &trade_row::chnlsn},
    {"chnlsn2", &trade_row::chnlsn2},
    {"cardcd", &trade_row::cardcd},
    {"cardtp", &trade_row::cardtp},
    {"clisn", &trade_row::clisn},
    {"udid", &trade_row::udid},
    {"userid", &trade_row::userid},
    {"goods_name", &trade_row::goods_name},
    {"goods_info", &trade_row::goods_info},
    {"goods_detail", &trade_row::goods_detail},
    {"exchange_rate", &trade_row::exchange_rate},
    {"cash_fee", &trade_row::cash_fee},
    {"cash_fee_type", &trade_row::cash_fee_type},
    {"cash_refund_fee", &trade_row::cash_refund_fee},
    {"cash_refund_fee_type", &trade_row::cash_refund_fee_type},
});

trade_row row_of(const json& entry)
{
    trade_row row;
    if (!entry.is_object()) return row;
    row.respcd = code_in(entry);
    row.txamt = integer_in(entry, "txamt");
    row.cancel = integer_in(entry, "cancel");
    read_texts(entry, row_fields, row);
    if (row.origssn.empty()) row.origssn = text_in(entry, "orig_syssn");
    return row;
}

/// Nothing: not an object, or without a respcd.
std::optional<json> envelope_of(std::string_view body)
{
    auto answer = parse_tolerantly(body);
    if (!answer || !answer->is_object() || code_in(*answer).empty()) return std::nullopt;
    return answer;
}

}  // namespace

const std::string& trade_answer::presented() const noexcept
{
    if (!qrcode.empty()) return qrcode;
    return code_url.empty() ? pay_url : code_url;
}

result<trade_answer> read_trade_answer(std::string_view body)
{
    const auto object = envelope_of(body);
    if (!object) return errc::bad_json;
    trade_answer answer;
    answer.respcd = code_in(*object);
    answer.resperr = any_text_in(*object, "resperr");
    answer.respmsg = any_text_in(*object, "respmsg");
    answer.pay_params = any_text_in(*object, "pay_params");
    answer.txamt = integer_in(*object, "txamt");
    read_texts(*object, answer_fields, answer);
    if (answer.orig_syssn.empty()) answer.orig_syssn = text_in(*object, "origssn");
    return answer;
}

result<trade_list> read_trade_list(std::string_view body)
{
    const auto object = envelope_of(body);
    if (!object) return errc::bad_json;
    trade_list list;
    list.respcd = code_in(*object);
    list.resperr = any_text_in(*object, "resperr");
    list.respmsg = any_text_in(*object, "respmsg");
    list.page = integer_in(*object, "page");
    list.page_size = integer_in(*object, "page_size");
    const auto data = object->find("data");
    list.has_data = data != object->end() && data->is_array();
    if (!list.has_data) return list;
    list.rows.reserve(data->size());
    for (const auto& entry : *data)
        list.rows.push_back(row_of(entry));
    return list;
}

}  // namespace ecr::protocol::cloud
