#include "protocol/till/line/currency_names.hpp"

#include "protocol/till/line/text.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace ecr::protocol::till::line {
namespace {

/// Source: ISO 4217, for the currencies of contract 9.
constexpr auto currencies = std::to_array<std::pair<std::string_view, std::string_view>>({
    {"036", "AUD"},
    {"104", "MMK"},
    {"124", "CAD"},
    {"156", "CNY"},
    {"344", "HKD"},
    {"360", "IDR"},
    {"392", "JPY"},
    {"446", "MOP"},
    {"458", "MYR"},
    {"608", "PHP"},
    {"702", "SGD"},
    {"764", "THB"},
    {"784", "AED"},
    {"840", "USD"},
    {"978", "EUR"},
});

}  // namespace

std::string alphabetic_currency(std::string_view numeric)
{
    for (const auto& [number, name] : currencies)
        if (number == numeric) return std::string{name};
    return std::string{numeric};
}

std::string_view known_currency(std::string_view name)
{
    const auto wanted = lower(name);
    for (const auto& [number, known] : currencies)
        if (lower(known) == wanted) return known;
    return {};
}

}  // namespace ecr::protocol::till::line
