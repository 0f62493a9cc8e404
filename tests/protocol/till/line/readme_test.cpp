// The README is the only place where the grammar and the codes live, so it must not lie.
#include "protocol/till/line/grammar.hpp"
#include "protocol/till/line/written_reply.hpp"
#include "protocol/timestamp.hpp"
#include "tests/protocol/till/line/till.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <sstream>

using namespace ecr::protocol::till;
using namespace ecr::protocol::till::line;
using testing::HasSubstr;

namespace {

std::string readme()
{
    std::ifstream file{ECR_SOURCE_DIR "/protocol/till/line/README.md"};
    std::stringstream text;
    text << file.rdbuf();
    return text.str();
}

/// The lines of all blocks fenced with that word.
std::vector<std::string> block_lines(std::string_view word)
{
    std::vector<std::string> found;
    bool inside = false;
    for (const auto& line : lines_of(readme())) {
        if (line.starts_with("```"))
            inside = line == "```" + std::string{word};
        else if (inside)
            found.push_back(line);
    }
    return found;
}

std::string cells_of(key_set keys, std::string_view joint)
{
    std::string cells;
    for (std::size_t i = 0; i < key_names.size(); ++i) {
        if (!keys.contains(static_cast<key>(i))) continue;
        if (!cells.empty()) cells += joint;
        cells += "`" + std::string{key_names[i]} + "`";
    }
    return cells;
}

TEST(ReadmeTest, ListsEveryVerbWithItsKeys)
{
    const auto text = readme();
    for (const auto& rule : verb_rules) {
        auto needs = cells_of(rule.required, " ");
        const auto choice = cells_of(rule.one_of, " or ");
        if (!needs.empty() && !choice.empty()) needs += ", ";
        needs += choice;
        if (needs.empty()) needs = "–";
        auto may = cells_of(rule.optional, " ");
        if (may.empty()) may = "–";
        EXPECT_THAT(
            text, HasSubstr("| `" + std::string{rule.name} + "` | " + needs + " | " + may + " |"));
    }
    for (const auto name : key_names)
        EXPECT_THAT(text, HasSubstr("\n| `" + std::string{name} + "` | "));
}

TEST(ReadmeTest, ListsEveryNamedValue)
{
    const auto text = readme();
    for (const auto k : {key::draw, key::via})
        for (const auto name : values_of(k))
            EXPECT_THAT(text, HasSubstr("`" + std::string{name} + "`"));
    // Three letters of which no other three make a currency.
    std::string row;
    for (const auto& line : lines_of(text))
        if (line.starts_with("| `currency` |")) row = line;
    int currencies = 0;
    for (char a = 'A'; a <= 'Z'; ++a)
        for (char b = 'A'; b <= 'Z'; ++b)
            for (char c = 'A'; c <= 'Z'; ++c) {
                const std::string name{a, b, c};
                command into;
                if (!take(key::currency, name, into)) continue;
                ++currencies;
                EXPECT_THAT(row, HasSubstr("`" + name + "`"));
            }
    EXPECT_EQ(currencies, std::ranges::count(row, '`') / 2 - 1);
}

/// The keys of a reply's row in the table, in their order.
std::vector<std::string> documented_keys(std::string_view word)
{
    std::string row;
    for (const auto& line : lines_of(readme()))
        if (line.starts_with("| `" + std::string{word} + "` | ")) row = line;
    std::vector<std::string> keys;
    for (std::size_t at = row.find('`', word.size() + 4); at != row.npos; at = row.find('`', at)) {
        const auto end = row.find('`', at + 1);
        auto name = row.substr(at + 1, end - at - 1);
        name.erase(std::min(name.find('='), name.size()));
        std::erase_if(name, [](char c) { return c == '[' || c == ']'; });
        keys.push_back(name);
        at = end + 1;
    }
    return keys;
}

TEST(ReadmeTest, NamesTheKeysOfAResultInTheirOrder)
{
    outcome full;
    full.tag = "T";
    full.text = "Paid";
    full.earlier = full.late = true;
    auto& o = full.order;
    o.out_trade_no = "E-1";
    o.till_order = "A1";
    o.state = ecr::protocol::order_state::paid;
    o.pay_type = "800208";
    o.merchant = "shop";
    o.terminal = "235C";
    o.refundable_now = 1;
    o.needs = ecr::protocol::attention::paid_twice | ecr::protocol::attention::returned;
    o.facts = {.syssn = "S", .respcd = "0000", .card = "4111"};
    std::vector<std::string> written_keys;
    const auto add = [&](const outcome& what) {
        for (const auto& [name, value] : written(what, what.tag).fields)
            if (std::ranges::count(written_keys, name) == 0) written_keys.push_back(name);
    };
    const auto documented = documented_keys("result");
    ASSERT_FALSE(documented.empty());
    for (const auto route :
         {ecr::protocol::order_route::direct, ecr::protocol::order_route::terminal})
        for (const auto kind :
             {ecr::protocol::order_kind::payment, ecr::protocol::order_kind::refund}) {
            o.route = route;
            o.kind = kind;
            o.of = kind == ecr::protocol::order_kind::refund ? "A0" : "";
            add(full);
            // Each one by itself keeps the order of the table.
            std::size_t last = 0;
            for (const auto& [name, value] : written(full, full.tag).fields) {
                const auto found = std::ranges::find(documented, name);
                ASSERT_NE(found, documented.end()) << name;
                const auto place = static_cast<std::size_t>(found - documented.begin());
                EXPECT_GE(place, last) << name;
                last = place;
            }
        }
    EXPECT_THAT(written_keys, testing::UnorderedElementsAreArray(documented));
}

TEST(ReadmeTest, ListsEveryChannelName)
{
    const auto text = readme();
    for (const auto name : values_of(key::channel))
        EXPECT_THAT(text, HasSubstr("`" + std::string{name} + "`"));
}

std::string_view name_of_code(result_code code)
{
    switch (code) {  // no default: -Wswitch names the code we forget
        case result_code::done: return "done";
        case result_code::pending: return "pending";
        case result_code::declined: return "declined";
        case result_code::cancelled: return "cancelled";
        case result_code::expired: return "expired";
        case result_code::rejected: return "rejected";
        case result_code::not_sent: return "not_sent";
        case result_code::in_doubt: return "in_doubt";
        case result_code::unresolved: return "unresolved";
        case result_code::mismatch: return "mismatch";
        case result_code::resolved: return "resolved";
        case result_code::returned: return "returned";
        case result_code::bad_command: return "bad_command";
        case result_code::unknown_order: return "unknown_order";
        case result_code::number_in_use: return "number_in_use";
        case result_code::busy: return "busy";
        case result_code::not_allowed: return "not_allowed";
        case result_code::refused: return "refused";
        case result_code::unknown_terminal: return "unknown_terminal";
        case result_code::too_long: return "too_long";
        case result_code::journal_failed: return "journal_failed";
        case result_code::stopping: return "stopping";
        case result_code::internal: return "internal";
    }
    return {};
}

TEST(ReadmeTest, ListsEveryCode)
{
    const auto text = readme();
    int codes = 0;
    for (int number = 0; number < 100; ++number) {
        const auto name = name_of_code(static_cast<result_code>(number));
        if (name.empty()) continue;
        ++codes;
        const auto digits = (number < 10 ? "0" : "") + std::to_string(number);
        EXPECT_THAT(text, HasSubstr("\n| `" + digits + "` | " + std::string{name} + " | "));
    }
    EXPECT_EQ(codes, 23);
}

TEST(ReadmeTest, TranscriptsAreWhatTheDialectDoes)
{
    till_end till;
    int commands = 0;
    int errors = 0;
    const auto lines = block_lines("text");
    for (std::size_t i = 0; i < lines.size(); ++i) {
        if (!lines[i].starts_with("> ")) continue;
        SCOPED_TRACE(lines[i]);
        till.out = {};
        till.says(lines[i].substr(2) + "\n");
        const auto bytes = till.hears();
        if (bytes.empty()) {
            EXPECT_EQ(till.out.commands.size(), 1U);
            ++commands;
            continue;
        }
        ASSERT_LT(i + 1, lines.size());
        EXPECT_EQ("< " + bytes, lines[i + 1] + "\n");
        ++errors;
    }
    EXPECT_GE(commands, 6);
    EXPECT_GE(errors, 3);
}

TEST(ReadmeTest, TheDrawnCodeIsWhatTheDialectSends)
{
    till_end till;
    std::string expected;
    std::string shown;
    int rows = 0;
    for (const auto& line : block_lines("qr")) {
        if (line.starts_with("> ")) {
            till.says(line.substr(2) + "\n");
            ASSERT_EQ(till.out.commands.size(), 1U);
            EXPECT_EQ(till.out.commands[0].draw, drawing::blocks);
        }
        if (line.starts_with("< code ")) {
            const auto at = line.find("text=\"") + 6;
            shown = line.substr(at, line.find('"', at) - at);
        }
        if (line.starts_with("< code ") || line.starts_with("< row ")) {
            expected += line.substr(2) + "\n";
            ++rows;
        }
    }
    EXPECT_GT(rows, 10);
    till.is_told(1, code_to_show{.tag = {},
                                 .order = "A1012",
                                 .text = shown,
                                 .until = ecr::parse_cloud_time("2026-11-21 17:30:00").value(),
                                 .draw = drawing::blocks});
    EXPECT_EQ(till.hears(), expected);
}

std::string bytes_of(const std::string& line)
{
    std::string bytes;
    std::istringstream words{line.substr(2)};
    for (std::string word; words >> word && word.size() == 2;)
        bytes += static_cast<char>(std::stoi(word, nullptr, 16));
    return bytes;
}

TEST(ReadmeTest, TheFramesAreWhatTheDialectSends)
{
    till_end till{{.frames = framing::stx}};
    std::string expected;
    int rows = 0;
    for (const auto& line : block_lines("hex")) {
        ++rows;
        if (line.starts_with("< ")) {
            expected += bytes_of(line);
            continue;
        }
        EXPECT_EQ(testing::PrintToString(till.hears()),
                  testing::PrintToString(std::exchange(expected, {})));
        till.says(bytes_of(line));
        for (const auto& asked : std::exchange(till.out.commands, {})) {
            if (asked.what == verb::pay)
                till.is_told(
                    1, accepted{.tag = {}, .order = asked.order, .out_trade_no = asked.order});
            else
                till.is_told(2, done{.tag = {}, .what = "ping", .text = "pong", .fields = {}});
        }
    }
    EXPECT_EQ(till.hears(), expected);
    EXPECT_GE(rows, 12);
}

}  // namespace
