// Rows as tables: for people, and for spreadsheets.
#include "daemon/cli/presenter.hpp"

#include <algorithm>
#include <array>

namespace ecr::cli {
namespace {

std::string get(const table_row& from, const std::string& key)
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
    {"at",       "what",   "order",        "type",    "state", "amount",   "channel",
     "terminal", "name",   "till",         "created", "from",  "event",    "to",
     "reason",   "syssn",  "out_trade_no", "of",      "late",  "mismatch", "unresolved",
     "ours",     "theirs", "merchant",     "cloud"});

std::string csv_cell(const std::string& value)
{
    // Source: OWASP, CSV injection.
    auto guarded =
        !value.empty() && std::string_view{"=+-@\t\r"}.find(value.front()) != std::string_view::npos
            ? "'" + value
            : value;
    if (guarded.find_first_of(",\"\r\n") == std::string::npos) return guarded;
    std::string quoted = "\"";
    for (const char c : guarded)
        quoted += c == '"' ? std::string{"\"\""} : std::string{c};
    return quoted + "\"";
}

}  // namespace

std::vector<std::string> columns_of(const std::vector<table_row>& rows)
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
            if (name != "reply" && name != "kind" && name != "tag" && name != "text") add(name);
    add("text");  // the longest, so the last
    return columns;
}

std::string csv_table(const std::vector<std::string>& columns, const std::vector<table_row>& rows)
{
    if (rows.empty()) return {};
    auto text = csv_line(columns);
    for (const auto& row : rows) {
        std::vector<std::string> cells;
        cells.reserve(columns.size());
        for (const auto& column : columns)
            cells.push_back(get(row, column));
        text += csv_line(cells);
    }
    return text;
}

std::string csv_line(const std::vector<std::string>& cells)
{
    std::string text;
    for (const auto& cell : cells)
        text += (&cell == &cells.front() ? "" : ",") + csv_cell(cell);
    return text + "\r\n";
}

std::string aligned_table(const std::vector<std::string>& columns,
                          const std::vector<table_row>& rows)
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

}  // namespace ecr::cli
