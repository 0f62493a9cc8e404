#include "protocol/cloud/pay_type.hpp"

#include "tests/protocol/cloud/data_file.hpp"

#include <gtest/gtest.h>

#include <string>

namespace ecr::protocol::cloud {
namespace {

// Columns: code, name, brand, mode, status, ecr_channel, note.
class PayTypeTest : public testing::TestWithParam<data_row> {};

TEST_P(PayTypeTest, AgreesWithTheCsv)
{
    const auto& row = GetParam();
    ASSERT_EQ(row.fields.size(), 7U);
    const auto* entry = find_pay_type(row[0]);
    ASSERT_NE(entry, nullptr);
    EXPECT_EQ(entry->code, row[0]);
    EXPECT_TRUE(row[1].starts_with(entry->meaning)) << entry->meaning << " / " << row[1];
    EXPECT_GE(entry->meaning.size(), 4U);
    EXPECT_EQ(entry->brand, row[2]);
    EXPECT_EQ(entry->mode, row[3]);
    EXPECT_EQ(entry->status == pay_type_status::current, row[4] == "current") << row[4];
    EXPECT_EQ(entry->via ? name_of(*entry->via) : "", row[5]);
}

INSTANTIATE_TEST_SUITE_P(Csv, PayTypeTest, testing::ValuesIn(data_rows("pay_types.csv")),
                         [](const auto& instance) { return "C" + instance.param[0]; });

TEST(PayTypeTest, AllAreInTheCsv)
{
    const auto rows = data_rows("pay_types.csv");
    ASSERT_EQ(pay_types().size(), rows.size());
    EXPECT_EQ(rows.size(), 82U);
    for (std::size_t i = 0; i < rows.size(); ++i)
        EXPECT_EQ(pay_types()[i].code, rows[i][0]);
}

// What a terminal's channel is said to use must come back to it by prefix.
TEST(PayTypeTest, BelongsToTheChannelOfItsPrefix)
{
    for (const auto& entry : pay_types()) {
        if (!entry.via) continue;
        EXPECT_EQ(channel_of_busicd(entry.code), entry.via) << entry.code;
    }
}

TEST(PayTypeTest, OfAnyOtherCodeIsNone)
{
    for (const auto* code : {"", "8028", "802809", "8028080", "abcdef", "999999"})
        EXPECT_EQ(find_pay_type(code), nullptr) << code;
}

TEST(PayTypeTest, EveryTerminalChannelHasOne)
{
    for (int number = 1; number <= channel_count; ++number) {
        const auto via = static_cast<channel>(number);
        std::size_t found = 0;
        for (const auto& entry : pay_types())
            found += entry.via == via;
        EXPECT_GE(found, 1U) << name_of(via);
    }
}

}  // namespace
}  // namespace ecr::protocol::cloud
