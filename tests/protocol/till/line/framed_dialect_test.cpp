#include "tests/protocol/till/line/till.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

using namespace ecr::protocol;
using namespace ecr::protocol::till;
using namespace ecr::protocol::till::line;
using namespace std::chrono_literals;
using testing::HasSubstr;

namespace ecr::protocol::till {
bool operator==(const receipt_of_reply& a, const receipt_of_reply& b)
{
    return a.id == b.id && a.delivered == b.delivered;
}
void PrintTo(const receipt_of_reply& r, std::ostream* out)
{
    *out << r.id << (r.delivered ? " delivered" : " given up");
}
}  // namespace ecr::protocol::till

namespace {

const std::string ack = "\x06";
const std::string nak = "\x15";

std::string frame(std::string_view text)
{
    char lrc = 0x03;
    for (const char c : text)
        lrc = static_cast<char>(lrc ^ c);
    return "\x02" + std::string{text} + "\x03" + lrc;
}

const std::string pong = frame("ok what=ping code=00 safe_to_retry=yes text=\"pong\"");

done pong_reply()
{
    done d;
    d.what = "ping";
    d.text = "pong";
    return d;
}

outcome outcome_of(const std::string& order)
{
    outcome o;
    o.order_number = o.order.out_trade_no = order;
    o.order.state = order_state::paid;
    return o;
}

progress progress_of(const std::string& text)
{
    progress p;
    p.order = "A1";
    p.text = text;
    return p;
}

class FramedDialectTest : public testing::Test {
protected:
    FramedDialectTest() { EXPECT_TRUE(till.bridge->confirms_delivery()); }

    /// Waits out the timer of that length, whatever its odd millisecond.
    void wait_out(std::chrono::milliseconds expected)
    {
        const auto timer = till.bridge->timer();
        ASSERT_TRUE(timer);
        EXPECT_EQ(*timer / 10, expected / 10);
        till.bridge->elapsed(till.out);
    }

    std::vector<receipt_of_reply> receipts() { return std::exchange(till.out.receipts, {}); }
    std::size_t commands() { return std::exchange(till.out.commands, {}).size(); }

    using receipt_list = std::vector<receipt_of_reply>;

