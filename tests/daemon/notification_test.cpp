// QFPay's notifications, through a real socket: what is believed, kept, answered and asked.
#include "daemon/notify/notification_desk.hpp"
#include "protocol/cloud/signature.hpp"
#include "protocol/json.hpp"
#include "tests/daemon/shop/listening_shop.hpp"
#include "tests/support/private_text.hpp"
#include "tests/support/temporary_folder.hpp"
#include "tests/support/virtual_time.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sqlite3.h>

#include <fstream>
#include <sstream>

namespace ecr::test {
namespace {

using simulator::act;
using simulator::shopper;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

struct vector {
    std::string body;
    std::string key;
    std::string sign;
};

/// A notification of the published and shared vectors, by the beginning of its id.
vector vector_of(const std::string& id)
{
    std::ifstream in{std::string{ECR_SOURCE_DIR} + "/tests/data/cloud_vectors.json"};
    const auto all = nlohmann::json::parse(in);
    for (const auto& each : all["body_signature"])
        if (each["id"].get<std::string>().starts_with(id))
            return {each["body"], each["key"], each["md5_upper"]};
    ADD_FAILURE() << "no vector " << id;
    return {};
}

// --- The vectors ------------------------------------------------------------------------------

/// The key of the vectors, as a file only we may read.
class VectorShop : public testing::Test {
protected:
    VectorShop() { write_private(key_file(), vector_of("B10").key); }
    std::filesystem::path key_file() const { return folder_ / "notify.key"; }
    std::function<void(daemon::config&)> keyed(protocol::cloud::notify_rule rule = {}) const
    {
        return [file = key_file(), rule](daemon::config& c) {
            c.cloud.notification_key_file = file;
            c.notifications.rule = rule;
        };
    }

private:
    temporary_folder folder_;
};

class NotificationVectorTest : public VectorShop,
                               public testing::WithParamInterface<const char*> {};

TEST_P(NotificationVectorTest, IsBelievedOverItsVeryBytes)
{
    const auto v = vector_of(GetParam());
    listening_shop s{keyed()};
    const auto answer = s.post(v.body, v.sign);
    EXPECT_EQ(answer.status, 200);
    EXPECT_EQ(answer.body, "SUCCESS");
    EXPECT_THAT(s.kept("body"), ElementsAre(v.body));
    EXPECT_THAT(s.kept("digest"), ElementsAre(protocol::cloud::body_signature(
                                      v.body, {}, protocol::cloud::sign_algorithm::sha256)));
    EXPECT_EQ(s.counts().received, 1U);
    EXPECT_EQ(s.counts().unmatched, 1U);
    EXPECT_EQ(s.counts().last_at, s.time().wall());
    EXPECT_EQ(s.enquiries(), 0);
}

TEST_P(NotificationVectorTest, IsForgedWithOneByteChanged)
{
    const auto v = vector_of(GetParam());
    listening_shop s{keyed()};
    const auto before = s.journal_bytes();
    unsigned sent = 0;
    for (std::size_t at = 0; at < v.body.size(); at += 23, ++sent) {
        auto body = v.body;
        body[at] = static_cast<char>(body[at] ^ 1);
        EXPECT_EQ(s.post(body, v.sign).status, 403) << at;
    }
    EXPECT_EQ(s.counts().forged, sent);
    EXPECT_EQ(s.counts().received, 0U);
    EXPECT_EQ(s.journal_bytes(), before);
}

INSTANTIATE_TEST_SUITE_P(Vectors, NotificationVectorTest,
                         testing::Values("B10", "B11", "B12", "B13", "B14", "B15"),
                         [](const auto& i) { return std::string{i.param}; });

using NotificationKeyTest = VectorShop;

TEST_F(NotificationKeyTest, TheRuleOf2016IsASetting)
{
    const auto v = vector_of("B20");
    {
        listening_shop s{keyed()};
        EXPECT_EQ(s.post(v.body, v.sign).status, 403);
    }
    listening_shop s{keyed(protocol::cloud::notify_rule::sorted_fields_2016)};
    EXPECT_EQ(s.post(v.body, v.sign).body, "SUCCESS");
}

TEST_F(NotificationKeyTest, AKeyOfItsOwnReplacesTheClientKey)
{
    listening_shop s{keyed()};
    EXPECT_EQ(s.notify(payment("A1")).status, 403);
}

// --- Who is not believed ----------------------------------------------------------------------

TEST(NotificationForgeryTest, ChangesNothingAnywhere)
{
    listening_shop s;
    s.cloud().plan(shopper{.after = 30s});
    const auto till = s.tcp_till();
    till->say("pay order=A1 amount=500");
    ASSERT_TRUE(s.until([&] { return s.enquiries() >= 1; }));
    s.pass(1s);
    const auto asked = s.enquiries();
    const auto requests = s.truth().requests_in_all();
    const auto before = s.journal_bytes();

    const std::string body = "{\"status\": \"1\", \"respcd\": \"0000\", " + payment("A1") + "}";
    const auto good = signature(body, s.cloud().behaviour().client_key);
    auto altered = body;
    altered[body.find("500")] = '9';
    EXPECT_EQ(s.post(body, signature(body, "another key")).status, 403);
    EXPECT_EQ(s.post(body, "").status, 403);
    EXPECT_EQ(s.post(body, good.substr(1)).status, 403);
    EXPECT_EQ(s.post(altered, good).status, 403);
    EXPECT_EQ(s.post(body + " ", good).status, 403);
    EXPECT_EQ(s.send({.target = "/qfpay/notify", .body = body}).status, 403);
    const std::string unreadable = "{\"status\": ";
    EXPECT_EQ(s.post(unreadable, signature(unreadable, s.cloud().behaviour().client_key)).status,
              403);

    EXPECT_EQ(s.counts().forged, 7U);
    EXPECT_EQ(s.counts().received, 0U);
    EXPECT_FALSE(s.counts().last_at);
    EXPECT_EQ(s.journal_bytes(), before);
    EXPECT_EQ(s.enquiries(), asked);
    EXPECT_EQ(s.truth().requests_in_all(), requests);
    EXPECT_EQ(s.journal("A1")->state, "on_terminal");
}

TEST(NotificationForgeryTest, AHugeBodyIsNotEvenRead)
{
    listening_shop s;
    const std::string body(200'000, ' ');
    EXPECT_EQ(s.post(body, signature(body, s.cloud().behaviour().client_key)).status, 413);
    EXPECT_EQ(s.counts().forged + s.counts().received, 0U);
}

TEST(NotificationForgeryTest, OnlyPostsToThePathAreHeard)
{
    listening_shop s;
    EXPECT_EQ(s.send({.method = "GET", .target = "/qfpay/notify"}).status, 405);
    EXPECT_EQ(s.send({.target = "/qfpay/notify/other"}).status, 404);
    EXPECT_EQ(s.send({.target = "/"}).status, 404);
}

TEST(NotificationSenderTest, AStrangerIsRefused)
{
    listening_shop s{[](daemon::config& c) { c.notifications.allow = {"13.228.112.115"}; }};
    EXPECT_EQ(s.notify(payment("A1")).status, 403);
    EXPECT_EQ(s.counts().refused, 1U);
    EXPECT_EQ(s.counts().received, 0U);
    EXPECT_THAT(s.kept(), IsEmpty());
}

TEST(NotificationSenderTest, BehindAProxyTheLastHopCounts)
{
    listening_shop s{[](daemon::config& c) {
        c.notifications.allow = {"13.228.112.115"};
        c.notifications.trust_forwarded = "127.0.0.1";
    }};
    const std::string body = "{\"status\": \"1\", " + payment("A1") + "}";
    http_request request{.target = "/qfpay/notify", .body = body};
    request.headers["X-QF-SIGN"] = signature(body, s.cloud().behaviour().client_key);
    struct hop_case {
        const char* forwarded;
        int status;
    };
    for (const auto& [forwarded, status] : {hop_case{"13.228.112.115", 200},
                                            {"1.2.3.4, 13.228.112.115 ", 200},
                                            {"13.228.112.115, 1.2.3.4", 403},
                                            {"13.228.112.115,", 403},
                                            {"somebody", 403},
                                            {"", 403}}) {
        request.headers["X-Forwarded-For"] = forwarded;
        EXPECT_EQ(s.send(request).status, status) << forwarded;
    }
    EXPECT_EQ(s.counts().refused, 4U);
}

TEST(NotificationSenderTest, WithoutAProxyTheHeaderIsNotBelieved)
{
    listening_shop s{[](daemon::config& c) { c.notifications.allow = {"13.228.112.115"}; }};
    http_request request{.target = "/qfpay/notify"};
    request.headers["X-Forwarded-For"] = "13.228.112.115";
    EXPECT_EQ(s.send(request).status, 403);
    EXPECT_EQ(s.counts().refused, 1U);
}

// --- What is believed -------------------------------------------------------------------------

/// Enquiries that a payment of a slow shopper needs until it is known, in the watch for late money.
int enquiries_until_known(bool notified)
{
    listening_shop s;
    s.cloud().plan(shopper{.does = act::pays_late, .late = 3h + 7min});
    const auto till = s.tcp_till();
    till->say("pay order=A1 amount=500");
    EXPECT_EQ(value_of(s.result_of(*till, "A1", 15min), "state"), "expired");
    EXPECT_TRUE(s.until([&] { return s.truth().charged("A1").count == 1; }, 4h));
    const auto before = s.enquiries();
    const auto paid_at = s.time().now();
    if (notified) {
        EXPECT_EQ(s.notify(payment("A1")).body, "SUCCESS");
    }
    EXPECT_TRUE(s.until([&] { return s.journal("A1")->state == "paid"; }, 2h));
    const auto waited = s.time().now() - paid_at;
    EXPECT_EQ(waited <= 1s, notified) << waited.count();
    EXPECT_EQ(waited <= 5min, notified) << waited.count();
    return s.enquiries() - before;
}

TEST(NotificationTest, FindsLateMoneyWithOneEnquiryAtOnce)
{
    EXPECT_EQ(enquiries_until_known(true), 1);
    EXPECT_GE(enquiries_until_known(false), 1);
}

/// How long a till waits when the next enquiry is far away, and for how many enquiries.
struct waited {
    milliseconds time{};
    int enquiries = 0;
};
waited wait_for_payment(bool notified)
{
    listening_shop s{[](daemon::config& c) { c.orders.pace.first = 60s; }};
    s.cloud().plan(shopper{.after = 5s});
    const auto till = s.tcp_till();
    till->say("pay order=A1 amount=500");
    EXPECT_TRUE(s.until([&] { return s.truth().charged("A1").count == 1; }));
    EXPECT_EQ(s.enquiries(), 0);
    const auto paid_at = s.time().now();
    if (notified) {
        EXPECT_EQ(s.notify(payment("A1")).body, "SUCCESS");
    }
    EXPECT_EQ(value_of(s.result_of(*till, "A1"), "state"), "paid");
    return {s.time().now() - paid_at, s.enquiries()};
}

TEST(NotificationTest, ShortensTheWaitOfARunningOrderToOneEnquiry)
{
    const auto told = wait_for_payment(true);
    EXPECT_EQ(told.enquiries, 1);
    EXPECT_LE(told.time, 1s);
    const auto untold = wait_for_payment(false);
    EXPECT_EQ(untold.enquiries, 1);
    EXPECT_GT(untold.time, 30s);
}

TEST(NotificationTest, IsAHintAndNoResult)
{
    listening_shop s;
    s.cloud().plan(shopper{.does = act::walks_away});
    const auto till = s.tcp_till();
    till->say("pay order=A1 amount=500");
    ASSERT_TRUE(s.until([&] { return till->count("progress", "on_terminal") > 0; }));
    EXPECT_EQ(s.notify(payment("A1")).body, "SUCCESS");
    EXPECT_EQ(value_of(s.result_of(*till, "A1", 15min), "state"), "expired");
    EXPECT_THAT(s.kept(), ElementsAre("payment|A1|1"));
}

TEST(NotificationTest, ReplayedFiftyTimesIsOneNotification)
{
    listening_shop s;
    const auto till = s.tcp_till();
    till->say("pay order=A1 amount=500");
    ASSERT_EQ(value_of(s.result_of(*till, "A1"), "state"), "paid");
    const auto asked = s.enquiries();
    for (int i = 0; i < 50; ++i)
        ASSERT_EQ(s.notify(payment("A1")).body, "SUCCESS");
    s.pass(1min);
    EXPECT_EQ(s.enquiries(), asked);
    EXPECT_THAT(s.kept(), ElementsAre("payment|A1|50"));
    EXPECT_EQ(s.counts().received, 50U);
    EXPECT_EQ(s.counts().duplicates, 49U);
}

TEST(NotificationTest, ReplaysOfARunningOrderAreAskedAboutNotFasterThanATillMay)
{
    listening_shop s;
    s.cloud().plan(shopper{.does = act::walks_away});
    const auto till = s.tcp_till();
    till->say("pay order=A1 amount=500");
    ASSERT_TRUE(s.until([&] { return s.enquiries() >= 1; }));
    const auto asked = s.enquiries();
    for (int i = 0; i < 60; ++i) {
        ASSERT_EQ(s.notify(payment("A1")).body, "SUCCESS");
        s.pass(500ms);
    }
    EXPECT_LE(s.enquiries() - asked, 12);  // 30 s at one every 3 s, and one either end
}

TEST(NotificationTest, ComesInAnyOrder)
{
    listening_shop s;
    const auto till = s.tcp_till();
    // The refund's, before anything was heard of the payment; then the payment's, before its push.
    const std::string refund =
        "\"notify_type\": \"refund\", \"syssn\": \"R\", \"out_trade_no\": \"R1\"";
    EXPECT_EQ(s.notify(refund).body, "SUCCESS");
    EXPECT_EQ(s.notify(payment("A1")).body, "SUCCESS");
    EXPECT_EQ(s.counts().unmatched, 2U);
    till->say("pay order=A1 amount=500");
    ASSERT_EQ(value_of(s.result_of(*till, "A1"), "state"), "paid");
    EXPECT_EQ(s.notify(payment("A1", "20261118S2")).body, "SUCCESS");
    EXPECT_THAT(s.kept(), ElementsAre("refund||1", "payment||1", "payment|A1|1"));
}

TEST(NotificationTest, ARefundMadeAtATerminalIsKeptWithItsPayment)
{
    listening_shop s;
    const auto till = s.tcp_till();
    till->say("pay order=A1 amount=500");
    ASSERT_EQ(value_of(s.result_of(*till, "A1"), "state"), "paid");
    const auto syssn = s.journal("A1")->syssn;
    EXPECT_EQ(s.notify("\"notify_type\": \"cancel\", \"syssn\": \"R\", \"out_trade_no\": "
                       "\"0f1e2d3c\", \"orig_out_trade_no\": \"A1\", \"orig_syssn\": \"" +
                       syssn + "\"")
                  .body,
              "SUCCESS");
    EXPECT_EQ(s.notify("\"notify_type\": \"cancel\", \"syssn\": \"R2\", \"orig_out_trade_no\": "
                       "\"A1\"")
                  .body,
              "SUCCESS");
    EXPECT_THAT(s.kept(), ElementsAre("cancel|A1|1", "cancel|A1|1"));
    EXPECT_EQ(s.journal("A1")->state, "paid");
}

TEST(NotificationTest, ARefundInHandIsAskedAboutWhenItsPaymentIsNamed)
{
    listening_shop s{[](daemon::config& c) { c.orders.pace.first = 60s; }};
    const auto till = s.tcp_till();
    till->say("pay order=A1 amount=500");
    ASSERT_EQ(value_of(s.result_of(*till, "A1"), "state"), "paid");
    till->say("refund order=R1 of=A1 amount=200");
    ASSERT_TRUE(s.until([&] { return s.truth().refunded("A1").count == 1; }));
    const auto moved_at = s.time().now();
    EXPECT_EQ(s.notify("\"notify_type\": \"cancel\", \"syssn\": \"R\", \"orig_out_trade_no\": "
                       "\"A1\"")
                  .body,
              "SUCCESS");
    EXPECT_EQ(value_of(s.result_of(*till, "R1"), "state"), "refunded");
    EXPECT_LE(s.time().now() - moved_at, 10s);
}

TEST(NotificationTest, ASaleKeyedAtATerminalIsKeptUnmatched)
{
    listening_shop s;
    EXPECT_EQ(s.notify(payment("")).body, "SUCCESS");
    EXPECT_THAT(s.kept(), ElementsAre("payment||1"));
    EXPECT_EQ(s.counts().unmatched, 1U);
    EXPECT_EQ(s.truth().requests_in_all(), 0);
}

TEST(NotificationTest, AnotherProductsIsKeptAndNothingElse)
{
    listening_shop s;
    s.cloud().plan(shopper{.does = act::walks_away});
    const auto till = s.tcp_till();
    till->say("pay order=A1 amount=500");
    ASSERT_TRUE(s.until([&] { return s.enquiries() >= 1; }));
    s.pass(500ms);
    const auto asked = s.enquiries();
    EXPECT_EQ(s.notify("\"notify_type\": \"subscription\", \"syssn\": \"X\", \"out_trade_no\": "
                       "\"A1\"")
                  .body,
              "SUCCESS");
    s.pass(1s);
    EXPECT_EQ(s.enquiries(), asked);
    EXPECT_THAT(s.kept(), ElementsAre("subscription|A1|1"));
}

TEST(NotificationTest, TheContentTypeProvesNothing)
{
    listening_shop s;
    const std::string body = "{" + payment("A1") + "}";
    for (const auto* type : {"text/html", "application/x-www-form-urlencoded", ""}) {
        http_request request{.target = "/qfpay/notify", .body = body};
        request.headers["Content-Type"] = type;
        request.headers["X-QF-SIGN"] = signature(body, s.cloud().behaviour().client_key);
        EXPECT_EQ(s.send(request).body, "SUCCESS") << type;
    }
}

TEST(NotificationTest, ACardNumberIsNotKept)
{
    listening_shop s;
    EXPECT_EQ(s.notify(payment("A1") + ", \"cardcd\": \"4111111111111111\"").body, "SUCCESS");
    ASSERT_EQ(s.kept("body").size(), 1U);
    EXPECT_THAT(s.kept("body").front(), HasSubstr("411111******1111"));
}

TEST(NotificationTest, SurvivesARestart)
{
    listening_shop s;
    EXPECT_EQ(s.notify(payment("A9")).body, "SUCCESS");
    s.restart();
    EXPECT_EQ(s.notify(payment("A9")).body, "SUCCESS");
    EXPECT_THAT(s.kept(), ElementsAre("payment||2"));
    EXPECT_EQ(s.counts().duplicates, 1U);
}

TEST(NotificationTest, AJournalThatFailsIsNeverSuccess)
{
    listening_shop s;
    sqlite3* other = nullptr;
    ASSERT_EQ(sqlite3_open(s.journal_file().string().c_str(), &other), SQLITE_OK);
    ASSERT_EQ(sqlite3_exec(other, "BEGIN IMMEDIATE", nullptr, nullptr, nullptr), SQLITE_OK);
    const auto answer = s.notify(payment("A1"));
    EXPECT_EQ(answer.status, 500);
    EXPECT_NE(answer.body, "SUCCESS");
    EXPECT_EQ(s.counts().received, 0U);
    sqlite3_exec(other, "ROLLBACK", nullptr, nullptr, nullptr);
    sqlite3_close(other);
    EXPECT_EQ(s.notify(payment("A1")).status, 500);  // broken for good, until the next start
    EXPECT_THAT(s.kept(), IsEmpty());
    s.restart();
    EXPECT_EQ(s.notify(payment("A1")).body, "SUCCESS");
}

// --- The page a browser comes back to ---------------------------------------------------------

http_request back_from_alipay(const std::string& order)
{
    return {.method = "GET", .target = "/qfpay/return?respcd=0000&out_trade_no=" + order};
}

TEST(ReturnPageTest, IsShownToEverybodyAndRepeatsNothing)
{
    listening_shop s{[](daemon::config& c) { c.notifications.allow = {"13.228.112.115"}; }};
    const auto answer = s.send(back_from_alipay("%3Cscript%3E"));
    EXPECT_EQ(answer.status, 200);
    EXPECT_THAT(answer.body, HasSubstr("Thank you; the shop's till shows the result."));
    EXPECT_THAT(answer.body, testing::Not(HasSubstr("script")));
    EXPECT_EQ(answer.headers.at("cache-control"), "no-store");
    EXPECT_EQ(s.send({.method = "GET", .target = "/qfpay/return?%zz"}).status, 200);
    EXPECT_THAT(s.kept(), IsEmpty());
    EXPECT_EQ(s.truth().requests_in_all(), 0);
}

TEST(ReturnPageTest, IsAHintToAsk)
{
    listening_shop s{[](daemon::config& c) { c.orders.pace.first = 60s; }};
    s.cloud().plan(shopper{.after = 5s});
    const auto till = s.tcp_till();
    till->say("pay order=A1 amount=500");
    ASSERT_TRUE(s.until([&] { return s.truth().charged("A1").count == 1; }));
    const auto paid_at = s.time().now();
    EXPECT_EQ(s.send(back_from_alipay("A1")).status, 200);
    EXPECT_EQ(value_of(s.result_of(*till, "A1"), "state"), "paid");
    EXPECT_LE(s.time().now() - paid_at, 1s);
}

TEST(ReturnPageTest, CannotBurnTheBudget)
{
    listening_shop s;
    const auto till = s.tcp_till();
    s.cloud().plan(shopper{.does = act::declines});
    till->say("pay order=A1 amount=500");
    ASSERT_EQ(value_of(s.result_of(*till, "A1"), "state"), "declined");
    const auto asked = s.enquiries();
    for (int i = 0; i < 200; ++i)
        ASSERT_EQ(s.send(back_from_alipay("A1")).status, 200);
    s.pass(30s);
    EXPECT_LE(s.enquiries() - asked, 20);
}

}  // namespace
}  // namespace ecr::test
