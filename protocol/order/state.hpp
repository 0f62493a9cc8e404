#pragma once

#include "protocol/errc.hpp"

#include <array>
#include <cstdint>
#include <string_view>

/// What may become of an order, as one table. Terminal and direct payments and refunds share it; a
/// refund that went through ends `paid` too: the money moved as the till wished.
namespace ecr::protocol {

/// Where an order stands. The numbers are stored in the journal: append, never renumber.
enum class order_state : std::uint8_t {
    accepted = 1,     // durable here, no byte about it has left
    sending = 2,      // the cloud may have seen it from here on
    on_terminal = 3,  // the cloud has acknowledged the push
    in_doubt = 4,     // the cloud may have taken it and has not said what became of it
    paid = 5,
    declined = 6,
    cancelled = 7,
    expired = 8,      // window over, terminal told to cancel, and the cloud knows of no payment
    rejected = 9,     // nothing reached a terminal: refused by the cloud, or proven never sent
    unresolved = 10,  // can no longer be asked about: a human decides
    resolved = 11,    // a human has decided, with a reason; see order::resolved_paid
};

/// What happened. Every event but `learn` ends in a step of the journal that may change the state.
enum class order_event : std::uint8_t {
    send,      // about to be sent; journalled before the first byte
    withdraw,  // the till took it back before anything was sent
    not_sent,  // proof that no byte of the request left
    refuse,    // the cloud refused the push; nothing was executed
    push,      // the cloud acknowledged the push
    doubt,     // no answer, an answer that proves nothing, or a restart while sending
    pay,       // positive evidence that the money moved
    decline,   // positive evidence that it did not and will not
    cancel,    // an enquiry after a cancel says it is closed, unpaid
    expire,    // see order_state::expired
    give_up,   // the watch is over, or the order is out of the enquiry's reach
    learn,     // a fact worth keeping that does not move the order
    resolve,   // the operator ends it, or takes it off the operator's list
};

inline constexpr std::size_t order_state_count = 11;
inline constexpr std::size_t order_event_count = 13;

namespace detail {

inline constexpr auto none = order_state{};  // the event has no meaning in that state

// clang-format off
inline constexpr auto next_states = [] {
    using enum order_state;
    constexpr auto ____ = none;
    using row = std::array<order_state, order_event_count>;
    return std::array<row, order_state_count>{{
        //               send     withdraw   not_sent  refuse    push         doubt     pay   decline   cancel     expire   give_up     learn        resolve
        /* accepted    */ {sending, cancelled, rejected, ____,     ____,        ____,     paid, ____,     ____,      ____,    ____,       accepted,    ____},
        /* sending     */ {____,    ____,      rejected, rejected, on_terminal, in_doubt, paid, declined, ____,      ____,    ____,       sending,     ____},
        /* on_terminal */ {____,    ____,      ____,     ____,     ____,        in_doubt, paid, declined, cancelled, expired, ____,       on_terminal, ____},
        /* in_doubt    */ {____,    ____,      ____,     rejected, ____,        ____,     paid, declined, cancelled, expired, unresolved, in_doubt,    resolved},
        /* paid        */ {____,    ____,      ____,     ____,     ____,        ____,     ____, ____,     ____,      ____,    ____,       paid,        paid},
        /* declined    */ {____,    ____,      ____,     ____,     ____,        ____,     paid, ____,     ____,      ____,    ____,       declined,    declined},
        /* cancelled   */ {____,    ____,      ____,     ____,     ____,        ____,     paid, ____,     ____,      ____,    ____,       cancelled,   cancelled},
        /* expired     */ {____,    ____,      ____,     ____,     ____,        ____,     paid, ____,     ____,      ____,    ____,       expired,     expired},
        /* rejected    */ {____,    ____,      ____,     ____,     ____,        ____,     paid, ____,     ____,      ____,    ____,       rejected,    rejected},
        /* unresolved  */ {____,    ____,      ____,     ____,     ____,        ____,     paid, declined, cancelled, ____,    ____,       unresolved,  resolved},
        /* resolved    */ {____,    ____,      ____,     ____,     ____,        ____,     paid, ____,     ____,      ____,    ____,       resolved,    resolved},
    }};
}();
// clang-format on

}  // namespace detail

/// One durable move of an order. It names the state it leaves.
struct transition {
    order_state from;
    order_event on;
    order_state to;

