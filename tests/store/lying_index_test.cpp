// A disk that has changed a row and not its indexes: whoever is asked for by an index is another.
#include "store/journal.hpp"
#include "store/sqlite.hpp"
#include "tests/store/sample_order.hpp"
#include "tests/store/temporary_directory.hpp"

#include <gtest/gtest.h>
#include <sqlite3.h>

#include <fstream>
#include <functional>
#include <iterator>

namespace ecr::store {
namespace {

using namespace protocol;

constexpr std::size_t page_size = 4096;
constexpr char table_leaf = 0x0d;

/// Replaces a text of equal length in the rows of a database, and in no index.
int change_rows(const std::filesystem::path& path, const std::string& from, const std::string& to)
{
    std::ifstream in{path, std::ios::binary};
    std::string bytes{std::istreambuf_iterator<char>{in}, std::istreambuf_iterator<char>{}};
    int changed = 0;
    for (auto place = bytes.find(from); place != std::string::npos;
         place = bytes.find(from, place + 1)) {
        const auto page = place / page_size * page_size;
        if (bytes.at(page == 0 ? 100 : page) != table_leaf) continue;
        bytes.replace(place, to.size(), to);
        ++changed;
    }
    std::ofstream{path, std::ios::binary} << bytes;
    return changed;
}

struct question {
    const char* name;
    const char *from, *to;  // in the row
    std::function<error_code(journal&)> ask;

    friend void PrintTo(const question& q, std::ostream* out) { *out << q.name; }
};

template <class Found>
error_code error_of(const Found& found)
{
    return found ? error_code{} : found.error();
}

error_code moves(journal& j)
{
    const auto step = *decide(order_state::accepted, order_event::send);
    return j.advance("NUMBER-1", step, "", at(5), {});
}

// clang-format off
const std::vector<question> questions{
    {"Find",          "NUMBER-1", "NUMBER-7", [](journal& j) { return error_of(j.find("NUMBER-1")); }},
    {"FindTillOrder", "TILL-ORDER-1", "TILL-ORDER-7", [](journal& j) { return error_of(j.find_till_order("TILL-1", "TILL-ORDER-1")); }},
    {"LastOfTill",    "TILL-1", "TILL-7", [](journal& j) { return error_of(j.last_of_till("TILL-1")); }},
    {"FindSyssn",     "SYSSN-1", "SYSSN-7", [](journal& j) { return error_of(j.find_syssn("SYSSN-1")); }},
    {"RefundsOf",     "PAYMENT-1", "PAYMENT-7", [](journal& j) { return error_of(j.refunds_of("PAYMENT-1")); }},
    {"Advance",       "NUMBER-1", "NUMBER-7", moves},
    {"MarkDelivered", "NUMBER-1", "NUMBER-7", [](journal& j) { return j.mark_delivered("NUMBER-1"); }},
    {"Steps",         "NUMBER-1", "NUMBER-7", [](journal& j) { return error_of(j.steps_of("NUMBER-1")); }},
    {"Invoice",       "NUMBER-1", "NUMBER-7", [](journal& j) { return error_of(j.invoice_of("NUMBER-1")); }},
};
// clang-format on

class LyingIndexTest : public testing::TestWithParam<question> {};

TEST_P(LyingIndexTest, IsAnErrorThatStopsTheBridge)
{
    const temporary_directory directory;
    const auto path = directory / "journal.db";
    auto order = new_order("NUMBER-1");
    order.kind = order_kind::refund;
    order.till = "TILL-1";
    order.till_order = "TILL-ORDER-1";
    order.of = "PAYMENT-1";
    order.facts.syssn = "SYSSN-1";
    ASSERT_EQ(journal{path}.add(order, ""), error_code{});
    journal sound{directory / "sound.db"};
    ASSERT_EQ(sound.add(order, ""), error_code{});
    EXPECT_EQ(GetParam().ask(sound), error_code{});

    ASSERT_EQ(change_rows(path, GetParam().from, GetParam().to), 1);
    {
        journal damaged{path};
        EXPECT_EQ(GetParam().ask(damaged), make_sqlite_error(SQLITE_CORRUPT));
        EXPECT_TRUE(damaged.broken());
    }
    const auto stranger = journal{path}.list({}).value().at(0);
    EXPECT_EQ(stranger.state, order_state::accepted);
    EXPECT_FALSE(stranger.delivered);
}

INSTANTIATE_TEST_SUITE_P(Verbs, LyingIndexTest, testing::ValuesIn(questions),
                         [](const auto& i) { return std::string{i.param.name}; });

}  // namespace
}  // namespace ecr::store
