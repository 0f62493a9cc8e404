// Peers that stop in the middle: of what they say, of what they are told, of their connection.
#include "besieged_shop.hpp"
#include "memory_of.hpp"
#include "tests/support/hypercom_till.hpp"

namespace ecr::hostile {
namespace {

using testing::HasSubstr;

class InterruptedTest : public BesiegedTest {
protected:
    /// What the journal says about an order, as soon as it is paid.
    void expect_paid_behind_its_back(const std::string& number)
    {
        bridge_->line_with("order=" + number + " from=");
        auto good = new_till();
        for (;;) {
            const auto reply = good.ask("status order=" + number);
            if (value_of(reply, "code") == "01") continue;  // it runs
            EXPECT_EQ(value_of(reply, "state"), "paid") << reply;
            break;
        }
        EXPECT_EQ(cloud_.truth().times_pushed(number), 1);
    }
};

// The first block of an answer, {"respcd":"6000", under the printed key.
constexpr auto sealed_success = "tttoeyApuoAX9FYOv3GkP";

struct said_on {
    const char* link;
    std::string order;   // its number
    std::string bytes;   // a payment
    const char* answer;  // begins so
};

std::vector<said_on> payments()
{
    return {
        {"shop", "B1", "pay order=B1 amount=100\n", "result order=B1 state=paid"},
        {"web", "B2", post("/api/pos/trade", sealed_payment("B2")), "HTTP/1.1 200 OK"},
        {"webs", "B3", post("/api/pos/trade", sealed_payment("B3")), "HTTP/1.1 200 OK"},
        {"app", "B4", sealed_payment("B4"), sealed_success},
        {"old", "B5", test::hypercom_till::frame_of("20", {{"40", "000000000100"}, {"66", "B5"}}),
         "\x06\x02"}};
}

TEST_F(InterruptedTest, BytesOneByOneAreAPayment)
{
    start(every_link({.old = "order_number = \"66\"\n"}));
    for (const auto& each : payments()) {
        SCOPED_TRACE(each.link);
        auto slow = at(each.link);
        ASSERT_TRUE(slow.say_bytewise(each.bytes));
        EXPECT_TRUE(slow.hears(each.answer)) << slow.heard();
    }
    EXPECT_EQ(cloud_.truth().charged_in_all().count, 5);
}

// Half closed: it has said all that it wanted, and listens.
TEST_F(InterruptedTest, TillsThatFinishedSendingHearTheResult)
{
    start(every_link({.old = "order_number = \"66\"\n"}));
    for (const auto& each : payments()) {
        SCOPED_TRACE(each.link);
        auto finished = at(each.link);
        ASSERT_TRUE(finished.say(each.bytes));
        finished.finish();
        EXPECT_THAT(finished.rest(), HasSubstr(each.answer));
    }
    EXPECT_EQ(cloud_.truth().charged_in_all().count, 5);
}

TEST_F(InterruptedTest, TillsThatResetLoseTheirAnswerAndNoMoney)
{
    cloud_.plan(simulator::shopper{.after = 300ms});
    start(every_link({.old = "order_number = \"66\"\n"}));
    std::vector<peer> all;
    const auto said = payments();
    for (const auto& each : said) {
        all.push_back(at(each.link));
        ASSERT_TRUE(all.back().say(each.bytes));
    }
    for (std::size_t i = 0; i < said.size(); ++i) {
        // Without numbers of its own, the till is known by its link.
        bridge_->line_with(said[i].link == std::string{"old"} ? "till=old"
                                                              : "order=" + said[i].order + " ");
        all[i].reset();
    }
    for (const auto& each : said)
        if (each.link != std::string{"old"}) expect_paid_behind_its_back(each.order);
}

TEST_F(InterruptedTest, AnswersThatAreNeverReadAreBoundedAndTheOrderRuns)
{
    cloud_.plan(simulator::shopper{.after = 1s});
    start({}, {.environment = {{"ASAN_OPTIONS", "quarantine_size_mb=1"}}});
    expect_served("A1");
    const auto before = memory_kib_of(bridge_->pid());
    std::vector<peer> deaf;
    std::string many;
    for (int i = 0; i < 64; ++i)
        many += "help\n";
    for (int i = 0; i < 8; ++i) {
        deaf.emplace_back(bridge_->port("shop"), "127.0.0.1", 4096);
        auto& one = deaf.back();
        ASSERT_TRUE(one.say("pay order=D" + std::to_string(i) + " amount=100\n"));
        for (int n = 0; n < 400 && one.say(many); ++n)
            if (logged("till.dropped") > i) break;
        bridge_->line_with("it does not read");
    }
    EXPECT_LT(memory_kib_of(bridge_->pid()) - before, 8 * 1024);
    for (int i = 0; i < 8; ++i)
        expect_paid_behind_its_back("D" + std::to_string(i));
}

}  // namespace
}  // namespace ecr::hostile
