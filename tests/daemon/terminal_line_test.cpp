// Who has a terminal, who waits for it, and whose push may still be there.
#include "daemon/order/terminal_line.hpp"

#include <boost/asio/io_context.hpp>
#include <gtest/gtest.h>

namespace ecr::daemon {
namespace {

class TerminalLineTest : public testing::Test {
protected:
    running_ptr order()
    {
        return std::make_shared<running_order>(io_.get_executor(), time_, protocol::order{});
    }
    /// One that has the terminal at once.
    running_ptr holder()
    {
        auto r = order();
        line_.enter(r);
        EXPECT_TRUE(line_.is_held_by(r));
        return r;
    }
    void leave_unanswered(const running_ptr& r)
    {
        r->push_unanswered = true;
        line_.leave(r);
    }
    /// A payment that the cloud has seen through: whatever was before it is over.
    void forget_the_past() { line_.leave(holder(), true); }

    boost::asio::io_context io_;
    virtual_clock time_{timestamp{}};
    terminal_line line_;
};

TEST_F(TerminalLineTest, OneHoldsItAndTheOthersWaitInOrder)
{
    const auto first = holder();
    const auto second = order();
    const auto third = order();
    line_.enter(second);
    line_.enter(third);
    EXPECT_EQ(line_.length(), 2U);
    EXPECT_EQ(second->ahead, 1);
    EXPECT_EQ(third->ahead, 2);
    line_.leave(second);
    EXPECT_EQ(third->ahead, 1);
    line_.leave(first);
    EXPECT_TRUE(line_.is_held_by(third));
    EXPECT_FALSE(third->ahead.has_value());
}

TEST_F(TerminalLineTest, WhatWasThereBeforeTheStartNobodyKnows)
{
    EXPECT_EQ(holder()->perhaps_ahead, perhaps_ahead_max);
}

TEST_F(TerminalLineTest, NothingIsAheadOfOneThatFollowsAnEndTheCloudHasTold)
{
    forget_the_past();
    EXPECT_EQ(holder()->perhaps_ahead, 0);
}

TEST_F(TerminalLineTest, EveryUnansweredPushMayBeAhead)
{
    forget_the_past();
    leave_unanswered(holder());
    const auto second = holder();
    EXPECT_EQ(second->perhaps_ahead, 1);
    leave_unanswered(second);
    EXPECT_EQ(holder()->perhaps_ahead, 2);
}

TEST_F(TerminalLineTest, NoMoreThanTheMostAreThoughtToWait)
{
    forget_the_past();
    for (int i = 0; i < 2 * perhaps_ahead_max; ++i)
        leave_unanswered(holder());
    EXPECT_EQ(holder()->perhaps_ahead, perhaps_ahead_max);
}

TEST_F(TerminalLineTest, AnAnsweredPushThatEndsUnseenLeavesNobodyBehind)
{
    forget_the_past();
    line_.leave(holder());
    EXPECT_EQ(holder()->perhaps_ahead, 0);
}

// It stood in line only: its push has not been sent.
TEST_F(TerminalLineTest, OneThatLeavesTheLineUnansweredWasNeverThere)
{
    forget_the_past();
    const auto first = holder();
    const auto waiting = order();
    line_.enter(waiting);
    leave_unanswered(waiting);
    line_.leave(first);
    EXPECT_EQ(holder()->perhaps_ahead, 0);
}

TEST_F(TerminalLineTest, OfThoseHeldAfterARestartTheLastOneSeenToItsEndClearsTheTerminal)
{
    const auto older = order();
    const auto newer = order();
    line_.hold(older);
    line_.hold(newer);
    EXPECT_EQ(older->perhaps_ahead, perhaps_ahead_max);
    EXPECT_EQ(newer->perhaps_ahead, perhaps_ahead_max);
    line_.leave(older, true);
    const auto waiting = order();
    line_.enter(waiting);
    EXPECT_FALSE(waiting->has_terminal);
    line_.leave(newer, true);
    ASSERT_TRUE(line_.is_held_by(waiting));
    EXPECT_EQ(waiting->perhaps_ahead, 0);
}

TEST_F(TerminalLineTest, AnEarlierTurnThatEndsSaysNothingOfALaterPush)
{
    const auto older = order();
    const auto newer = order();
    line_.hold(older);
    line_.hold(newer);
    leave_unanswered(newer);
    line_.leave(older, true);
    EXPECT_EQ(holder()->perhaps_ahead, perhaps_ahead_max);
}

}  // namespace
}  // namespace ecr::daemon
