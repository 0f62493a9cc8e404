// Query and settlement. Source: contract 4.5, 8.3, 13.24, 13.26, 13.29.
#include "protocol/timestamp.hpp"
#include "tests/simulator/json_writer.hpp"
#include "tests/simulator/trade_desk.hpp"
#include "tests/simulator/trade_rows.hpp"

#include <algorithm>
#include <functional>
#include <set>

namespace ecr::simulator {
namespace {

using std::chrono::days;
using std::chrono::seconds;
using name_set = std::set<std::string, std::less<>>;

constexpr std::int64_t page_size_default = 10;

name_set names_of(std::string_view list)
{
    name_set names;
    while (!list.empty()) {
        const auto comma = list.find(',');
        if (comma != 0) names.emplace(list.substr(0, comma));
        list = comma == std::string_view::npos ? "" : list.substr(comma + 1);
    }
    return names;
}

/// From `begin`, before `end`.
struct window {
    timestamp begin;
    timestamp end;
};

/// QFPay's month that holds a moment.
window month_around(timestamp at)
{
    using namespace std::chrono;
    const year_month_day day{floor<std::chrono::days>(at + cloud_utc_offset)};
    const auto first = day.year() / day.month();
    return {sys_days{first / 1} - cloud_utc_offset,
            sys_days{(first + months{1}) / 1} - cloud_utc_offset};
}

std::optional<window> window_of(const signed_request& request, timestamp now,
                                const settings& behaviour)
{
    const auto from = request.at("start_time");
    const auto to = request.at("end_time");
    if (from.empty() && to.empty()) return month_around(now);
    const bool strict = behaviour.trade_window == trade_window::code_1104;
    if (strict && (from.empty() || to.empty())) return std::nullopt;
    const auto begin =
        from.empty() ? month_around(*parse_cloud_time(to)).begin : *parse_cloud_time(from);
    const auto month = month_around(begin);
    // Bounds are whole seconds, and both belong to the range.
    const auto end = to.empty() ? month.end : *parse_cloud_time(to) + seconds{1};
    if (strict && end > month.end) return std::nullopt;
    return window{begin, std::min(end, month.end)};
}

struct wanted_rows {
    name_set syssns;
    name_set numbers;
    name_set pay_types;
    std::string_view respcd;
    window within;
    bool any_time = false;
    bool ecr = true;
    bool stale = false;
};

/// The code of its row; nothing when this query does not show it.
std::optional<std::string> code_if_wanted(const transaction& entry, const wanted_rows& wanted,
                                          const settings& behaviour)
{
    const auto has = [](const name_set& names, std::string_view name) {
        return names.empty() || names.contains(name);
    };
    if (!entry.by_trade && !wanted.ecr) return std::nullopt;
    const bool in_time = entry.sysdtm >= wanted.within.begin && entry.sysdtm < wanted.within.end;
    if (!wanted.any_time && !in_time) return std::nullopt;
    if (!has(wanted.syssns, entry.syssn) || !has(wanted.numbers, entry.out_trade_no))
        return std::nullopt;
    if (!has(wanted.pay_types, busicd_of(entry, behaviour))) return std::nullopt;
    auto code = trade_row_code(entry, behaviour, wanted.stale);
    if (code && !wanted.respcd.empty() && *code != wanted.respcd) return std::nullopt;
    return code;
}

/// Calls `visit` with every transaction that may be wanted, the newest first.
void visit_newest_first(const book& orders, const wanted_rows& wanted,
                        const std::function<void(const transaction&)>& visit)
{
    if (wanted.syssns.empty() && wanted.numbers.empty()) {
        const auto first = orders.shown().lower_bound(wanted.within.begin);
        auto last = orders.shown().lower_bound(wanted.within.end);
        while (last != first)
            visit(*(--last)->second);
        return;
    }
    std::vector<transaction_ptr> found;
    for (const auto& syssn : wanted.syssns)
        if (auto entry = orders.by_syssn(syssn)) found.push_back(std::move(entry));
    if (wanted.syssns.empty())
        for (const auto& number : wanted.numbers)
            std::ranges::copy(orders.all_by_number(number), std::back_inserter(found));
    std::ranges::stable_sort(found, [](const auto& a, const auto& b) {
        return std::tie(b->sysdtm, b->syssn) < std::tie(a->sysdtm, a->syssn);
    });
    for (const auto& entry : found)
        visit(*entry);
}

}  // namespace

answer trade_desk::query(const signed_request& request, const distortion& change)
{
    const auto& behaviour = inside_.behaviour;
    const auto within = window_of(request, inside_.events->wall(), behaviour);
    if (!within) return refuse({"1104", "Bad parameter: time range over one month"}, request);
    wanted_rows wanted{.syssns = names_of(request.at("syssn")),
                       .numbers = names_of(request.at("out_trade_no")),
                       .pay_types = names_of(request.at("pay_type")),
                       .respcd = request.at("respcd"),
                       .within = *within,
                       .ecr = behaviour.ecr_in_trade_lists,
                       .stale = change.stale};
    for (const auto& number : wanted.numbers)
        inside_.facts.note_enquiry(number, inside_.events->now());
    const bool names_some = !wanted.syssns.empty() || !wanted.numbers.empty();
    wanted.any_time = names_some && behaviour.trade_times_with_ids == trade_times_with_ids::ignored;
    const auto page = number_within(request.at("page"), 1, 1'000'000).value_or(1);
    const auto page_size =
        number_within(request.at("page_size"), 1, 100).value_or(page_size_default);

    std::vector<std::string> rows;
    std::int64_t place = 0;
    const auto visit = [&](const transaction& entry) {
        const auto code = code_if_wanted(entry, wanted, behaviour);
        if (!code) return;
        if (place / page_size == page - 1)
            rows.push_back(trade_row(entry, *code, behaviour, change));
        ++place;
    };
    visit_newest_first(inside_.merchant_of(request.app_code).orders, wanted, visit);
    return {.body = trade_list(rows, page, page_size), .signed_with = {}};
}

answer trade_desk::settlement(const signed_request& request)
{
    if (inside_.behaviour.settlement == settlement::absent_1155)
        return refuse({"1155", "Settlement is not available"}, request);
    struct sums {
        std::int64_t payments = 0;
        std::int64_t paid = 0;
        std::int64_t refunds = 0;
        std::int64_t given_back = 0;
    };
    const auto first = request.at("date_start");
    const auto last = request.at("date_end");
    std::map<std::string, sums> by_day;
    for (const auto& [at, entry] : inside_.merchant_of(request.app_code).orders.shown()) {
        const auto day = cloud_day(at);
        if (day < first || day > last || entry->outcome != truth::paid) continue;
        auto& sum = by_day[day];
        ++(entry->refund ? sum.refunds : sum.payments);
        (entry->refund ? sum.given_back : sum.paid) += entry->amount_minor_units;
    }
    std::vector<std::string> rows;
    for (const auto& [day, sum] : by_day) {
        json_writer row;
        row.add("date", day).add("payment_count", sum.payments).add("payment_amount", sum.paid);
        row.add("refund_count", sum.refunds).add("refund_amount", sum.given_back);
        row.add("settle_amount", sum.paid - sum.given_back);
        rows.push_back(row.text());
    }
    json_writer body;
    body.add("respcd", "0000").add("resperr", "").add("respmsg", "");
    body.add_raw("data", json_list(rows));
    return {.body = body.text(), .signed_with = {}};
}

}  // namespace ecr::simulator
