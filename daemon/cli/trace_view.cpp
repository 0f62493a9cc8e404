#include "daemon/cli/trace_view.hpp"

#include "protocol/json.hpp"
#include "protocol/till/trace_language.hpp"

#include <algorithm>
#include <cstdio>
#include <fstream>
#include <thread>

namespace ecr::cli {
namespace {

using protocol::till::heading;
using protocol::till::trace_event;
using protocol::till::trace_record;

constexpr std::size_t bytes_in_row = 16;
constexpr std::size_t hex_width = 3 * bytes_in_row + 1;
constexpr milliseconds follow_pace{300};

std::vector<std::string> meaning_of(const trace_record& record)
{
    if (record.what == trace_event::opened) return {"connected: " + record.bytes};
    if (record.what == trace_event::closed) return {"disconnected"};
    const auto* language = protocol::till::trace_language_of(record.language);
    if (language == nullptr) return {};
    const auto way = record.what == trace_event::from_till ? heading::from_till : heading::to_till;
    return language->explain(way, record.bytes, record.form);
}

std::string_view arrow_of(trace_event what)
{
    switch (what) {
        case trace_event::from_till: return "till > bridge";
        case trace_event::to_till: return "till < bridge";
        case trace_event::opened:
        case trace_event::closed: return "";
    }
    return "";
}

std::vector<std::string> hex_rows(const trace_record& record)
{
    std::vector<std::string> rows;
    const bool bytes = record.what == trace_event::from_till || record.what == trace_event::to_till;
    for (std::size_t at = 0; bytes && at < record.bytes.size(); at += bytes_in_row) {
        const auto hex = protocol::till::hex_of(record.bytes.substr(at, bytes_in_row));
        std::string row;
        for (std::size_t i = 0; i < hex.size(); i += 2)
            row += hex.substr(i, 2) + ' ';
        rows.push_back(std::move(row));
    }
    return rows;
}

trace_record record_of(const json& row)
{
    trace_record record;
    // The same words as in a file, so that there is one reader of them.
    const auto line = row.value("at", "-") + ' ' + row.value("link", "-") + ' ' +
                      std::to_string(row.value("connection", 0)) + ' ' + row.value("till", "-") +
                      ' ' + row.value("language", "-") + ' ' + row.value("event", "-") + ' ' +
                      row.value("form", "-") + ' ' +
                      (row.value("hex", "").empty() ? "-" : row.value("hex", ""));
    return protocol::till::parse_trace_line(line).value_or(record);
}

int complain(const std::string& sentence, exit_code code)
{
    std::fputs(("ecrbridge: " + sentence + "\n").c_str(), stderr);
    return static_cast<int>(code);
}

void print(const std::vector<trace_record>& records, const trace_options& what)
{
    for (const auto& record : records) {
        if (!what.link.empty() && record.link != what.link) continue;
        const auto text = what.raw_json ? trace_json_line(record) : trace_block(record);
        std::fputs((text + "\n").c_str(), stdout);
    }
    std::fflush(stdout);
}

}  // namespace

std::optional<std::vector<trace_record>> read_trace_file(const std::filesystem::path& file)
{
    std::ifstream in{file, std::ios::binary};
    std::vector<trace_record> records;
    std::string line;
    bool is_trace = false;
    while (std::getline(in, line)) {
        is_trace = is_trace || line.starts_with(protocol::till::trace_file_mark);
        if (auto record = protocol::till::parse_trace_line(line))
            records.push_back(std::move(*record));
    }
    if (!is_trace && records.empty()) return std::nullopt;
    return records;
}

std::string trace_block(const trace_record& record)
{
    auto text = to_iso8601(record.at) + "  " + record.link + " #" +
                std::to_string(record.connection) + "  " + record.till;
    if (const auto arrow = arrow_of(record.what); !arrow.empty())
        text.append("  ").append(arrow).append("  ").append(record.language);
    text += '\n';
    const auto left = hex_rows(record);
    const auto right = meaning_of(record);
    for (std::size_t i = 0; i < std::max(left.size(), right.size()); ++i) {
        auto row = i < left.size() ? left[i] : std::string{};
        row.resize(hex_width, ' ');
        if (i < right.size()) row += right[i];
        row.erase(row.find_last_not_of(' ') + 1);
        text += "  " + row + '\n';
    }
    return text;
}

std::string trace_json_line(const trace_record& record)
{
    json said{{"at", to_iso8601(record.at)},
              {"link", record.link},
              {"connection", record.connection},
              {"till", record.till},
              {"language", record.language},
              {"event", std::string{static_cast<char>(record.what)}},
              {"form", record.form},
              {"hex", protocol::till::hex_of(record.bytes)},
              {"meaning", meaning_of(record)}};
    return to_text(said);
}

std::optional<std::vector<trace_record>> ask_for_trace(bridge_caller& bridge,
                                                       const std::string& link,
                                                       std::uint64_t& after)
{
    std::vector<trace_record> records;
    for (bool more = true; more;) {
        json command{{"verb", "trace"}};
        if (after > 0) command["after"] = after;
        if (!link.empty()) command["link"] = link;
        const auto answer = bridge.ask(command);
        if (!answer) return std::nullopt;
        std::string hex;
        for (auto row : *answer) {
            if (row.value("kind", "") != "trace") continue;
            hex += row.value("hex", "");
            if (row.value("more", false)) continue;
            row["hex"] = std::exchange(hex, {});
            records.push_back(record_of(row));
        }
        after = answer->back().value("last", after);
        more = answer->back().value("more", false);
    }
    return records;
}

int show_trace(const trace_options& what, const conversation_settings& how)
{
    if (!what.file.empty()) {
        const auto records = read_trace_file(what.file);
        if (!records) return complain(what.file + " is no trace", exit_code::refused);
        print(*records, what);
        return 0;
    }
    bridge_caller bridge{how};
    std::uint64_t after = 0;
    for (;;) {
        const auto records = ask_for_trace(bridge, what.link, after);
        if (!records)
            return complain(bridge.problem(),
                            bridge.refused() ? exit_code::refused : exit_code::unreachable);
        print(*records, what);
        if (!what.follow) return 0;
        std::this_thread::sleep_for(follow_pace);
    }
}

}  // namespace ecr::cli
