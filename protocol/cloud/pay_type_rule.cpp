#include "protocol/cloud/pay_type.hpp"

#include <algorithm>
#include <array>

namespace ecr::protocol::cloud {
namespace {

struct default_code {
    channel via;
    pay_mode mode;
    std::string_view code;
};

// clang-format off
constexpr auto default_codes = std::to_array<default_code>({
    {channel::wx,       pay_mode::customer_code, "800208"},
    {channel::alipay,   pay_mode::customer_code, "800108"},
    {channel::payme,    pay_mode::customer_code, "805808"},
    {channel::union_qr, pay_mode::customer_code, "800708"},
    {channel::wx,       pay_mode::merchant_code, "800201"},
    {channel::alipay,   pay_mode::merchant_code, "800101"},
    {channel::payme,    pay_mode::merchant_code, "805801"},
    {channel::union_qr, pay_mode::merchant_code, "800701"},
    {channel::fps,      pay_mode::merchant_code, "802001"},
    {channel::octopus,  pay_mode::merchant_code, "803701"},
});
// clang-format on

// Three official tables disagree. The newest (zh-Hant, 2026) names the first of each list; the
// English one of the same year names the second, of which we keep what the newest is silent about.
// Cards and Apple Pay (802801, 806527) are "void" there, which is a reversal of what is paid.
constexpr auto reversed = std::to_array<std::string_view>(
    {"800108", "800208", "800708", "802801", "806527", /* English: */ "800101", "801501"});
constexpr auto closed = std::to_array<std::string_view>(
    {"800201", "800212", "800701", "801514", /* English: */ "800008", "801008"});

constexpr bool disjoint(auto a, auto b)
{
    return std::ranges::none_of(
        a, [&](std::string_view code) { return std::ranges::find(b, code) != b.end(); });
}
static_assert(disjoint(reversed, closed), "one call undoes an order");

// Source: contract 4.1.
constexpr auto expiring = std::to_array<std::string_view>(
    {"800201", "800101", "801512", "801501", "801107", "801101", "801010", "801510"});

template <std::size_t Size>
bool names(const std::array<std::string_view, Size>& list, std::string_view code) noexcept
{
    return std::ranges::find(list, code) != list.end();
}

}  // namespace

pay_mode mode_of(const pay_type& type) noexcept
{
    if (type.mode == "CPM") return pay_mode::customer_code;
    if (type.mode == "MPM") return pay_mode::merchant_code;
    if (type.mode == "terminal") return pay_mode::terminal;
    if (type.mode == "preauth") return pay_mode::preauth;
    return pay_mode::web;
}

std::optional<pay_mode> mode_of(std::string_view code) noexcept
{
    const auto* type = find_pay_type(code);
    if (!type) return std::nullopt;
    return mode_of(*type);
}

std::string_view default_pay_type(std::optional<channel> via, pay_mode mode) noexcept
{
    if (!via) return mode == pay_mode::customer_code ? "800008" : "";
    for (const auto& each : default_codes)
        if (each.via == *via && each.mode == mode) return each.code;
    return "";
}

bool is_usable(std::string_view code) noexcept
{
    const auto* type = find_pay_type(code);
    if (!type) return false;
    const auto mode = mode_of(*type);
    return mode != pay_mode::terminal && mode != pay_mode::preauth &&
           type->status != pay_type_status::sample_only &&
           type->status != pay_type_status::returned_only;
}

bool is_commented_out(std::string_view code) noexcept
{
    const auto* type = find_pay_type(code);
    return type && type->status == pay_type_status::commented_out;
}

bool can_reverse(std::string_view code) noexcept
{
    return names(reversed, code);
}

bool can_close(std::string_view code) noexcept
{
    return names(closed, code);
}

bool reverse_may_move_money(std::string_view code) noexcept
{
    return channel_of_busicd(code) != channel::octopus;
}

bool has_expired_time(std::string_view code) noexcept
{
    return names(expiring, code);
}

}  // namespace ecr::protocol::cloud
