#include "tests/simulator/trade_pay_type.hpp"

#include <algorithm>
#include <array>
#include <span>
#include <utility>

namespace ecr::simulator {
namespace {

using enum pay_mode;
using protocol::channel;
using codes = std::span<const std::string_view>;

// clang-format off
constexpr auto types = std::to_array<trade_pay_type>({
    {"800008", customer_code, channel::alipay},  // all in one: the brand is in the customer's code
    {"800101", merchant_code, channel::alipay},
    {"800107", online,        channel::alipay},
    {"800108", customer_code, channel::alipay},
    {"800151", online,        channel::alipay},
    {"800152", online,        channel::alipay},
    {"800201", merchant_code, channel::wx},
    {"800207", online,        channel::wx},
    {"800208", customer_code, channel::wx},
    {"800210", online,        channel::wx},
    {"800212", online,        channel::wx},
    {"800213", online,        channel::wx},
    {"800228", customer_code, channel::wx},
    {"800701", merchant_code, channel::union_qr},
    {"800708", customer_code, channel::union_qr},
    {"800712", online,        channel::union_qr},
    {"800714", online,        channel::union_qr},
    {"801008", customer_code, channel::wx},
    {"801010", online,        channel::wx},
    {"801101", online,        channel::alipay},
    {"801107", online,        channel::alipay},
    {"801110", online,        channel::alipay},
    {"801501", merchant_code, channel::alipay},
    {"801510", online,        channel::alipay},
    {"801512", online,        channel::alipay},
    {"801514", online,        channel::alipay},
    {"802001", merchant_code, channel::fps},
    {"802801", online,        channel::card_payment},
    {"802808", terminal,      channel::card_payment},
    {"803701", merchant_code, channel::octopus},
    {"803708", terminal,      channel::octopus},
    {"803712", online,        channel::octopus},
    {"803714", online,        channel::octopus},
    {"805801", merchant_code, channel::payme},
    {"805808", customer_code, channel::payme},
    {"805810", online,        channel::payme},
    {"805812", online,        channel::payme},
    {"805814", online,        channel::payme},
    {"806527", online,        channel::card_payment},
    {"806708", terminal,      channel::unionpay_card},
    {"806808", terminal,      channel::amex_card},
});

constexpr auto currencies = std::to_array<std::pair<std::string_view, std::string_view>>({
    {"784", "AED"}, {"156", "CNY"}, {"978", "EUR"}, {"344", "HKD"}, {"360", "IDR"}, {"392", "JPY"},
    {"104", "MMK"}, {"458", "MYR"}, {"702", "SGD"}, {"764", "THB"}, {"840", "USD"}, {"124", "CAD"},
    {"036", "AUD"}, {"",    "RMB"},
});

constexpr std::string_view newz_close[]{"800201", "800212", "800701", "801514"};
constexpr std::string_view newz_reversal[]{"800108", "800208", "800708", "802801", "806527"};
constexpr std::string_view newz_void[]{"802801", "806527"};
constexpr std::string_view d24_close[]{"800201"};
constexpr std::string_view d24_reversal[]{"800101", "800108", "800208"};
constexpr std::string_view cam_close[]{"800008", "800208", "801008"};
constexpr std::string_view cam_reversal[]{"800101", "800108", "800201", "801501"};
// clang-format on

bool is_in(codes list, std::string_view code) noexcept
{
    return std::ranges::find(list, code) != list.end();
}

}  // namespace

const trade_pay_type* trade_pay_type_of(std::string_view code) noexcept
{
    const auto found = std::ranges::find(types, code, &trade_pay_type::code);
    return found == types.end() ? nullptr : &*found;
}

bool is_trade_currency(std::string_view text) noexcept
{
    return std::ranges::any_of(currencies, [&](const auto& each) { return each.second == text; });
}

std::string_view alpha_of_numeric(std::string_view currency) noexcept
{
    for (const auto& [numeric, alpha] : currencies)
        if (!numeric.empty() && numeric == currency) return alpha;
    return currency;
}

bool supports_close(std::string_view pay_type, undo_support table) noexcept
{
    switch (table) {
        case undo_support::newz: return is_in(newz_close, pay_type);
        case undo_support::d24: return is_in(d24_close, pay_type);
        case undo_support::cam: return is_in(cam_close, pay_type);
    }
    return false;
}

bool supports_reversal(std::string_view pay_type, undo_support table) noexcept
{
    switch (table) {
        case undo_support::newz: return is_in(newz_reversal, pay_type);
        case undo_support::d24: return is_in(d24_reversal, pay_type);
        case undo_support::cam: return is_in(cam_reversal, pay_type);
    }
    return false;
}

bool reversal_voids(std::string_view pay_type, undo_support table) noexcept
{
    return table == undo_support::newz && is_in(newz_void, pay_type);
}

}  // namespace ecr::simulator