    till_end till{{.frames = framing::stx}};
};

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

// --- The till sends again because our ACK was lost. ------------------------------------------

TEST_F(FramedDialectTest, AFrameSentAgainIsOneCommand)
{
    till.says(frame("pay amount=110 new=yes"));
    till.says(frame("pay amount=110 new=yes"));
    till.says(frame("pay amount=110 new=yes"));
    EXPECT_EQ(till.hears(), ack + ack + ack);
    EXPECT_EQ(commands(), 1U);
}

TEST_F(FramedDialectTest, ABadFrameSentAgainIsOneError)
{
    till.says(frame("pya"));
    const auto first = till.hears();
    till.says(frame("pya"));
    EXPECT_EQ(till.hears(), ack);
    EXPECT_EQ(first.find(ack), 0U);
}

TEST_F(FramedDialectTest, AFrameSentAgainWhileAReplyIsOnItsWayIsOneCommand)
{
    till.says(frame("pay amount=110"));
    till.is_told(1, progress_of("Waiting"));
    till.says(frame("pay amount=110"));
    EXPECT_EQ(commands(), 1U);
}

TEST_F(FramedDialectTest, AfterAnAcknowledgedReplyTheSameFrameIsANewCommand)
{
    till.says(frame("status order=A1"));
    till.is_told(1, outcome_of("A1"));
    till.says(ack);
    till.says(frame("status order=A1"));
    EXPECT_EQ(commands(), 2U);
}

TEST_F(FramedDialectTest, AnAckOfAnEarlierReplyProvesNothing)
{
    till.is_told(1, pong_reply());
    till.says(frame("pay amount=110"));
    till.says(ack);  // for the pong: our ACK for pay may still have been lost
    till.says(frame("pay amount=110"));
    EXPECT_EQ(commands(), 1U);
}

TEST_F(FramedDialectTest, AnotherFrameMeansTheTillHasMovedOn)
{
    till.says(frame("ping"));
    till.says(frame("last"));
    till.says(frame("ping"));
    EXPECT_EQ(commands(), 3U);
}

TEST_F(FramedDialectTest, AfterTheResendWindowTheSameFrameIsANewCommand)
{
    till.says(frame("pay amount=110"));
    wait_out(frame_resend_window);
    EXPECT_EQ(till.bridge->timer(), std::nullopt);
    till.says(frame("pay amount=110"));
    EXPECT_EQ(commands(), 2U);
}

TEST_F(FramedDialectTest, ATillThatNeverAcknowledgesIsStillServed)
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

// --- A till that does not read. --------------------------------------------------------------

TEST_F(FramedDialectTest, AFullQueueLosesProgressFirst)
{
    for (reply_id i = 0; i < frame_queue_max; ++i)
        till.is_told(i, i % 2 == 0 ? reply{progress_of("p")} : reply{pong_reply()});
    EXPECT_TRUE(receipts().empty());
    till.is_told(100, outcome_of("A1"));
    EXPECT_EQ(receipts(), (receipt_list{{2, false}})) << "0 is on its way, 2 is the oldest waiting";
    till.is_told(101, progress_of("newer"));
    EXPECT_EQ(receipts(), (receipt_list{{4, false}}));
}

TEST_F(FramedDialectTest, AFullQueueOfAnswersTakesNoProgressAndNoCommand)
{
    for (reply_id i = 0; i < frame_queue_max; ++i)
        till.is_told(i, outcome_of("A1"));
    till.hears();
    till.is_told(100, progress_of("p"));
    EXPECT_EQ(receipts(), (receipt_list{{100, false}}));
    till.says(frame("ping"));
    EXPECT_EQ(till.hears(), nak) << "the till is to ask again later";
    EXPECT_EQ(commands(), 0U);

    till.says(ack);
    till.hears();
    till.says(frame("ping"));
    EXPECT_EQ(till.hears(), ack);
    EXPECT_EQ(commands(), 1U);
}

TEST_F(FramedDialectTest, AFullQueueDoesNotMakeARepeatLookRefused)
{
    till.says(frame("pay amount=110 new=yes"));
    for (reply_id i = 0; i < frame_queue_max; ++i)
        till.is_told(i, outcome_of("A1"));
    till.hears();
    till.says(frame("pay amount=110 new=yes"));
    EXPECT_EQ(till.hears(), ack) << "after a NAK it would be sent once more, as a new sale";
    EXPECT_EQ(commands(), 1U);
}

TEST_F(FramedDialectTest, EveryOutcomeIsDeliveredWhateverElseIsDropped)
{
    std::vector<reply_id> outcomes;
    for (reply_id id = 0; id < 300; ++id) {
        const bool ends = id % 5 == 0;
        if (ends) outcomes.push_back(id);
        till.is_told(id, ends ? reply{outcome_of("A")} : reply{progress_of("p")});
    }
    std::vector<reply_id> delivered;
    receipts();
    for (int i = 0; i < 300; ++i)
        till.says(ack);
    for (const auto& r : receipts())
        if (r.delivered) delivered.push_back(r.id);
    EXPECT_TRUE(std::ranges::includes(delivered, outcomes));
    EXPECT_LE(delivered.size(), frame_queue_max);
}

TEST_F(FramedDialectTest, AListFitsIntoTheQueue)
{
    till.says(frame("orders limit=51"));
    EXPECT_THAT(till.hears(), HasSubstr("on this link it must be 1 to 50"));
    till.says(ack + frame("orders limit=50"));
    EXPECT_EQ(commands(), 1U);
}

TEST(FramedDialectWithoutProgressTest, SuppressedRepliesHaveTheirReceiptAtOnce)
{
    till_end till{{.frames = framing::stx, .progress = false}};
    till.is_told(7, progress_of("p"));
    EXPECT_EQ(till.hears(), "");
    EXPECT_EQ(till.out.receipts, (std::vector<receipt_of_reply>{{7, false}}));
}

}  // namespace
