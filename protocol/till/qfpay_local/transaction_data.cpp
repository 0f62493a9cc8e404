#include "protocol/till/qfpay_local/transaction_data.hpp"

#include "protocol/cloud/ecr_api.hpp"
#include "protocol/json.hpp"
#include "protocol/redact.hpp"

#include <utility>

namespace ecr::protocol::till::qfpay_local {
namespace {

// Transaction-level codes of the cloud. Source: contract 5.
constexpr std::string_view transaction_done = "0000";
constexpr std::string_view transaction_closed = "1142";   // unpaid, and will stay so
constexpr std::string_view transaction_running = "1145";  // ask again

// The cloud's `cancel` digit. Source: contract 4.6.
constexpr std::int64_t not_returned = 0;
constexpr std::int64_t all_returned = 3;
constexpr std::int64_t partly_returned = 5;

/// What became of the transaction. Not known is 1145: never 0000, and never a failure.
std::string_view transaction_code(const outcome& r)
{
    if (r.code == result_code::done) return transaction_done;
    if (!r.safe_to_retry) return transaction_running;
    const auto& code = r.order.facts.respcd;
    return code.empty() || code == transaction_done ? transaction_closed : code;
}

std::string alphabetic(const std::string& currency)
{
    return cloud::same_currency(currency, "HKD") ? "HKD" : currency;
}

std::string amount_text(const order& o)
{
    return std::to_string(o.amount_minor_units);
}

std::string final_time(const order& o)
{
    if (!o.facts.sysdtm.empty()) return o.facts.sysdtm;
    return to_cloud_time(o.final_at.value_or(o.updated_at));
}

std::int64_t returned(const order& o)
{
    if (!o.refundable_now || o.kind == order_kind::refund || o.state != order_state::paid)
        return not_returned;
    if (*o.refundable_now >= o.amount_minor_units) return not_returned;
    return *o.refundable_now == 0 ? all_returned : partly_returned;
}

}  // namespace

object_text& object_text::add(std::string_view name, std::string_view text)
{
    put_name(name);
    text_ += to_text(json(text));
    return *this;
}

object_text& object_text::add(std::string_view name, std::int64_t number)
{
    put_name(name);
    text_ += std::to_string(number);
    return *this;
}

std::string object_text::take()
{
    text_ += '}';
    return std::exchange(text_, "{");
}

void object_text::put_name(std::string_view name)
{
    if (text_.size() > 1) text_ += ',';
    text_ += '"';
    text_ += name;
    text_ += "\":";
}

std::string payment_data(const outcome& r)
{
    const auto& o = r.order;
    return object_text{}
        .add("respcd", transaction_code(r))
        .add("mchntnm", "")
        .add("sysdtm", o.facts.sysdtm)
        .add("userid", "")
        .add("busicd", o.facts.busicd)
        .add("txamt", amount_text(o))
        .add("txcurrcd", alphabetic(o.currency))
        .add("chnlsn", o.facts.chnlsn)
        .add("paydtm", final_time(o))
        .add("udid", o.terminal)
        .add("syssn", o.facts.syssn)
        .add("clisn", "")
        .add("out_trade_no", r.order_number)
        .add("cardscheme", o.facts.card_scheme)
        .take();
}

std::string refund_data(const outcome& r)
{
    const auto& o = r.order;
    return object_text{}
        .add("respcd", transaction_code(r))
        .add("orig_syssn", o.of_syssn)
        .add("syssn", o.facts.syssn)
        .add("txamt", amount_text(o))
        .add("originTxamt", "")
        .add("sysdtm", o.facts.sysdtm)
        .add("paydtm", final_time(o))
        .add("txcurrcd", alphabetic(o.currency))
        .add("txdtm", to_cloud_time(o.created_at))
        .add("out_trade_no", r.order_number)
        .add("chnlsn", o.facts.chnlsn)
        .take();
}

std::string enquiry_data(const outcome& r)
{
    const auto& o = r.order;
    const bool refund = o.kind == order_kind::refund;
    object_text data;
    data.add("server_time", to_cloud_time(o.updated_at))
        .add("cancel", returned(o))
        .add("clisn", "")
        .add("opuid", "")
        .add("prepay_amt", o.amount_minor_units)
        .add("syssn", o.facts.syssn)
        .add("out_trade_no", r.order_number)
        .add("tradetp", refund ? "refund" : "payment")
        .add("sysdtm", o.facts.sysdtm)
        .add("txcurrcd", o.currency)
        .add("origssn", o.of_syssn)
        .add("customer_source", "")
        .add("opuser", "")
        .add("nickname", "");
    if (o.refundable_now) data.add("allow_refund_amt", *o.refundable_now);
    return data.add("desc", r.text)
        .add("txamt", o.amount_minor_units)
        .add("busicd", o.facts.busicd)
        .add("respcd", transaction_code(r))
        .add("origbusicd", "")
        .add("chnlsn", o.facts.chnlsn)
        .add("cardscheme", o.facts.card_scheme)
        .add("cardno", masked_card(o.facts.card))
        .add("cardtype", "")
        .add("batchno", "")
        .add("refno", "")
        .take();
}

}  // namespace ecr::protocol::till::qfpay_local
