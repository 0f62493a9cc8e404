#include "tests/protocol/till/line/framed_till.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

using namespace ecr::protocol;
using namespace ecr::protocol::till;
using namespace ecr::protocol::till::line;
using testing::HasSubstr;

namespace {

class FrameQueueTest : public framed_test {};

// --- A till that does not read. --------------------------------------------------------------

TEST_F(FrameQueueTest, AFullQueueLosesProgressFirst)
{
    for (reply_id i = 0; i < frame_queue_max; ++i)
        till.is_told(i, i % 2 == 0 ? reply{progress_of("p")} : reply{pong_reply()});
    EXPECT_TRUE(receipts().empty());
    till.is_told(100, outcome_of("A1"));
    EXPECT_EQ(receipts(), (receipt_list{{2, false}})) << "0 is on its way, 2 is the oldest waiting";
    till.is_told(101, progress_of("newer"));
    EXPECT_EQ(receipts(), (receipt_list{{4, false}}));
}

TEST_F(FrameQueueTest, AFullQueueOfAnswersTakesNoProgressAndNoCommand)
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

TEST_F(FrameQueueTest, AFullQueueDoesNotMakeARepeatLookRefused)
{
    till.says(frame("pay amount=110 new=yes"));
    for (reply_id i = 0; i < frame_queue_max; ++i)
        till.is_told(i, outcome_of("A1"));
    till.hears();
    till.says(frame("pay amount=110 new=yes"));
    EXPECT_EQ(till.hears(), ack) << "after a NAK it would be sent once more, as a new sale";
    EXPECT_EQ(commands(), 1U);
}

TEST_F(FrameQueueTest, EveryOutcomeIsDeliveredWhateverElseIsDropped)
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

TEST_F(FrameQueueTest, AListFitsIntoTheQueue)
{
    till.says(frame("orders limit=51"));
    EXPECT_THAT(till.hears(), HasSubstr("on this link it must be 1 to 50"));
    till.says(ack + frame("orders limit=50"));
    EXPECT_EQ(commands(), 1U);
}

TEST(FrameWithoutProgressTest, SuppressedRepliesHaveTheirReceiptAtOnce)
{
    till_end till{{.frames = framing::stx, .progress = false}};
    till.is_told(7, progress_of("p"));
    EXPECT_EQ(till.hears(), "");
    EXPECT_EQ(till.out.receipts, (std::vector<receipt_of_reply>{{7, false}}));
}

}  // namespace
