// Somebody else in the cloud's place: nothing about money is said to him, and the till is told so.
#include "besieged_shop.hpp"
#include "strange_cloud.hpp"

#include <openssl/ssl.h>

#include <chrono>
#include <csignal>

namespace ecr::hostile {
namespace {

using process::till;
using testing::AllOf;
using testing::HasSubstr;
using kind = strangeness::kind;
using signer = certificate_plan::signer;

class StrangeCloudTest : public BesiegedTest {
protected:
    StrangeCloudTest() { ::signal(SIGPIPE, SIG_IGN); }  // OpenSSL writes to whoever has gone

    /// The bridge reaches the cloud, called by this name, through the stranger only.
    void start_behind_stranger(const std::string& url, const std::string& ca)
    {
        start({.cloud = "proxy = \"http://127.0.0.1:" + std::to_string(stranger_.port()) +
                        "\"\nconnect_timeout_s = 1.5\nanswer_timeout_s = 1\n",
               .url = url,
               .ca = ca,
               .orders = "push_patience_s = " + patience_ + "\n"});
    }
    void relay() { stranger_.become({.what = kind::relays, .to = cloud_.port()}); }
    void start_behind_relay()
    {
        relay();
        start_behind_stranger("https://localhost:1", (folder_ / "ca.pem").string());
    }
    /// More than it had.
    void wait_until_it_hears(std::size_t before)
    {
        const auto end = std::chrono::steady_clock::now() + std::chrono::seconds{20};
        while (stranger_.bytes_heard() <= before && std::chrono::steady_clock::now() < end)
            EXPECT_EQ(value_of(new_till().ask("ping"), "code"), "00");
        EXPECT_GT(stranger_.bytes_heard(), before);
    }
    static strangeness expired()
    {
        return {.with = make_odd_certificate({.names = "DNS:localhost", .to_s = -60})};
    }

