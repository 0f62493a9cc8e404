#include "tests/tidy/house_rules.hpp"

#include "tests/tidy/folder_rules.hpp"
#include "tests/tidy/source_text.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <cstdint>
#include <regex>
#include <set>
#include <utility>

namespace ecr::tidy {
namespace {

constexpr std::size_t columns_max = 100;
constexpr std::size_t lines_max = 400;

// What this folder's own files hold as texts and examples breaks the rules it enforces.
bool is_about_the_rules(std::string_view path)
{
    return path.starts_with("tests/tidy/");
}

bool ships(std::string_view path)
{
    return !path.starts_with("tests/");
}

// --- Rules for single lines -------------------------------------------------------------------

enum class part : std::uint8_t { raw, code, with_texts };

struct line_rule {
    std::string_view folder;  // "": everywhere
    part where;
    std::regex banned;
    std::string_view why;
    std::vector<std::string_view> except;  // files or folders
};

const std::vector<line_rule>& line_rules()
{
    // clang-format off
    static const std::vector<line_rule> rules{
        {"", part::raw, std::regex{R"(\bTODO\b(?!\(#[0-9]+\)))"}, "a TODO names its issue: TODO(#12)", {}},
        {"", part::raw, std::regex{R"(\b(FIXME|XXX)\b)"}, "unfinished: finish it, or write TODO(#12)", {}},
        {"", part::code, std::regex{R"(\basio::detached\b)"}, "a detached task swallows its exception: use a task_group", {}},
        {"daemon/", part::code, std::regex{R"(\b(system|steady|high_resolution|utc)_clock::now\b)"}, "time is injected",
         {"daemon/clock.cpp",
          "daemon/cli/"}},  // the hand tool is a till: it waits for a real bridge
        {"protocol/", part::code, std::regex{R"(_clock::now\b|\btime\(nullptr\))"}, "protocol has no time of day", {}},
        {"store/", part::code, std::regex{R"(_clock::now\b|\btime\(nullptr\))"}, "store has no time of day", {}},
        {"daemon/", part::with_texts, std::regex{R"("\s*(SELECT|INSERT|UPDATE|DELETE|PRAGMA|BEGIN|CREATE) )"}, "SQL stays in the store", {}},
    };
    // clang-format on
    return rules;
}

bool is_exempt(const line_rule& rule, std::string_view path)
{
    return std::ranges::any_of(rule.except,
                               [&](std::string_view prefix) { return path.starts_with(prefix); });
}

const std::string& part_of(const source_line& line, part which)
{
    switch (which) {
        case part::raw: return line.raw;
        case part::code: return line.code;
        case part::with_texts: return line.with_texts;
    }
    return line.raw;
}

// --- Rules for what may span lines ------------------------------------------------------------

/// The code on one line, blanks as single blanks, and where each character came from.
struct flat_code {
    std::string text;
    std::vector<std::size_t> line;
};

flat_code flattened(const std::vector<source_line>& lines)
{
    flat_code flat;
    const auto add = [&](char c, std::size_t line) {
        const bool blank = std::isspace(static_cast<unsigned char>(c)) != 0;
        if (blank && flat.text.ends_with(' ')) return;
        flat.text += blank ? ' ' : c;
        flat.line.push_back(line);
    };
    for (std::size_t i = 0; i < lines.size(); ++i) {
        for (const char c : lines[i].code)
            add(c, i);
        add('\n', i);
    }
    return flat;
}

// GCC 12 miscompiles these: a temporary made from braces inside a co_await expression is destroyed
// twice or not at all, and an operand that may not be awaited is destroyed as if it had been. Name
// the value first, and write an if.
void check_awaits(const std::vector<source_line>& lines, const auto& complain)
{
    constexpr std::string_view word = "co_await";
    static const std::regex braced{R"(\(\s*\{|[({, ]\{\s*\.)"};
    const auto flat = flattened(lines);
    for (auto at = flat.text.find(word); at != flat.text.npos;
         at = flat.text.find(word, at + word.size())) {
        const std::string_view before = std::string_view{flat.text}.substr(0, at);
        for (const std::string_view half : {"&& ", "|| ", "? "})
            if (before.ends_with(half))
                complain(flat.line[at], "GCC 12 miscompiles a co_await that may not be reached");

        const auto end = std::min(flat.text.find(';', at), flat.text.size());
        const auto statement = std::string_view{flat.text}.substr(at, end - at);
        if (std::regex_search(statement.begin(), statement.end(), braced))
            complain(flat.line[at], "GCC 12 miscompiles a braced temporary inside co_await");
    }
}

// --- The parts of violations_of ---------------------------------------------------------------

void check_includes(std::string_view path, const std::vector<source_line>& lines,
                    const auto& complain)
{
    static const std::regex include{R"re(^\s*#\s*include\s*((<|").*(>|")))re"};
    for (std::size_t i = 0; i < lines.size(); ++i) {
        std::smatch found;
        if (!std::regex_search(lines[i].with_texts, found, include)) continue;
        const auto why = include_refusal(path, found[1].str());
        if (!why.empty()) complain(i, found[1].str() + ": " + why);
    }
}

void check_lines(std::string_view path, const std::vector<source_line>& lines, const auto& complain)
{
    // Units of literals are words of the language; everything else is named where it is used.
    static const std::regex whole_namespace{R"(\busing namespace (?!\w*(::\w+)*_literals;))"};
    for (std::size_t i = 0; i < lines.size(); ++i) {
        if (columns_of(lines[i].raw) > columns_max && !lines[i].laid_out_by_hand)
            complain(i, "longer than 100 columns");
        if (ships(path) && std::regex_search(lines[i].code, whole_namespace))
            complain(i, "using namespace outside of tests");
        if (is_about_the_rules(path)) continue;
        for (const auto& rule : line_rules())
            if (path.starts_with(rule.folder) && !is_exempt(rule, path) &&
                std::regex_search(part_of(lines[i], rule.where), rule.banned))
                complain(i, rule.why);
    }
}

}  // namespace

std::vector<std::string> violations_of(std::string_view path, std::string_view text)
{
    std::vector<std::pair<std::size_t, std::string>> found;
    const auto complain = [&](std::size_t line, std::string_view what) {
        found.emplace_back(
            line, std::string{path} + ':' + std::to_string(line + 1) + ": " + std::string{what});
    };
    const auto lines = lines_of(text);
    check_includes(path, lines, complain);
    check_lines(path, lines, complain);
    if (!is_about_the_rules(path)) check_awaits(lines, complain);
    if (ships(path) && lines.size() > lines_max) complain(lines_max, "longer than 400 lines");
    const auto once = [](const source_line& line) { return line.code == "#pragma once"; };
    const bool precompiled = path.ends_with(".pch.hpp");  // no header of a program's own
    if (path.ends_with(".hpp") && !precompiled && std::ranges::none_of(lines, once))
        complain(0, "no #pragma once");

    std::ranges::stable_sort(found, {}, &std::pair<std::size_t, std::string>::first);
    std::vector<std::string> texts;
    for (auto& [line, what] : found)
        texts.push_back(std::move(what));
    return texts;
}

std::vector<std::string> unknown_folders(const std::vector<std::string>& folders,
                                         const std::vector<std::string>& ignored)
{
    // Source: design 4; beside these only what tools insist on finding at the top, all hidden.
    const std::set<std::string> known{"daemon", "packaging", "protocol",
                                      "store",  "systemd",   "tests"};
    std::vector<std::string> unknown;
    for (const auto& folder : folders)
        if (!folder.starts_with('.') && !known.contains(folder) &&
            std::ranges::find(ignored, folder) == ignored.end())
            unknown.push_back(folder);
    return unknown;
}

}  // namespace ecr::tidy
