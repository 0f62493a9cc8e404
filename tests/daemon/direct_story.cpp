#include "tests/daemon/direct_story.hpp"

#include <gtest/gtest.h>

namespace ecr::test {

bool says_not_paid(const std::string& state)
{
    return state == "declined" || state == "cancelled" || state == "expired" || state == "rejected";
}

std::int64_t kept_minor_units(shop& s, const std::string& order)
{
    return s.truth().charged(order).sum_minor_units - s.truth().refunded(order).sum_minor_units;
}

void expect_told_truth_now(shop& s, const std::string& order, const std::string& result)
{
    const auto told = value_of(result, "state");
    const auto kept = kept_minor_units(s, order);
    EXPECT_FALSE(told == "paid" && kept == 0) << result;
    EXPECT_FALSE(says_not_paid(told) && kept != 0) << result;
    EXPECT_EQ(value_of(result, "safe_to_retry"), says_not_paid(told) ? "yes" : "no") << result;
}

void expect_kept_truth(shop& s, const std::string& order, const std::string& result)
{
    const auto told = value_of(result, "state");
    const bool has_money = kept_minor_units(s, order) != 0;
    const auto row = s.journal(order);
    ASSERT_TRUE(row) << order;
    const bool listed = row->needs != 0;
    if (has_money)
        EXPECT_EQ(row->state, "paid") << result;
    else
        EXPECT_TRUE(row->state != "paid" || listed) << row->state << ' ' << result;
    EXPECT_TRUE(listed || !(told == "paid") || has_money) << result;
    EXPECT_TRUE(listed || !says_not_paid(told) || !has_money) << result;
    const bool open = row->state == "in_doubt" || row->state == "on_terminal";
    EXPECT_TRUE(!open || listed) << "neither ended nor on the operator's list";
    EXPECT_LE(s.truth().charged(order).count, 1);
}

void expect_truth(shop& s, const std::string& order, const std::string& state)
{
    const auto row = s.journal(order);
    ASSERT_TRUE(row) << order;
    EXPECT_EQ(row->state, state);
    EXPECT_EQ(row->needs, 0);
    EXPECT_EQ(kept_minor_units(s, order) != 0, state == "paid");
    EXPECT_EQ(s.truth().times_pushed(order), 1);
}

}  // namespace ecr::test
