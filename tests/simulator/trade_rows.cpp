#include "tests/simulator/trade_rows.hpp"

#include "protocol/timestamp.hpp"
#include "tests/simulator/json_writer.hpp"
#include "tests/simulator/trade_pay_type.hpp"

namespace ecr::simulator {
namespace {

std::string pending_text(pending_code code)
{
    return code == pending_code::code_1145 ? "1145" : "1143";
}

std::string currency_of(const transaction& entry, const distortion& change)
{
    const auto& off = change.currency.empty() ? entry.who.currency : change.currency;
    return off.empty() ? entry.txcurrcd : std::string{alpha_of_numeric(off)};
}

std::string time_or_nothing(const std::optional<timestamp>& at)
{
    return at ? to_cloud_time(*at) : std::string{};
}

std::string amount_of(const transaction& entry)
{
    return std::to_string(entry.amount_minor_units + entry.who.amount_off);
}

/// What a request under way is answered with.
std::string code_under_way(const transaction& entry, const settings& behaviour)
{
    if (!entry.refund) return pending_text(behaviour.trade_pending_code);
    return behaviour.trade_refund_reply == trade_refund_reply::code_2999 ? "2999" : "1143";
}

std::string reply_code(const transaction& entry, const settings& behaviour)
{
    if (entry.stage != stage::ended) return code_under_way(entry, behaviour);
    return entry.respcd;
}

bool is_created_order(const transaction& entry)
{
    const auto type = trade_pay_type_of(entry.pay_type);
    return type && type->mode != pay_mode::customer_code;
}

void add_code_field(json_writer& body, const transaction& entry, const settings& behaviour)
{
    // .invalid: nobody's host, whoever scans it.
    const auto link = "https://qr.invalid/" + entry.syssn;
    switch (behaviour.trade_code_field) {
        case trade_code_field::qrcode: body.add("qrcode", link); return;
        case trade_code_field::code_url: body.add("code_url", link); return;
        case trade_code_field::pay_url: body.add("pay_url", link); return;
    }
}

}  // namespace

std::string trade_text(std::string_view respcd)
{
    if (respcd == "0000") return "success";
    if (respcd == "1143") return "Order is not paid yet(1143)";
    if (respcd == "1145") return "Processing, wait(1145)";
    if (respcd == "2999") return "Channel processing(2999)";
    return "Transaction failed(" + std::string{respcd} + ")";
}

std::optional<std::string> trade_row_code(const transaction& entry, const settings& behaviour,
                                          bool stale)
{
    if (entry.syssn.empty()) return std::nullopt;
    if (entry.refund && entry.stage != stage::ended) return code_under_way(entry, behaviour);
    if (entry.stage == stage::shown || entry.stage == stage::on_the_way || stale) {
        switch (behaviour.trade_open_row) {
            case trade_open_row::row_1143: return "1143";
            case trade_open_row::row_1145: return "1145";
            case trade_open_row::no_row: return std::nullopt;
        }
    }
    if (entry.stage == stage::in_process) return "1143";
    const bool unpaid = entry.outcome != truth::paid;
    if (unpaid && !entry.refund && behaviour.ended_unpaid == ended_unpaid::no_row)
        return std::nullopt;
    if (entry.by_trade && entry.outcome == truth::expired)
        return behaviour.trade_expired_code == trade_expired_code::code_1181 ? "1181" : "1142";
    return entry.respcd;
}

std::string trade_row(const transaction& entry, std::string_view respcd, const settings& behaviour,
                      const distortion& change)
{
    const auto code = change.row_respcd.empty() ? respcd : std::string_view{change.row_respcd};
    const auto number = change.other_order ? "OTHER-ORDER-1" : entry.out_trade_no;
    const auto other_syssn = cloud_day(entry.sysdtm) + "180500029999999999";
    const bool bare = behaviour.trade_rows_currency == trade_rows_currency::empty;
    const auto txamt = entry.amount_minor_units + entry.who.amount_off + change.amount_off;
    json_writer row;
    row.add("syssn", change.other_order ? other_syssn : entry.syssn).add("out_trade_no", number);
    row.add("chnlsn", entry.outcome == truth::paid ? entry.chnlsn : "");
    row.add("goods_name", entry.goods_name);
    row.add("txcurrcd", bare ? std::string{} : currency_of(entry, change));
    row.add("origssn", entry.original ? entry.original->syssn : "");
    row.add("pay_type", busicd_of(entry, behaviour));
    row.add("order_type", entry.refund ? "refund" : "payment");
    row.add("txdtm", entry.txdtm.empty() ? to_cloud_time(entry.sysdtm) : entry.txdtm);
    row.add("txamt", std::to_string(txamt)).add("sysdtm", to_cloud_time(entry.sysdtm));
    row.add("cancel", std::to_string(cancel_digit(entry, behaviour)));
    row.add("paydtm", time_or_nothing(entry.paydtm)).add("cardcd", "").add("chnlsn2", "");
    row.add("udid", entry.udid).add("userid", std::to_string(store_id)).add("respcd", code);
    row.add("goods_info", "");
    // "Transaction succeeded", in the words of the samples.
    row.add("errmsg",
            code == "0000" ? "\xe4\xba\xa4\xe6\x98\x93\xe6\x88\x90\xe5\x8a\x9f" : trade_text(code));
    row.add("clisn", entry.clisn).add("cardtp", "5");
    return row.text();
}

std::string trade_list(const std::vector<std::string>& rows, std::int64_t page,
                       std::int64_t page_size)
{
    json_writer body;
    body.add("respmsg", "").add("resperr", "").add("respcd", "0000");
    body.add_raw("data", json_list(rows)).add("page", page).add("page_size", page_size);
    return body.text();
}

std::string payment_reply(const transaction& entry, const settings& behaviour)
{
    const bool created = is_created_order(entry);
    const auto code = created ? "0000" : reply_code(entry, behaviour);
    json_writer body;
    body.add("surcharge_fee", std::int64_t{0});
    if (created) add_code_field(body, entry, behaviour);
    body.add("pay_type", entry.pay_type).add("surcharge_rate", std::int64_t{0});
    body.add("resperr", trade_text(code)).add("txdtm", entry.txdtm);
    body.add("out_trade_no", entry.out_trade_no).add("syssn", entry.syssn);
    body.add("sysdtm", entry.syssn.empty() ? "" : to_cloud_time(entry.sysdtm));
    body.add("txcurrcd", currency_of(entry, {})).add("respmsg", "").add("chnlsn2", "");
    body.add("cardcd", "").add("udid", entry.udid).add("txamt", amount_of(entry));
    body.add("respcd", code).add("chnlsn", code == "0000" && !created ? entry.chnlsn : "");
    return body.text();
}

std::string refund_reply(const transaction& entry, const settings& behaviour)
{
    const auto code = reply_code(entry, behaviour);
    // A card that gets all its money back on the day is told so.
    const bool voided = code == "0000" && protocol::is_card(entry.via) &&
                        cloud_day(entry.original->sysdtm) == cloud_day(entry.sysdtm);
    json_writer body;
    body.add("orig_syssn", entry.original->syssn);
    body.add("sysdtm", entry.syssn.empty() ? "" : to_cloud_time(entry.sysdtm));
    body.add("paydtm", time_or_nothing(entry.paydtm)).add("txdtm", entry.txdtm);
    body.add("udid", entry.udid).add("txcurrcd", currency_of(entry, {}));
    body.add("txamt", amount_of(entry)).add("resperr", trade_text(code));
    body.add("respmsg", voided ? "Void received" : "").add("out_trade_no", entry.out_trade_no);
    body.add("syssn", entry.syssn).add("respcd", code);
    body.add("chnlsn", entry.chnlsn).add("cardcd", "");
    return body.text();
}

std::string undo_answer(const transaction& original, std::string_view syssn,
                        std::string_view respcd, timestamp now)
{
    json_writer body;
    body.add("surcharge_fee", "0").add("resperr", trade_text(respcd));
    body.add("txdtm", original.txdtm);
    if (!syssn.empty()) body.add("syssn", syssn);
    body.add("out_trade_no", original.out_trade_no).add("sysdtm", to_cloud_time(now));
    body.add("txcurrcd", original.txcurrcd).add("respmsg", "").add("chnlsn2", "");
    body.add("cardcd", "").add("udid", original.udid);
    body.add("txamt", std::to_string(original.amount_minor_units));
    body.add("orig_syssn", original.syssn).add("surcharge_rate", "0");
    body.add("respcd", respcd).add("chnlsn", "");
    return body.text();
}

std::string trade_refusal(const refusal& why, const signed_request& request, timestamp now)
{
    json_writer body;
    body.add("resperr", why.text + "(" + why.respcd + ")").add("respcd", why.respcd);
    body.add("respmsg", why.respcd == "1251" ? "out_trade_no is used" : "");
    if (!request.at("out_trade_no").empty()) body.add("out_trade_no", request.at("out_trade_no"));
    if (!request.at("syssn").empty()) body.add("orig_syssn", request.at("syssn"));
    if (!request.at("txamt").empty()) body.add("txamt", request.at("txamt"));
    body.add("sysdtm", to_cloud_time(now));
    return body.text();
}

}  // namespace ecr::simulator
