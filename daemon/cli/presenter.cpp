#include "daemon/cli/presenter.hpp"

#include "protocol/json.hpp"
#include "protocol/money.hpp"

#include <algorithm>
#include <array>
#include <cstdio>

namespace ecr::cli {
namespace {

/// A terminal obeys control characters; a reply is not to give it orders.
std::string printable(std::string text)
{
    std::ranges::replace_if(
        text, [](unsigned char c) { return c < 0x20 || c == 0x7f; }, ' ');
    return text;
}

std::string text_of(const std::string& key, const json& value)
{
    if (value.is_string()) return printable(value.get<std::string>());
    if (value.is_boolean()) return value.get<bool>() ? "yes" : "no";
    if ((key == "amount" || key == "refundable") && value.is_number_integer()) {
        if (value.get<std::int64_t>() == 0) return "0.00";
        if (const auto amount = money::of(value.get<std::int64_t>())) return for_people(*amount);
    }
    return printable(to_text(value));
}

std::map<std::string, std::string> fields_of(const json& reply)
{
    std::map<std::string, std::string> all;
    for (const auto& [key, value] : reply.items())
        all[key] = text_of(key, value);
    return all;
}

std::string get(const std::map<std::string, std::string>& from, const std::string& key)
{
    const auto found = from.find(key);
    return found == from.end() ? std::string{} : found->second;
}

/// Columns of a terminal, near enough: code points.
std::size_t width_of(const std::string& text)
{
    return static_cast<std::size_t>(
        std::ranges::count_if(text, [](unsigned char c) { return (c & 0xc0) != 0x80; }));
}

/// In the order a person looks for them; others follow.
constexpr auto column_order = std::to_array<const char*>(
    {"at",    "order",        "type",    "state", "amount",   "channel",   "terminal",
     "name",  "till",         "created", "from",  "event",    "to",        "reason",
     "syssn", "out_trade_no", "of",      "late",  "mismatch", "unresolved"});

std::vector<std::string> columns_of(const std::vector<std::map<std::string, std::string>>& rows)
{
    std::vector<std::string> columns;
    const auto add = [&](const std::string& name) {
        const bool used =
            std::ranges::any_of(rows, [&](const auto& row) { return !get(row, name).empty(); });
        if (used && std::ranges::count(columns, name) == 0) columns.push_back(name);
    };
    for (const auto* name : column_order)
        add(name);
    for (const auto& row : rows)
        for (const auto& [name, value] : row)
            if (name != "reply" && name != "kind" && name != "tag") add(name);
    return columns;
}

bool is_step(const std::map<std::string, std::string>& row)
{
    return row.contains("event");
}

}  // namespace

std::string aligned_table(const std::vector<std::string>& columns,
                          const std::vector<std::map<std::string, std::string>>& rows)
{
    if (rows.empty()) return {};
    std::string text;
    const auto add_line = [&](auto cell, auto width) {
        std::string line;
        for (const auto& column : columns) {
            const auto value = cell(column);
            const auto pad = std::string(width(column) - width_of(value), ' ');
            line += (column == "amount" ? pad + value : value + pad) + "  ";
        }
        line.erase(line.find_last_not_of(' ') + 1);
        text += line + "\n";
    };
    const auto width = [&](const std::string& column) {
        auto most = width_of(column);
        for (const auto& row : rows)
            most = std::max(most, width_of(get(row, column)));
        return most;
    };
    add_line([](const std::string& column) { return column; }, width);
    for (const auto& row : rows)
        add_line([&](const std::string& column) { return get(row, column); }, width);
    return text;
}

void presenter::show(const nlohmann::json& reply, const std::string& line)
{
    if (style_ == output_style::json) return print(line);
    auto f = fields_of(reply);
    if (get(f, "out_trade_no") == get(f, "order")) f.erase("out_trade_no");  // says nothing new
    const auto word = get(f, "reply");
    if (word == "accepted") return show_accepted(f);
    if (word == "progress") return show_progress(f);
    if (word == "row") return rows_.push_back(std::move(f));

    clear_live_line();
    print_rows();
    if (word == "result") return show_result(f);
    if (word == "ok") return show_ok(f);
    complain(get(f, "text") + " (" + get(f, "code") + ")");
}

void presenter::complain(const std::string& sentence)
{
    clear_live_line();
    std::fflush(stdout);
    std::fputs(("ecrbridge: " + printable(sentence) + "\n").c_str(), stderr);
}

void presenter::show_accepted(const fields& f)
{
    print("Order " + get(f, "order") + " accepted" +
          (get(f, "earlier") == "yes" ? ": it is the earlier sale, not a new one" : ""));
}

void presenter::show_progress(const fields& f)
{
    auto text = get(f, "text").empty() ? get(f, "stage") : get(f, "text");
    if (!get(f, "ahead").empty()) text += " (" + get(f, "ahead") + " before it)";
    if (text == last_progress_) return;
    last_progress_ = text;
    if (style_ != output_style::live) return print(text);
    live_line_shown_ = true;
    std::fputs(("\r" + text + " …\x1b[K").c_str(), stdout);
    std::fflush(stdout);
}

void presenter::show_result(const fields& f)
{
    print(get(f, "text") + ": " + get(f, "currency") + " " + get(f, "amount") + ", order " +
          get(f, "order"));
    static constexpr auto details =
        std::to_array<std::pair<const char*, const char*>>({{"state", "state"},
                                                            {"code", "code"},
                                                            {"of", "refund of"},
                                                            {"channel", "channel"},
                                                            {"terminal", "terminal"},
                                                            {"card", "card"},
                                                            {"syssn", "syssn"},
                                                            {"out_trade_no", "out_trade_no"},
                                                            {"respcd", "respcd"},
                                                            {"refundable", "refundable"},
                                                            {"earlier", "earlier sale"},
                                                            {"late", "late"},
                                                            {"safe_to_retry", "safe to retry"}});
    for (const auto& [key, label] : details) {
        if (get(f, key).empty()) continue;
        const auto name = std::string{label};
        print("  " + name + std::string(15 - name.size(), ' ') + get(f, key));
    }
}

void presenter::show_ok(const fields& f)
{
    auto text = get(f, "text");
    if (!get(f, "cloud").empty()) text += ", cloud " + get(f, "cloud");
    if (text.empty() && get(f, "count") == "0") text = "none";
    if (!text.empty()) print(text);
}

/// An order with its history comes as rows of two kinds, the order before its steps.
void presenter::print_rows()
{
    const auto rows = std::exchange(rows_, {});
    for (const bool steps : {false, true}) {
        std::vector<fields> these;
        std::ranges::copy_if(rows, std::back_inserter(these),
                             [&](const fields& row) { return is_step(row) == steps; });
        std::fputs(aligned_table(columns_of(these), these).c_str(), stdout);
    }
}

void presenter::clear_live_line()
{
    if (std::exchange(live_line_shown_, false)) std::fputs("\r\x1b[K", stdout);
}

void presenter::print(const std::string& line)
{
    clear_live_line();
    std::fputs((line + "\n").c_str(), stdout);
    std::fflush(stdout);
}

}  // namespace ecr::cli
