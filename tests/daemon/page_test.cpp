// The page of a shop under virtual time: what is true there, and when. tests/page/ has the rest,
// with the built program and a real browser.
#include "daemon/limits.hpp"
#include "daemon/page/page_desk.hpp"
#include "protocol/json.hpp"
#include "tests/daemon/http_peer.hpp"
#include "tests/daemon/shop/case_shop.hpp"
#include "tests/support/https_client.hpp"

#include <boost/asio/co_spawn.hpp>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace ecr::test {
namespace {

using simulator::act;
using simulator::fault;
using simulator::fault_kind;
using simulator::shopper;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

shop_plan with_page(std::function<void(daemon::config&)> more)
{
    return {.bridge = [more = std::move(more)](daemon::config& c) {
        c.page.on = true;
        c.page.port = 0;
        more(c);
    }};
}

class page_shop_under_test : public case_shop {
public:
    explicit page_shop_under_test(std::function<void(daemon::config&)> more = [](auto&) {})
        : case_shop{with_page(std::move(more))}
    {}

    http_answer send(http_request request)
    {
        request.headers["Host"] = "localhost";
        std::optional<http_answer> answer;
        boost::asio::co_spawn(io(), send_plain(bridge().page()->port(), std::move(request)),
                              [&](std::exception_ptr failed, http_answer got) {
                                  if (!failed) answer = std::move(got);
                              });
        EXPECT_TRUE(until([&] { return answer.has_value(); }, 2min));
        return answer.value_or(http_answer{});
    }

    json get(const std::string& path)
    {
        const auto answer = send({.method = "GET", .target = "/api/v1/" + path});
        EXPECT_EQ(answer.status, 200) << path << answer.body;
        return json::parse(answer.body);
    }

    http_answer post(const std::string& path, const json& body)
    {
        return send({.target = "/api/v1/" + path,
                     .headers = {{"Content-Type", "application/json"}},
                     .body = body.dump()});
    }

    json order(const std::string& number) { return get("orders/" + number)["order"]; }

