#include "protocol/cloud/response_code.hpp"

#include "tests/protocol/cloud/data_file.hpp"

#include <gtest/gtest.h>

#include <string>

namespace ecr::protocol::cloud {
namespace {

std::string text_of(response_class cls)
{
    switch (cls) {
        case response_class::final_success: return "final_success";
        case response_class::final_failure: return "final_failure";
        case response_class::pending_query: return "pending_query";
        case response_class::config_error: return "config_error";
        case response_class::transient: return "transient";
    }
    return "?";
}

bool asks_for_confirmation(const std::string& note)
{
    for (const auto* words : {"confirm by query", "confirm once by query",
                              "after one confirming query", "final only if no 0000 row exists"})
        if (note.find(words) != std::string::npos) return true;
    return false;
}

// Columns: code, meaning, class, table, note.
class ResponseCodeTest : public testing::TestWithParam<data_row> {};

TEST_P(ResponseCodeTest, AgreesWithTheCsv)
{
    const auto& row = GetParam();
    ASSERT_EQ(row.fields.size(), 5U);
    const auto& entry = response_code_of(row[0]);
    EXPECT_EQ(entry.code, row[0]);
    EXPECT_EQ(text_of(entry.cls), row[2]);
    EXPECT_EQ(class_of(row[0]), entry.cls);
    EXPECT_EQ(entry.confirm, asks_for_confirmation(row[4])) << row[4];
    EXPECT_GE(entry.meaning.size(), 5U);
    if (row[0] == "9999") return;  // the CSV tells its story instead of a meaning
    EXPECT_TRUE(row[1].starts_with(entry.meaning)) << entry.meaning << " / " << row[1];
}

INSTANTIATE_TEST_SUITE_P(Csv, ResponseCodeTest, testing::ValuesIn(data_rows("status_codes.csv")),
                         [](const auto& instance) { return "C" + instance.param[0]; });

TEST(ResponseCodeTest, TheCsvHasAllHundredAndFourCodes)
{
    EXPECT_EQ(data_rows("status_codes.csv").size(), 104U);
}

// Every text of four digits or fewer, so that no code can be in the table and not in the CSV.
TEST(ResponseCodeTest, AnUnlistedCodeProvesNothing)
{
    std::size_t listed = 0;
    for (int number = 0; number < 10000; ++number) {
        auto code = std::to_string(number);
        code.insert(0, 4 - code.size(), '0');
        const auto& entry = response_code_of(code);
        if (!entry.code.empty()) {
            ++listed;
            continue;
        }
        EXPECT_EQ(entry.cls, response_class::pending_query) << code;
        EXPECT_FALSE(entry.confirm) << code;
        EXPECT_EQ(entry.meaning, "unknown") << code;
    }
    EXPECT_EQ(listed, 104U);
}

TEST(ResponseCodeTest, AnythingThatIsNoCodeProvesNothing)
{
    for (const auto* code :
         {"", "0", "000", "00000", "0000 ", " 0000", "OOOO", "ok", "114", "11436"})
        EXPECT_EQ(class_of(code), response_class::pending_query) << code;
}

TEST(ResponseCodeTest, OnlyFailuresAskForConfirmation)
{
    for (const auto& row : data_rows("status_codes.csv")) {
        const auto& entry = response_code_of(row[0]);
        EXPECT_TRUE(!entry.confirm || entry.cls == response_class::final_failure) << row[0];
    }
}

TEST(ResponseCodeTest, OnlyOneCodeIsSuccess)
{
    for (const auto& row : data_rows("status_codes.csv"))
        EXPECT_EQ(class_of(row[0]) == response_class::final_success, row[0] == "0000");
}

}  // namespace
}  // namespace ecr::protocol::cloud
