#include "store/journal_extract.hpp"

#include "sample_order.hpp"
#include "store/journal_copy.hpp"
#include "store/sqlite.hpp"
#include "tests/support/temporary_folder.hpp"

#include <boost/system/system_error.hpp>
#include <gmock/gmock.h>

namespace ecr::store {
namespace {

using protocol::order_event;
using testing::ElementsAre;
using testing::IsEmpty;

class JournalExtractTest : public testing::Test {
protected:
    std::vector<std::string> numbers(const extract_range& range = {})
    {
        std::vector<std::string> all;
        extract_orders(file_, range, [&](const extracted_order& each) {
            all.push_back(each.order.out_trade_no);
            return true;
        });
        return all;
    }
    /// An order of that moment, taken to its end one second a step.
    void add(const std::string& number, std::int64_t moment, std::string of = {})
    {
        auto order = new_order(number, at(moment));
        if (!of.empty()) {
            order.kind = protocol::order_kind::refund;
            order.of = std::move(of);
        }
        ASSERT_FALSE(journal_.add(order, ""));
    }
    void pay(const std::string& number, std::int64_t moment)
    {
        ASSERT_FALSE(walk(journal_, number,
                          {order_event::send, order_event::push, order_event::pay}, at(moment)));
    }

    test::temporary_folder place_;
    std::filesystem::path file_ = place_ / "journal.db";
    journal journal_{file_};
};

TEST_F(JournalExtractTest, OrdersComeOldestFirst)
{
    add("B", 20);
    add("A", 10);
    add("C", 20);
    EXPECT_THAT(numbers(), ElementsAre("A", "B", "C"));
    EXPECT_THAT(numbers({.since = at(20)}), ElementsAre("B", "C"));
    EXPECT_THAT(numbers({.before = at(20)}), ElementsAre("A"));
    EXPECT_THAT(numbers({.since = at(30)}), IsEmpty());
}

TEST_F(JournalExtractTest, EachComesOnceWhateverTheirNumber)
{
    for (int i = 0; i < 450; ++i)
        add("N" + std::to_string(1000 + i), i / 150);  // many of one moment
    const auto all = numbers();
    EXPECT_EQ(all.size(), 450U);
    EXPECT_TRUE(std::ranges::is_sorted(all));
}

TEST_F(JournalExtractTest, AnOrderComesWithItsHistory)
{
    add("A", 10);
    pay("A", 11);
    extract_orders(file_, {}, [&](const extracted_order& each) {
        EXPECT_EQ(each.order, journal_.find("A")->value());
        EXPECT_EQ(each.steps, *journal_.steps_of("A"));
        EXPECT_EQ(each.steps.size(), 4U);
        return true;
    });
}

TEST_F(JournalExtractTest, WhoHasEnoughIsLeftAlone)
{
    add("A", 10);
    add("B", 11);
    int seen = 0;
    extract_orders(file_, {}, [&](const extracted_order&) { return ++seen < 1; });
    EXPECT_EQ(seen, 1);
}

TEST_F(JournalExtractTest, TheNewestChangeIsThatOfAnyOrder)
{
    EXPECT_EQ(newest_change(file_), std::nullopt);
    add("A", 10);
    add("B", 11);
    EXPECT_EQ(newest_change(file_), at(11));
    pay("A", 20);
    EXPECT_EQ(newest_change(file_), at(22));  // its third step
}

// --- Forgetting ---------------------------------------------------------------------------------

class JournalForgetTest : public JournalExtractTest {
protected:
    forgotten forget_all(
        std::int64_t before = 500'000, std::function<void()> breathe = [] {})
    {
        if (!journal_.find("newest")->has_value()) add("newest", 1'000'000);
        const auto now = [this] { return now_ += slowness_; };
        return forget_orders(file_, at(before), {.now = now, .breathe = std::move(breathe)});
    }
    std::int64_t forget(std::int64_t before = 500'000) { return forget_all(before).orders; }
    /// Old orders that are over.
    void add_many(int count)
    {
        ASSERT_FALSE(journal_.begin_group());
        for (int i = 0; i < count; ++i) {
            const auto number = "A" + std::to_string(i);
            add(number, i);
            pay(number, i + 1);
        }
        ASSERT_FALSE(journal_.commit_group());
    }
    void expect_whole()
    {
        const auto found = examine_journal(file_);
        EXPECT_THAT(found.problems, IsEmpty());
    }

    std::chrono::milliseconds now_{};
    std::chrono::milliseconds slowness_{};  // of an order
};

TEST_F(JournalForgetTest, WhatIsOverAndOldGoes)
{
    add("A", 10);
    pay("A", 11);
    add("B", 600'000);
    pay("B", 600'001);
    EXPECT_EQ(forget(), 1);
    EXPECT_THAT(numbers(), ElementsAre("B", "newest"));
    EXPECT_THAT(*journal_.steps_of("A"), IsEmpty());
    expect_whole();
    pay("newest", 1'000'001);  // the journal that was open goes on
}

TEST_F(JournalForgetTest, WhatIsNotFinalStays)
{
    add("A", 10);
    add("D", 10);
    ASSERT_FALSE(walk(journal_, "D", {order_event::send, order_event::doubt}, at(11)));
    EXPECT_EQ(forget(), 0);
    expect_whole();
}

TEST_F(JournalForgetTest, WhatWaitsForSomebodyStays)
{
    auto order = new_order("A", at(10));
    order.needs = protocol::attention::paid_twice;
    ASSERT_FALSE(journal_.add(order, ""));
    pay("A", 11);
    EXPECT_EQ(forget(), 0);
}

TEST_F(JournalForgetTest, WhatWasTouchedLatelyStays)
{
    add("A", 10);
    pay("A", 600'000);
    EXPECT_EQ(forget(), 0);
}

TEST_F(JournalForgetTest, APaymentStaysWithItsRefunds)
{
    add("P", 10);
    pay("P", 11);
    add("R1", 20, "P");
    pay("R1", 21);
    add("R2", 600'000, "P");
    pay("R2", 600'001);
    EXPECT_EQ(forget(), 0);
    EXPECT_EQ(forget(900'000), 3);
    EXPECT_THAT(numbers(), ElementsAre("newest"));
    expect_whole();
}

TEST_F(JournalForgetTest, TheNewestOrderStays)
{
    add("newest", 1'000'000);
    pay("newest", 1'000'001);
    EXPECT_EQ(forget(2'000'000), 0);
}

TEST_F(JournalForgetTest, NotificationsGoWithTheirOrder)
{
    add("A", 10);
    pay("A", 11);
    const auto tell = [&](const std::string& order, std::int64_t moment) {
        notification_record told;
        told.kind = "payment";
        told.syssn = order + std::to_string(moment);
        told.order = order;
        told.digest = "x";
        told.received_at = at(moment);
        ASSERT_TRUE(journal_.note_notification(told));
    };
    tell("A", 12);
    tell("", 13);
    tell("newest", 14);
    tell("", 600'000);
    const auto made = forget_all();
    EXPECT_EQ(made.notifications, 2);
    EXPECT_EQ(journal_.notifications_of("newest")->size(), 1U);
    EXPECT_EQ(journal_.unmatched_notifications(at(0))->size(), 1U);
}

TEST_F(JournalForgetTest, TheBridgeWritesBetweenAFew)
{
    add_many(450);
    std::int64_t moment = 600'000;
    const auto made = forget_all(500'000, [&] {
        // With the lock held it would wait for half a second, and fail.
        const auto number = "N" + std::to_string(moment);
        add(number, ++moment);
        pay(number, moment);
    });
    EXPECT_EQ(made.orders, 450);
    EXPECT_GE(moment, 600'003);
    expect_whole();
}

TEST_F(JournalForgetTest, OnASlowDiskTheBridgeGetsItsTurnAfterEachOrder)
{
    add_many(5);
    slowness_ = std::chrono::milliseconds{60};
    int turns = 0;
    EXPECT_EQ(forget_all(500'000, [&] { ++turns; }).orders, 5);
    EXPECT_EQ(turns, 5);
}

TEST_F(JournalForgetTest, WhatIsTouchedMeanwhileStays)
{
    add_many(300);
    slowness_ = std::chrono::milliseconds{20};  // it has been looked at, and is not deleted yet
    bool first = true;
    const auto made = forget_all(500'000, [&] {
        if (std::exchange(first, false)) add("R", 600'000, "A150");
    });
    EXPECT_EQ(made.orders, 299);
    EXPECT_THAT(numbers(), ElementsAre("A150", "R", "newest"));
    expect_whole();
}

TEST_F(JournalForgetTest, AJournalOfAnotherVersionIsLeftAlone)
{
    add_many(1);
    for (const int version : {2, 99}) {
        database db{file_};
        ASSERT_FALSE(db.exec(("PRAGMA user_version = " + std::to_string(version)).c_str()));
        EXPECT_THROW((void)forget(), boost::system::system_error) << version;
    }
    EXPECT_EQ(numbers().size(), 2U);
}

}  // namespace
}  // namespace ecr::store
