#include "daemon/cli/order_export.hpp"

#include "daemon/cli/presenter.hpp"
#include "protocol/cloud/currency.hpp"
#include "protocol/json.hpp"
#include "protocol/money.hpp"
#include "protocol/order/state.hpp"

#include <algorithm>
#include <array>
#include <vector>

namespace ecr::cli {
namespace {

using protocol::attention;

// Append only.
constexpr auto columns = std::to_array<std::string_view>({"created",
                                                          "order",
                                                          "out_trade_no",
                                                          "type",
                                                          "till",
                                                          "terminal",
                                                          "merchant",
                                                          "route",
                                                          "channel",
                                                          "pay_type",
                                                          "amount",
                                                          "currency",
                                                          "amount_minor_units",
                                                          "state",
                                                          "code",
                                                          "syssn",
                                                          "of",
                                                          "card",
                                                          "card_scheme",
                                                          "attention",
                                                          "reason",
                                                          "sent",
                                                          "ended",
                                                          "delivered",
                                                          "resolved_paid",
                                                          "late"});

std::string time_text(const std::optional<timestamp>& at)
{
    return at ? to_iso8601(*at) : std::string{};
}

std::string attention_text(attention needs)
{
    static constexpr std::pair<attention, std::string_view> words[] = {
        {attention::late, "late"},
        {attention::mismatch, "mismatch"},
        {attention::unresolved, "unresolved"},
        {attention::returned, "returned"},
        {attention::paid_twice, "paid_twice"}};
    std::string text;
    for (const auto& [bit, word] : words)
        if (protocol::has(needs, bit)) text.append(text.empty() ? "" : " ").append(word);
    return text;
}

std::string currency_of(const protocol::order& o)
{
    const auto* known = protocol::cloud::find_currency(o.currency);
    return known != nullptr ? std::string{known->alphabetic} : o.currency;
}

std::string amount_text(const protocol::order& o)
{
    const auto amount = money::of(o.amount_minor_units);
    return amount ? protocol::cloud::for_people(*amount, currency_of(o)) : std::string{};
}

/// By the history: who has taken it off the operator's list has not made it come in time.
bool came_late(const store::extracted_order& each)
{
    return std::ranges::any_of(each.steps, [&](const protocol::order_step& step) {
        // That the cloud says what the operator has said before is no news to the till.
        const bool known = step.from == protocol::order_state::resolved &&
                           each.order.resolved_paid.value_or(false);
        return !known && protocol::is_late({.from = step.from, .on = step.on, .to = step.to});
    });
}

}  // namespace

std::span<const std::string_view> export_columns() noexcept
{
    return columns;
}

json export_row(const store::extracted_order& each, bool history)
{
    const auto& o = each.order;
    const bool direct = o.route == protocol::order_route::direct;
    json made{{"created", to_iso8601(o.created_at)},
              {"order", o.till_order},
              {"out_trade_no", o.out_trade_no},
              {"type", o.kind == protocol::order_kind::payment ? "payment" : "refund"},
              {"till", o.till},
              {"terminal", o.terminal},
              {"merchant", o.merchant},
              {"route", direct ? "direct" : "terminal"},
              {"channel", protocol::name_of(o.via)},
              {"pay_type", o.pay_type},
              {"amount", amount_text(o)},
              {"currency", currency_of(o)},
              {"amount_minor_units", o.amount_minor_units},
              {"state", protocol::name_of(o.state)},
              {"code", o.facts.respcd},
              {"syssn", o.facts.syssn},
              {"of", o.of},
              {"card", o.facts.card},
              {"card_scheme", o.facts.card_scheme},
              {"attention", attention_text(o.needs)},
              {"reason", o.reason},
              {"sent", time_text(o.sent_at)},
              {"ended", time_text(o.final_at)},
              {"delivered", o.delivered ? "yes" : "no"},
              {"resolved_paid", o.resolved_paid ? (*o.resolved_paid ? "yes" : "no") : ""},
              {"late", came_late(each) ? "yes" : "no"}};
    if (!history) return made;
    auto& steps = made["history"] = json::array();
    for (const auto& step : each.steps)
        steps.push_back({{"at", to_iso8601(step.at)},
                         {"from", protocol::name_of(step.from)},
                         {"event", protocol::name_of(step.on)},
                         {"to", protocol::name_of(step.to)},
                         {"reason", step.reason}});
    return made;
}

order_export::order_export(std::ostream& to, export_format format, bool history)
    : to_{to}, format_{format}, history_{history}
{
    const std::vector<std::string> header{columns.begin(), columns.end()};
    to_ << (format_ == export_format::csv ? csv_line(header) : "[");
}

bool order_export::add(const store::extracted_order& each)
{
    const auto row = export_row(each, history_ && format_ == export_format::json);
    if (format_ == export_format::json) {
        to_ << (count_ == 0 ? "\n" : ",\n") << to_text(row);
    } else {
        std::vector<std::string> cells;
        for (const auto column : columns) {
            const auto& value = row.at(std::string{column});
            cells.push_back(value.is_string() ? value.get<std::string>() : to_text(value));
        }
        to_ << csv_line(cells);
    }
    ++count_;
    return to_.good();
}

bool order_export::finish()
{
    if (format_ == export_format::json) to_ << "\n]\n";
    to_.flush();
    return to_.good();
}

}  // namespace ecr::cli
