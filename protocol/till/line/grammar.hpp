#pragma once

#include "protocol/till/command.hpp"

#include <array>
#include <cstdint>
#include <initializer_list>
#include <span>
#include <string>
#include <string_view>

/// The verbs and keys of the line dialect as tables. README.md is written from them.
namespace ecr::protocol::till::line {

enum class key : std::uint8_t {
    order,
    of,
    amount,
    channel,
    scan,
    camera,
    timeout,
    terminal,
    till,
    token,
    fresh,  // "new"
    state,
    attention,
    limit,
    auth_code,
    pay_type,
    currency,
    goods,
    draw,
    via,
    wait,
    all,
    from,
    to,
    merchant,
    paid,
    text,
    link,
    after,
    columns,
    tag,
};

/// In the order of the enum.
inline constexpr auto key_names = std::to_array<std::string_view>(
    {"order",    "of",    "amount", "channel", "scan",      "camera",  "timeout",   "terminal",
     "till",     "token", "new",    "state",   "attention", "limit",   "auth_code", "pay_type",
     "currency", "goods", "draw",   "via",     "wait",      "all",     "from",      "to",
     "merchant", "paid",  "text",   "link",    "after",     "columns", "tag"});
static_assert(key_names.size() == static_cast<std::size_t>(key::tag) + 1);

class key_set {
public:
    constexpr key_set() = default;
    constexpr key_set(std::initializer_list<key> keys)
    {
        for (const auto k : keys)
            insert(k);
    }

    constexpr void insert(key k) { bits_ |= bit(k); }
    [[nodiscard]] constexpr bool contains(key k) const { return (bits_ & bit(k)) != 0; }
    [[nodiscard]] constexpr bool empty() const { return bits_ == 0; }

private:
    static constexpr std::uint32_t bit(key k) { return 1U << static_cast<unsigned>(k); }

    std::uint32_t bits_ = 0;
    static_assert(key_names.size() <= 32);
};

struct verb_rule {
    std::string_view name;
    verb what;
    key_set required;
    key_set one_of;  // exactly one of these, when not empty
    key_set optional;

    [[nodiscard]] constexpr bool allows(key k) const
    {
        return required.contains(k) || one_of.contains(k) || optional.contains(k);
    }
};

/// Keys that every verb allows.
inline constexpr key_set common_keys{key::tag, key::till};

// clang-format off
inline constexpr auto verb_rules = [] {
    using enum key;
    return std::to_array<verb_rule>({
        // name        verb             required      one of       optional
        {"hello",     verb::hello,     {},           {},          {token}},
        {"pay",       verb::pay,       {amount},     {},          {order, channel, scan, camera, timeout, terminal, fresh}},
        {"refund",    verb::refund,    {of},         {amount, all}, {order, terminal, via, wait}},
        {"cancel",    verb::cancel,    {},           {},          {order, terminal}},
        {"receipt",   verb::receipt,   {of},         {},          {terminal, columns}},
        {"summary",   verb::summary,   {},           {},          {terminal}},
        {"query",     verb::query,     {},           {of, order}, {terminal}},
        {"status",    verb::status,    {order},      {},          {}},
        {"last",      verb::last,      {},           {},          {}},
        {"orders",    verb::orders,    {},           {},          {state, attention, limit}},
        {"show",      verb::show,      {order},      {},          {}},
        {"terminals", verb::terminals, {},           {},          {}},
        {"ping",      verb::ping,      {},           {},          {}},
        {"help",      verb::help,      {},           {},          {}},
        {"scan",      verb::scan,      {amount, auth_code}, {},   {order, channel, timeout, fresh, pay_type, currency, goods}},
        {"qr",        verb::qr,        {amount},     {},          {order, channel, timeout, fresh, pay_type, currency, goods, draw}},
        {"close",     verb::close,     {},           {of, order}, {}},
        {"reverse",   verb::reverse,   {},           {of, order}, {}},
        {"reconcile", verb::reconcile, {from},       {},          {to, merchant}},
        {"rebuild",   verb::rebuild,   {from},       {},          {to, merchant}},
        {"resolve",   verb::resolve,   {order, text}, {},         {paid}},
        {"settlement", verb::settlement, {from},     {},          {to, merchant}},
        {"trace",     verb::trace,     {},           {},          {link, after, limit}},
    });
}();
// clang-format on
static_assert(verb_rules.size() == static_cast<std::size_t>(verb::trace) + 1);

/// Keys whose value is shown to nobody, in no error and no log.
inline constexpr key_set secret_keys{key::token, key::auth_code};

/// Nullptr, nullopt: no such name. Names are in lower case.
[[nodiscard]] const verb_rule* find_verb(std::string_view name) noexcept;
[[nodiscard]] std::optional<key> find_key(std::string_view name) noexcept;

[[nodiscard]] constexpr std::string_view name_of(key k) noexcept
{
    return key_names[static_cast<std::size_t>(k)];
}

/// The name that was probably meant, by likeness or because another interface calls it so; empty
/// when there is none.
[[nodiscard]] std::string_view suggested_verb(std::string_view name);
[[nodiscard]] std::string_view suggested_key(std::string_view name);

/// "refund of= amount=|all= [order=] [terminal=]". Also what the help command shows.
[[nodiscard]] std::string usage_of(const verb_rule& rule);

/// What a key was given, already read from text or JSON.
enum class value_kind : std::uint8_t {
    text,
    whole,     // JSON: an integer
    decimal,   // JSON: a number with a point or an exponent
    flag,      // JSON: true or false
    compound,  // JSON: null, an object or an array
};

/// Puts a value into its member of the command.
///
/// Returns: false, and leaves the command alone, when the value is not one for this key.
[[nodiscard]] bool take(key k, std::string_view value, command& into);

/// What a value of this key looks like, to end the sentence "… must be".
[[nodiscard]] std::string_view expected_by(key k) noexcept;

/// The values a key knows by name; empty when it is not of that kind.
[[nodiscard]] std::span<const std::string_view> values_of(key k) noexcept;

/// True for a value that may be an order's number: 1 to 64 of the characters listed in README.md.
[[nodiscard]] bool is_order_number(std::string_view value) noexcept;
/// True for a value that may be a tag.
[[nodiscard]] bool is_tag(std::string_view value) noexcept;

}  // namespace ecr::protocol::till::line
