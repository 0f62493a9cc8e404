#include "tests/protocol/cloud/data_file.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <set>
#include <sstream>
#include <string>
#include <vector>

/// The table of protocol/cloud/README.md: what QFPay's two pages hold, and the test of each. A
/// name without a test, or a test that is gone, fails here.
namespace ecr::protocol::cloud {
namespace {

namespace fs = std::filesystem;
using texts = std::vector<std::string>;

const fs::path top = ECR_SOURCE_DIR;

std::string text_of(const fs::path& path)
{
    std::ifstream file{path, std::ios::binary};
    return {std::istreambuf_iterator<char>{file}, {}};
}

// --- The table --------------------------------------------------------------------------------

struct table_row {
    std::string page;  // "ecr", "trade"
    std::string part;  // "payment", "sample", …
    texts names;
    std::string test;  // "Suite.Name"
};

std::string trimmed(std::string text)
{
    text.erase(0, std::min(text.find_first_not_of(' '), text.size()));
    return text.erase(text.find_last_not_of(' ') + 1);
}

texts cells_of(const std::string& line)
{
    std::istringstream in{line.substr(1)};
    texts cells;
    for (std::string cell; std::getline(in, cell, '|');)
        cells.push_back(trimmed(cell));
    return cells;
}

// What stands in backticks.
texts quoted_in(const std::string& cell)
{
    texts names;
    for (std::size_t at = cell.find('`'); at != std::string::npos; at = cell.find('`', at)) {
        const auto end = cell.find('`', at + 1);
        if (end == std::string::npos) break;
        names.push_back(cell.substr(at + 1, end - at - 1));
        at = end + 1;
    }
    return names;
}

std::vector<table_row> rows_of(const std::string& readme)
{
    std::vector<table_row> rows;
    std::istringstream lines{readme};
    for (std::string line; std::getline(lines, line);) {
        if (!line.starts_with("| ecr |") && !line.starts_with("| trade |")) continue;
        const auto cells = cells_of(line);
        if (cells.size() != 4) continue;
        const auto test = quoted_in(cells[3]);
        rows.push_back({cells[0], cells[1], quoted_in(cells[2]), test.empty() ? "" : test[0]});
    }
    return rows;
}

// --- The tests --------------------------------------------------------------------------------

bool is_word(char c)
{
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

std::string lower(std::string text)
{
    for (char& c : text)
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c + 32);
    return text;
}

// Whole words only; Mchid is mchid.
bool mentions(const std::string& text, const std::string& name)
{
    const auto where = lower(text);
    const auto what = lower(name);
    for (auto at = where.find(what); at != std::string::npos; at = where.find(what, at + 1)) {
        const auto end = at + what.size();
        if ((at == 0 || !is_word(where[at - 1])) && (end == where.size() || !is_word(where[end])))
            return true;
    }
    return false;
}

/// A test's file, and what it reads of tests/data.
std::string with_its_data(const fs::path& source)
{
    auto text = text_of(source);
    texts data;
    for (const auto& entry : fs::directory_iterator{top / "tests/data"})
        if (entry.is_regular_file() && entry.path().extension() != ".db" &&
            text.find('"' + entry.path().filename().string() + '"') != std::string::npos)
            data.push_back(text_of(entry.path()));
    for (const auto& each : data)
        text += each;
    return text;
}

/// Every test of this folder, "Suite.Name", and the text that it is made of.
std::map<std::string, std::string> tests_of_this_folder()
{
    std::map<std::string, std::string> tests;
    for (const auto& entry : fs::directory_iterator{top / "tests/protocol/cloud"}) {
        if (entry.path().extension() != ".cpp") continue;
        const auto text = with_its_data(entry.path());
        std::istringstream lines{text};
        for (std::string line; std::getline(lines, line);) {
            if (!line.starts_with("TEST")) continue;
            const auto open = line.find('('), comma = line.find(", "), close = line.find(')');
            if (close == std::string::npos || comma > close) continue;
            tests[line.substr(open + 1, comma - open - 1) + '.' +
                  line.substr(comma + 2, close - comma - 2)] = text;
        }
    }
    return tests;
}

// --- What is wrong ----------------------------------------------------------------------------

texts wrong_tests(const std::vector<table_row>& rows,
                  const std::map<std::string, std::string>& tests)
{
    texts wrong;
    for (const auto& row : rows) {
        const auto test = tests.find(row.test);
        if (test == tests.end()) {
            wrong.push_back("no test " + row.test);
            continue;
        }
        for (const auto& name : row.names)
            if (!mentions(test->second, name)) wrong.push_back(row.test + " knows no " + name);
    }
    return wrong;
}

using listed_name = std::vector<std::string>;  // page, part, name

std::set<listed_name> names_in(const std::vector<table_row>& rows)
{
    std::set<listed_name> names;
    for (const auto& row : rows)
        for (const auto& name : row.names)
            names.insert({row.page, row.part, name});
    return names;
}

/// Everything the pages and our lists name: tables, values, samples, pay types.
std::set<listed_name> expected_names()
{
    std::set<listed_name> names;
    for (const auto& row : data_rows("seed_names.csv"))
        names.insert(row.fields);
    for (const std::string page : {"ecr", "trade"})
        for (const auto& file : samples_in("seed_" + page + "_samples"))
            names.insert({page, "sample", fs::path{file}.stem().string()});
    for (const auto& row : data_rows("pay_types.csv"))
        names.insert({"trade", "pay type", row[0]});
    return names;
}

std::string readme()
{
    return text_of(top / "protocol/cloud/README.md");
}

// --- The claims -------------------------------------------------------------------------------

TEST(CloudReadmeTest, NamesOnlyTestsThatKnowWhatTheyAreNamedFor)
{
    EXPECT_EQ(wrong_tests(rows_of(readme()), tests_of_this_folder()), texts{});
}

TEST(CloudReadmeTest, NamesATestForEverythingOnThePages)
{
    const auto named = names_in(rows_of(readme()));
    const auto expected = expected_names();
    EXPECT_GT(expected.size(), 280U);
    for (const auto& name : expected)
        EXPECT_TRUE(named.contains(name)) << name[0] << " | " << name[1] << " | " << name[2];
}

TEST(CloudReadmeTest, NamesNothingThatIsOnNoPage)
{
    const auto expected = expected_names();
    for (const auto& name : names_in(rows_of(readme())))
        EXPECT_TRUE(expected.contains(name)) << name[0] << " | " << name[1] << " | " << name[2];
}

TEST(CloudReadmeTest, ATestThatIsGoneIsFound)
{
    const std::map<std::string, std::string> tests{{"A.B", "txamt"}};
    const auto rows = rows_of(
        "| ecr | payment | `txamt` `txam` | `A.B` |\n"
        "| trade | payment | `txamt` | `A.C` |\n"
        "| other | payment | `txamt` | `A.D` |\n");
    ASSERT_EQ(rows.size(), 2U);
    EXPECT_EQ(wrong_tests(rows, tests), (texts{"A.B knows no txam", "no test A.C"}));
}

}  // namespace
}  // namespace ecr::protocol::cloud
