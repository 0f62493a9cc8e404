#include "protocol/cloud/ecr_api.hpp"
#include "protocol/cloud/tolerant_json.hpp"
#include "protocol/json.hpp"

#include <array>

namespace ecr::protocol::cloud {
namespace {

// Source: contract 3.6. respcd and the integers are read apart.
constexpr auto text_fields = std::to_array<text_field<transaction_row>>({
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
    read_texts(object, text_fields, row);
    // The table of S0 calls it `system`, every sample `sysdtm`.
    if (row.sysdtm.empty()) row.sysdtm = text_in(object, "system");
    return row;
}

}  // namespace

result<acknowledgement> read_acknowledgement(std::string_view body)
{
    const auto answer = parse_tolerantly(body);
    if (!answer || !answer->is_object()) return errc::bad_json;
    auto code = code_in(*answer);
    if (code.empty()) return errc::bad_json;
    return acknowledgement{std::move(code), text_in(*answer, "resperr")};
}

result<enquiry_answer> read_enquiry(std::string_view body)
{
    const auto answer = parse_tolerantly(body);
    if (!answer || !answer->is_object()) return errc::bad_json;
    auto code = code_in(*answer);
    if (code.empty()) return errc::bad_json;

    enquiry_answer enquiry{std::move(code), text_in(*answer, "resperr"), std::nullopt};
    const auto row = answer->find("respmsg");
    if (row != answer->end() && row->is_object()) enquiry.row = row_of(*row);
    return enquiry;
}

}  // namespace ecr::protocol::cloud