    [[nodiscard]] friend constexpr bool operator==(const transition&,
                                                   const transition&) noexcept = default;
};

[[nodiscard]] constexpr bool is_final(order_state state) noexcept
{
    using enum order_state;
    switch (state) {
        case paid:
        case declined:
        case cancelled:
        case expired:
        case rejected:
        case resolved: return true;
        case accepted:
        case sending:
        case on_terminal:
        case in_doubt:
        case unresolved: return false;
    }
    return false;
}

/// True when this step corrects an earlier end: the money moved after the till had been told that
/// it had not, or after a human had decided.
[[nodiscard]] constexpr bool is_late(const transition& step) noexcept
{
    return is_final(step.from) && step.from != order_state::paid && step.to == order_state::paid;
}

/// Decides the next step of an order. Pure: same arguments, same answer.
///
/// Errors: errc::illegal_transition  the event has no meaning in this state
[[nodiscard]] constexpr result<transition> decide(order_state from, order_event on) noexcept
{
    const auto row = static_cast<std::size_t>(from) - 1;
    const auto column = static_cast<std::size_t>(on);
    if (row >= order_state_count || column >= order_event_count)
        return make_error_code(errc::illegal_transition);
    const auto to = detail::next_states[row][column];
    if (to == detail::none) return make_error_code(errc::illegal_transition);
    return transition{from, on, to};
}

[[nodiscard]] std::string_view name_of(order_state state) noexcept;
[[nodiscard]] std::string_view name_of(order_event event) noexcept;

/// The state of that name, or order_state{} when there is none.
[[nodiscard]] order_state order_state_of(std::string_view name) noexcept;

// --- What must hold for the table, whoever edits it. -----------------------------------------

namespace detail {

[[nodiscard]] consteval bool every_pair(auto holds)
{
    for (std::size_t s = 0; s < order_state_count; ++s)
        for (std::size_t e = 0; e < order_event_count; ++e)
            if (!holds(static_cast<order_state>(s + 1), static_cast<order_event>(e),
                       next_states[s][e]))
                return false;
    return true;
}

// A final state never changes, except that paid wins.
static_assert(every_pair([](order_state from, order_event, order_state to) {
    return !is_final(from) || to == none || to == from || to == order_state::paid;
}));
// Paid is reachable from everything, and only by evidence.
static_assert(every_pair([](order_state from, order_event on, order_state to) {
    if (on == order_event::pay)
        return from == order_state::paid ? to == none : to == order_state::paid;
    return to != order_state::paid || from == order_state::paid;
}));
// Once the cloud may have seen an order nobody may take it back, and from "on the terminal" on no
// local proof can end it.
static_assert(every_pair([](order_state from, order_event on, order_state to) {
    if (on == order_event::withdraw) return to == none || from == order_state::accepted;
    if (on == order_event::not_sent)
        return to == none || from == order_state::accepted || from == order_state::sending;
    return true;
}));
// Nothing goes back to a state from which it would be sent again.
static_assert(every_pair([](order_state from, order_event on, order_state to) {
    if (to == order_state::sending)
        return on == order_event::send ? from == order_state::accepted
                                       : from == order_state::sending;
    return to != order_state::accepted || from == order_state::accepted;
}));
// A human's word never makes an order paid, and ends only what the cloud has left open.
static_assert(every_pair([](order_state from, order_event on, order_state to) {
    if (on != order_event::resolve) return to != order_state::resolved || from == to;
    return to == none || to == from || to == order_state::resolved;
}));
// Learning moves nothing, and is possible everywhere.
static_assert(every_pair([](order_state from, order_event on, order_state to) {
    return on != order_event::learn || to == from;
}));

}  // namespace detail

}  // namespace ecr::protocol
