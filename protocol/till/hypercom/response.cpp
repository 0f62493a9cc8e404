#include "protocol/till/hypercom/response.hpp"

#include "protocol/till/hypercom/request.hpp"

#include <algorithm>
#include <array>

namespace ecr::protocol::till::hypercom {
namespace {

constexpr std::size_t amount_size = 12;
constexpr std::size_t masked_pan_size = 19;

/// Left out, from the left, when the length of the message would hold a byte 03.
constexpr auto least_needed = std::to_array<std::string_view>({"D5", "D4", "31", "A1", "D2", "D0"});

void add(message& m, std::string_view type, std::string data)
{
    m.fields.push_back({.type = std::string{type}, .data = std::move(data)});
}

/// Text of a fixed size; nothing when `text` is empty.
void add_text(message& m, std::string_view type, std::string_view text, std::size_t size,
              text_encoding in = text_encoding::ascii)
{
    if (text.empty()) return;
    auto data = fitted(text, in, size);
    data.resize(size, ' ');
    add(m, type, std::move(data));
}

void add_number(message& m, std::string_view type, std::int64_t value, std::size_t size)
{
    auto digits = std::to_string(value);
    if (value < 0 || digits.size() > size) return;
    add(m, type, std::string(size - digits.size(), '0') + digits);
}

/// The last `size` characters.
std::string_view tail_of(std::string_view text, std::size_t size) noexcept
{
    return text.substr(text.size() - std::min(text.size(), size));
}

/// "YYYY-MM-DD hh:mm:ss": QFPay's time of the transaction, or the bridge's of the order.
std::string time_of(const order& o)
{
    if (parse_cloud_time(o.facts.sysdtm)) return o.facts.sysdtm;
    return to_cloud_time(o.created_at);
}

std::string name_of_issuer(const order& o)
{
    auto name = std::string{o.facts.card_scheme.empty() ? name_of(o.via) : o.facts.card_scheme};
    std::ranges::transform(name, name.begin(), [](char c) {
        return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
    });
    return name;
}

/// The numbers of the till's own: as it sent them, and what is known of an order asked for.
void add_references(message& m, const message& request, const settings& how, const order* o)
{
    for (const std::string_view type : {"66", "R1", "R2"}) {
        auto text = to_utf8(request.value(type), how.encoding);
        if (o != nullptr && type == type_of(how.order_number) && !o->till_order.empty())
            text = o->till_order;
        if (from_utf8(text, how.encoding).size() <= reference_size)
            add_text(m, type, text, reference_size, how.encoding);
    }
}

void add_wallet_type(message& m, const message& request, const settings& how, const order* o)
{
    auto type = std::string{request.value("A1")};
    if (o != nullptr && is_retrieval(request)) {
        const auto found = std::ranges::find(how.wallets, o->via, &wallet::via);
        type = found == how.wallets.end() ? std::string{} : found->type;
    }
    if (type.size() == 2) add_text(m, "A1", type, 2);
}

void add_evidence(message& m, const order& o)
{
    // QFPay gives neither an approval code nor a reference number of the card network. Its own
    // number finds the payment everywhere, and so does its end within a day.
    add_text(m, "01", tail_of(o.facts.syssn, 6), 6);
    add_text(m, "D2", name_of_issuer(o), 10);
    add_text(m, "D3", tail_of(o.facts.syssn, 12), 12);
    add_number(m, "D4", static_cast<std::int64_t>(o.via), 2);
    if (o.facts.card.empty()) return;
    add_text(m, "30", tail_of(o.facts.card, masked_pan_size), masked_pan_size);
    add(m, "31", "XXXX");  // never known here
    add(m, "D5", std::string(26, ' '));
}

/// Some tills take the first byte 03 for ETX, and be it in a length: fields go until none is left.
message without_false_etx(message m)
{
    for (unsigned without = 0; without < 1U << least_needed.size(); ++without) {
        auto trial = m;
        std::erase_if(trial.fields, [&](const field& f) {
            const auto at = std::ranges::find(least_needed, f.type) - least_needed.begin();
            return at < std::ssize(least_needed) && (without >> at & 1U) != 0;
        });
        if (!looks_like_etx(size_of(trial))) return trial;
    }
    return m;
}

message beginning(const answer& said, const message& request, const settings& how)
{
    auto m = response_to(request);
    m.status = said.status;
    add_text(m, "02", said.text, text_size, how.encoding);
    add_text(m, "D0", how.merchant_name, merchant_name_size, how.encoding);
    add_text(m, "16", how.terminal_id, terminal_id_size);
    add_text(m, "D1", how.merchant_id, merchant_id_size);
    return m;
}

/// What the till has asked about is another amount: whatever became of this order, it is not the
/// answer.
bool is_about_another_amount(const message& request, const order& o)
{
    const auto asked = request.value("40");
    if (asked.size() != amount_size) return false;
    const auto amount = parse_amount(asked);
    return amount && amount->minor_units() != o.amount_minor_units;
}

message response_to_outcome(const outcome& told, const message& request, const settings& how)
{
    const auto& o = told.order;
    auto said = answer_to(told);
    if (is_about_another_amount(request, o))
        said = {code::unknown, "ANOTHER AMOUNT - ASK BEFORE RINGING"};
    auto m = beginning(said, request, how);
    const auto time = time_of(o);
    const auto part = [&](std::size_t at) { return std::string_view{time}.substr(at, 2); };
    const auto day = std::string{part(2)}.append(part(5)).append(part(8));
    add_text(m, "03", day, 6);
    add_text(m, "04", std::string{part(11)}.append(part(14)).append(part(17)), 6);
    add_number(m, "40", o.amount_minor_units, amount_size);
    add_text(m, "50", day, 6);
    // Of a refund the till expects the number it has named.
    const auto named = is_refund(request) ? request.value("65") : std::string_view{};
    if (!named.empty() && named.size() <= 6)
        add_text(m, "65", std::string(6 - named.size(), '0').append(named), 6);
    else if (told.invoice > 0 && told.invoice <= invoice_max)
        add_number(m, "65", told.invoice, 6);
    if (said.status == code::ok) add_evidence(m, o);
    add_wallet_type(m, request, how, &o);
    add_references(m, request, how, &o);
    return without_false_etx(std::move(m));
}

message response_to_done(const done& told, const message& request, const settings& how)
{
    auto m = beginning(answer_to(told), request, how);
    for (const auto& [name, value] : told.fields) {
        if (const auto* sum = std::get_if<std::int64_t>(&value); sum && name == "payments_amount")
            add_number(m, "40", *sum, amount_size);
        if (const auto* day = std::get_if<std::string>(&value);
            day && name == "day" && day->size() == 8)
            add_text(m, "50", tail_of(*day, 6), 6);
    }
    add_references(m, request, how, nullptr);
    return without_false_etx(std::move(m));
}

}  // namespace

message short_response(const answer& said, const message& request, const settings& how)
{
    auto m = beginning(said, request, how);
    add_wallet_type(m, request, how, nullptr);
    add_references(m, request, how, nullptr);
    return without_false_etx(std::move(m));
}

std::optional<message> response_of(const reply& what, const message& request, const settings& how)
{
    if (const auto* o = std::get_if<outcome>(&what)) return response_to_outcome(*o, request, how);
    if (const auto* d = std::get_if<done>(&what)) return response_to_done(*d, request, how);
    if (const auto* p = std::get_if<problem>(&what))
        return short_response(answer_to(*p), request, how);
    return std::nullopt;
}

}  // namespace ecr::protocol::till::hypercom
