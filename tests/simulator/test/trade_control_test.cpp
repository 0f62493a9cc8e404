#include "tests/simulator/test/trade_shop.hpp"

#include <gmock/gmock.h>

namespace ecr::simulator {
namespace {

struct reply {
    int status = 0;
    json body;
};

reply control(shop& s, const std::string& method, const std::string& target,
              const std::string& body = "")
{
    test::http_request request{.method = method, .target = target, .body = body};
    request.headers["Content-Type"] = "application/json";
    const auto answer =
        test::run_task(s.io, s.clock, test::send_plain(s.sim.control_port(), request), 5s);
    if (!answer) return {};
    return {answer->status, parse_json(answer->body).value_or(json{})};
}

TEST(TradeControlTest, ScriptsPlanCloses)
{
    trade_shop s;
    const auto done = control(s, "POST", "/script", R"({
        "settings": {"close_on_paid": "returns_money"},
        "shoppers": [{"order": "A1", "does": "walks_away"}],
        "undos": [{"order": "A1", "respcd": "1145", "after_ms": 5000, "payer_is_faster": true},
                  {"respcd": "1143", "happens": false}]})");
    EXPECT_EQ(done.status, 200) << done.body;
    s.trade_pay("A1", 100, "800201");
    EXPECT_EQ(s.undo(trade_close_path, "A1").at("respcd"), "1145");
    EXPECT_EQ(s.row_states("A1"), "0000/0");
    s.pass(6s);
    EXPECT_EQ(s.row_states("A1"), "0000/2");
    const auto ledger = control(s, "GET", "/ledger").body;
    EXPECT_EQ(ledger.at("money").at(1).at("kind"), "reversed");
    EXPECT_EQ(ledger.at("money").at(1).at("out_trade_no"), "A1");
}

TEST(TradeControlTest, ScriptsPlanNotifications)
{
    trade_shop s;
    // A port that nobody listens on: what counts here is what was tried.
    const auto done = control(s, "POST", "/script", R"({
        "settings": {"notify_url": "http://127.0.0.1:9/x", "notification_key": "secret"},
        "notifications": [{"kind": "unknown_type"}, {"kind": "late", "delay_ms": 3600000}]})");
    EXPECT_EQ(done.status, 200) << done.body;
    s.trade_paid("A1");
    s.trade_paid("A2");
    const auto told = control(s, "GET", "/ledger").body.at("notifications");
    ASSERT_EQ(told.size(), 1U);
    EXPECT_EQ(told.at(0).at("notify_type"), "instalment");
    EXPECT_EQ(told.at(0).at("answered"), false);
    const auto settings = control(s, "GET", "/settings").body;
    EXPECT_EQ(settings.at("notification_key").at("value"), "(set)");
}

TEST(TradeControlTest, AMistakeInThemDoesNothingAtAll)
{
    trade_shop s;
    const auto refused = control(s, "POST", "/script", R"({
        "settings": {"close_on_paid": "returns_money"},
        "undos": [{"code": "1145"}],
        "notifications": [{"kind": "loud"}]})");
    EXPECT_EQ(refused.status, 400);
    EXPECT_THAT(refused.body.at("errors"),
                testing::ElementsAre("undo 0: knows no code",
                                     "notification 0: no notification is called \"loud\""));
    EXPECT_EQ(s.sim.behaviour().close_on_paid, close_on_paid::refused_1260);
}

TEST(TradeControlTest, RowsArePlanted)
{
    trade_shop s;
    const auto done = control(s, "POST", "/plant", R"({"rows": [
        {"out_trade_no": "A1", "sysdtm": "2024-07-01 10:00:00", "txamt": 500},
        {"out_trade_no": "B", "sysdtm": "2024-06-01 00:00:00", "times": 1000, "every_ms": 60000},
        {"out_trade_no": "T", "sysdtm": "2024-07-01 11:00:00", "termid": "T1",
         "pay_type": "802808"}]})");
    ASSERT_EQ(done.status, 200) << done.body;
    ASSERT_EQ(done.body.at("syssn").size(), 1002U);
    EXPECT_EQ(s.row_states("A1"), "0000/0");
    EXPECT_EQ(s.state("T"), "row 0000") << "and the terminals' API knows its own";
    const form june{{"start_time", "2024-06-01 00:00:00"},
                    {"end_time", "2024-06-30 23:59:59"},
                    {"page_size", "100"},
                    {"page", "10"}};
    const auto last = s.query(june).at("data");
    ASSERT_EQ(last.size(), 100U);
    EXPECT_EQ(last.at(99).at("out_trade_no"), "B-1");

    const auto syssn = done.body.at("syssn").at(0).get<std::string>();
    const auto change = json{{"amounts", {{{"syssn", syssn}, {"txamt", 499}}}},
                             {"again", {syssn}},
                             {"rows",
                              {{{"out_trade_no", "R1"},
                                {"sysdtm", "2024-07-02 10:00:00"},
                                {"txamt", 20},
                                {"refund_of", syssn}}}}};
    EXPECT_EQ(control(s, "POST", "/plant", change.dump()).status, 200);
    EXPECT_EQ(s.rows("A1").size(), 2U);
    EXPECT_EQ(s.rows("R1").at(0).at("origssn"), syssn);
    EXPECT_EQ(control(s, "POST", "/plant", json{{"remove", {syssn}}}.dump()).status, 200);
    EXPECT_EQ(s.rows("A1").size(), 1U);
}

TEST(TradeControlTest, RowsThatCannotBeAreRefused)
{
    trade_shop s;
    const auto refused = control(s, "POST", "/plant", R"({"rows": [
        {"out_trade_no": "A1", "sysdtm": "yesterday", "pay_type": "999999"}], "remove": [7]})");
    EXPECT_EQ(refused.status, 400);
    EXPECT_THAT(
        refused.body.at("errors"),
        testing::ElementsAre("row 0: sysdtm is not YYYY-MM-DD hh:mm:ss",
                             "row 0: no pay_type is 999999", "remove: is not a list of strings"));
    EXPECT_EQ(control(s, "POST", "/plant", R"({"remove": ["S"]})").status, 400);
}

TEST(TradeControlTest, MerchantsAreAdded)
{
    trade_shop s;
    EXPECT_EQ(control(s, "POST", "/merchants", R"({"app_code": "B1"})").status, 400);
    const auto done = control(s, "POST", "/merchants", R"({"app_code": "B1", "client_key": "K1"})");
    EXPECT_EQ(done.status, 200) << done.body;
    const form nothing{{"page", "1"}};
    auto request = s.signed_by(trade_query_path, nothing);
    request.headers["X-QF-APPCODE"] = "B1";
    request.headers["X-QF-SIGN"] =
        protocol::cloud::request_signature(nothing, "K1", protocol::cloud::sign_algorithm::md5);
    EXPECT_EQ(parse_json(s.send(request)->body)->at("respcd"), "0000");
}

}  // namespace
}  // namespace ecr::simulator
