// What the values of the keys may be.
#include "protocol/ascii.hpp"
#include "protocol/till/line/currency_names.hpp"
#include "protocol/till/line/grammar.hpp"
#include "protocol/till/line/line_dialect.hpp"
#include "protocol/till/line/text.hpp"

#include <algorithm>
#include <charconv>

namespace ecr::protocol::till::line {
namespace {

constexpr std::size_t order_size_max = 64;
constexpr std::size_t of_size_max = 128;  // Source: contract 8.5, out_trade_no
constexpr std::size_t terminal_size_max = 64;
constexpr std::size_t till_size_max = 20;
constexpr std::size_t token_size_max = 128;
constexpr std::size_t tag_size_max = 64;
constexpr std::size_t auth_code_size_max = 128;  // Source: contract 4.1
constexpr std::size_t goods_size_max = 64;       // Source: contract 4.1
constexpr std::size_t merchant_size_max = 64;
constexpr std::size_t text_size_max = 256;
constexpr std::size_t link_size_max = 64;
constexpr std::size_t pay_type_size = 6;  // Source: contract 6
constexpr int timeout_max = 3600;
static_assert(list_limit_max == 500 && money::minor_units_max == 2'147'483'647,
              "expected_by() and README.md name these numbers");

template <class T>
struct named {
    std::string_view name;
    T value;
};

// Wire names first: they win when a slip of the finger is equally near to two.
constexpr auto channels = std::to_array<named<channel>>({
    {"card_payment", channel::card_payment},
    {"wx", channel::wx},
    {"alipay", channel::alipay},
    {"payme", channel::payme},
    {"union", channel::union_qr},
    {"fps", channel::fps},
    {"octopus", channel::octopus},
    {"unionpay_card", channel::unionpay_card},
    {"amex_card", channel::amex_card},
    {"card", channel::card_payment},
    {"visa", channel::card_payment},
    {"mastercard", channel::card_payment},
    {"wechat", channel::wx},
    {"wechatpay", channel::wx},
    {"wechat_pay", channel::wx},
    {"weixin", channel::wx},
    {"alipayhk", channel::alipay},
    {"alipay_hk", channel::alipay},
    {"union_qr", channel::union_qr},
    {"unionpay_qr", channel::union_qr},
    {"amex", channel::amex_card},
});

constexpr auto scans = std::to_array<named<scan_type>>({
    {"qrcode_pay", scan_type::qrcode_pay},
    {"scan_pay", scan_type::scan_pay},
    {"mpm", scan_type::qrcode_pay},
    {"cpm", scan_type::scan_pay},
});

constexpr auto drawings = std::to_array<named<drawing>>({
    {"blocks", drawing::blocks},
    {"escpos", drawing::escpos},
    {"none", drawing::none},
});

constexpr auto routes = std::to_array<named<order_route>>({
    {"terminal", order_route::terminal},
    {"direct", order_route::direct},
});

constexpr auto flags = std::to_array<named<bool>>({
    {"yes", true},
    {"no", false},
    {"1", true},
    {"0", false},
    {"true", true},
    {"false", false},
});

template <class T, std::size_t Size>
constexpr std::array<std::string_view, Size> names_in(const std::array<named<T>, Size>& table)
{
    std::array<std::string_view, Size> names;
    std::ranges::transform(table, names.begin(), &named<T>::name);
    return names;
}
constexpr auto channel_names = names_in(channels);
constexpr auto scan_names = names_in(scans);
constexpr auto drawing_names = names_in(drawings);
constexpr auto route_names = names_in(routes);

bool is_reference(std::string_view value, std::size_t size_max) noexcept
{
    constexpr std::string_view marks = "-_.#/|*:";
    const auto allowed = [&](char c) {
        return is_alphanumeric(c) || marks.find(c) != std::string_view::npos;
    };
    return !value.empty() && value.size() <= size_max && std::ranges::all_of(value, allowed);
}

bool is_till_name(std::string_view value) noexcept
{
    const auto allowed = [](char c) { return is_alphanumeric(c) || c == '_' || c == '-'; };
    return !value.empty() && value.size() <= till_size_max && std::ranges::all_of(value, allowed);
}

bool is_printable(std::string_view value, std::size_t size_max) noexcept
{
    return !value.empty() && value.size() <= size_max && fault_of(value) == text_fault::none &&
           value.find('\t') == std::string_view::npos;
}

bool take_text(bool good, std::string_view value, std::string& into)
{
    if (good) into = value;
    return good;
}

template <class T, std::size_t Size, class U>
bool take_named(std::string_view value, const std::array<named<T>, Size>& table, U& into)
{
    const auto* found = std::ranges::find(table, ascii_lower(value), &named<T>::name);
    if (found == table.end()) return false;
    into = found->value;
    return true;
}

template <class T>
bool take_number(std::string_view value, int low, int high, std::optional<T>& into)
{
    int number = 0;
    const auto* last = value.data() + value.size();
    const auto [end, failed] = std::from_chars(value.data(), last, number);
    if (failed != std::errc{} || end != last || number < low || number > high) return false;
    into = T{number};
    return true;
}

/// Of the printers that tills have. Source: ESC/POS, font A on 58 and 80 mm paper.
bool take_columns(std::string_view value, std::optional<int>& into)
{
    for (const auto* known : {"32", "40", "48"})
        if (value == known) return take_number(value, 32, 48, into);
    return false;
}

bool take_count(std::string_view value, std::uint64_t& into)
{
    std::uint64_t number = 0;
    const auto* last = value.data() + value.size();
    const auto [end, failed] = std::from_chars(value.data(), last, number);
    if (failed != std::errc{} || end != last) return false;
    into = number;
    return true;
}

bool take_amount(std::string_view value, std::optional<money>& into)
{
    const auto amount = parse_amount(value);
    if (amount) into = *amount;
    return amount.has_value();
}

bool take_state(std::string_view value, std::optional<order_state>& into)
{
    const auto state = order_state_of(ascii_lower(value));
    if (state == order_state{}) return false;
    into = state;
    return true;
}

bool take_currency(std::string_view value, std::string& into)
{
    return take_text(!known_currency(value).empty(), known_currency(value), into);
}

/// "2026-11-21" or "20261121", and a day the calendar has.
bool take_day(std::string_view value, std::string& into)
{
    std::string digits{value};
    if (digits.size() == 10 && digits[4] == '-' && digits[7] == '-') {
        digits.erase(7, 1);
        digits.erase(4, 1);
    }
    if (digits.size() != 8 || !std::ranges::all_of(digits, is_digit)) return false;
    const auto number = [&](std::size_t at, std::size_t size) {
        return std::stoi(digits.substr(at, size));
    };
    const std::chrono::year_month_day day{std::chrono::year{number(0, 4)},
                                          std::chrono::month{static_cast<unsigned>(number(4, 2))},
                                          std::chrono::day{static_cast<unsigned>(number(6, 2))}};
    return take_text(day.ok(), digits, into);
}

bool take_reason(std::string_view value, std::string& into)
{
    const bool says_something = !std::ranges::all_of(value, is_blank);
    return take_text(says_something && is_printable(value, text_size_max), value, into);
}

/// Only a yes: a no would leave open how much is meant.
bool take_all(std::string_view value)
{
    bool all = false;
    return take_named(value, flags, all) && all;
}

bool take_flag(std::string_view value, std::optional<bool>& into)
{
    return take_named(value, flags, into);
}

bool is_pay_type(std::string_view value) noexcept
{
    return value.size() == pay_type_size && std::ranges::all_of(value, is_digit);
}

}  // namespace

bool is_order_number(std::string_view value) noexcept
{
    return is_reference(value, order_size_max);
}

bool is_tag(std::string_view value) noexcept
{
    return is_reference(value, tag_size_max);
}

bool take(key k, std::string_view value, command& into)
{
    switch (k) {
        case key::order: return take_text(is_order_number(value), value, into.order);
        case key::of: return take_text(is_reference(value, of_size_max), value, into.of);
        case key::amount: return take_amount(value, into.amount);
        case key::channel: return take_named(value, channels, into.via);
        case key::scan: return take_named(value, scans, into.scan);
        case key::camera: return take_number(value, 0, 1, into.camera_id);
        case key::timeout: return take_number(value, 1, timeout_max, into.payment_timeout);
        case key::terminal:
            return take_text(is_printable(value, terminal_size_max), value, into.terminal);
        case key::till: return take_text(is_till_name(value), value, into.till);
        case key::token: return take_text(is_printable(value, token_size_max), value, into.token);
        case key::fresh: return take_named(value, flags, into.new_sale);
        case key::state: return take_state(value, into.state);
        case key::attention: return take_named(value, flags, into.attention);
        case key::columns: return take_columns(value, into.limit);
        case key::limit: return take_number(value, 1, list_limit_max, into.limit);
        case key::tag: return take_text(is_tag(value), value, into.tag);
        case key::auth_code:
            return take_text(is_printable(value, auth_code_size_max), value, into.auth_code);
        case key::pay_type: return take_text(is_pay_type(value), value, into.pay_type);
        case key::currency: return take_currency(value, into.currency);
        case key::goods: return take_text(is_printable(value, goods_size_max), value, into.goods);
        case key::draw: return take_named(value, drawings, into.draw);
        case key::via: return take_named(value, routes, into.route);
        case key::wait: return take_named(value, flags, into.when_possible);
        case key::all: return take_all(value);  // a refund without an amount
        case key::from: return take_day(value, into.from);
        case key::to: return take_day(value, into.to);
        case key::merchant:
            return take_text(is_printable(value, merchant_size_max), value, into.merchant);
        case key::paid: return take_flag(value, into.paid);
        case key::text: return take_reason(value, into.text);
        case key::link: return take_text(is_printable(value, link_size_max), value, into.link);
        case key::after: return take_count(value, into.after);
    }
    return false;
}

std::string_view expected_by(key k) noexcept
{
    switch (k) {
        case key::order: return "1 to 64 of A-Z a-z 0-9 - _ . # / | * : (no comma, no blank)";
        case key::of: return "1 to 128 of A-Z a-z 0-9 - _ . # / | * : (no comma, no blank)";
        case key::amount: return "whole minor units from 1 to 2147483647, such as 110 for 1.10";
        case key::channel:
            return "one of card_payment, wx, alipay, payme, union, fps, octopus, unionpay_card, "
                   "amex_card";
        case key::scan: return "QRCODE_PAY (or mpm) or SCAN_PAY (or cpm)";
        case key::camera: return "0 (back) or 1 (front)";
        case key::timeout: return "seconds from 1 to 3600";
        case key::terminal: return "1 to 64 printable characters";
        case key::till: return "1 to 20 of A-Z a-z 0-9 _ -";
        case key::token: return "1 to 128 printable characters";
        case key::fresh:
        case key::attention:
        case key::wait:
        case key::paid: return "yes or no";
        case key::state:
            return "one of accepted, sending, on_terminal, in_doubt, paid, declined, cancelled, "
                   "expired, rejected, unresolved, resolved";
        case key::columns: return "32, 40 or 48";
        case key::limit: return "a number from 1 to 500";
        case key::tag: return "1 to 64 of A-Z a-z 0-9 - _ . # / | * :";
        case key::auth_code: return "1 to 128 printable characters, as the scanner read them";
        case key::pay_type: return "six digits, such as 800208";
        case key::currency: return "an ISO 4217 currency, such as HKD";
        case key::goods: return "1 to 64 printable characters";
        case key::draw: return "blocks, escpos or none";
        case key::via: return "terminal or direct";
        case key::all: return "yes; for another sum write amount= in its place";
        case key::from:
        case key::to: return "a day such as 2026-11-21";
        case key::merchant: return "1 to 64 printable characters";
        case key::text: return "1 to 256 printable characters that say why";
        case key::link: return "1 to 64 printable characters";
        case key::after: return "a whole number";
    }
    return "something else";
}

std::span<const std::string_view> values_of(key k) noexcept
{
    if (k == key::channel) return channel_names;
    if (k == key::scan) return scan_names;
    if (k == key::draw) return drawing_names;
    if (k == key::via) return route_names;
    return {};
}

}  // namespace ecr::protocol::till::line