    std::string patience_ = "0.1";
    strange_cloud stranger_;
};

struct strange_case {
    const char* name;
    strangeness how;
    const char* why;  // in the log, and the till is told
};

strangeness with(const certificate_plan& plan, int version_max = 0)
{
    return {.with = make_odd_certificate(plan), .version_max = version_max};
}

std::vector<strange_case> strange_cases()
{
    const auto named = [](const char* names) { return with({.names = names}); };
    strangeness anonymous{.version_max = TLS1_2_VERSION, .ciphers = "aNULL"};
    // clang-format off
    return {
        {"Expired",           with({.to_s = -60}),                                "expired"},
        {"NotYetValid",       with({.from_s = 3'600}),                            "not yet valid"},
        {"OtherName",         named("DNS:pay.other.example"),                     "hostname mismatch"},
        {"NameWithin",        named("DNS:pay.shop.example.other.example"),        "hostname mismatch"},
        {"OnlyAnAddress",     named("IP:127.0.0.1"),                              "hostname mismatch"},
        {"OnlyACommonName",   with({.names = {}}),                                "hostname mismatch"},
        {"WildcardForAll",    named("DNS:*"),                                     "hostname mismatch"},
        {"WildcardTooWide",   named("DNS:*.example"),                             "hostname mismatch"},
        {"WildcardInside",    named("DNS:pay.*.example"),                         "hostname mismatch"},
        {"WildcardInAWord",   named("DNS:p*.shop.example"),                       "hostname mismatch"},
        {"TwoWildcards",      named("DNS:*.*.example"),                           "hostname mismatch"},
        {"SelfSigned",        with({.by = signer::itself}),                       "self-signed"},
        {"OtherAuthority",    with({.by = signer::other}),                        "certificate"},
        {"SignedByAServer",   with({.by = signer::another}),                      "certificate"},
        {"ForClientsOnly",    with({.use = "clientAuth"}),                        "purpose"},
        {"WeakKey",           with({.rsa_bits = 1024}),                           "key too"},
        {"WeakDigest",        with({.digest = "SHA1"}),                           "digest algorithm too weak"},
        {"Tls11",             with({}, TLS1_1_VERSION),                           "protocol"},
        {"Tls10",             with({}, TLS1_VERSION),                             "protocol"},
        {"NoCertificate",     anonymous,                                          "TLS with the cloud"},
        {"HangsUp",           {.what = kind::hangs_up},                           "TLS with the cloud"},
        {"TearsItsHello",     {.what = kind::tears},                              "TLS with the cloud"},
        {"Babbles",           {.what = kind::babbles},                            "TLS with the cloud"},
        {"SpeaksHttp",        {.what = kind::speaks_http},                        "TLS with the cloud"},
        {"StaysSilent",       {.what = kind::stays_silent},                       "timed out"},
    };
    // clang-format on
}

TEST_F(StrangeCloudTest, HearsNothingAndTheTillIsToldSo)
{
    start_behind_stranger("https://pay.shop.example", write("ours.pem", trusted_authority()));
    auto lane = new_till();
    int number = 0;
    for (const auto& each : strange_cases()) {
        SCOPED_TRACE(each.name);
        stranger_.become(each.how);
        const auto order = "A" + std::to_string(++number);
        const auto from = bridge_->output().size();
        const int before = stranger_.connections();
        const auto reply = lane.ask("pay order=" + order + " amount=100");
        EXPECT_GT(stranger_.connections(), before);
        EXPECT_EQ(value_of(reply, "code"), "14") << reply;
        EXPECT_EQ(value_of(reply, "safe_to_retry"), "yes");
        EXPECT_THAT(value_of(reply, "text"),
                    AllOf(HasSubstr("Nothing was sent"), HasSubstr(each.why)));
        EXPECT_EQ(stranger_.bytes_heard(), 0U);
        // The cause is in one line of the log: the step that ended the order.
        EXPECT_THAT(bridge_->line_with(each.why, from),
                    AllOf(HasSubstr("order.step"), HasSubstr("order=" + order + " ")));
        const auto text = bridge_->output();
        const auto end = text.find('\n', text.find(each.why, from));
        EXPECT_EQ(text.find(each.why, end), std::string::npos);
        lane.say("ping");  // and the till stays
        EXPECT_EQ(value_of(lane.end(), "code"), "00");
    }
}

TEST_F(StrangeCloudTest, WithAGoodCertificateIsTheCloud)
{
    // The case that shows that the others are refused for what they are.
    stranger_.become(with({}));
    start_behind_stranger("https://pay.shop.example", write("ours.pem", trusted_authority()));
    new_till().say("pay order=A1 amount=100");
    wait_until_it_hears(0);
    stranger_.become(with({.names = "DNS:*.shop.example"}));
    const auto heard = stranger_.bytes_heard();
    new_till().say("pay order=A2 amount=100");
    wait_until_it_hears(heard);
}

TEST_F(StrangeCloudTest, ThatBecomesTheCloudGetsTheOrderOnce)
{
    patience_ = "20";
    stranger_.become(expired());
    start_behind_stranger("https://localhost:1", (folder_ / "ca.pem").string());
    auto lane = new_till();
    lane.say("pay order=A1 amount=100");
    EXPECT_NE(lane.next("progress order=A1 stage=cloud_down"), till::closed_word);
    relay();
    EXPECT_EQ(value_of(lane.end(), "state"), "paid");
    EXPECT_EQ(cloud_.truth().times_pushed("A1"), 1);
    EXPECT_EQ(value_of(lane.ask("pay order=A2 amount=100"), "state"), "paid");
}

// After the push a bad certificate proves nothing about the payment.
TEST_F(StrangeCloudTest, ThatComesAfterThePushFailsNoPayment)
{
    cloud_.plan(simulator::shopper{.after = 700ms});
    start_behind_relay();
    auto lane = new_till();
    lane.say("pay order=A1 amount=100");
    EXPECT_NE(lane.next("progress order=A1 stage=on_terminal"), till::closed_word);
    stranger_.become(expired());
    stranger_.cut();
    EXPECT_NE(lane.next("progress order=A1 stage=cloud_down"), till::closed_word);
    relay();
    EXPECT_EQ(value_of(lane.end(), "state"), "paid");
    EXPECT_EQ(cloud_.truth().times_pushed("A1"), 1);
}

}  // namespace
}  // namespace ecr::hostile
