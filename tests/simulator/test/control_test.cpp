#include "tests/simulator/test/shop.hpp"

#include <gmock/gmock.h>

namespace ecr::simulator {
namespace {

struct reply {
    int status = 0;
    json body;
};

reply control(shop& s, const std::string& method, const std::string& target,
              const std::string& body = "", const std::string& type = "application/json")
{
    test::http_request request{.method = method, .target = target, .body = body};
    request.headers["Content-Type"] = type;
    const auto answer =
        test::run_task(s.io, s.clock, test::send_plain(s.sim.control_port(), request), 5s);
    if (!answer) return {};
    return {answer->status, parse_json(answer->body).value_or(json{})};
}

TEST(ControlTest, ScriptChangesSettingsShoppersAndFaults)
{
    shop s;
    const auto done = control(s, "POST", "/script", R"({
        "settings": {"busy_enquiry": "row_1143", "shopper_delay": 1000, "signs_responses": false},
        "shoppers": [{"termid": "T1", "does": "declines", "respcd": "1201", "after_ms": 500},
                     {"order": "A2", "does": "pays_late", "late_ms": 5000}],
        "faults": [{"kind": "status", "path": "summary", "http_status": 503, "count": 2}]})");
    EXPECT_EQ(done.status, 200) << done.body;
    EXPECT_EQ(s.sim.behaviour().busy_enquiry, busy_enquiry::row_1143);
    EXPECT_EQ(s.sim.behaviour().shopper_delay, 1s);
    EXPECT_FALSE(s.sim.behaviour().signs_responses);
    s.pay("A1");
    s.pass(1s);
    EXPECT_EQ(s.state("A1"), "row 1201");
    for (const int status : {503, 503, 200})
        EXPECT_EQ(s.post(summary_path, {{"termid", "T1"}})->status, status);
    s.pay("A2");
    s.pass(121s);
    EXPECT_EQ(s.state("A2"), "row 1181");
    s.pass(6s);
    EXPECT_EQ(s.state("A2"), "row 0000");
}

TEST(ControlTest, AScriptWithAMistakeDoesNothingAtAll)
{
    shop s;
    const auto refused = control(s, "POST", "/script", R"({
        "settings": {"idle_cancel": "code_1136", "busy": "x"},
        "shoppers": [{"does": "runs"}, {"does": "pays", "when": 3}, 7],
        "faults": [{"kind": "status", "http_status": 9000, "count": 0}],
        "clears": true})");
    EXPECT_EQ(refused.status, 400);
    EXPECT_THAT(
        refused.body.at("errors"),
        testing::ElementsAre("script: knows no clears", "settings: no setting is called \"busy\"",
                             "shopper 0: no shopper does \"runs\"", "shopper 1: knows no when",
                             "shopper 2: is not an object", "fault 0: count is 0; -1 is for ever",
                             "fault 0: http_status is not a whole number from 200 to 599"));
    EXPECT_EQ(s.sim.behaviour().idle_cancel, idle_cancel::code_0000);
}

TEST(ControlTest, ClearForgetsWhatWasPlanned)
{
    shop s;
    s.sim.plan(fault{.kind = fault_kind::garbage, .count = -1});
    s.sim.plan({.does = act::declines});
    EXPECT_EQ(control(s, "POST", "/script", R"({"clear": true})").status, 200);
    EXPECT_NE(s.paid("A1"), "not paid");
}

TEST(ControlTest, LedgerIsTheTruth)
{
    shop s;
    const auto syssn = s.paid("A1", 110);
    s.refund(syssn, "10", "R1");
    s.pass(10s);
    s.pay("A2", 50);
    s.pay("A3", 60);
    s.cancel();
    s.pass(1s);
    const auto ledger = control(s, "GET", "/ledger").body;
    EXPECT_EQ(ledger.at("charges"), 1);
    EXPECT_EQ(ledger.at("charged"), 110);
    EXPECT_EQ(ledger.at("charged_twice"), json::array());
    EXPECT_EQ(ledger.at("pushed_to_busy_terminal"), 1);
    EXPECT_EQ(ledger.at("money").size(), 2U);
    EXPECT_EQ(ledger.at("money").at(1).at("kind"), "refund");
    EXPECT_EQ(ledger.at("money").at(1).at("origssn"), syssn);
    EXPECT_EQ(ledger.at("pushes").size(), 4U);
    EXPECT_EQ(ledger.at("pushes").at(3).at("respcd"), "1145");
    EXPECT_EQ(ledger.at("cancels").at(0).at("stopped"), "A2");
    EXPECT_EQ(ledger.at("requests").at(payment_path), 3);
    const auto orders = control(s, "GET", "/orders").body;
    EXPECT_EQ(orders.at(0).at("truth"), "paid");
    EXPECT_EQ(orders.at(0).at("allow_refund_amt"), 100);
    EXPECT_EQ(orders.at(2).at("truth"), "cancelled");
}

