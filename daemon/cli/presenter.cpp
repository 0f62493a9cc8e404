#include "daemon/cli/presenter.hpp"

#include "protocol/json.hpp"
#include "protocol/money.hpp"
#include "protocol/till/qr_drawing.hpp"

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

std::string get(const table_row& from, const std::string& key)
{
    const auto found = from.find(key);
    return found == from.end() ? std::string{} : found->second;
}

}  // namespace

void presenter::show(const nlohmann::json& reply, const std::string& line)
{
    if (const auto word = reply.find("reply"); word != reply.end() && *word == "row") lists_ = true;
    if (style_ == output_style::json) return print(line);
    auto f = fields_of(reply);
    if (get(f, "out_trade_no") == get(f, "order")) f.erase("out_trade_no");  // says nothing new
    const auto word = get(f, "reply");
    if (word == "accepted") return show_accepted(f);
    if (word == "progress") return show_progress(f);
    if (word == "code") return show_code(f);
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

bool presenter::finish()
{
    // Nobody looks at what each single write says: the stream remembers.
    if (std::fflush(stdout) == 0 && std::ferror(stdout) == 0) return true;
    complain("standard output has not taken all of it");
    return !lists_;
}

/// The code is what a customer points a phone at: black on white, whatever the terminal's colours.
void presenter::show_code(const fields& f)
{
    const auto drawing = protocol::till::qr_blocks(get(f, "text"));
    if (draw_codes_ && drawing) {
        clear_live_line();
        for (const auto& row : *drawing)
            print("\x1b[30;107m" + row + "\x1b[0m");
    }
    auto sentence = "To pay: " + get(f, "text");
    if (!get(f, "until").empty()) sentence += " (until " + get(f, "until") + ")";
    say(sentence);
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
                                                            {"pay_type", "pay type"},
                                                            {"via", "way"},
                                                            {"merchant", "merchant"},
                                                            {"terminal", "terminal"},
                                                            {"card", "card"},
                                                            {"syssn", "syssn"},
                                                            {"out_trade_no", "out_trade_no"},
                                                            {"respcd", "respcd"},
                                                            {"refundable", "refundable"},
                                                            {"earlier", "earlier sale"},
                                                            {"late", "late"},
                                                            {"paid_twice", "paid twice"},
                                                            {"returned", "returned"},
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
    if (get(f, "rehearsal") == "yes") text += ", rehearsal: no money moves";
    static constexpr auto counts =
        std::to_array<std::pair<const char*, const char*>>({{"orders", "orders here"},
                                                            {"cloud_rows", "rows at QFPay"},
                                                            {"differences", "differences"},
                                                            {"restored", "restored"}});
    for (const auto& [key, label] : counts)
        if (!get(f, key).empty()) text += (text.empty() ? "" : ", ") + get(f, key) + " " + label;
    if (text.empty() && get(f, "count") == "0") text = "none";
    if (!text.empty()) say(text);
}

/// What is said beside the rows: a spreadsheet is to get the rows alone.
void presenter::say(const std::string& sentence)
{
    if (style_ != output_style::csv) return print(sentence);
    std::fputs((sentence + "\n").c_str(), stderr);
}

/// Rows of one kind belong into one table: an order and its steps, terminals and merchants.
void presenter::print_rows()
{
    const auto rows = std::exchange(rows_, {});
    if (style_ == output_style::csv) {
        std::fputs(csv_table(columns_of(rows), rows).c_str(), stdout);
        return;
    }
    std::vector<std::string> kinds;
    for (const auto& row : rows)
        if (std::ranges::count(kinds, get(row, "kind")) == 0) kinds.push_back(get(row, "kind"));
    for (const auto& kind : kinds) {
        std::vector<fields> these;
        std::ranges::copy_if(rows, std::back_inserter(these),
                             [&](const fields& row) { return get(row, "kind") == kind; });
        if (kind == "receipt")  // paper, and no table
            for (const auto& line : these)
                std::fputs((get(line, "text") + "\n").c_str(), stdout);
        else
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
