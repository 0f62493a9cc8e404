#include "protocol/till/line/grammar.hpp"

#include "protocol/till/line/text.hpp"

#include <algorithm>

namespace ecr::protocol::till::line {
namespace {

// The table is looked up by position elsewhere: it must follow the enum.
static_assert([] {
    for (std::size_t i = 0; i < verb_rules.size(); ++i)
        if (static_cast<std::size_t>(verb_rules[i].what) != i) return false;
    return true;
}());

struct other_name {
    std::string_view written;
    std::string_view meant;
};

// What QFPay's interfaces and common sense call our verbs and keys. Only ever a suggestion.
constexpr auto other_verbs = std::to_array<other_name>({
    {"sale", "pay"},
    {"payment", "pay"},
    {"purchase", "pay"},
    {"charge", "pay"},
    {"abort", "cancel"},
    {"print", "receipt"},
    {"enquiry", "query"},
    {"inquiry", "query"},
    {"login", "hello"},
    {"echo", "ping"},
    {"reversal", "reverse"},
    {"qrcode", "qr"},
    {"reconciliation", "reconcile"},
});
constexpr auto other_keys = std::to_array<other_name>({
    {"amt", "amount"},
    {"txamt", "amount"},
    {"order_no", "order"},
    {"out_trade_no", "order"},
    {"syssn", "of"},
    {"termid", "terminal"},
    {"camera_id", "camera"},
    {"scan_type", "scan"},
    {"payment_timeout", "timeout"},
    {"authcode", "auth_code"},
    {"txcurrcd", "currency"},
    {"goods_name", "goods"},
    {"reason", "text"},
    {"day", "from"},
});

constexpr auto verb_names = [] {
    std::array<std::string_view, verb_rules.size()> names;
    std::ranges::transform(verb_rules, names.begin(), &verb_rule::name);
    return names;
}();

std::string_view suggestion(std::string_view name, std::span<const other_name> others,
                            std::span<const std::string_view> names)
{
    const auto known = std::ranges::find(others, name, &other_name::written);
    return known != others.end() ? known->meant : nearest(name, names);
}

}  // namespace

const verb_rule* find_verb(std::string_view name) noexcept
{
    const auto* found = std::ranges::find(verb_rules, name, &verb_rule::name);
    return found != verb_rules.end() ? found : nullptr;
}

std::optional<key> find_key(std::string_view name) noexcept
{
    const auto* found = std::ranges::find(key_names, name);
    if (found == key_names.end()) return std::nullopt;
    return static_cast<key>(found - key_names.begin());
}

std::string_view suggested_verb(std::string_view name)
{
    return suggestion(name, other_verbs, verb_names);
}

std::string_view suggested_key(std::string_view name)
{
    return suggestion(name, other_keys, key_names);
}

std::string usage_of(const verb_rule& rule)
{
    std::string text{rule.name};
    std::string choice;
    std::string optional;
    for (std::size_t i = 0; i < key_names.size(); ++i) {
        const auto k = static_cast<key>(i);
        const auto written = std::string{key_names[i]} + "=";
        if (rule.required.contains(k)) text += " " + written;
        if (rule.one_of.contains(k)) choice += (choice.empty() ? " " : "|") + written;
        if (rule.optional.contains(k)) optional += " [" + written + "]";
    }
    return text + choice + optional;
}

}  // namespace ecr::protocol::till::line
