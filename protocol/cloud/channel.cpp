#include "protocol/cloud/channel.hpp"

#include <algorithm>
#include <array>

namespace ecr::protocol {
namespace {

// In the order of the enums, which start at 1.
constexpr auto channel_names =
    std::to_array<std::string_view>({"card_payment", "wx", "alipay", "payme", "union", "fps",
                                     "octopus", "unionpay_card", "amex_card"});
static_assert(channel_names.size() == channel_count);

constexpr auto scan_type_names = std::to_array<std::string_view>({"QRCODE_PAY", "SCAN_PAY"});

struct busicd_prefix {
    std::string_view digits;
    channel via;
};

// Source: contract 6. By prefix, because refunds and enquiries carry another last digit.
constexpr auto busicd_prefixes = std::to_array<busicd_prefix>({
    {"8001", channel::alipay},
    {"8002", channel::wx},
    {"8007", channel::union_qr},
    {"8010", channel::wx},
    {"8011", channel::alipay},
    {"8015", channel::alipay},
    {"8020", channel::fps},
    {"8028", channel::card_payment},
    {"8037", channel::octopus},
    {"8058", channel::payme},
    {"8067", channel::unionpay_card},
    {"8068", channel::amex_card},
});
constexpr std::size_t busicd_size = 6;

template <class Enum, std::size_t Size>
std::string_view name_in(const std::array<std::string_view, Size>& names, Enum value) noexcept
{
    const auto index = static_cast<std::size_t>(value) - 1;
    return index < Size ? names[index] : "?";
}

template <class Enum, std::size_t Size>
std::optional<Enum> value_in(const std::array<std::string_view, Size>& names,
                             std::string_view name) noexcept
{
    const auto found = std::ranges::find(names, name);
    if (found == names.end()) return std::nullopt;
    return static_cast<Enum>(found - names.begin() + 1);
}

}  // namespace

std::string_view name_of(channel value) noexcept
{
    return value == channel::other ? "other" : name_in(channel_names, value);
}

std::optional<channel> channel_of(std::string_view name) noexcept
{
    return value_in<channel>(channel_names, name);
}

std::string_view name_of(scan_type value) noexcept
{
    return name_in(scan_type_names, value);
}

std::optional<scan_type> scan_type_of(std::string_view name) noexcept
{
    return value_in<scan_type>(scan_type_names, name);
}

std::optional<channel> channel_of_busicd(std::string_view busicd) noexcept
{
    if (busicd.size() != busicd_size) return std::nullopt;
    const auto found =
        std::ranges::find(busicd_prefixes, busicd.substr(0, 4), &busicd_prefix::digits);
    if (found == busicd_prefixes.end()) return std::nullopt;
    return found->via;
}

}  // namespace ecr::protocol
