// A disk that takes no more: the journal's limit is set between fork and exec.
#include "shop.hpp"

namespace ecr::process {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::IsEmpty;

class FullDiskTest : public ProcessTest {
protected:
    /// Pays until the journal takes no more. Gives the orders that were told to be paid, and keeps
    /// the last reply.
    std::vector<std::string> pay_until_refused(till& lane)
    {
        std::vector<std::string> paid;
        for (int i = 1; i < 400; ++i) {
            const auto order = "A" + std::to_string(i);
            last_ = lane.ask("pay amount=100 order=" + order);
            if (value_of(last_, "code") != "00") return paid;
            paid.push_back(order);
        }
        return paid;
    }

    std::string last_;
};

/// Bytes that a file of the journal may take: which step fails depends on it.
class FullDiskSweepTest : public FullDiskTest, public testing::WithParamInterface<int> {};

TEST_P(FullDiskSweepTest, TheTillIsToldTheTruth)
{
    auto& bridge = start({}, {.file_size_max = static_cast<rlim_t>(GetParam())});
    auto lane = new_till();
    const auto paid = pay_until_refused(lane);
    ASSERT_GT(paid.size(), 0U);
    const auto refused = "A" + std::to_string(paid.size() + 1);
    const bool safe = value_of(last_, "safe_to_retry") == "yes";
    const bool sent = last_.find("do not ring again") != std::string::npos;
    // When the journal breaks over the note that a result has arrived, the next command may meet
    // a bridge that is stopping, or gone.
    if (value_of(last_, "code") != "51" && last_ != till::closed_word) {
        EXPECT_EQ(value_of(last_, "code"), "50") << last_;
        EXPECT_THAT(last_, HasSubstr(sent ? "cannot write its journal" : "nothing was sent"));
    }
    EXPECT_FALSE(safe && sent) << last_;
    EXPECT_EQ(cloud_.truth().times_pushed(refused), sent ? 1 : 0) << last_;
    EXPECT_EQ(bridge.wait(), 3);
    EXPECT_THAT(bridge.line_with("journal.broken"),
                AllOf(HasSubstr(" error "), HasSubstr((folder_ / "journal.db").string())));

    // With room again: what was acknowledged is there, and nothing is charged twice.
    start();
    auto again = new_till();
    for (const auto& order : paid) {
        EXPECT_EQ(value_of(again.ask("pay amount=100 order=" + order), "state"), "paid") << order;
        EXPECT_EQ(cloud_.truth().charged(order).count, 1) << order;
    }
    if (sent) {
        EXPECT_EQ(value_of(again.ask("pay amount=100 order=" + refused), "state"), "paid");
    }
    EXPECT_EQ(cloud_.truth().times_pushed(refused), sent ? 1 : 0);
    EXPECT_THAT(cloud_.truth().charged_twice(), IsEmpty());
    EXPECT_EQ(bridge_->stop(), 0);
}

INSTANTIATE_TEST_SUITE_P(All, FullDiskSweepTest, testing::Range(200'000, 248'000, 8'000));

TEST_F(FullDiskTest, AnOrderThatCannotBeWrittenIsNotSent)
{
    // The journal is made without a limit. Then there is room for SQLite's index of the log, and
    // for less than one transaction in the log itself.
    start();
    EXPECT_EQ(bridge_->stop(), 0);
    auto& bridge = start({}, {.file_size_max = 32 * 1024});
    auto lane = new_till();
    const auto reply = lane.ask("pay amount=100 order=A1");
    EXPECT_EQ(value_of(reply, "code"), "50") << reply;
    EXPECT_EQ(value_of(reply, "safe_to_retry"), "yes");
    EXPECT_THAT(value_of(reply, "text"), HasSubstr("nothing was sent"));
    EXPECT_EQ(bridge.wait(), 3);
    EXPECT_EQ(cloud_.truth().requests_in_all(), 0);

    start();
    EXPECT_EQ(value_of(new_till().ask("status order=A1"), "code"), "31");
    EXPECT_EQ(value_of(new_till().ask("pay amount=100 order=A1"), "code"), "00");
}

}  // namespace
}  // namespace ecr::process
