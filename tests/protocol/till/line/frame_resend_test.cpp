#include "tests/protocol/till/line/framed_till.hpp"

#include <gtest/gtest.h>

using namespace ecr::protocol;
using namespace ecr::protocol::till;
using namespace ecr::protocol::till::line;

namespace {

class FrameResendTest : public framed_test {};

// --- The till sends again because our ACK was lost. ------------------------------------------

TEST_F(FrameResendTest, AFrameSentAgainIsOneCommand)
{
    till.says(frame("pay amount=110 new=yes"));
    till.says(frame("pay amount=110 new=yes"));
    till.says(frame("pay amount=110 new=yes"));
    EXPECT_EQ(till.hears(), ack + ack + ack);
    EXPECT_EQ(commands(), 1U);
}

TEST_F(FrameResendTest, ABadFrameSentAgainIsOneError)
{
    till.says(frame("pya"));
    const auto first = till.hears();
    till.says(frame("pya"));
    EXPECT_EQ(till.hears(), ack);
    EXPECT_EQ(first.find(ack), 0U);
}

TEST_F(FrameResendTest, AFrameSentAgainWhileAReplyIsOnItsWayIsOneCommand)
{
    till.says(frame("pay amount=110"));
    till.is_told(1, progress_of("Waiting"));
    till.says(frame("pay amount=110"));
    EXPECT_EQ(commands(), 1U);
}

TEST_F(FrameResendTest, AfterAnAcknowledgedReplyTheSameFrameIsANewCommand)
{
    till.says(frame("status order=A1"));
    till.is_told(1, outcome_of("A1"));
    till.says(ack);
    till.says(frame("status order=A1"));
    EXPECT_EQ(commands(), 2U);
}

TEST_F(FrameResendTest, AnAckOfAnEarlierReplyProvesNothing)
{
    till.is_told(1, pong_reply());
    till.says(frame("pay amount=110"));
    till.says(ack);  // for the pong: our ACK for pay may still have been lost
    till.says(frame("pay amount=110"));
    EXPECT_EQ(commands(), 1U);
}

TEST_F(FrameResendTest, AnotherFrameMeansTheTillHasMovedOn)
{
    till.says(frame("ping"));
    till.says(frame("last"));
    till.says(frame("ping"));
    EXPECT_EQ(commands(), 3U);
}

TEST_F(FrameResendTest, AfterTheResendWindowTheSameFrameIsANewCommand)
{
    till.says(frame("pay amount=110"));
    wait_out(frame_resend_window);
    EXPECT_EQ(till.bridge->timer(), std::nullopt);
    till.says(frame("pay amount=110"));
    EXPECT_EQ(commands(), 2U);
}

TEST_F(FrameResendTest, ATillThatNeverAcknowledgesIsStillServed)
{
    for (reply_id i = 1; i <= 3; ++i) {
        till.says(frame("status order=A1"));
        EXPECT_EQ(commands(), 1U);
        till.is_told(i, outcome_of("A1"));
        wait_out(frame_ack_wait);
        wait_out(frame_ack_wait);
        wait_out(frame_ack_wait);
        wait_out(frame_settle_wait);
        EXPECT_EQ(receipts(), (receipt_list{{i, false}}));
    }
}

TEST_F(FrameResendTest, ARefusedReplyProvesNothing)
{
    till.says(frame("pay amount=110 new=yes"));
    till.is_told(1, progress_of("Waiting"));
    till.says(nak + nak + nak);  // it waits for our ACK and takes everything else for noise
    EXPECT_EQ(receipts(), (receipt_list{{1, false}}));
    till.says(frame("pay amount=110 new=yes"));
    EXPECT_EQ(commands(), 1U);
}

TEST_F(FrameResendTest, ATillThatAsksWithoutEndIsStillAnswered)
{
    reply_id served = 0;
    for (int i = 0; i < 20; ++i) {  // never silent, so that the timer never rings, and never an ACK
        till.says(frame("status order=A1"));
        for (auto n = commands(); n > 0; --n)
            till.is_told(++served, outcome_of("A1"));
    }
    EXPECT_GE(served, 2U);
    EXPECT_GE(receipts().size(), 1U) << "repeated, then given up";
}

}  // namespace
