#include "store/journal.hpp"
#include "tests/store/other_program.hpp"
#include "tests/store/sample_order.hpp"
#include "tests/store/temporary_directory.hpp"

#include <gtest/gtest.h>

namespace ecr::store {
namespace {

class JournalNotificationTest : public testing::Test {
protected:
    temporary_directory directory_;
    journal journal_{directory_ / "journal.db"};
};

[[nodiscard]] notification_record told(std::string order)
{
    return {.merchant = "shop-2",
            .kind = "payment",
            .syssn = "20240704000200020081082000",
            .out_trade_no = "A-1",
            .order = std::move(order),
            .body = R"({"status": "1"})",
            .digest = "ab12",
            .received_at = at(7)};
}

TEST_F(JournalNotificationTest, IsKeptAsItWasGiven)
{
    const auto record = told("A-1");
    ASSERT_EQ(journal_.note_notification(record).value(), 1);
    const std::vector<notification_record> expected{record};
    EXPECT_EQ(journal_.notifications_of("A-1").value(), expected);
    EXPECT_TRUE(journal_.unmatched_notifications(at(0)).value().empty());
}

TEST_F(JournalNotificationTest, ThatComesAgainIsCountedAndNotKeptTwice)
{
    auto record = told("A-1");
    ASSERT_EQ(journal_.note_notification(record).value(), 1);
    record.received_at = at(200);
    EXPECT_EQ(journal_.note_notification(record).value(), 2);
    const auto kept = journal_.notifications_of("A-1").value();
    ASSERT_EQ(kept.size(), 1U);
    EXPECT_EQ(kept.front().times, 2);
    EXPECT_EQ(kept.front().received_at, at(7));
}

TEST_F(JournalNotificationTest, OfAnotherKindNumberBodyOrMerchantIsAnother)
{
    std::vector<notification_record> records(5, told("A-1"));
    records[1].kind = "refund";
    records[2].syssn += "1";
    records[3].digest = "cd34";
    records[4].merchant = "";
    for (const auto& record : records)
        EXPECT_EQ(journal_.note_notification(record).value(), 1);
    EXPECT_EQ(journal_.notifications_of("A-1").value().size(), records.size());
}

TEST_F(JournalNotificationTest, AboutNoneOfOursIsFoundByItsTime)
{
    ASSERT_EQ(journal_.note_notification(told("")).value(), 1);
    EXPECT_EQ(journal_.unmatched_notifications(at(7)).value().size(), 1U);
    EXPECT_TRUE(journal_.unmatched_notifications(at(8)).value().empty());
    EXPECT_TRUE(journal_.notifications_of("").value().empty());
}

TEST_F(JournalNotificationTest, SixDigitNumbersFindTheirOrder)
{
    ASSERT_EQ(journal_.add(new_order("A-1"), ""), error_code{});
    ASSERT_EQ(journal_.add(new_order("A-2"), ""), error_code{});
    EXPECT_EQ(journal_.invoice_of("A-1").value(), 1U);
    EXPECT_EQ(journal_.invoice_of("A-2").value(), 2U);
    EXPECT_EQ(journal_.invoice_of("A-3").error(), errc::unknown_order);
    EXPECT_EQ(journal_.find_invoice(1).value().value().out_trade_no, "A-1");
    EXPECT_EQ(journal_.find_invoice(2).value().value().out_trade_no, "A-2");
    for (const std::uint32_t unknown : {0U, 3U, invoice_max, invoice_max + 1})
        EXPECT_FALSE(journal_.find_invoice(unknown).value()) << unknown;
}

TEST_F(JournalNotificationTest, SixDigitNumbersGoRoundAndTheNewestOrderWins)
{
    for (const auto* number : {"A-1", "A-2", "A-3"})
        ASSERT_EQ(journal_.add(new_order(number), ""), error_code{});
    // As if a million orders had come between.
    ASSERT_EQ(tamper(directory_ / "journal.db",
                     "DROP TRIGGER orders_questions_stay; PRAGMA foreign_keys = OFF; "
                     "UPDATE orders SET id = 999999 WHERE out_trade_no = 'A-2'; "
                     "UPDATE orders SET id = 1000000 WHERE out_trade_no = 'A-3'"),
              error_code{});
    EXPECT_EQ(journal_.invoice_of("A-2").value(), invoice_max);
    EXPECT_EQ(journal_.invoice_of("A-3").value(), 1U);
    EXPECT_EQ(journal_.find_invoice(invoice_max).value().value().out_trade_no, "A-2");
    EXPECT_EQ(journal_.find_invoice(1).value().value().out_trade_no, "A-3");
}

TEST_F(JournalNotificationTest, TheOperatorEndsAnOrderAndTakesItOffTheList)
{
    ASSERT_EQ(put(journal_, new_order("A-1"), protocol::order_state::unresolved), error_code{});
    const auto learn =
        *protocol::decide(protocol::order_state::unresolved, protocol::order_event::learn);
    ASSERT_EQ(journal_.advance("A-1", learn, "", at(9), {.needs = protocol::attention::unresolved}),
              error_code{});
    const auto resolve =
        *protocol::decide(protocol::order_state::unresolved, protocol::order_event::resolve);
    ASSERT_EQ(journal_.advance("A-1", resolve, "seen in the portal", at(10),
                               {.settled = protocol::attention::unresolved, .resolved_paid = true}),
              error_code{});
    const auto order = journal_.find("A-1").value().value();
    EXPECT_EQ(order.state, protocol::order_state::resolved);
    EXPECT_EQ(order.needs, protocol::attention::none);
    EXPECT_EQ(order.resolved_paid, true);
    EXPECT_EQ(order.final_at, at(10));
    EXPECT_EQ(numbers_of(journal_.list({.needs_attention = true})), "");
}

}  // namespace
}  // namespace ecr::store
