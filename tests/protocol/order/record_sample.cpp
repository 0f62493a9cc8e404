#include "tests/protocol/order/record_sample.hpp"

namespace ecr::protocol {
namespace {

std::string on_the_day(const std::string& time)
{
    return "2026-11-18 " + time;
}

}  // namespace

record_period sample_day()
{
    const auto from = parse_cloud_time(on_the_day("00:00:00")).value();
    return {.from = from, .before = from + std::chrono::days{1}};
}

order sample_payment(std::string number, std::string syssn, const std::string& time,
                     std::int64_t amount)
{
    order o;
    o.out_trade_no = std::move(number);
    o.till = "till";
    o.terminal = "T1";
    o.via = channel::wx;
    o.amount_minor_units = amount;
    o.state = order_state::paid;
    o.facts.syssn = std::move(syssn);
    o.facts.respcd = "0000";
    o.facts.sysdtm = on_the_day(time);
    o.created_at = parse_cloud_time(o.facts.sysdtm).value();
    o.sent_at = o.created_at;
    return o;
}

order sample_refund(std::string number, std::string of, std::string of_syssn,
                    const std::string& time, std::int64_t amount)
{
    auto o = sample_payment(std::move(number), "", time, amount);
    o.kind = order_kind::refund;
    o.of = std::move(of);
    o.of_syssn = std::move(of_syssn);
    o.facts = {};
    return o;
}

cloud::trade_row sample_row(std::string number, std::string syssn, const std::string& time,
                            std::int64_t amount)
{
    cloud::trade_row row;
    row.respcd = "0000";
    row.order_type = "payment";
    row.out_trade_no = std::move(number);
    row.syssn = std::move(syssn);
    row.pay_type = "800208";
    row.txamt = amount;
    row.txcurrcd = "HKD";
    row.cancel = 0;
    row.sysdtm = on_the_day(time);
    return row;
}

cloud::trade_row sample_refund_row(std::string number, std::string syssn, std::string origssn,
                                   const std::string& time, std::int64_t amount)
{
    auto row = sample_row(std::move(number), std::move(syssn), time, amount);
    row.order_type = "refund";
    row.origssn = std::move(origssn);
    return row;
}

std::string summary_of(const difference& d)
{
    const bool same = d.ours != nullptr && d.ours->kind == d.type;
    const auto* row = d.theirs;
    std::string text{name_of(d.what)};
    text += d.type == order_kind::refund ? " refund " : " payment ";
    text += d.ours != nullptr ? d.ours->out_trade_no : row->out_trade_no;
    text += "/" + (row != nullptr ? row->syssn : d.ours->facts.syssn) + " ";
    text += same ? std::to_string(d.ours->amount_minor_units) : "-";
    text += "/";
    text += row != nullptr && row->txamt ? std::to_string(*row->txamt) : "-";
    return text;
}

}  // namespace ecr::protocol
