// A cloud that is down, slow, broken, or lies. Whatever it says: never two pushes, and never "not
// paid" while the money has moved.
#include "shop.hpp"

namespace ecr::process {
namespace {

using simulator::fault;
using simulator::fault_kind;
using std::chrono::milliseconds;
using testing::AllOf;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

constexpr auto impatient = "answer_timeout_s = 0.3\n";

class CloudTest : public ProcessTest {
protected:
    using ProcessTest::ProcessTest;

    /// What no fault may change. `reply` ended the order A1.
    void expect_truth(const std::string& reply)
    {
        const auto truth = cloud_.truth();
        EXPECT_LE(truth.times_pushed("A1"), 1);
        EXPECT_THAT(truth.charged_twice(), IsEmpty());
        const bool charged = truth.charged("A1").count > 0;
        if (value_of(reply, "state") == "paid") {
            EXPECT_TRUE(charged) << reply;
        }
        if (value_of(reply, "safe_to_retry") == "yes") {
            EXPECT_FALSE(charged) << reply;
        }
    }
};

TEST_F(CloudTest, RefusedConnectionsEndAsNotSent)
{
    cloud_.set_listening(false);
    start();
    auto lane = new_till();
    lane.say("pay order=A1 amount=100");
    EXPECT_THAT(lane.next("progress order=A1 stage=cloud_down"),
                HasSubstr("The cloud does not answer"));
    const auto reply = lane.end();
    EXPECT_EQ(value_of(reply, "state"), "rejected") << reply;
    EXPECT_EQ(value_of(reply, "code"), "14");
    EXPECT_EQ(value_of(reply, "safe_to_retry"), "yes");
    EXPECT_THAT(reply, AllOf(HasSubstr("Nothing was sent"), HasSubstr("Connection refused")));
    EXPECT_EQ(cloud_.truth().requests_in_all(), 0);
    EXPECT_EQ(value_of(lane.ask("ping"), "cloud"), "down");
}

TEST_F(CloudTest, ACloudThatComesBackInTimeGetsTheOrderOnce)
{
    cloud_.set_listening(false);
    start({.orders = "push_patience_s = 20\n"});
    auto lane = new_till();
    lane.say("pay order=A1 amount=100");
    EXPECT_NE(lane.next("progress order=A1 stage=cloud_down"), till::closed_word);
    cloud_.set_listening(true);
    EXPECT_EQ(value_of(lane.end(), "state"), "paid");
    EXPECT_EQ(cloud_.truth().times_pushed("A1"), 1);
}

TEST_F(CloudTest, ADoubtIsToldAndResolvedLater)
{
    start({.cloud = impatient, .link = "payment_timeout_s = 1\n"});
    cloud_.plan(fault{.kind = fault_kind::slow, .path = "payment", .delay = milliseconds{600}});
    cloud_.plan(fault{.kind = fault_kind::status, .path = "query", .count = -1});
    auto lane = new_till();
    const auto reply = lane.ask("pay order=A1 amount=100");
    EXPECT_EQ(value_of(reply, "state"), "in_doubt");
    EXPECT_EQ(value_of(reply, "code"), "20");
    EXPECT_EQ(value_of(reply, "safe_to_retry"), "no");
    EXPECT_THAT(reply, AllOf(HasSubstr("do not ring again"), HasSubstr("look at the terminal")));
    expect_truth(reply);

    cloud_.with([](simulator::cloud& c) { c.clear_faults(); });
    bridge_->line_with("to=paid");
    const auto later = lane.ask("status order=A1");
    EXPECT_EQ(value_of(later, "state"), "paid");
    EXPECT_EQ(value_of(lane.ask("pay order=A1 amount=100"), "state"), "paid");
    expect_truth(later);
}

struct bad_cloud {
    const char* name;
    fault what;
    const char* code;  // of the reply that ends the order
    const char* said;
    int pushes = 1;
};

void PrintTo(const bad_cloud& c, std::ostream* out)
{
    *out << c.name;
}

class BadCloudTest : public CloudTest, public testing::WithParamInterface<bad_cloud> {};

TEST_P(BadCloudTest, TheTillHearsTheTruth)
{
    // The bridge begins by asking the cloud for the time. What is planned is for the push: it comes
    // when that is over, which the log says of a clock that differs, and on a connection of its
    // own.
    cloud_.with([](simulator::cloud& c) {
        c.behaviour().clock_offset = std::chrono::minutes{1};
        c.behaviour().keep_alive = false;
    });
    start({.cloud = impatient, .link = "payment_timeout_s = 1\n"});
    bridge_->line_with("cloud.clock");
    cloud_.plan(GetParam().what);
    const auto reply = new_till().ask("pay order=A1 amount=100");
    EXPECT_EQ(value_of(reply, "code"), GetParam().code) << reply;
    EXPECT_THAT(reply, HasSubstr(GetParam().said));
    expect_truth(reply);
    EXPECT_EQ(cloud_.truth().times_pushed("A1"), GetParam().pushes);
}

fault on_push(fault_kind kind, int http_status = 500)
{
    return {.kind = kind,
            .path = "payment",
            .delay = milliseconds{700},
            .http_status = http_status,
            .respcd = "9999"};
}

fault lost_push(fault_kind kind, int http_status = 500)
{
    auto made = on_push(kind, http_status);
    made.done = false;
    return made;
}

fault on_query(fault_kind kind, int count = 4)
{
    return {.kind = kind, .path = "query", .count = count, .respcd = "9999"};
}

// clang-format off
const bad_cloud bad_clouds[] = {
    // The push is done, and its answer is of no use: enquiries find the payment.
    {"PushSlow",            on_push(fault_kind::slow),             "00", "Paid"},
    {"PushNoAnswer",        on_push(fault_kind::no_answer),        "00", "Paid"},
    {"PushClose",           on_push(fault_kind::close),            "00", "Paid"},
    {"PushReset",           on_push(fault_kind::reset),            "00", "Paid"},
    {"PushStatus500",       on_push(fault_kind::status, 500),      "00", "Paid"},
    {"PushStatus404",       on_push(fault_kind::status, 404),      "00", "Paid"},
    {"PushRedirect",        on_push(fault_kind::redirect),         "00", "Paid"},
    {"PushGarbage",         on_push(fault_kind::garbage),          "00", "Paid"},
    {"PushHtml",            on_push(fault_kind::html),             "00", "Paid"},
    {"PushEmpty",           on_push(fault_kind::empty),            "00", "Paid"},
    {"PushTruncated",       on_push(fault_kind::truncated),        "00", "Paid"},
    {"PushEndless",         on_push(fault_kind::endless),          "00", "Paid"},
    {"PushTrickle",         on_push(fault_kind::trickle),          "00", "Paid"},
    {"PushWrongSignature",  on_push(fault_kind::wrong_signature),  "00", "Paid"},
    {"PushNoSignature",     on_push(fault_kind::no_signature),     "00", "Paid"},
    {"PushUnknownCode",     on_push(fault_kind::respcd),           "00", "Paid"},
    {"PushArrivesLate",     on_push(fault_kind::late_delivery),    "00", "Paid"},
    // Proof that nothing was sent: sent again.
    {"PushCloseOnAccept",   on_push(fault_kind::close_on_accept),  "00", "Paid"},
    // Nothing was done, but nobody can know at once.
    {"PushLost502",         lost_push(fault_kind::status, 502),    "12", "Not paid: time ran out", 0},
    {"PushLostClose",       lost_push(fault_kind::close),          "12", "Not paid: time ran out", 0},
    {"PushLostHandshake",   lost_push(fault_kind::close_after_handshake),
                                                                   "12", "Not paid: time ran out", 0},
    {"PushTooMany429",      lost_push(fault_kind::status, 429),    "13", "no room for more requests", 0},
    // Some enquiries are of no use: the next ones are.
    {"QueryNoAnswer",       on_query(fault_kind::no_answer, 1),    "00", "Paid"},
    {"QueryReset",          on_query(fault_kind::reset),           "00", "Paid"},
    {"QueryStatus500",      on_query(fault_kind::status),          "00", "Paid"},
    {"QueryRedirect",       on_query(fault_kind::redirect),        "00", "Paid"},
    {"QueryGarbage",        on_query(fault_kind::garbage),         "00", "Paid"},
    {"QueryHtml",           on_query(fault_kind::html),            "00", "Paid"},
    {"QueryEmpty",          on_query(fault_kind::empty),           "00", "Paid"},
    {"QueryTruncated",      on_query(fault_kind::truncated),       "00", "Paid"},
    {"QueryUnknownCode",    on_query(fault_kind::respcd),          "00", "Paid"},
    {"QueryUnknownRowCode", on_query(fault_kind::row_respcd),      "00", "Paid"},
    {"QueryWrongOrder",     on_query(fault_kind::wrong_order),     "00", "Paid"},
    {"QueryStale",          on_query(fault_kind::stale),           "00", "Paid"},
    // Two that agree are believed, whoever cannot sign.
    {"QueryWrongSignature", on_query(fault_kind::wrong_signature, -1), "00", "Paid"},
    {"QueryNoSignature",    on_query(fault_kind::no_signature, -1),    "00", "Paid"},
    // All of them are of no use: in doubt, whatever happened.
    {"OnlyStatus500",       on_query(fault_kind::status, -1),      "20", "do not ring again"},
    {"OnlyGarbage",         on_query(fault_kind::garbage, -1),     "20", "do not ring again"},
    {"OnlyEmpty",           on_query(fault_kind::empty, -1),       "20", "do not ring again"},
    {"OnlyUnknownRowCode",  on_query(fault_kind::row_respcd, -1),  "20", "do not ring again"},
    {"OnlyWrongOrder",      on_query(fault_kind::wrong_order, -1), "20", "do not ring again"},
    // Lies about the money are for a human.
    {"WrongAmount",         on_query(fault_kind::wrong_amount, -1),   "22", "Do not release the goods"},
    {"WrongCurrency",       on_query(fault_kind::wrong_currency, -1), "22", "Do not release the goods"},
};
// clang-format on

INSTANTIATE_TEST_SUITE_P(All, BadCloudTest, testing::ValuesIn(bad_clouds),
                         [](const auto& instance) { return instance.param.name; });

TEST_F(CloudTest, TwoTillsWithTheSameNumberAreOneOrder)
{
    cloud_.plan(simulator::shopper{.after = milliseconds{200}});
    start();
    auto one = new_till();
    auto two = new_till();
    one.say("pay order=A1 amount=100");
    two.say("pay order=A1 amount=100");
    for (auto* each : {&one, &two}) {
        const auto reply = each->end();
        EXPECT_EQ(value_of(reply, "state"), "paid") << reply;
        expect_truth(reply);
    }
    EXPECT_EQ(cloud_.truth().times_pushed("A1"), 1);
}

TEST_F(CloudTest, ALieThatEndsIsPaidInTheEnd)
{
    start();
    cloud_.plan(on_query(fault_kind::wrong_amount, -1));
    auto lane = new_till();
    const auto reply = lane.ask("pay order=A1 amount=100");
    EXPECT_EQ(value_of(reply, "code"), "22");
    EXPECT_EQ(value_of(reply, "safe_to_retry"), "no");
    lane.say("orders attention=yes");
    EXPECT_THAT(lane.next("row"), HasSubstr("mismatch=yes"));
    EXPECT_EQ(value_of(lane.end(), "what"), "orders");

    cloud_.with([](simulator::cloud& c) { c.clear_faults(); });
    bridge_->line_with("to=paid");
    EXPECT_EQ(value_of(lane.ask("status order=A1"), "state"), "paid");
}

struct untrusted {
    const char* name;
    const char* host;  // empty: the right one
    bool other_authority;
};

void PrintTo(const untrusted& c, std::ostream* out)
{
    *out << c.name;
}

class CertificateTest : public CloudTest, public testing::WithParamInterface<untrusted> {};

TEST_P(CertificateTest, ThatCannotBeTrustedGetsNothing)
{
    shop_config how;
    if (*GetParam().host != '\0')
        how.url = "https://" + std::string{GetParam().host} + ":" + std::to_string(cloud_.port());
    simulator_thread stranger{quick_cloud()};
    if (GetParam().other_authority) how.ca = write("other.pem", stranger.ca_pem());
    start(how);
    const auto reply = new_till().ask("pay order=A1 amount=100");
    EXPECT_EQ(value_of(reply, "code"), "14") << reply;
    EXPECT_EQ(value_of(reply, "safe_to_retry"), "yes");
    EXPECT_THAT(value_of(reply, "text"),
                AllOf(HasSubstr("Nothing was sent"), HasSubstr("certificate")));
    EXPECT_EQ(cloud_.truth().requests_in_all(), 0);
}

const untrusted certificates[] = {
    {"OtherAuthority", "", true},
    {"OtherHost", "127.1", false},  // the same address, under a name the certificate has not
};

INSTANTIATE_TEST_SUITE_P(All, CertificateTest, testing::ValuesIn(certificates),
                         [](const auto& instance) { return instance.param.name; });

/// Every answer closes its connection, so that a closed port is felt at once.
class LeavingCloudTest : public CloudTest {
protected:
    LeavingCloudTest() : CloudTest{closing()} {}

    static simulator::settings closing()
    {
        auto behaviour = quick_cloud();
        behaviour.keep_alive = false;
        return behaviour;
    }
};

TEST_F(LeavingCloudTest, ThatComesBackAfterThePushIsAskedOn)
{
    cloud_.plan(simulator::shopper{.after = milliseconds{400}});
    start();
    auto lane = new_till();
    lane.say("pay order=A1 amount=100");
    EXPECT_NE(lane.next("progress order=A1 stage=on_terminal"), till::closed_word);
    cloud_.set_listening(false);
    EXPECT_THAT(lane.next("progress order=A1 stage=cloud_down"), HasSubstr("trying on"));
    cloud_.set_listening(true);
    const auto reply = lane.end();
    EXPECT_EQ(value_of(reply, "state"), "paid");
    expect_truth(reply);
}

}  // namespace
}  // namespace ecr::process
