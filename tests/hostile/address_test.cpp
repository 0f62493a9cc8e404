// Who may talk to a link at all, and one address that wants all of it.
#include "besieged_shop.hpp"

namespace ecr::hostile {
namespace {

using testing::AllOf;
using testing::HasSubstr;

const std::string stranger = "127.0.0.66";

class AddressTest : public BesiegedTest {};

TEST_F(AddressTest, OutsideTheListIsClosedBeforeAByteIsRead)
{
    const std::string allow = "allow = [\"127.0.0.1\", \"10.0.0.0/8\"]\n";
    auto how =
        every_link({.web = allow, .webs = allow, .app = allow, .old = allow, .secure = allow});
    how.link = allow;
    start(how);
    const std::string order = "pay order=EVIL amount=100\n";
    const std::pair<const char*, std::string> said[] = {
        {"shop", order},
        {"secure", std::string{"\x16\x03\x01\x02\x00\x01", 6}},
        {"web", post("/api/pos/trade", sealed_payment("EVIL"))},
        {"webs", post("/api/pos/trade", sealed_payment("EVIL"))},
        {"app", sealed_payment("EVIL")},
    };
    for (const auto& [link, bytes] : said) {
        SCOPED_TRACE(link);
        const auto from = bridge_->output().size();
        for (int i = 0; i < 5; ++i) {
            auto visitor = at(link, stranger);
            (void)visitor.say(bytes);
            EXPECT_EQ(visitor.rest(), "");
        }
        EXPECT_THAT(bridge_->line_with("link.refused", from),
                    AllOf(HasSubstr("link=" + std::string{link}), HasSubstr("peer=" + stranger)));
        const auto text = bridge_->output();
        EXPECT_EQ(text.find("link.refused", text.find("link.refused", from) + 1),
                  std::string::npos);
    }
    EXPECT_EQ(cloud_.truth().pushes().size(), 0U);
    EXPECT_EQ(orders(), 0);
    expect_served("A1");
}

// Even when the list has let it in, it may not have the whole link.
TEST_F(AddressTest, WithTheMostConnectionsGivesWayToOthers)
{
    cloud_.plan(simulator::shopper{.after = 1500ms});
    start({.link = "connections_max = 20\n"});
    auto customer = at("shop", stranger);
    ASSERT_TRUE(customer.say("pay order=B1 amount=100\n"));
    ASSERT_TRUE(customer.hears("stage=on_terminal"));
    std::vector<peer> flood;
    for (int i = 0; i < 40; ++i) {
        flood.push_back(at("shop", stranger));
        if (i % 2 == 0) (void)flood.back().say("pa");  // slow, and not silent
    }
    bridge_->line_with("link.full");
    for (int i = 0; i < 5; ++i) {
        auto till = at("shop", "127.0.0." + std::to_string(i + 2));
        ASSERT_TRUE(till.say("ping\n"));
        EXPECT_TRUE(till.hears("pong"));
    }
    EXPECT_EQ(logged("link.crowded"), 1);
    EXPECT_EQ(logged("link.full"), 1);
    // What waits for its customer keeps its place.
    EXPECT_TRUE(customer.hears("state=paid")) << customer.heard();
}

TEST_F(AddressTest, MayNotShutOutOthersWithHandshakesEither)
{
    start(every_link({.secure = "connections_max = 10\n"}));
    std::vector<peer> flood;
    for (int i = 0; i < 30; ++i) {
        flood.push_back(at("secure", stranger));
        (void)flood.back().say("\x16");
    }
    bridge_->line_with("link.full");
    auto till = at("secure", "127.0.0.2");
    ASSERT_TRUE(till.say("no TLS at all\n"));
    (void)till.rest();  // it was heard, and refused for what it says
    EXPECT_THAT(bridge_->line_with("link.tls"), HasSubstr("peer=127.0.0.2"));
    EXPECT_EQ(logged("link.crowded"), 1);
}

// A till with a name of its own may come from anywhere: its replacements are no news either.
TEST_F(AddressTest, ThatReplacesItselfAllDayIsOneLine)
{
    start({.link = "connections_max = 4\ntill = \"front\"\n"});
    std::vector<peer> flood;
    for (int i = 0; i < 50; ++i)
        flood.push_back(at("shop"));
    EXPECT_TRUE(flood.back().say("ping\n"));
    EXPECT_TRUE(flood.back().hears("pong"));
    EXPECT_EQ(logged("till.replaced"), 1);
}

TEST_F(AddressTest, ThatConnectsAndResetsCostsNothing)
{
    start(every_link());
    for (const auto* link : {"shop", "web", "webs", "app", "old", "secure"})
        for (int i = 0; i < 150; ++i) {
            auto visitor = at(link);
            if (i % 3 == 1) (void)visitor.say("\x02");
            if (i % 3 == 2) (void)visitor.say("POST / HTTP/1.1\r\nContent-Length: 9\r\n\r\n{");
            visitor.reset();
        }
    expect_served("A1");
    const auto text = bridge_->output();
    EXPECT_LT(std::ranges::count(text, '\n'), 80) << text;
}

}  // namespace
}  // namespace ecr::hostile
