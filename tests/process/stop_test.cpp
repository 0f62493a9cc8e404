// Stopping while something is going on, and what the next start makes of it.
#include "shop.hpp"

#include <csignal>

namespace ecr::process {
namespace {

using simulator::act;
using std::chrono::milliseconds;
using testing::AllOf;
using testing::HasSubstr;

class StopTest : public ProcessTest {
protected:
    /// A till whose order is on the terminal.
    till paying(const std::string& order)
    {
        auto lane = new_till();
        lane.say("pay amount=100 order=" + order);
        EXPECT_THAT(lane.next("progress order=" + order + " stage=on_terminal"), HasSubstr(order));
        return lane;
    }

    void expect_paid_after_restart(const std::string& order)
    {
        start();
        EXPECT_THAT(bridge_->line_with("order.recovered"), HasSubstr(order));
        bridge_->line_with("to=paid");
        auto lane = new_till();
        EXPECT_EQ(value_of(lane.ask("status order=" + order), "state"), "paid");
        const auto again = lane.ask("pay amount=100 order=" + order);
        EXPECT_EQ(value_of(again, "state"), "paid");
        EXPECT_EQ(value_of(again, "earlier"), "yes");
        EXPECT_EQ(cloud_.truth().times_pushed(order), 1);
        EXPECT_EQ(cloud_.truth().charged(order).count, 1);
    }
};

TEST_F(StopTest, AnIdleBridgeEndsAtOnce)
{
    start();
    auto lane = new_till();
    EXPECT_EQ(value_of(lane.ask("ping"), "code"), "00");
    EXPECT_EQ(bridge_->stop(), 0);
    EXPECT_EQ(lane.hear(), till::closed_word);
    EXPECT_THAT(bridge_->output(), HasSubstr("bridge.stopped"));
}

TEST_F(StopTest, TheOrderInHandFinishes)
{
    cloud_.plan(simulator::shopper{.after = milliseconds{500}});
    start();
    auto other = new_till();
    auto lane = paying("A1");
    bridge_->signal(SIGTERM);
    bridge_->line_with("bridge.signal");
    EXPECT_EQ(value_of(lane.end(), "state"), "paid");
    EXPECT_EQ(lane.hear(), till::closed_word);
    EXPECT_EQ(other.hear(), till::closed_word);
    EXPECT_EQ(bridge_->wait(), 0);
}

TEST_F(StopTest, AQueuedOrderIsToldThatItWasNotSent)
{
    cloud_.plan(simulator::shopper{.after = milliseconds{500}});
    start();
    auto first = paying("A1");
    auto second = new_till();
    second.say("pay order=A2 amount=200");
    EXPECT_THAT(second.next("progress order=A2 stage=queued"), HasSubstr("ahead=1"));
    bridge_->signal(SIGTERM);
    const auto reply = second.end();
    EXPECT_EQ(value_of(reply, "code"), "14") << reply;
    EXPECT_EQ(value_of(reply, "safe_to_retry"), "yes");
    EXPECT_THAT(value_of(reply, "text"), HasSubstr("the bridge is stopping"));
    EXPECT_EQ(value_of(first.end(), "state"), "paid");
    EXPECT_EQ(bridge_->wait(), 0);
    EXPECT_EQ(cloud_.truth().times_pushed("A2"), 0);
}

TEST_F(StopTest, ASecondSignalHurriesAndTheTillIsTold)
{
    cloud_.plan(simulator::shopper{.after = milliseconds{1500}});
    start({.link = "payment_timeout_s = 60\n"});
    auto lane = paying("A1");
    bridge_->signal(SIGTERM);
    bridge_->line_with("bridge.signal");
    bridge_->signal(SIGTERM);
    const auto reply = lane.end();
    EXPECT_EQ(value_of(reply, "code"), "51") << reply;
    EXPECT_EQ(value_of(reply, "safe_to_retry"), "no");
    EXPECT_THAT(value_of(reply, "text"),
                AllOf(HasSubstr("do not ring again"), HasSubstr("status")));
    EXPECT_EQ(bridge_->wait(), 0);
    EXPECT_EQ(cloud_.truth().charged("A1").count, 0);  // so it did not wait
    expect_paid_after_restart("A1");
}

TEST_F(StopTest, TheDrainHasAnEnd)
{
    cloud_.plan(simulator::shopper{.after = milliseconds{1500}});
    start({.bridge = "drain_s = 0.2\n", .link = "payment_timeout_s = 60\n"});
    auto lane = paying("A1");
    EXPECT_EQ(bridge_->stop(), 0);
    EXPECT_EQ(value_of(lane.end(), "code"), "51");
    expect_paid_after_restart("A1");
}

TEST_F(StopTest, ATillThatDoesNotReadDoesNotHoldUpTheEnd)
{
    start({.link = "write_timeout_s = 60\n"});
    auto deaf = new_till(4096);
    auto other = new_till();
    const std::string helps = "help\nhelp\nhelp\nhelp\nhelp\nhelp\nhelp\nhelp\n";
    // Below the limit of what the bridge keeps for it, above what the system's buffers take.
    for (int i = 0; i < 14; ++i) {
        ASSERT_TRUE(deaf.send(helps + helps));
        EXPECT_EQ(value_of(other.ask("ping"), "code"), "00");
    }
    const auto begin = std::chrono::steady_clock::now();
    EXPECT_EQ(bridge_->stop(), 0);
    EXPECT_LT(std::chrono::steady_clock::now() - begin, std::chrono::seconds{20});
}

TEST_F(StopTest, AKilledBridgeGoesOnWhereItWas)
{
    cloud_.plan(simulator::shopper{.after = milliseconds{500}});
    start({.link = "payment_timeout_s = 60\n"});
    auto lane = paying("A1");
    bridge_->signal(SIGKILL);
    EXPECT_EQ(bridge_->wait(), -SIGKILL);
    EXPECT_EQ(lane.hear(), till::closed_word);
    expect_paid_after_restart("A1");
}

TEST_F(StopTest, AKillWhileItIsSentLeavesADoubtThatIsResolved)
{
    cloud_.plan(simulator::fault{
        .kind = simulator::fault_kind::slow, .path = "payment", .delay = milliseconds{5000}});
    start({.link = "payment_timeout_s = 60\n"});
    auto lane = new_till();
    lane.say("pay order=A1 amount=100");
    EXPECT_NE(lane.next("progress order=A1 stage=sending"), till::closed_word);
    while (cloud_.truth().times_pushed("A1") == 0)  // until it has reached the cloud
        EXPECT_EQ(value_of(new_till().ask("ping"), "code"), "00");
    bridge_->signal(SIGKILL);
    EXPECT_EQ(bridge_->wait(), -SIGKILL);
    expect_paid_after_restart("A1");
}

}  // namespace
}  // namespace ecr::process
