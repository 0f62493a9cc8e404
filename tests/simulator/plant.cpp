#include "tests/simulator/plant.hpp"

#include "tests/simulator/core.hpp"
#include "tests/simulator/trade_pay_type.hpp"

#include <utility>

namespace ecr::simulator {
namespace {

transaction_ptr find_anywhere(core& inside, const std::string& syssn)
{
    for (const auto& [app_code, merchant] : inside.merchants())
        if (auto found = merchant.orders.by_syssn(syssn)) return found;
    return nullptr;
}

void take_refund_back(const transaction& refund)
{
    if (refund.original && refund.outcome == truth::paid)
        refund.original->refunded_minor_units -= refund.amount_minor_units;
}

}  // namespace

std::optional<std::string> plant(core& inside, const planted_row& row)
{
    const auto type = trade_pay_type_of(row.pay_type);
    if (!type || (!row.syssn.empty() && find_anywhere(inside, row.syssn))) return std::nullopt;
    auto entry = std::make_shared<transaction>();
    if (!row.refund_of.empty()) {
        entry->original = find_anywhere(inside, row.refund_of);
        if (!entry->original || entry->original->refund) return std::nullopt;
        entry->refund = true;
    }
    entry->app_code = row.app_code.empty() ? inside.behaviour.app_code : row.app_code;
    entry->by_trade = row.termid.empty();
    entry->termid = row.termid;
    entry->out_trade_no = row.out_trade_no;
    entry->syssn = row.syssn;
    entry->pay_type = type->code;
    entry->via = type->via;
    entry->scan = type->mode == pay_mode::merchant_code ? protocol::scan_type::qrcode_pay
                                                        : protocol::scan_type::scan_pay;
    entry->amount_minor_units = row.amount_minor_units;
    entry->txcurrcd = row.txcurrcd;
    entry->sysdtm = row.sysdtm;
    entry->stage = stage::ended;
    entry->respcd = row.respcd;
    entry->outcome = row.respcd == "0000" ? truth::paid : truth::declined;
    if (entry->outcome == truth::paid) {
        entry->paydtm = row.sysdtm;
        if (entry->refund) entry->original->refunded_minor_units += row.amount_minor_units;
    }
    inside.merchant_of(entry->app_code).orders.file(entry);
    return entry->syssn;
}

bool unplant(core& inside, const std::string& syssn)
{
    const auto entry = find_anywhere(inside, syssn);
    if (!entry) return false;
    take_refund_back(*entry);
    entry->home->remove(entry);
    return true;
}

bool alter_amount(core& inside, const std::string& syssn, std::int64_t amount_minor_units)
{
    const auto entry = find_anywhere(inside, syssn);
    if (!entry) return false;
    take_refund_back(*entry);
    entry->amount_minor_units = amount_minor_units;
    if (entry->original && entry->outcome == truth::paid)
        entry->original->refunded_minor_units += amount_minor_units;
    return true;
}

std::optional<std::string> plant_again(core& inside, const std::string& syssn)
{
    const auto entry = find_anywhere(inside, syssn);
    if (!entry || entry->stage != stage::ended) return std::nullopt;
    auto again = std::make_shared<transaction>(*entry);
    again->syssn.clear();
    again->refunded_minor_units = 0;
    entry->home->file(again);
    return again->syssn;
}

}  // namespace ecr::simulator
