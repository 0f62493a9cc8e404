// A receipt for the till's own printer, as the till hears it.
#include "protocol/till/text_encoding.hpp"
#include "tests/daemon/shop/shop.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace ecr::test {
namespace {

using protocol::till::text_encoding;
using testing::HasSubstr;
using testing::Not;

/// What stands between text=" and the last quote; or without quotes.
std::string text_in(const std::string& line)
{
    constexpr std::string_view mark = "text=";
    auto text = line.substr(line.find(mark) + mark.size());
    if (text.starts_with('"')) text = text.substr(1, text.size() - 2);
    return text;
}

std::vector<std::string> paper_of(const sample_till& till)
{
    std::vector<std::string> lines;
    for (const auto& line : till.heard())
        if (line.starts_with("row kind=receipt")) lines.push_back(text_in(line));
    return lines;
}

TEST(ReceiptTextTest, IsInTheTillsEncodingAndItsColumns)
{
    shop s{{.bridge = [](daemon::config& c) {
        for (auto& link : c.links)
            link.encoding = text_encoding::big5;
    }}};
    const auto till = s.tcp_till();
    ASSERT_EQ(value_of(s.ask(*till, "pay order=A1 amount=12345 terminal=T1"), "state"), "paid");
    EXPECT_THAT(s.ask(*till, "receipt of=A1 columns=32"),
                HasSubstr("ok what=receipt code=00 lines="));
    const auto paper = paper_of(*till);
    ASSERT_GT(paper.size(), 8U);
    const auto total = protocol::till::from_utf8("合計 TOTAL", text_encoding::big5);
    bool has_total = false;
    for (const auto& line : paper) {
        EXPECT_LE(line.size(), 32U) << "a byte of Big5 is a column";
        if (!line.starts_with(total)) continue;
        has_total = true;
        EXPECT_EQ(line.size(), 32U);
        EXPECT_TRUE(line.ends_with("HKD 123.45"));
    }
    EXPECT_TRUE(has_total);
    // The terminal has printed nothing.
    EXPECT_EQ(s.truth().pushes().size(), 1U);
}

TEST(ReceiptTextTest, MoneyThatWentBackIsSaidAlsoWhenItIsOffTheList)
{
    using namespace std::chrono_literals;
    using testing::Contains;
    shop s{{.cloud = [](auto& c) {
        c.reversal_on_paid = simulator::reversal_on_paid::returns_money;
    }}};
    s.cloud().plan(simulator::shopper{.does = simulator::act::walks_away});
    s.cloud().plan_undo(
        "A1", simulator::undo_plan{.respcd = "1145", .after = 20s, .payer_is_faster = true});
    const auto till = s.tcp_till();
    till->say("scan order=A1 amount=500 channel=wx auth_code=134857903088557555");
    ASSERT_EQ(value_of(s.result_of(*till, "A1"), "state"), "paid");
    (void)s.ask(*till, "receipt of=A1 columns=32");
    EXPECT_THAT(paper_of(*till), Not(Contains(HasSubstr("WENT BACK"))));
    s.pass(10min);
    (void)s.ask(*till, "receipt of=A1 columns=32");
    EXPECT_THAT(paper_of(*till), Contains(HasSubstr("NOT PAID - MONEY WENT BACK")));
    ASSERT_EQ(value_of(s.ask(*till, "resolve order=A1 text=seen"), "state"), "paid");
    till->forget();
    (void)s.ask(*till, "receipt of=A1 columns=32");
    EXPECT_THAT(paper_of(*till), Contains(HasSubstr("NOT PAID - MONEY WENT BACK")));
}

TEST(ReceiptTextTest, ARefundIsSaid)
{
    shop s;
    const auto till = s.tcp_till();
    ASSERT_EQ(value_of(s.ask(*till, "pay order=A1 amount=500 terminal=T1"), "state"), "paid");
    ASSERT_EQ(value_of(s.ask(*till, "refund order=R1 of=A1 amount=200"), "state"), "refunded");
    (void)s.ask(*till, "receipt of=A1 columns=32");
    EXPECT_THAT(paper_of(*till), testing::Contains(HasSubstr("PARTLY REFUNDED")));
    EXPECT_EQ(value_of(s.ask(*till, "receipt of=A1 terminal=T1"), "refunded"), "200");
}

TEST(ReceiptTextTest, AnUnpaidOrderHasNone)
{
    shop s;
    s.cloud().plan(simulator::shopper{.does = simulator::act::declines});
    const auto till = s.tcp_till();
    (void)s.ask(*till, "pay order=A1 amount=100 terminal=T1");
    EXPECT_THAT(s.ask(*till, "receipt of=A1 columns=48"), HasSubstr("Only a paid order"));
    EXPECT_THAT(s.ask(*till, "receipt of=A1 columns=33"), HasSubstr("it must be 32, 40 or 48"));
    EXPECT_TRUE(paper_of(*till).empty());
}

}  // namespace
}  // namespace ecr::test
