#pragma once

#include "protocol/order/order.hpp"
#include "store/journal.hpp"

#include <gtest/gtest.h>

#include <initializer_list>
#include <string>
#include <tuple>
#include <utility>

namespace ecr::store {

/// A moment of the test's own time.
[[nodiscard]] constexpr timestamp at(std::int64_t seconds) noexcept
{
    return timestamp{std::chrono::seconds{1'700'000'000 + seconds}};
}

/// The least an order needs.
[[nodiscard]] inline protocol::order new_order(std::string out_trade_no, timestamp created = at(0))
{
    protocol::order order;
    order.out_trade_no = std::move(out_trade_no);
    order.till = "till-1";
    order.terminal = "235C0001";
    order.amount_minor_units = 110;
    order.created_at = created;
    order.updated_at = created;
    return order;
}

/// An order in which no field has its default, and no two of one type have the same value.
[[nodiscard]] inline protocol::order full_order()
{
    using namespace std::chrono_literals;
    return {
        .out_trade_no = "R-1",
        .kind = protocol::order_kind::refund,
        .till = "till-7",
        .till_named = true,
        .till_order = "0007",
        .content = "refund|of=A-1|amount=50",
        .terminal = "235C503",
        .via = protocol::channel::octopus,
        .scan = protocol::scan_type::qrcode_pay,
        .camera_id = 1,
        .amount_minor_units = 2'147'483'647,
        .currency = "840",
        .payment_timeout = 601s,
        .of = "A-1",
        .of_syssn = "20240704000200020081082000",
        .allow_modify = true,
        .refundable_before = 9'000'000'000,
        .state = protocol::order_state::paid,
        .reason = "the cloud says 0000 \xE5\xB7\xB2\xE4\xBB\x98",
        .needs = protocol::attention::mismatch | protocol::attention::unresolved,
        .facts = {.syssn = "20240704000300020081082001",
                  .respcd = "0000",
                  .sysdtm = "2024-07-04 15:14:25",
                  .busicd = "800208",
                  .chnlsn = "chnl-9",
                  .card = "476173******0119",
                  .card_scheme = "VISA",
                  .matched_by_question = true,
                  .shown = "https://qr.example/1"},
        .refundable_now = 8'999'999'950,
        .cancel_wanted = true,
        .cancel_acknowledged = true,
        .delivered = true,
        .merchant = "shop-2",
        .route = protocol::order_route::direct,
        .pay_type = "800101",
        .txdtm = "2024-07-04 15:14:20",
        .not_before = at(5) + 500ms,
        .resolved_paid = true,
        .created_at = at(1) + 1ms,
        .sent_at = at(2) + 20ms,
        .updated_at = at(4) + 400ms,
        .final_at = at(3) + 300ms,
    };
}

/// Every field of an order. Does not compile when one is added: then full_order() needs it, too,
/// and so does the journal.
[[nodiscard]] inline auto fields_of(const protocol::order& order)
{
    const auto& [a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p, q, r, s, t, facts, u, v, w, x, y,
                 z, aa, bb, cc, dd, ee, ff, gg, hh] = order;
    const auto& [f1, f2, f3, f4, f5, f6, f7, f8, f9] = facts;
    return std::tie(a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p, q, r, s, t, f1, f2, f3, f4, f5,
                    f6, f7, f8, f9, u, v, w, x, y, z, aa, bb, cc, dd, ee, ff, gg, hh);
}
inline constexpr auto order_field_count =
    std::tuple_size_v<decltype(fields_of(std::declval<const protocol::order&>()))>;

/// Calls `visit(index, field of a, field of b)` for every field.
template <class Visit>
void for_each_field(const protocol::order& a, const protocol::order& b, Visit visit)
{
    const auto left = fields_of(a);
    const auto right = fields_of(b);
    [&]<std::size_t... Index>(std::index_sequence<Index...>)
    {
        (visit(Index, std::get<Index>(left), std::get<Index>(right)), ...);
    }
    (std::make_index_sequence<order_field_count>{});
}

/// Names the field that differs.
inline void expect_same(const protocol::order& actual, const protocol::order& expected)
{
    for_each_field(actual, expected, [](auto index, const auto& is, const auto& should_be) {
        EXPECT_TRUE(is == should_be) << "field " << index << " of the order differs";
    });
}

/// Takes the order along `events`, one second a step from `start` on, and gives its last error.
[[nodiscard]] inline error_code walk(journal& to, const std::string& out_trade_no,
                                     std::initializer_list<protocol::order_event> events,
                                     timestamp start = at(1))
{
    for (const auto event : events) {
        const auto order = to.find(out_trade_no);
        if (!order) return order.error();
        if (!*order) return errc::unknown_order;
        const auto step = protocol::decide((*order)->state, event);
        if (!step) return step.error();
        if (const auto failed = to.advance(out_trade_no, *step, name_of(event), start))
            return failed;
        start += std::chrono::seconds{1};
    }
    return {};
}

/// The shortest way to a state.
[[nodiscard]] inline std::initializer_list<protocol::order_event> way_to(
    protocol::order_state state)
{
    using enum protocol::order_event;
    using list = std::initializer_list<protocol::order_event>;
    static constexpr list nothing{}, sending{send}, on_terminal{send, push}, in_doubt{send, doubt},
        paid{send, push, pay}, declined{send, decline}, cancelled{send, push, cancel},
        expired{send, push, expire}, rejected{send, refuse}, unresolved{send, doubt, give_up},
        resolved{send, doubt, resolve};
    switch (state) {
        case protocol::order_state::accepted: return nothing;
        case protocol::order_state::sending: return sending;
        case protocol::order_state::on_terminal: return on_terminal;
        case protocol::order_state::in_doubt: return in_doubt;
        case protocol::order_state::paid: return paid;
        case protocol::order_state::declined: return declined;
        case protocol::order_state::cancelled: return cancelled;
        case protocol::order_state::expired: return expired;
        case protocol::order_state::rejected: return rejected;
        case protocol::order_state::unresolved: return unresolved;
        case protocol::order_state::resolved: return resolved;
    }
    return nothing;
}

/// Adds an order and takes it to `state`, its first step at `start`.
[[nodiscard]] inline error_code put(journal& to, const protocol::order& order,
                                    protocol::order_state state, timestamp start = at(1))
{
    if (const auto failed = to.add(order, "asked")) return failed;
    return walk(to, order.out_trade_no, way_to(state), start);
}

/// The numbers of the orders, in their order.
[[nodiscard]] inline std::string numbers_of(const result<std::vector<protocol::order>>& orders)
{
    if (!orders) return orders.error().message();
    std::string all;
    for (const auto& order : *orders)
        all += (all.empty() ? "" : " ") + order.out_trade_no;
    return all;
}

}  // namespace ecr::store
