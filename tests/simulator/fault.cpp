#include "tests/simulator/fault.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace ecr::simulator {
namespace {

template <class Enum>
using name_table_row = std::pair<Enum, std::string_view>;

constexpr auto act_names = std::to_array<name_table_row<act>>({
    {act::pays, "pays"},
    {act::declines, "declines"},
    {act::walks_away, "walks_away"},
    {act::pays_at_the_last_moment, "pays_at_the_last_moment"},
    {act::pays_late, "pays_late"},
    {act::cancels_at_terminal, "cancels_at_terminal"},
    {act::cancel_loses, "cancel_loses"},
    {act::slow_result, "slow_result"},
    {act::never_shown, "never_shown"},
});

constexpr auto fault_names = std::to_array<name_table_row<fault_kind>>({
    {fault_kind::close_on_accept, "close_on_accept"},
    {fault_kind::close_after_handshake, "close_after_handshake"},
    {fault_kind::close, "close"},
    {fault_kind::reset, "reset"},
    {fault_kind::no_answer, "no_answer"},
    {fault_kind::slow, "slow"},
    {fault_kind::late_delivery, "late_delivery"},
    {fault_kind::status, "status"},
    {fault_kind::redirect, "redirect"},
    {fault_kind::garbage, "garbage"},
    {fault_kind::html, "html"},
    {fault_kind::empty, "empty"},
    {fault_kind::truncated, "truncated"},
    {fault_kind::endless, "endless"},
    {fault_kind::trickle, "trickle"},
    {fault_kind::wrong_signature, "wrong_signature"},
    {fault_kind::no_signature, "no_signature"},
    {fault_kind::wrong_amount, "wrong_amount"},
    {fault_kind::wrong_currency, "wrong_currency"},
    {fault_kind::wrong_order, "wrong_order"},
    {fault_kind::respcd, "respcd"},
    {fault_kind::row_respcd, "row_respcd"},
    {fault_kind::stale, "stale"},
});

template <class Table, class Enum>
std::string_view find_name(const Table& table, Enum value) noexcept
{
    for (const auto& [key, name] : table)
        if (key == value) return name;
    return "?";
}

template <class Enum, std::size_t N>
std::optional<Enum> find_value(const std::array<name_table_row<Enum>, N>& table,
                               std::string_view name) noexcept
{
    for (const auto& [key, known] : table)
        if (known == name) return key;
    return std::nullopt;
}

}  // namespace

std::string_view name_of(act value) noexcept
{
    return find_name(act_names, value);
}
std::optional<act> act_of(std::string_view name) noexcept
{
    return find_value(act_names, name);
}

std::string_view name_of(fault_kind value) noexcept
{
    return find_name(fault_names, value);
}
std::optional<fault_kind> fault_kind_of(std::string_view name) noexcept
{
    return find_value(fault_names, name);
}

std::optional<fault> fault_plan::take(std::string_view path)
{
    for (auto it = faults_.begin(); it != faults_.end(); ++it) {
        if (strikes_connection(it->kind)) continue;
        if (path.find(it->path) == std::string_view::npos) continue;
        if (it->skip > 0) {
            --it->skip;
            continue;
        }
        auto hit = *it;
        use_up(it);
        return hit;
    }
    return std::nullopt;
}

void fault_plan::use_up(std::deque<fault>::iterator at)
{
    if (at->count == 0) return;  // for good
    --at->count;
    if (at->count == 0) faults_.erase(at);
}

bool fault_plan::take_connection(fault_kind kind)
{
    const auto found = std::ranges::find(faults_, kind, &fault::kind);
    if (found == faults_.end()) return false;
    if (found->skip > 0) {
        --found->skip;
        return false;
    }
    use_up(found);
    return true;
}

magic magic_of(std::int64_t txamt_minor_units, const settings& behaviour)
{
    if (!behaviour.magic_amounts) return {};
    using enum fault_kind;
    const auto does = [](act what, std::string code = "1205") {
        return magic{shopper{.does = what, .respcd = std::move(code)}, {}};
    };
    switch (txamt_minor_units % 100) {
        case 1: return does(act::declines, "1205");
        case 2: return does(act::declines, "1201");
        case 3: return does(act::walks_away);
        case 4: return does(act::pays_late);
        case 5: return does(act::pays_at_the_last_moment);
        case 6: return does(act::cancels_at_terminal);
        case 7: return {{}, fault{.kind = no_answer}};
        case 8: return {{}, fault{.kind = no_answer, .done = false}};
        case 9: return {{}, fault{.kind = status, .http_status = 500}};
        case 11: return {shopper{.amount_off = 1}, {}};
        case 12: return does(act::cancel_loses);
        case 13: return does(act::slow_result);
        case 14: return {{}, fault{.kind = respcd, .done = false, .respcd = "1145"}};
        case 15: return {{}, fault{.kind = respcd, .respcd = "9999"}};
        case 16: return {{}, fault{.kind = garbage}};
        case 17: return {{}, fault{.kind = respcd, .done = false, .respcd = "1106"}};
        case 18: return {{}, fault{.kind = slow, .delay = milliseconds{20'000}}};
        case 19: return does(act::never_shown);
        case 20: return {shopper{.currency = "156"}, {}};
        case 21: return {{}, fault{.kind = close}};
        case 22: return {{}, fault{.kind = status, .done = false, .http_status = 429}};
        case 23: return {{}, fault{.kind = status, .done = false, .http_status = 502}};
        case 24: return {{}, fault{.kind = wrong_signature}};
        default: return {};
    }
}

}  // namespace ecr::simulator
