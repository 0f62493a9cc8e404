#include "daemon/certify/certify_report.hpp"

#include "protocol/redact.hpp"

#include <algorithm>

namespace ecr::daemon::certify {
namespace {

using protocol::till::trace_event;

constexpr std::string_view style = R"(
body { font: 15px/1.45 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem;
  color: #1b1b1b; background: #fff }
h1 { font-size: 1.6rem } h2 { font-size: 1.15rem; margin: 0 }
table { border-collapse: collapse; width: 100% } th, td { text-align: left; padding: .25rem .6rem;
  border-bottom: 1px solid #ccc; vertical-align: top }
section { margin: 1.5rem 0; padding: 1rem; border: 1px solid #bbb; border-left-width: 8px;
  break-inside: avoid }
.pass { border-left-color: #1d7a33 } .fail { border-left-color: #b3261e }
.skipped { border-left-color: #6b6b6b }
.verdict { font-weight: bold; text-transform: uppercase }
pre { white-space: pre-wrap; word-break: break-all; background: #f4f4f4; padding: .6rem;
  font-size: 12px; border: 1px solid #ddd }
@media print { body { margin: 0; max-width: none } pre { break-inside: auto } }
)";

std::string escaped(std::string_view text)
{
    std::string made;
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        if (c == '&')
            made += "&amp;";
        else if (c == '<')
            made += "&lt;";
        else if (c == '>')
            made += "&gt;";
        else if (c == '"')
            made += "&quot;";
        else if (byte < 0x20 || byte == 0x7f) {
            constexpr std::string_view digits = "0123456789abcdef";
            made += std::string{"\\x"} + digits[byte >> 4U] + digits[byte & 0xfU];
        } else
            made += c;
    }
    return made;
}

std::string_view word_of(mark how)
{
    switch (how) {
        case mark::pass: return "pass";
        case mark::fail: return "fail";
        case mark::skipped: return "skipped";
    }
    return {};
}

std::string element(std::string_view name, std::string_view text, std::string_view attributes = {})
{
    std::string made{"<"};
    made.append(name).append(attributes).append(">").append(escaped(text));
    return made.append("</").append(name).append(">\n");
}

std::string line_of(const protocol::till::trace_record& each)
{
    const auto arrow = each.what == trace_event::from_till ? "till   -> "
                       : each.what == trace_event::to_till ? "bridge -> "
                       : each.what == trace_event::opened  ? "opened    "
                                                           : "closed    ";
    auto text = each.bytes;
    text.erase(text.find_last_not_of("\r\n") + 1);
    return to_iso8601(each.at).substr(11, 12) + "  " + arrow +
           protocol::without_card_numbers(text) + "\n";
}

std::string orders_of(const observation& seen)
{
    if (seen.orders.empty()) return {};
    std::string made =
        "<table><tr><th>Number</th><th>Type</th><th>Amount</th><th>State</th>"
        "<th>Why</th></tr>\n";
    for (const auto& o : seen.orders) {
        made += "<tr>";
        for (const auto& cell :
             {o.till_order.empty() ? o.out_trade_no : o.till_order,
              std::string{o.kind == protocol::order_kind::payment ? "payment" : "refund"},
              std::to_string(o.amount_minor_units), std::string{protocol::name_of(o.state)},
              o.reason})
            made += "<td>" + escaped(cell) + "</td>";
        made += "</tr>\n";
    }
    return made + "</table>\n";
}

std::string section_of(const trial_report& each)
{
    const auto& text = text_of(each.seen.which);
    const std::string how{word_of(each.judged.how)};
    std::string made = "<section class=\"" + how + "\">\n";
    made += element("h2", text.title);
    made += "<p><span class=\"verdict\">" + how + "</span>: " + escaped(each.judged.sentence) +
            "</p>\n";
    made += element("p", std::string{"What it proves: "}.append(text.what_for));
    made += element("p", "Charges: " + std::to_string(each.seen.charges) +
                             ". Refunds: " + std::to_string(each.seen.refunds) + ".");
    made += orders_of(each.seen);
    std::string lines;
    for (const auto& record : each.trace)
        lines += line_of(record);
    if (!lines.empty()) {
        std::string shown;
        for (std::size_t at = 0; at < lines.size();) {
            const auto end = lines.find('\n', at);
            shown += escaped(std::string_view{lines}.substr(at, end - at)) + "\n";
            at = end + 1;
        }
        made += "<pre>" + shown + "</pre>\n";
    }
    return made + "</section>\n";
}

}  // namespace

bool passes(const certificate_report& all) noexcept
{
    const auto is = [](mark wanted) {
        return [wanted](const trial_report& each) { return each.judged.how == wanted; };
    };
    return std::ranges::none_of(all.trials, is(mark::fail)) &&
           std::ranges::any_of(all.trials, is(mark::pass));
}

std::string html_of(const certificate_report& all)
{
    const auto title = "Certification of " + (all.till.empty() ? "a till" : all.till);
    std::string made = "<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">\n" +
                       element("title", title) + "<style>" + std::string{style} +
                       "</style></head>\n<body>\n" + element("h1", title);
    made += "<p class=\"verdict\">" + std::string{passes(all) ? "passed" : "not passed"} + "</p>\n";
    made += element("p", to_iso8601(all.made) + ", ecrbridge " + all.version +
                             ", against a simulated QFPay: no money has moved.");
    for (const auto& link : all.links)
        made += element("p", "Link: " + link);
    made += "<table><tr><th>Trial</th><th>Verdict</th><th>Why</th></tr>\n";
    for (const auto& each : all.trials) {
        made += "<tr><td>" + escaped(text_of(each.seen.which).title) +
                "</td><td class=\"verdict\">" + std::string{word_of(each.judged.how)} +
                "</td><td>" + escaped(each.judged.sentence) + "</td></tr>\n";
    }
    made += "</table>\n";
    for (const auto& each : all.trials)
        made += section_of(each);
    return made + "</body></html>\n";
}

}  // namespace ecr::daemon::certify
