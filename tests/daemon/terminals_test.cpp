// What `terminals` tells of the way to QFPay: reached or not, whose clock is wrong, what is left.
#include "tests/daemon/shop/shop.hpp"

#include <gtest/gtest.h>

namespace ecr::test {
namespace {

using simulator::fault;
using simulator::fault_kind;
using simulator::shopper;

/// The rows of the last answer to `terminals`, over a link of its own.
class head_room {
public:
    head_room(shop& s, sample_till& till) : shop_{s}, till_{till} {}

    /// The row of a merchant; "": of the only one.
    std::string row(const std::string& merchant = {})
    {
        till_.forget();
        end = shop_.ask(till_, "terminals");
        return till_.last("row kind=merchant", merchant.empty() ? "" : " merchant=" + merchant);
    }
    std::string value(const std::string& key, const std::string& merchant = {})
    {
        return value_of(row(merchant), key);
    }
    int number(const std::string& key, const std::string& merchant = {})
    {
        return std::stoi(value(key, merchant));
    }

    std::string end;

private:
    shop& shop_;
    sample_till& till_;
};

std::unique_ptr<sample_till> till_of(shop& s, const std::string& link)
{
    return link == "lan" ? s.tcp_till() : s.port_till();
}

class TerminalsTest : public testing::TestWithParam<const char*> {
protected:
    shop s_;
    std::unique_ptr<sample_till> till_ = till_of(s_, GetParam());
    head_room room_{s_, *till_};
};

TEST_P(TerminalsTest, BeforeTheFirstRequestNothingIsKnown)
{
    EXPECT_EQ(room_.row(),
              "row kind=merchant cloud=not_asked_yet requests_left=400 requests_max=400");
    EXPECT_EQ(till_->count("row kind=terminal"), 2U);
    EXPECT_EQ(value_of(room_.end, "count"), "2") << "the terminals are counted";
}

TEST_P(TerminalsTest, EveryRequestIsTakenOffAndComesBackAfterAMinute)
{
    EXPECT_EQ(value_of(s_.ask(*till_, "pay order=A1 amount=500"), "order"), "A1");
    ASSERT_EQ(value_of(s_.result_of(*till_, "A1"), "state"), "paid");
    const int sent = s_.truth().requests_in_all();
    ASSERT_GE(sent, 2);
    EXPECT_EQ(room_.value("cloud"), "up");
    EXPECT_EQ(room_.number("requests_left"), 400 - sent);
    s_.pass(61s);
    EXPECT_EQ(room_.number("requests_left"), 400);
    EXPECT_EQ(s_.truth().requests_in_all(), sent) << "looking costs nothing";
}

TEST_P(TerminalsTest, ACloudThatDoesNotAnswerIsDown)
{
    s_.cloud().set_listening(false);
    till_->say("pay order=A1 amount=500");
    EXPECT_EQ(value_of(s_.result_of(*till_, "A1"), "code"), "14");
    EXPECT_EQ(room_.value("cloud"), "down");
    EXPECT_EQ(room_.value("clock_offset_ms"), "");
    s_.cloud().set_listening(true);
    till_->say("pay order=A2 amount=500");
    EXPECT_EQ(value_of(s_.result_of(*till_, "A2"), "code"), "00");
    EXPECT_EQ(room_.value("cloud"), "up");
}

INSTANTIATE_TEST_SUITE_P(Links, TerminalsTest, testing::Values("lan", "port"),
                         [](const auto& instance) { return std::string{instance.param}; });

TEST(HeadRoomTest, TellsHowFarTheCloudsClockIsAhead)
{
    for (const milliseconds ahead : {0ms, 42'000ms, -7'200'000ms}) {
        shop s{{.cloud = [&](simulator::settings& c) { c.clock_offset = ahead; }}};
        const auto till = s.tcp_till();
        head_room room{s, *till};
        till->say("pay order=A1 amount=500");
        ASSERT_EQ(value_of(s.result_of(*till, "A1"), "state"), "paid");
        EXPECT_NEAR(static_cast<double>(room.number("clock_offset_ms")),
                    static_cast<double>(ahead.count()), 1'000);
    }
}

TEST(HeadRoomTest, TooManyIsShownUntilItIsOver)
{
    shop s;
    const auto till = s.tcp_till();
    head_room room{s, *till};
    s.cloud().plan("T1", shopper{.after = 40s});
    s.cloud().plan(
        fault{.kind = fault_kind::status, .path = "query", .done = false, .http_status = 429});
    till->say("pay order=A1 amount=500");
    ASSERT_TRUE(s.until([&] { return s.truth().requests("/ecr/v1/query") == 1; }));
    EXPECT_EQ(room.value("slowed"), "yes");
    ASSERT_EQ(value_of(s.result_of(*till, "A1"), "state"), "paid");
    s.pass(5min);
    EXPECT_EQ(room.value("slowed"), "");
}

TEST(HeadRoomTest, WhoStandsInLineIsCounted)
{
    shop s{{.bridge = [](daemon::config& c) { c.cloud.requests_per_minute = 2; }}};
    s.cloud().plan("T1", shopper{.after = 60s});
    s.cloud().plan("T2", shopper{.after = 60s});
    const auto till = s.tcp_till();
    head_room room{s, *till};
    till->say("pay order=A1 amount=500 terminal=T1");
    till->say("pay order=A2 amount=500 terminal=T2");
    s.pass(20s);
    EXPECT_EQ(room.number("requests_left"), 0);
    EXPECT_EQ(room.number("requests_max"), 2);
    EXPECT_EQ(room.number("requests_waiting"), 2);
}

TEST(HeadRoomTest, EachMerchantHasItsOwn)
{
    const std::string code(32, 'C');
    shop s{{.bridge =
                [&](daemon::config& c) {
                    auto cafe = c.cloud;
                    cafe.name = "cafe";
                    cafe.app_code = code;
                    cafe.requests_per_minute = 60;
                    c.cloud.name = "shop";
                    c.merchants = {cafe};
                    c.terminals[0].merchant = "shop";
                    c.terminals[1].merchant = "cafe";
                    for (auto& link : c.links)
                        link.merchant = "shop";
                },
            .cloud =
                [&](simulator::settings& c) {
                    c.merchants = {{code, std::string(32, '7')}};
                }}};
    const auto till = s.tcp_till();
    head_room room{s, *till};
    till->say("pay order=A1 amount=500");
    ASSERT_EQ(value_of(s.result_of(*till, "A1"), "state"), "paid");
    EXPECT_EQ(room.number("requests_left", "shop"), 400 - s.truth().requests_in_all());
    EXPECT_EQ(room.row("cafe"),
              "row kind=merchant merchant=cafe cloud=not_asked_yet "
              "requests_left=60 requests_max=60");
    EXPECT_EQ(till->last("row kind=terminal", "=T2"),
              "row kind=terminal terminal=T2 name=back merchant=cafe state=free");
}

TEST(HeadRoomTest, IsIntegersInJson)
{
    shop s;
    const auto till = s.tcp_till();
    till->say(R"({"verb":"terminals"})");
    ASSERT_TRUE(s.until([&] { return till->count(R"({"reply":"ok")") == 1; }));
    EXPECT_EQ(till->last(R"({"reply":"row","kind":"merchant")"),
              R"({"reply":"row","kind":"merchant","cloud":"not_asked_yet","requests_left":400,)"
              R"("requests_max":400})");
}

}  // namespace
}  // namespace ecr::test
