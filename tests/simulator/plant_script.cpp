#include "tests/simulator/plant_script.hpp"

#include "protocol/json.hpp"
#include "tests/simulator/object_reader.hpp"
#include "tests/simulator/plant.hpp"
#include "tests/simulator/trade_pay_type.hpp"

namespace ecr::simulator {
namespace {

constexpr std::int64_t txamt_max = 2'147'483'647;
constexpr std::int64_t most_rows = 100'000;
constexpr std::int64_t longest_step_ms = 31LL * 24 * 3600 * 1000;

struct planned_rows {
    planted_row row;
    std::int64_t times = 1;
    milliseconds every{};
};

struct change_of_amount {
    std::string syssn;
    std::int64_t amount_minor_units = 0;
};

planned_rows read_rows(const json& value, const std::string& where,
                       std::vector<std::string>& errors)
{
    object_reader from{value, where, errors};
    from.only({"out_trade_no", "sysdtm", "txamt", "pay_type", "respcd", "syssn", "refund_of",
               "termid", "txcurrcd", "app_code", "times", "every_ms"});
    planned_rows planned;
    auto& row = planned.row;
    row.out_trade_no = from.text("out_trade_no", "");
    const auto at = parse_cloud_time(from.text("sysdtm", ""));
    if (at)
        row.sysdtm = *at;
    else
        from.complain("sysdtm is not YYYY-MM-DD hh:mm:ss");
    row.amount_minor_units = from.number("txamt", 100, 1, txamt_max);
    row.pay_type = from.text("pay_type", row.pay_type);
    if (!trade_pay_type_of(row.pay_type)) from.complain("no pay_type is " + row.pay_type);
    row.respcd = from.text("respcd", row.respcd);
    row.syssn = from.text("syssn", "");
    row.refund_of = from.text("refund_of", "");
    row.termid = from.text("termid", "");
    row.txcurrcd = from.text("txcurrcd", row.txcurrcd);
    row.app_code = from.text("app_code", "");
    planned.times = from.number("times", 1, 1, most_rows);
    planned.every = milliseconds{from.number("every_ms", 0, 0, longest_step_ms)};
    if (planned.times > 1 && !row.syssn.empty()) from.complain("one syssn for many rows");
    return planned;
}

change_of_amount read_change(const json& value, const std::string& where,
                             std::vector<std::string>& errors)
{
    object_reader from{value, where, errors};
    from.only({"syssn", "txamt"});
    return {from.text("syssn", ""), from.number("txamt", 1, 1, txamt_max)};
}

std::vector<std::string> texts_in(const json& script, const char* name,
                                  std::vector<std::string>& errors)
{
    std::vector<std::string> texts;
    for (const auto& each : elements_of(script, name, errors)) {
        if (each.is_string())
            texts.push_back(each.get<std::string>());
        else
            errors.push_back(std::string{name} + ": is not a list of strings");
    }
    return texts;
}

void plant_rows(core& inside, const planned_rows& planned, std::vector<std::string>& made,
                std::vector<std::string>& errors)
{
    auto row = planned.row;
    for (std::int64_t i = 0; i < planned.times; ++i) {
        if (planned.times > 1)
            row.out_trade_no = planned.row.out_trade_no + "-" + std::to_string(i + 1);
        row.sysdtm = planned.row.sysdtm + planned.every * i;
        if (const auto syssn = plant(inside, row))
            made.push_back(*syssn);
        else
            errors.push_back("row " + row.out_trade_no + ": no such payment, or syssn is used");
    }
}

}  // namespace

std::vector<std::string> run_plant(core& inside, const json& script,
                                   std::vector<std::string>& errors)
{
    object_reader{script, "plant", errors}.only({"rows", "amounts", "again", "remove"});
    std::vector<planned_rows> rows;
    for (const auto& each : elements_of(script, "rows", errors))
        rows.push_back(read_rows(each, "row " + std::to_string(rows.size()), errors));
    std::vector<change_of_amount> changes;
    for (const auto& each : elements_of(script, "amounts", errors))
        changes.push_back(read_change(each, "amount " + std::to_string(changes.size()), errors));
    const auto again = texts_in(script, "again", errors);
    const auto removed = texts_in(script, "remove", errors);
    std::vector<std::string> made;
    if (!errors.empty()) return made;

    const auto nobody = [&](const std::string& syssn) {
        errors.push_back("no transaction has the syssn " + syssn);
    };
    for (const auto& each : rows)
        plant_rows(inside, each, made, errors);
    for (const auto& each : changes)
        if (!alter_amount(inside, each.syssn, each.amount_minor_units)) nobody(each.syssn);
    for (const auto& syssn : again) {
        if (const auto copy = plant_again(inside, syssn))
            made.push_back(*copy);
        else
            nobody(syssn);
    }
    for (const auto& syssn : removed)
        if (!unplant(inside, syssn)) nobody(syssn);
    return made;
}

void add_merchant(core& inside, const json& body, std::vector<std::string>& errors)
{
    object_reader from{body, "merchant", errors};
    from.only({"app_code", "client_key"});
    const merchant_setup setup{from.text("app_code", ""), from.text("client_key", "")};
    if (setup.app_code.empty()) from.complain("app_code is missing");
    if (setup.client_key.empty()) from.complain("client_key is missing");
    if (setup.app_code == inside.behaviour.app_code) from.complain("app_code is the first one's");
    if (errors.empty()) inside.add_merchant(setup);
}

}  // namespace ecr::simulator
