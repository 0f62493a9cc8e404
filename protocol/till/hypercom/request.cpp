#include "protocol/till/hypercom/request.hpp"

#include "protocol/till/hypercom/response_code.hpp"

#include <algorithm>
#include <array>
#include <charconv>

namespace ecr::protocol::till::hypercom {
namespace {

using reading = std::variant<command, refusal>;

bool all_digits(std::string_view text) noexcept
{
    return std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
}

/// As the line dialect's numbers; the other characters would not pass through the cloud.
bool is_a_number_of_an_order(std::string_view text) noexcept
{
    constexpr std::string_view others = "-_.#/|*:";
    return text.size() <= reference_size && std::ranges::all_of(text, [&](char c) {
               return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
                      others.find(c) != std::string_view::npos;
           });
}

/// Field 65: 0 when it is not there or all zeros; nullopt when it is no number of 6 digits.
std::optional<std::uint32_t> invoice_in(const message& m) noexcept
{
    const auto text = m.value("65");
    if (text.empty()) return 0;
    if (text.size() > 6 || !all_digits(text)) return std::nullopt;
    std::uint32_t invoice = 0;
    std::from_chars(text.data(), text.data() + text.size(), invoice);
    return invoice;
}

/// Field 40 into `c`; false when it is there and no amount of 12 digits.
bool read_amount(const message& m, command& c)
{
    const auto text = m.value("40");
    if (text.empty()) return true;
    if (text.size() != 12) return false;
    const auto amount = parse_amount(text);
    if (!amount) return false;
    c.amount = *amount;
    return true;
}

bool read_order_number(const message& m, const settings& how, command& c)
{
    const auto text = m.value(type_of(how.order_number));
    c.order = text;
    return is_a_number_of_an_order(text);
}

bool asks_for_more_than_the_amount(const message& m) noexcept
{
    return std::ranges::any_of(std::array{"41", "42"}, [&](const char* type) {
        return m.value(type).find_first_not_of('0') != std::string_view::npos;
    });
}

reading sale(const message& m, const settings& how, bool by_wallet)
{
    command c{.what = verb::pay};
    if (!read_amount(m, c) || !c.amount) return refusal{code::bad_data, "BAD AMOUNT"};
    if (!read_order_number(m, how, c)) return refusal{code::bad_data, "BAD ORDER NUMBER"};
    // Taking the bare amount would lose the tip, and hand out cash that nobody paid for.
    if (asks_for_more_than_the_amount(m)) return refusal{code::refused, "NO TIP AND NO CASH BACK"};
    if (by_wallet) {
        const auto type = m.value("A1");
        const auto found = std::ranges::find(how.wallets, type, &wallet::type);
        if (found == how.wallets.end())
            return refusal{code::not_available, "WALLET TYPE NOT CONFIGURED"};
        c.via = found->via;
    }
    return c;
}

reading void_sale(const message& m, const settings& how)
{
    command c{.what = verb::refund};
    const auto invoice = invoice_in(m);
    if (!invoice || *invoice == 0) return refusal{code::bad_data, "BAD INVOICE NUMBER"};
    c.invoice = *invoice;
    // Normally absent. A till that names an amount gets no more than that back.
    if (!read_amount(m, c)) return refusal{code::bad_data, "BAD AMOUNT"};
    if (!read_order_number(m, how, c)) return refusal{code::bad_data, "BAD ORDER NUMBER"};
    return c;
}

reading refund(const message& m, const settings& how)
{
    if (how.refund == refund_policy::refuse)
        return refusal{code::not_available, "REFUNDS ARE SWITCHED OFF"};
    command c{.what = verb::refund};
    if (!read_amount(m, c) || !c.amount) return refusal{code::bad_data, "BAD AMOUNT"};
    if (!read_order_number(m, how, c)) return refusal{code::bad_data, "BAD ORDER NUMBER"};
    const auto invoice = invoice_in(m);
    if (!invoice) return refusal{code::bad_data, "BAD INVOICE NUMBER"};
    c.invoice = *invoice;
    if (c.invoice != 0) return c;
    for (const std::string_view type : {"66", "R1", "R2"}) {
        if (type == type_of(how.order_number)) continue;  // numbers this refund
        c.of = m.value(type);
        if (!c.of.empty()) break;
    }
    if (!is_a_number_of_an_order(c.of)) return refusal{code::bad_data, "BAD REFERENCE"};
    if (c.of.empty()) return refusal{code::refused, "REFUND NEEDS AN INVOICE OR A REFERENCE"};
    return c;
}

reading retrieval(const message& m, const settings& how)
{
    command c{.what = verb::last};
    const auto invoice = invoice_in(m);
    if (!invoice) return refusal{code::bad_data, "BAD INVOICE NUMBER"};
    if (!read_order_number(m, how, c)) return refusal{code::bad_data, "BAD ORDER NUMBER"};
    c.invoice = *invoice;
    if (c.invoice != 0) c.order.clear();
    if (c.invoice != 0 || !c.order.empty()) c.what = verb::status;
    return c;
}

}  // namespace

std::variant<command, refusal> read_request(const message& m, const settings& how)
{
    if (m.code == "20" || m.code == "56") return sale(m, how, false);
    if (m.code == "70") return sale(m, how, true);
    if (m.code == "26") return void_sale(m, how);
    if (m.code == "27") return refund(m, how);
    if (m.code == "50") return command{.what = verb::summary};
    if (is_retrieval(m)) return retrieval(m, how);
    if (m.code == "D0" || m.code == "FF") return command{.what = verb::ping};
    return refusal{code::not_available, "THIS FUNCTION IS NOT AVAILABLE"};
}

bool moves_money(const message& m) noexcept
{
    return m.code == "20" || m.code == "56" || m.code == "70" || is_refund(m);
}

bool is_refund(const message& m) noexcept
{
    return m.code == "26" || m.code == "27";
}

bool is_retrieval(const message& m) noexcept
{
    return m.code == "71" || m.code == "72" || m.code == "73";
}

std::string_view type_of(reference_field which) noexcept
{
    switch (which) {
        case reference_field::none: return {};
        case reference_field::f66: return "66";
        case reference_field::r1: return "R1";
        case reference_field::r2: return "R2";
    }
    return {};
}

}  // namespace ecr::protocol::till::hypercom
