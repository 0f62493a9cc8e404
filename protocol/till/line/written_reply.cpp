#include "protocol/till/line/written_reply.hpp"

#include "protocol/cloud/pay_type.hpp"
#include "protocol/till/line/currency_names.hpp"
#include "protocol/till/line/line_dialect.hpp"
#include "protocol/till/line/text.hpp"

#include <algorithm>
#include <array>

namespace ecr::protocol::till::line {
namespace {

/// The cloud masks card numbers. Should it once forget to, at most the last four digits leave here.
std::string masked(std::string card)
{
    constexpr int shown_max = 10;  // first six, last four
    auto digits = std::ranges::count_if(card, is_digit);
    if (digits <= shown_max) return card;
    for (char& c : card)
        if (is_digit(c) && digits-- > 4) c = '*';
    return card;
}

class field_list {
public:
    field_list(std::string_view word, std::string_view tag) : reply_{.word = word, .fields = {}}
    {
        text("tag", tag);
    }

    field_list& text(std::string name, std::string_view value)
    {
        if (!value.empty()) always(std::move(name), std::string{value});
        return *this;
    }
    field_list& flag(std::string name, bool value)
    {
        if (value) always(std::move(name), true);
        return *this;
    }
    field_list& number(std::string name, const std::optional<std::int64_t>& value)
    {
        if (value) always(std::move(name), *value);
        return *this;
    }
    field_list& always(std::string name, field_value value)
    {
        reply_.fields.emplace_back(std::move(name), std::move(value));
        return *this;
    }
    field_list& code(result_code value)
    {
        // Text, in JSON too: 00 has two digits.
        const auto number = static_cast<unsigned>(value);
        auto digits = std::to_string(number);
        if (number < 10) digits.insert(0, "0");
        return always("code", std::move(digits));
    }

    written_reply take() { return std::move(reply_); }

private:
    written_reply reply_;
};

/// By its pay type, where that has one: a pay type may belong to none of the channels we name.
std::string_view channel_of(const order& o)
{
    if (o.route != order_route::direct || o.pay_type.empty()) return name_of(o.via);
    const auto* type = cloud::find_pay_type(o.pay_type);
    return type != nullptr && type->via ? name_of(*type->via) : std::string_view{};
}

struct writer {
    std::string_view tag;
    std::optional<std::int64_t> drawn_rows;

    written_reply operator()(const accepted& r) const
    {
        return field_list{"accepted", tag}
            .always("order", r.order)
            .text("out_trade_no", r.out_trade_no == r.order ? "" : r.out_trade_no)
            .flag("earlier", r.earlier)
            .take();
    }

    written_reply operator()(const progress& r) const
    {
        return field_list{"progress", tag}
            .text("order", r.order)
            .always("stage", std::string{name_of(r.where)})
            .number("ahead", r.ahead)
            .text("text", r.text)
            .take();
    }

    written_reply operator()(const outcome& r) const
    {
        const auto& o = r.order;
        const bool refund = o.kind == order_kind::refund;
        const bool direct = o.route == order_route::direct;
        const auto& own = o.till_order.empty() ? o.out_trade_no : o.till_order;
        const auto& number = r.order_number.empty() ? own : r.order_number;
        const auto state = refund && o.state == order_state::paid ? "refunded" : name_of(o.state);
        return field_list{"result", tag}
            .always("order", number)
            .always("state", std::string{state})
            .code(r.code)
            .always("amount", o.amount_minor_units)
            .always("currency", alphabetic_currency(o.currency))
            .text("kind", refund ? "refund" : "")
            .text("of", refund ? std::string_view{o.of} : "")
            .text("channel", refund ? "" : channel_of(o))
            .text("pay_type", direct ? std::string_view{o.pay_type} : "")
            .text("via", direct ? "direct" : "")
            .text("terminal", direct ? std::string_view{} : o.terminal)
            .text("merchant", o.merchant)
            .text("syssn", o.facts.syssn)
            .text("out_trade_no", o.out_trade_no == number ? "" : o.out_trade_no)
            .text("respcd", o.facts.respcd)
            .text("card", masked(o.facts.card))
            .number("refundable", o.refundable_now)
            .flag("earlier", r.earlier)
            .flag("late", r.late)
            .flag("paid_twice", has(o.needs, attention::paid_twice))
            .flag("returned", has(o.needs, attention::returned))
            .always("safe_to_retry", r.safe_to_retry)
            .text("text", r.text)
            .take();
    }

    written_reply operator()(const code_to_show& r) const
    {
        return field_list{"code", tag}
            .always("order", r.order)
            .always("text", r.text)
            .text("until", r.until ? to_iso8601(*r.until) : std::string{})
            .number("rows", drawn_rows)
            .take();
    }

    written_reply operator()(const row& r) const
    {
        field_list list{"row", tag};
        list.always("kind", r.name);
        for (const auto& [name, value] : r.fields)
            list.always(name, value);
        return list.take();
    }

    written_reply operator()(const done& r) const
    {
        field_list list{"ok", tag};
        list.always("what", r.what).code(result_code::done);
        for (const auto& [name, value] : r.fields)
            list.always(name, value);
        return list.always("safe_to_retry", r.safe_to_retry).text("text", r.text).take();
    }

    written_reply operator()(const problem& r) const
    {
        return field_list{"error", tag}
            .text("order", r.order)
            .code(r.code)
            .always("safe_to_retry", r.safe_to_retry)
            .text("text", r.text)
            .take();
    }
};

/// Names come from our own code, but some rows are named after data.
std::string clean_name(std::string_view name)
{
    std::string out{name};
    for (char& c : out)
        if (!is_alphanumeric(c)) c = '_';
    return out.empty() ? "_" : out;
}

bool is_bare(std::string_view value)
{
    constexpr std::string_view marks = "_.:/|*#+-";
    const auto fits = [&](char c) {
        return is_alphanumeric(c) || marks.find(c) != std::string_view::npos;
    };
    return !value.empty() && std::ranges::all_of(value, fits);
}

}  // namespace

written_reply written(const reply& what, std::string_view tag,
                      std::optional<std::int64_t> drawn_rows)
{
    return std::visit(writer{tag, drawn_rows}, what);
}

std::string to_text_line(const written_reply& what)
{
    std::string out{what.word};
    for (const auto& [name, value] : what.fields) {
        out += " " + clean_name(name) + "=";
        if (const auto* number = std::get_if<std::int64_t>(&value))
            out += std::to_string(*number);
        else if (const auto* flag = std::get_if<bool>(&value))
            out += *flag ? "yes" : "no";
        else {
            const auto text = clean(std::get<std::string>(value), value_size_max);
            out += name != "text" && is_bare(text) ? text : quoted(text);
        }
    }
    return out;
}

std::string to_json_line(const written_reply& what)
{
    auto out = R"({"reply":)" + quoted(what.word);
    for (const auto& [name, value] : what.fields) {
        out += "," + quoted(clean_name(name)) + ":";
        if (const auto* number = std::get_if<std::int64_t>(&value))
            out += std::to_string(*number);
        else if (const auto* flag = std::get_if<bool>(&value))
            out += *flag ? "true" : "false";
        else
            out += quoted(clean(std::get<std::string>(value), value_size_max));
    }
    return out + "}";
}

}  // namespace ecr::protocol::till::line