TEST(ControlTest, TerminalsAreMadeBoundAndTakenAway)
{
    shop s;
    EXPECT_EQ(s.pay("A1", 100, "wx", "T5"), "1106");
    EXPECT_EQ(control(s, "POST", "/terminals", R"({"termid": "T5"})").status, 200);
    EXPECT_EQ(s.pay("A2", 100, "wx", "T5"), "0000");
    control(s, "POST", "/terminals", R"({"termid": "T2", "bound": false})");
    EXPECT_EQ(s.pay("A3", 100, "wx", "T2"), "1106");
    control(s, "POST", "/terminals", R"({"termid": "T1", "online": false})");
    EXPECT_FALSE(s.sim.terminal("T1").online());
    const auto list = control(s, "GET", "/terminals").body;
    EXPECT_EQ(list.size(), 4U);
    EXPECT_EQ(list.at(2).at("shows"), "A2");
    EXPECT_EQ(control(s, "POST", "/terminals", "{}").status, 400);
}

TEST(ControlTest, ResetIsAsAfterTheStart)
{
    shop s;
    s.pay("A1");
    s.sim.behaviour().idle_cancel = idle_cancel::code_1136;
    s.sim.plan(fault{.kind = fault_kind::garbage, .count = -1});
    EXPECT_EQ(control(s, "POST", "/reset").status, 200);
    EXPECT_FALSE(s.sim.terminal("T1").busy());
    EXPECT_TRUE(s.sim.truth().pushes().empty());
    EXPECT_EQ(s.cancel(), "0000");
    s.pass(10s);
    EXPECT_EQ(s.sim.truth().charged_in_all().count, 0) << "the old shopper is gone";
    EXPECT_NE(s.paid("A1"), "push refused") << "and its number is free";
}

TEST(ControlTest, SettingsAreListedWithoutTheKey)
{
    shop s;
    const auto settings = control(s, "GET", "/settings").body;
    EXPECT_EQ(settings.at("busy_push").at("value"), "refuse_1145");
    EXPECT_EQ(settings.at("busy_push").at("allowed"), "refuse_1145|queue_behind");
    EXPECT_EQ(settings.dump().find(test_client_key), std::string::npos);
}

struct refusal_case {
    std::string name, method, target, body, type;
    int status;

    friend void PrintTo(const refusal_case& c, std::ostream* out) { *out << c.name; }
};

class ControlRefusalTest : public testing::TestWithParam<refusal_case> {};

TEST_P(ControlRefusalTest, HasItsStatus)
{
    const auto& c = GetParam();
    shop s;
    EXPECT_EQ(control(s, c.method, c.target, c.body, c.type).status, c.status);
}

// clang-format off
const refusal_case refusal_cases[] = {
    {"UnknownGet",   "GET",    "/x",      "",     "application/json", 404},
    {"UnknownPost",  "POST",   "/ledger", "{}",   "application/json", 404},
    {"OtherMethod",  "DELETE", "/ledger", "",     "application/json", 405},
    {"FormFromPage", "POST",   "/reset",  "",     "text/plain",       415},
    {"NoJson",       "POST",   "/script", "{",    "application/json", 400},
    {"NoObject",     "POST",   "/script", "[]",   "application/json", 400},
    {"SettingsList", "POST",   "/script", R"({"settings": [1]})", "application/json", 400},
    {"ShoppersText", "POST",   "/script", R"({"shoppers": "x"})", "application/json", 400},
    {"Help",         "GET",    "/",       "",     "application/json", 200},
};
// clang-format on

INSTANTIATE_TEST_SUITE_P(All, ControlRefusalTest, testing::ValuesIn(refusal_cases),
                         [](const auto& instance) { return instance.param.name; });

}  // namespace
}  // namespace ecr::simulator
