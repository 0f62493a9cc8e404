// A second request hidden in the first one: never two orders, and never the hidden one.
#include "besieged_shop.hpp"
#include "protocol/cloud/signature.hpp"
#include "smuggling_shapes.hpp"

namespace ecr::hostile {
namespace {

using testing::HasSubstr;
using testing::Not;

class SmugglingTest : public BesiegedTest {
protected:
    /// Says it to a fresh connection, as a whole or byte by byte, and hears all that comes of it.
    void play(std::uint16_t port, const smuggling_shape& shape, bool bytewise)
    {
        peer attacker{port};
        // The bridge may close before it has heard everything.
        (void)(bytewise ? attacker.say_bytewise(shape.bytes) : attacker.say(shape.bytes));
        if (shape.may_go_on) {
            (void)attacker.hears("HTTP/1.1 ");
        }
        attacker.finish();  // whoever waits for more knows now that nothing comes
        const auto heard = attacker.rest();
        const int invited = attacker.times("HTTP/1.1 100 ");
        EXPECT_LE(invited, shape.expects ? 1 : 0) << heard;
        answers_ = attacker.times("HTTP/1.1 ") - invited;
        EXPECT_LE(answers_, shape.folds ? 2 : 1) << heard;
        if (shape.may_go_on) {
            EXPECT_EQ(answers_, 1) << heard;
        }
    }

    int answers_ = 0;
};

TEST_F(SmugglingTest, NeverMakesAnOrderOfWhatIsHidden)
{
    start(every_link());
    const smuggled_pair made{.path = "/api/pos/trade",
                             .more = "Content-Type: application/json\r\n",
                             .body = sealed_payment("OUTER"),
                             .hidden = post("/api/pos/trade", sealed_payment("HIDDEN"))};
    for (const auto* link : {"web", "webs"})
        for (const bool bytewise : {false, true})
            for (const auto& shape : smuggling_shapes(made)) {
                SCOPED_TRACE(testing::Message()
                             << link << ' ' << shape.name << " bytewise " << bytewise << '\n'
                             << shape.bytes);
                play(bridge_->port(link), shape, bytewise);
                ASSERT_EQ(cloud_.truth().times_pushed("HIDDEN"), 0);
            }
    EXPECT_LE(cloud_.truth().times_pushed("OUTER"), 1);
    EXPECT_LE(orders(), 1);
    EXPECT_THAT(bridge_->output(), Not(HasSubstr("order=HIDDEN")));
    expect_served("A1");
}

TEST_F(SmugglingTest, NeverBelievesANotificationThatIsHidden)
{
    start(every_link());
    const std::string hint =
        R"({"notify_type":"payment","syssn":"20240704180500020000018000","out_trade_no":"HIDDEN",)"
        R"("txamt":"100","txcurrcd":"HKD","respcd":"0000","status":"1"})";
    const auto sign = "X-QF-SIGN: " +
                      protocol::cloud::body_signature(hint, simulator::test_client_key,
                                                      protocol::cloud::sign_algorithm::md5) +
                      "\r\n";
    const smuggled_pair made{.path = "/qfpay/notify",
                             .more = "Content-Type: application/json\r\n",
                             .body = "{}",
                             .hidden = post("/qfpay/notify", hint, sign)};
    peer honest{notification_port()};
    ASSERT_TRUE(honest.say(made.hidden));
    ASSERT_TRUE(honest.hears("SUCCESS"));  // so it would be believed
    bridge_->line_with("notification.kept");
    const int believed = 1;
    ASSERT_EQ(logged("notification.kept"), believed);
    for (const bool bytewise : {false, true})
        for (const auto& shape : smuggling_shapes(made)) {
            SCOPED_TRACE(testing::Message() << shape.name << " bytewise " << bytewise << '\n'
                                            << shape.bytes);
            play(notification_port(), shape, bytewise);
            ASSERT_EQ(logged("notification.kept"), believed);
        }
    expect_served("A1");
}

}  // namespace
}  // namespace ecr::hostile
