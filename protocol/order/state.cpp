#include "protocol/order/state.hpp"

#include <algorithm>

namespace ecr::protocol {
namespace {

// In the order of the enums; the static_asserts below the arrays hold their sizes.
constexpr auto state_names = std::to_array<std::string_view>(
    {"accepted", "sending", "on_terminal", "in_doubt", "paid", "declined", "cancelled", "expired",
     "rejected", "unresolved", "resolved"});
static_assert(state_names.size() == order_state_count);

constexpr auto event_names = std::to_array<std::string_view>(
    {"send", "withdraw", "not_sent", "refuse", "push", "doubt", "pay", "decline", "cancel",
     "expire", "give_up", "learn", "resolve"});
static_assert(event_names.size() == order_event_count);

}  // namespace

std::string_view name_of(order_state state) noexcept
{
    const auto index = static_cast<std::size_t>(state) - 1;
    return index < state_names.size() ? state_names[index] : "?";
}

std::string_view name_of(order_event event) noexcept
{
    const auto index = static_cast<std::size_t>(event);
    return index < event_names.size() ? event_names[index] : "?";
}

order_state order_state_of(std::string_view name) noexcept
{
    const auto found = std::ranges::find(state_names, name);
    if (found == state_names.end()) return order_state{};
    return static_cast<order_state>(found - state_names.begin() + 1);
}

}  // namespace ecr::protocol