    std::vector<std::string> running()
    {
        std::vector<std::string> all;
        const auto overview = get("overview");
        for (const auto& o : overview["running"])
            all.push_back(o["order"].get<std::string>() + ' ' + o["stage"].get<std::string>());
        return all;
    }
};

TEST(PageTest, ARunningOrderIsThereUntilItEnds)
{
    page_shop_under_test s;
    EXPECT_THAT(s.running(), IsEmpty());
    s.say("pay order=A1 amount=500 channel=wx");
    ASSERT_TRUE(s.until_on_terminal());
    EXPECT_THAT(s.running(), ElementsAre("A1 on_terminal"));
    EXPECT_THAT(s.end_of("A1"), HasSubstr("state=paid"));
    EXPECT_THAT(s.running(), IsEmpty());
    EXPECT_EQ(s.order("A1")["state"], "paid");
    EXPECT_EQ(s.order("A1")["safe_to_retry"], false);
}

TEST(PageTest, ItSaysOfEveryEndWhatTheTillWasTold)
{
    page_shop_under_test s;
    s.cloud().plan(shopper{.does = act::declines, .respcd = "1201"});
    const auto told = s.pay(way::terminal, "A1");
    const auto shown = s.order("A1");
    EXPECT_EQ(shown["state"], value_of(told, "state"));
    EXPECT_EQ(shown["code"], std::stoi(value_of(told, "code")));
    EXPECT_EQ(shown["safe_to_retry"], value_of(told, "safe_to_retry") == "yes");
}

TEST(PageTest, WhatNobodyKnowsIsNeverShownAsPaid)
{
    page_shop_under_test s;
    s.cloud().plan(
        fault{.kind = fault_kind::row_respcd, .path = "/query", .count = -1, .respcd = "1298"});
    expect_told(s.pay(way::terminal, "A1"), told_in_doubt);
    const auto overview = s.get("overview");
    ASSERT_EQ(overview["attention"].size(), 1U);
    EXPECT_EQ(overview["attention"][0]["state"], "in_doubt");
    EXPECT_EQ(overview["attention"][0]["safe_to_retry"], false);
    EXPECT_EQ(s.get("today")["totals"][0]["payments"]["count"], 0);
}

TEST(PageTest, ARefundGoesTheWayOfATillsCommand)
{
    page_shop_under_test s;
    ASSERT_THAT(s.pay(way::terminal, "A1"), HasSubstr("state=paid"));
    const json wanted{{"number", "PG-000001"}, {"amount", 200}, {"left", 500}};
    EXPECT_EQ(s.post("orders/A1/refund", wanted).status, 200);
    EXPECT_EQ(s.post("orders/A1/refund", wanted).status, 200);  // the same one
    EXPECT_TRUE(s.until_state("PG-000001", "paid"));
    EXPECT_EQ(s.truth().refunded("A1"), (simulator::movements{1, 200}));
    EXPECT_EQ(s.post("orders/A1/refund", wanted).status, 200);  // also when it has ended
    const json too_much{{"number", "PG-000002"}, {"amount", 400}, {"left", 300}};
    EXPECT_EQ(s.post("orders/A1/refund", too_much).status, 409);
    // Another screen that shows what was left before.
    const json unseen{{"number", "PG-000003"}, {"amount", 200}, {"left", 500}};
    EXPECT_EQ(s.post("orders/A1/refund", unseen).status, 409);
    s.pass(1min);
    EXPECT_EQ(s.truth().refunded("A1"), (simulator::movements{1, 200}));
    EXPECT_EQ(s.get("orders/A1")["left"], 300);
}

TEST(PageTest, WhoResolvesMustHaveSeenTheLatest)
{
    page_shop_under_test s;
    s.cloud().plan(
        fault{.kind = fault_kind::row_respcd, .path = "/query", .count = -1, .respcd = "1298"});
    expect_told(s.pay(way::terminal, "A1"), told_in_doubt);
    const auto seen = s.order("A1")["updated_at"];
    s.cloud().clear_faults();
    ASSERT_TRUE(s.until_state("A1", "paid"));
    const auto answer =
        s.post("orders/A1/resolve", {{"reason", "no"}, {"paid", false}, {"seen", seen}});
    EXPECT_EQ(answer.status, 409);
    EXPECT_THAT(answer.body, HasSubstr("changed"));
    EXPECT_EQ(s.state("A1"), "paid");
}

TEST(PageTest, NewsComeWithinAMoment)
{
    page_shop_under_test s;
    http_peer listener{s.io(), s.bridge().page()->port()};
    listener.say("GET /api/v1/events HTTP/1.1\r\nHost: localhost\r\n\r\n");
    const auto news = [&](int number) {
        return listener.heard().find("data: " + std::to_string(number) + "\n") != std::string::npos;
    };
    ASSERT_TRUE(s.until([&] { return news(1); }));
    const auto quiet = listener.heard().size();
    s.pass(1s);
    EXPECT_EQ(listener.heard().size(), quiet);
    s.say("pay order=A1 amount=500 channel=wx");
    EXPECT_TRUE(s.until([&] { return news(2); }, daemon::limits::page_look * 4));
    ASSERT_TRUE(s.until_on_terminal());
    s.pass(1s);
    const auto before = listener.heard().size();
    EXPECT_TRUE(s.until_state("A1", "paid"));
    EXPECT_TRUE(
        s.until([&] { return listener.heard().size() > before; }, daemon::limits::page_look * 4));
    s.pass(daemon::limits::page_heartbeat * 3);
    EXPECT_THAT(listener.heard(), HasSubstr(":\n\n"));  // still there
}

TEST(PageTest, WhileNobodyListensNothingIsLookedAt)
{
    page_shop_under_test s;
    auto listener = std::make_unique<http_peer>(s.io(), s.bridge().page()->port());
    listener->say("GET /api/v1/events HTTP/1.1\r\nHost: localhost\r\n\r\n");
    ASSERT_TRUE(s.until([&] { return !listener->heard().empty(); }));
    listener->hang_up();
    s.pass(1min);
    const auto now = s.time().now();
    EXPECT_FALSE(s.time().has_alarm_before(now + daemon::limits::page_look));
}

TEST(PageTest, AStopEndsListenersAndWaitsForNobody)
{
    page_shop_under_test s;
    http_peer listener{s.io(), s.bridge().page()->port()};
    listener.say("GET /api/v1/events HTTP/1.1\r\nHost: localhost\r\n\r\n");
    ASSERT_TRUE(s.until([&] { return !listener.heard().empty(); }));
    s.restart_gently();
    EXPECT_TRUE(listener.closed());
}

TEST(PageTest, APortThatIsTakenIsWaitedForAndTillsAreServed)
{
    boost::asio::io_context io;
    std::optional<boost::asio::ip::tcp::acceptor> other;
    other.emplace(io,
                  boost::asio::ip::tcp::endpoint{boost::asio::ip::make_address("127.0.0.1"), 0});
    const auto port = other->local_endpoint().port();
    page_shop_under_test s{[&](daemon::config& c) { c.page.port = port; }};
    EXPECT_EQ(s.bridge().page()->port(), 0);
    EXPECT_THAT(s.pay(way::terminal, "A1"), HasSubstr("state=paid"));
    other.reset();
    EXPECT_TRUE(s.until([&] { return s.bridge().page()->port() == port; },
                        daemon::limits::page_listen_retry * 2));
    EXPECT_EQ(s.order("A1")["state"], "paid");
}

}  // namespace
}  // namespace ecr::test
