#include "tests/protocol/till/line/framed_till.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

using namespace ecr::protocol;
using namespace ecr::protocol::till;
using namespace ecr::protocol::till::line;
using testing::HasSubstr;

namespace {

class FramedDialectTest : public framed_test {};

TEST_F(FramedDialectTest, TheLrcIsTheXorOfTextAndEtx)
{
    till.says(std::string("\x02ping\x03") + '\x1A');  // 70^69^6E^67 = 10, ^03 = 13
    EXPECT_EQ(till.hears(), nak);
    till.says(std::string("\x02ping\x03") + '\x13');
    EXPECT_EQ(till.hears(), ack);
    EXPECT_EQ(commands(), 1U);
}

TEST_F(FramedDialectTest, ACommandIsAcknowledgedThenAnswered)
{
    till.says(frame("ping"));
    EXPECT_EQ(till.hears(), ack);
    till.is_told(1, pong_reply());
    EXPECT_EQ(till.hears(), pong);
    EXPECT_TRUE(receipts().empty());
    till.says(ack);
    EXPECT_EQ(receipts(), (receipt_list{{1, true}}));
    EXPECT_EQ(till.bridge->timer(), std::nullopt);
}

TEST_F(FramedDialectTest, ALineEndWithinTheFrameIsIgnored)
{
    till.says(frame("ping\r\n"));
    EXPECT_EQ(till.hears(), ack);
    EXPECT_EQ(commands(), 1U);
}

TEST_F(FramedDialectTest, AWrongLrcIsRefused)
{
    auto bad = frame("ping");
    bad.back() ^= 1;
    for (std::size_t piece = 1; piece <= bad.size(); ++piece) {
        till.says(bad, piece);
        EXPECT_EQ(till.hears(), nak);
    }
    EXPECT_EQ(commands(), 0U);
    till.says(frame("ping"));
    EXPECT_EQ(till.hears(), ack);
}

TEST_F(FramedDialectTest, AFrameOfTheLargestSizeIsServed)
{
    auto text = std::string{"ping"};
    text.resize(line_size_max, ' ');
    till.says(frame(text), 100);
    EXPECT_EQ(till.hears(), ack);
    till.says(frame(text + " "), 100);
    EXPECT_EQ(till.hears(), nak);
    EXPECT_EQ(commands(), 1U);
    EXPECT_FALSE(till.out.hang_up);
}

TEST_F(FramedDialectTest, AFrameWithoutEndIsHungUpOn)
{
    till.is_told(1, pong_reply());
    till.hears();
    till.says("\x02" + std::string(200'000, 'x'), 1000);
    EXPECT_EQ(till.hears(), nak);
    EXPECT_TRUE(till.out.hang_up);
    EXPECT_EQ(receipts(), (receipt_list{{1, false}}));
    till.is_told(2, pong_reply());
    EXPECT_EQ(receipts(), (receipt_list{{2, false}}));
    EXPECT_EQ(till.hears(), "");
    EXPECT_EQ(till.bridge->timer(), std::nullopt);
}

TEST_F(FramedDialectTest, BadFramesInARowAreHungUpOn)
{
    for (int i = 0; i < bad_lines_max; ++i) {
        EXPECT_FALSE(till.out.hang_up);
        till.says("\x02x\x03?");
    }
    EXPECT_TRUE(till.out.hang_up);
}

TEST_F(FramedDialectTest, BytesBetweenFramesAreIgnored)
{
    till.says("noise" + ack + nak + "\r\n" + frame("ping") + "noise" + frame("last") + "\r\n");
    EXPECT_EQ(till.hears(), ack + ack);
    EXPECT_EQ(commands(), 2U);
}

TEST_F(FramedDialectTest, AnStxStartsAnew)
{
    till.says("\x02pay amou" + frame("ping"));
    EXPECT_EQ(till.hears(), ack);
    EXPECT_EQ(commands(), 1U);
}

TEST_F(FramedDialectTest, ABadCommandIsAcknowledgedAndAnsweredWithAnError)
{
    till.says(frame("pya"));
    const auto bytes = till.hears();
    EXPECT_THAT(bytes, testing::StartsWith(ack + "\x02" + "error code=30"));
    EXPECT_EQ(commands(), 0U);
    till.says(ack);
    EXPECT_TRUE(receipts().empty()) << "nobody asked what becomes of it";
    EXPECT_EQ(till.bridge->timer(), std::nullopt);
}

TEST_F(FramedDialectTest, RepliesGoOneAtATime)
{
    till.is_told(1, progress_of("one"));
    till.is_told(2, outcome_of("A1"));
    EXPECT_THAT(till.hears(), HasSubstr("progress"));
    till.says(ack);
    EXPECT_THAT(till.hears(), HasSubstr("result order=A1"));
    till.says(ack);
    EXPECT_EQ(till.hears(), "");
    EXPECT_EQ(receipts(), (receipt_list{{1, true}, {2, true}}));
}

TEST_F(FramedDialectTest, NakRepeatsUpToThreeTries)
{
    till.is_told(1, pong_reply());
    till.is_told(2, outcome_of("A1"));
    till.says(nak);
    till.says(nak);
    EXPECT_EQ(till.hears(), pong + pong + pong);
    till.says(nak);
    EXPECT_THAT(till.hears(), HasSubstr("result order=A1")) << "goes on with the next";
    EXPECT_EQ(receipts(), (receipt_list{{1, false}}));
}

TEST_F(FramedDialectTest, SilenceRepeatsUpToThreeTries)
{
    till.is_told(1, pong_reply());
    wait_out(frame_ack_wait);
    wait_out(frame_ack_wait);
    EXPECT_EQ(till.hears(), pong + pong + pong);
    EXPECT_TRUE(receipts().empty());
    wait_out(frame_ack_wait);
    EXPECT_EQ(receipts(), (receipt_list{{1, false}}));

    till.is_told(2, outcome_of("A1"));
    EXPECT_EQ(till.hears(), "");
    wait_out(frame_settle_wait);
    EXPECT_THAT(till.hears(), HasSubstr("result order=A1"));
}

TEST_F(FramedDialectTest, ALateAckDoesNotStandForTheNextReply)
{
    till.is_told(1, pong_reply());
    till.is_told(2, outcome_of("A1"));
    wait_out(frame_ack_wait);  // the till was slow: both copies will be acknowledged
    till.hears();
    till.says(ack);
    EXPECT_EQ(receipts(), (receipt_list{{1, true}}));
    EXPECT_EQ(till.hears(), "") << "one more may be on its way";
    till.says(ack);
    EXPECT_THAT(till.hears(), HasSubstr("result order=A1"));
    EXPECT_TRUE(receipts().empty());
    till.says(ack);
    EXPECT_EQ(receipts(), (receipt_list{{2, true}}));
}

TEST_F(FramedDialectTest, ALateAckThatNeverComesIsNotWaitedForLong)
{
    till.is_told(1, pong_reply());
    till.is_told(2, outcome_of("A1"));
    wait_out(frame_ack_wait);
    till.says(ack);
    till.hears();
    wait_out(frame_settle_wait);
    EXPECT_THAT(till.hears(), HasSubstr("result order=A1"));
}

TEST_F(FramedDialectTest, AckOfNothingIsIgnored)
{
    till.says(ack + nak + ack);
    EXPECT_EQ(till.hears(), "");
    till.is_told(1, pong_reply());
    EXPECT_EQ(till.hears(), pong);
    EXPECT_TRUE(receipts().empty());
}

TEST_F(FramedDialectTest, TheTimerStartsAnewWithEveryFrame)
{
    till.is_told(1, pong_reply());
    till.is_told(2, pong_reply());
    till.is_told(3, pong_reply());
    const auto first = till.bridge->timer();
    till.says("noise");
    EXPECT_EQ(till.bridge->timer(), first);
    till.says(ack);
    const auto second = till.bridge->timer();
    EXPECT_NE(first, second);
    till.says(ack);
    EXPECT_NE(till.bridge->timer(), second);
}

TEST_F(FramedDialectTest, NothingIsSentWhileTheTillIsSending)
{
    const auto asked = frame("status order=A1");
    till.says(asked.substr(0, 5));
    till.is_told(1, pong_reply());
    EXPECT_EQ(till.hears(), "");
    till.says(asked.substr(5));
    EXPECT_EQ(till.hears(), ack + pong);
    EXPECT_EQ(commands(), 1U);
}

TEST_F(FramedDialectTest, WhatWaitedForABadFrameIsSentAfterIt)
{
    till.says("\x02pi");
    till.is_told(1, pong_reply());
    till.says("ng\x03?");
    EXPECT_EQ(till.hears(), nak + pong);
}

TEST_F(FramedDialectTest, AFrameThatStopsHalfWayIsForgotten)
{
    till.says("\x02pay amo");
    till.is_told(1, pong_reply());
    wait_out(frame_byte_wait);
    EXPECT_EQ(till.hears(), pong);
    till.says("unt=1\x03" + ack);
    EXPECT_EQ(receipts(), (receipt_list{{1, true}}));
    EXPECT_EQ(commands(), 0U);
}

}  // namespace
