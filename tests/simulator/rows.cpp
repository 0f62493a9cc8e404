#include "tests/simulator/rows.hpp"

#include "protocol/timestamp.hpp"
#include "tests/simulator/json_writer.hpp"

namespace ecr::simulator {
namespace {

std::int64_t given_back(const transaction& entry, const settings& behaviour)
{
    const bool at_once = behaviour.refund_fall == refund_fall::at_once_with_way_back;
    return entry.refunded_minor_units + (at_once ? entry.reserved_minor_units : 0);
}

}  // namespace

std::int64_t cancel_digit(const transaction& entry, const settings& behaviour)
{
    if (entry.undone) return entry.scan == protocol::scan_type::qrcode_pay ? 2 : 1;
    if (entry.outcome == truth::cancelled && !entry.refund && !protocol::is_card(entry.via))
        return entry.scan == protocol::scan_type::qrcode_pay ? 2 : 1;
    const auto back = given_back(entry, behaviour);
    if (back == 0) return 0;
    if (behaviour.refund_cancel_digit == refund_cancel_digit::digit_1) return 1;
    return back >= entry.amount_minor_units ? 3 : 5;
}

namespace {

std::string row_number_of(const transaction& entry, const settings& behaviour)
{
    switch (behaviour.row_number) {
        case row_number::echoed: return entry.out_trade_no;
        case row_number::empty_always: return {};
        case row_number::empty_for_octopus:
            return entry.via == protocol::channel::octopus ? std::string{} : entry.out_trade_no;
    }
    return {};
}

void add_octopus(json_writer& row, const transaction& entry, bool paid)
{
    row.add("octopus_account_id", paid ? "380001612" : "");
    row.add("octopus_order_id", "").add("octopus_order_status", paid ? "SUCCESS" : "");
    row.add("octopus_paydtm", paid ? to_cloud_time(entry.sysdtm) : "");
    row.add_raw("octopus_balance", "0.0").add("octopus_no", "");
}

}  // namespace

std::string acknowledgement(std::string_view respcd, std::string_view resperr)
{
    json_writer body;
    body.add("resperr", resperr).add("respcd", respcd).add("respmsg", "");
    return body.text();
}

std::string busicd_of(const transaction& entry, const settings& behaviour)
{
    if (!entry.pay_type.empty()) return entry.pay_type;
    const bool shows_code = entry.scan == protocol::scan_type::qrcode_pay;
    std::string code;
    switch (entry.via) {
        case protocol::channel::card_payment: code = behaviour.card_busicd; break;
        case protocol::channel::wx: code = shows_code ? "800201" : "800208"; break;
        case protocol::channel::alipay: code = shows_code ? "800101" : "800108"; break;
        case protocol::channel::payme: code = shows_code ? "805801" : "805808"; break;
        case protocol::channel::union_qr: code = shows_code ? "800701" : "800708"; break;
        case protocol::channel::fps: code = "802001"; break;
        case protocol::channel::octopus: code = "803708"; break;
        case protocol::channel::unionpay_card: code = "806708"; break;
        case protocol::channel::amex_card: code = "806808"; break;
        case protocol::channel::other: break;  // a direct payment, which has its pay type
    }
    // The documents name 801103 as the refund of 8011xx.
    if (entry.refund && !code.empty()) code.back() = '3';
    return code;
}

std::int64_t allow_refund_amt(const transaction& entry, const settings& behaviour)
{
    if (entry.refund || entry.outcome != truth::paid) return 0;
    return entry.amount_minor_units - given_back(entry, behaviour);
}

std::string enquiry_with_row(const transaction& entry, std::string_view row_respcd,
                             const settings& behaviour, timestamp now, const distortion& change)
{
    const bool card = protocol::is_card(entry.via);
    const bool octopus = entry.via == protocol::channel::octopus;
    const bool paid = entry.outcome == truth::paid;
    const auto respcd = change.row_respcd.empty() ? row_respcd : change.row_respcd;
    const auto number = change.other_order ? "OTHER-ORDER-1" : row_number_of(entry, behaviour);
    const auto syssn = change.other_order ? cloud_day(now) + "180500029999999999" : entry.syssn;
    const auto& currency = change.currency.empty() ? entry.who.currency : change.currency;

    json_writer row;
    row.add("server_time", to_cloud_time(now));
    if (octopus) add_octopus(row, entry, paid);
    row.add("chnluserid", card ? "WP_SIM_HKD" : "").add("cancel", cancel_digit(entry, behaviour));
    if (card) row.add("cardscheme", "ECMC");
    row.add("chnltermid", card ? "1001619" : "").add("opuid", "0000");
    row.add("out_trade_no", number).add("syssn", syssn);
    row.add("tradetp", entry.refund ? "refund" : "payment");
    row.add("sysdtm", to_cloud_time(entry.sysdtm)).add("billamt", std::int64_t{0});
    row.add("txcurrcd", currency.empty() ? "344" : currency);
    row.add("origssn", entry.refund ? entry.original->syssn : "");
    row.add("allow_refund_amt", allow_refund_amt(entry, behaviour));
    row.add("opuser", behaviour.opuser).add("nickname", behaviour.nickname);
    row.add("customer_source", octopus ? "China Hong Kong" : "").add("cardcd", "");
    if (card) row.add("cardno", behaviour.cardno);
    row.add("userid", store_id);
    row.add("txamt", entry.amount_minor_units + entry.who.amount_off + change.amount_off);
    row.add("busicd", busicd_of(entry, behaviour)).add("clisn", entry.clisn);
    if (card) row.add("cardtype", "");
    row.add("respcd", respcd);
    row.add("origbusicd", entry.refund ? busicd_of(*entry.original, behaviour) : "");
    row.add("chnlsn", paid ? entry.chnlsn : "");

    json_writer body;
    body.add("resperr", "Query success").add("respcd", "0000").add_raw("respmsg", row.text());
    return body.text();
}

}  // namespace ecr::simulator
