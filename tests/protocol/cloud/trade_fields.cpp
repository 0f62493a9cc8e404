#include "tests/protocol/cloud/trade_fields.hpp"

namespace ecr::protocol::cloud {
namespace {

std::string text_of(const std::optional<std::int64_t>& number)
{
    return number ? std::to_string(*number) : "";
}

wire_fields without_empty(wire_fields fields)
{
    std::erase_if(fields, [](const auto& field) { return field.second.empty(); });
    return fields;
}

}  // namespace

wire_fields fields_of(const trade_answer& answer)
{
    return without_empty({{"respcd", answer.respcd},
                          {"resperr", answer.resperr},
                          {"respmsg", answer.respmsg},
                          {"pay_type", answer.pay_type},
                          {"syssn", answer.syssn},
                          {"orig_syssn", answer.orig_syssn},
                          {"out_trade_no", answer.out_trade_no},
                          {"txamt", text_of(answer.txamt)},
                          {"txcurrcd", answer.txcurrcd},
                          {"txdtm", answer.txdtm},
                          {"sysdtm", answer.sysdtm},
                          {"paydtm", answer.paydtm},
                          {"chnlsn", answer.chnlsn},
                          {"chnlsn2", answer.chnlsn2},
                          {"cardcd", answer.cardcd},
                          {"udid", answer.udid},
                          {"surcharge_fee", answer.surcharge_fee},
                          {"surcharge_rate", answer.surcharge_rate},
                          {"cash_refund_fee", answer.cash_refund_fee},
                          {"cash_refund_fee_type", answer.cash_refund_fee_type},
                          {"qrcode", answer.qrcode},
                          {"code_url", answer.code_url},
                          {"pay_url", answer.pay_url},
                          {"pay_params", answer.pay_params}});
}

wire_fields fields_of(const trade_row& row)
{
    return without_empty({{"respcd", row.respcd},
                          {"order_type", row.order_type},
                          {"syssn", row.syssn},
                          {"out_trade_no", row.out_trade_no},
                          {"pay_type", row.pay_type},
                          {"origssn", row.origssn},
                          {"txamt", text_of(row.txamt)},
                          {"cancel", text_of(row.cancel)},
                          {"txcurrcd", row.txcurrcd},
                          {"txdtm", row.txdtm},
                          {"sysdtm", row.sysdtm},
                          {"paydtm", row.paydtm},
                          {"errmsg", row.errmsg},
                          {"chnlsn", row.chnlsn},
                          {"chnlsn2", row.chnlsn2},
                          {"cardcd", row.cardcd},
                          {"cardtp", row.cardtp},
                          {"clisn", row.clisn},
                          {"udid", row.udid},
                          {"userid", row.userid},
                          {"goods_name", row.goods_name},
                          {"goods_info", row.goods_info},
                          {"goods_detail", row.goods_detail},
                          {"exchange_rate", row.exchange_rate},
                          {"cash_fee", row.cash_fee},
                          {"cash_fee_type", row.cash_fee_type},
                          {"cash_refund_fee", row.cash_refund_fee},
                          {"cash_refund_fee_type", row.cash_refund_fee_type}});
}

}  // namespace ecr::protocol::cloud
