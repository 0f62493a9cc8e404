#include "daemon/http/http_server.hpp"

#include "tests/daemon/http_peer.hpp"
#include "tests/simulator/certificate.hpp"
#include "tests/support/https_client.hpp"
#include "tests/support/temporary_folder.hpp"
#include "tests/support/virtual_time.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

namespace ecr::test {
namespace {

using namespace std::chrono_literals;
using daemon::http_reply;
using daemon::http_server;
using daemon::http_settings;
using testing::EndsWith;
using testing::HasSubstr;

/// A server that answers with what it understood.
class HttpServerTest : public testing::Test {
protected:
    ~HttpServerTest() override
    {
        if (!server_) return;
        server_->stop();
        EXPECT_TRUE(until([&] { return server_->connections() == 0; }, 2h));
        bool ended = false;
        boost::asio::co_spawn(io_, server_->ended(), [&](std::exception_ptr) { ended = true; });
        EXPECT_TRUE(until([&] { return ended; }));
    }

    void open(http_settings settings = {})
    {
        const auto echo = [this](daemon::http_request r) -> boost::asio::awaitable<http_reply> {
            ++served_;
            if (!hold_.empty() && r.path() == hold_) (void)co_await daemon::sleep_for(clock_, 1h);
            http_reply reply;
            reply.body = r.method + ' ' + r.target + ' ' + r.body + ' ' +
                         std::string{r.header("x-a")} + (r.encrypted ? " tls" : " plain");
            reply.headers.emplace_back("X-Peer", r.peer.to_string());
            co_return reply;
        };
        server_ = std::make_unique<http_server>(
            io_.get_executor(), clock_, std::move(settings), echo,
            [](std::exception_ptr bug) { std::rethrow_exception(bug); });
        server_->start();
    }

    http_settings with_certificate(bool plain)
    {
        const auto made = simulator::make_certificate();
        ca_ = made.ca;
        http_settings settings;
        settings.certificate_file = folder_ / "chain.pem";
        settings.certificate_key_file = folder_ / "key.pem";
        settings.plain = plain;
        std::ofstream{settings.certificate_file} << made.chain;
        std::ofstream{settings.certificate_key_file} << made.key;
        return settings;
    }

    bool until(const std::function<bool()>& done, milliseconds limit = 5min)
    {
        return run_until(io_, clock_, done, limit);
    }

    std::unique_ptr<http_peer> peer() { return std::make_unique<http_peer>(io_, server_->port()); }

    /// What one peer is answered; it must be the end of the connection.
    std::string last_answer_to(const std::string& bytes)
    {
        const auto p = peer();
        p->say(bytes);
        EXPECT_TRUE(until([&] { return p->closed(); }));
        return p->heard();
    }

    test::temporary_folder folder_;
    std::string ca_;
    daemon::virtual_clock clock_{timestamp{}};
    boost::asio::io_context io_{1};
    std::string hold_;
    int served_ = 0;
    std::unique_ptr<http_server> server_;
};

TEST_F(HttpServerTest, AnswersWithWhatTheHandlerSays)
{
    open();
    const auto p = peer();
    p->say("POST /a?b=c HTTP/1.1\r\nHost: x\r\nX-A: 1\r\nx-a: 2\r\nContent-Length: 3\r\n\r\nabc");
    ASSERT_TRUE(until([&] { return p->heard().ends_with("plain"); }));
    EXPECT_EQ(p->answers("200 OK"), 1U);
    EXPECT_THAT(p->heard(), HasSubstr("X-Peer: 127.0.0.1\r\n"));
    EXPECT_THAT(p->heard(), EndsWith("\r\n\r\nPOST /a?b=c abc 1, 2 plain"));
    EXPECT_FALSE(p->closed());
}

TEST_F(HttpServerTest, ServesManyRequestsOnOneConnection)
{
    open();
    const auto p = peer();
    for (std::size_t i = 1; i <= 20; ++i) {
        p->say("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
        ASSERT_TRUE(until([&] { return p->answers("200") == i; }));
    }
    EXPECT_EQ(server_->connections(), 1U);
}

TEST_F(HttpServerTest, AnswersRequestsSentAheadInTheirOrder)
{
    open();
    const auto p = peer();
    std::string all;
    for (int i = 0; i < 50; ++i)
        all += "POST /" + std::to_string(i) + " HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\n\r\nz";
    p->say(all);
    ASSERT_TRUE(until([&] { return p->answers("200") == 50; }));
    std::size_t at = 0;
    for (int i = 0; i < 50; ++i) {
        at = p->heard().find("POST /" + std::to_string(i) + " z", at);
        ASSERT_NE(at, std::string::npos) << i;
    }
}

TEST_F(HttpServerTest, ABodyInPiecesIsOneBody)
{
    open();
    const auto p = peer();
    const std::string bytes =
        "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: "
        "chunked\r\n\r\n2\r\nab\r\n1\r\nc\r\n0\r\n\r\n";
    for (const char c : bytes) {
        p->say(std::string(1, c));
        until([] { return false; }, 1ms);
    }
    ASSERT_TRUE(until([&] { return p->answers("200") == 1; }));
    EXPECT_THAT(p->heard(), EndsWith("POST / abc  plain"));
}

TEST_F(HttpServerTest, AHeadIsAnsweredWithoutABody)
{
    open();
    const auto p = peer();
    p->say("HEAD /h HTTP/1.1\r\nHost: x\r\n\r\nGET /g HTTP/1.1\r\nHost: x\r\n\r\n");
    ASSERT_TRUE(until([&] { return p->answers("200") == 2; }));
    EXPECT_THAT(p->heard(), testing::Not(HasSubstr("HEAD /h ")));
    EXPECT_THAT(p->heard(), HasSubstr("GET /g "));
}

TEST_F(HttpServerTest, ACarefulClientIsInvited)
{
    open();
    const auto p = peer();
    p->say("POST / HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n");
    ASSERT_TRUE(until([&] { return p->answers("100") == 1; }));
    p->say("ok");
    EXPECT_TRUE(until([&] { return p->answers("200") == 1; }));
}

TEST_F(HttpServerTest, AnOldClientIsLetGoAfterItsAnswer)
{
    open();
    const auto answer = last_answer_to("GET / HTTP/1.0\r\n\r\n");
    EXPECT_THAT(answer, HasSubstr(" 200 OK"));
    EXPECT_EQ(clock_.now(), 0ms);
}

TEST_F(HttpServerTest, TooLargeABodyIsRefusedUnread)
{
    open();
    const auto head = "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 65537\r\n\r\n";
    EXPECT_THAT(last_answer_to(head + std::string(65'537, 'x')), HasSubstr("HTTP/1.1 413 "));
    const auto chunked =
        "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n20000\r\n";
    EXPECT_THAT(last_answer_to(chunked + std::string(0x20000, 'x')), HasSubstr("HTTP/1.1 413 "));
    EXPECT_EQ(served_, 0);
}

TEST_F(HttpServerTest, TheLargestBodyIsServed)
{
    open();
    const auto p = peer();
    p->say("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 65536\r\n\r\n" +
           std::string(65'536, 'x'));
    EXPECT_TRUE(until([&] { return p->answers("200") == 1; }));
}

TEST_F(HttpServerTest, TooLargeAHeaderIsRefused)
{
    open();
    EXPECT_THAT(last_answer_to("GET / HTTP/1.1\r\nX: " + std::string(20'000, 'x')),
                HasSubstr("HTTP/1.1 431 "));
    std::string many = "GET / HTTP/1.1\r\n";
    for (int i = 0; i < 5'000; ++i)
        many += "A" + std::to_string(i) + ": b\r\n";
    EXPECT_THAT(last_answer_to(many), HasSubstr("HTTP/1.1 431 "));
    EXPECT_EQ(served_, 0);
}

class HttpGarbageTest : public HttpServerTest, public testing::WithParamInterface<std::string> {};

TEST_P(HttpGarbageTest, EndsItsOwnConnectionOnly)
{
    open();
    const auto neighbour = peer();
    EXPECT_THAT(last_answer_to(GetParam()), HasSubstr("HTTP/1.1 400 "));
    neighbour->say("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
    EXPECT_TRUE(until([&] { return neighbour->answers("200") == 1; }));
    EXPECT_EQ(served_, 1);
}

INSTANTIATE_TEST_SUITE_P(Bytes, HttpGarbageTest,
                         testing::Values("\x02PAY 100\x03\r\n\r\n", "\x16\x03\x01\x02\r\n\r\n",
                                         "GET\r\n\r\n", "GET / HTTP/9.9\r\n\r\n",
                                         "POST / HTTP/1.1\r\nContent-Length: -1\r\n\r\n",
                                         "POST / HTTP/1.1\r\nContent-Length: 1\r\n"
                                         "Content-Length: 2\r\n\r\nabc"));

TEST_F(HttpServerTest, ASlowRequestIsCutOff)
{
    open();
    const auto p = peer();
    p->say("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\n");
    for (int second = 0; second < 15 && !p->closed(); ++second) {
        p->say("x");  // never idle, never done
        until([&] { return p->closed(); }, 1s);
    }
    EXPECT_TRUE(p->closed());
    EXPECT_LE(clock_.now(), 11s);
    EXPECT_EQ(served_, 0);
}

TEST_F(HttpServerTest, ASilentPeerIsLetGo)
{
    open();
    const auto silent = peer();
    ASSERT_TRUE(until([&] { return silent->closed(); }));
    EXPECT_EQ(clock_.now(), 10s);

    const auto idle = peer();
    idle->say("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
    ASSERT_TRUE(until([&] { return idle->answers("200") == 1; }));
    EXPECT_FALSE(until([&] { return idle->closed(); }, 29s));
    EXPECT_TRUE(until([&] { return idle->closed(); }, 5s));
}

TEST_F(HttpServerTest, OneTooManyIsLetGoAtOnce)
{
    http_settings settings;
    settings.connections_max = 2;
    open(settings);
    auto first = peer();
    const auto second = peer();
    const auto third = peer();
    ASSERT_TRUE(until([&] { return third->closed(); }));
    EXPECT_EQ(clock_.now(), 0ms);
    EXPECT_FALSE(first->closed());

    first.reset();
    ASSERT_TRUE(until([&] { return server_->connections() == 1; }));
    const auto fourth = peer();
    fourth->say("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
    EXPECT_TRUE(until([&] { return fourth->answers("200") == 1; }));
}

TEST_F(HttpServerTest, AStrangerIsRefused)
{
    http_settings settings;
    ASSERT_TRUE(settings.allow.add("10.0.0.0/8"));
    open(settings);
    EXPECT_THAT(last_answer_to("GET / HTTP/1.1\r\nHost: x\r\n\r\n"), HasSubstr("HTTP/1.1 403 "));
    EXPECT_EQ(server_->refused(), 1U);
    EXPECT_EQ(served_, 0);
}

TEST_F(HttpServerTest, SpeaksTlsOnTheSamePort)
{
    open(with_certificate(true));
    https_client client{io_.get_executor(), server_->port(), ca_};
    for (int i = 0; i < 3; ++i) {
        http_request request{.method = "POST", .target = "/t", .body = "abc"};
        const auto answer = run_task(io_, clock_, client.send(request), 1min);
        ASSERT_TRUE(answer);
        EXPECT_EQ(answer->status, 200);
        EXPECT_EQ(answer->body, "POST /t abc  tls");
    }
    EXPECT_EQ(client.connections_made(), 1);
    const auto plain = peer();
    plain->say("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
    EXPECT_TRUE(until([&] { return plain->heard().ends_with("plain"); }));
}

TEST_F(HttpServerTest, PlainCanBeForbidden)
{
    open(with_certificate(false));
    EXPECT_THAT(last_answer_to("GET / HTTP/1.1\r\nHost: x\r\n\r\n"), HasSubstr("HTTP/1.1 400 "));
    EXPECT_EQ(served_, 0);
    https_client client{io_.get_executor(), server_->port(), ca_};
    const auto answer = run_task(io_, clock_, client.send({}), 1min);
    EXPECT_EQ(answer->status, 200);
}

TEST_F(HttpServerTest, AHandshakeThatIsNeverFinishedIsCutOff)
{
    open(with_certificate(true));
    const auto p = peer();
    p->say(std::string{"\x16\x03\x01\x02\x00\x01", 6});
    ASSERT_TRUE(until([&] { return p->closed(); }));
    EXPECT_EQ(clock_.now(), 10s);
}

TEST_F(HttpServerTest, AWrongCertificateIsToldAtTheStart)
{
    auto settings = with_certificate(true);
    std::ofstream{settings.certificate_key_file} << "not a key";
    EXPECT_THROW(open(settings), boost::system::system_error);
}

TEST_F(HttpServerTest, AStopClosesEverythingAtOnce)
{
    open();
    hold_ = "/slow";
    const auto idle = peer();
    const auto half = peer();
    const auto held = peer();
    half->say("POST / HTTP/1.1\r\nContent-Le");
    held->say("GET /slow HTTP/1.1\r\nHost: x\r\n\r\n");
    ASSERT_TRUE(until([&] { return served_ == 1 && server_->connections() == 3; }));
    server_->stop();
    ASSERT_TRUE(until([&] { return idle->closed() && half->closed() && held->closed(); }));
    EXPECT_EQ(clock_.now(), 0ms);
    server_->stop();
}

struct address_case {
    std::string listed;
    std::string peer;
    bool held;
};

TEST(AddressListTest, HoldsWhatItNames)
{
    const address_case cases[] = {
        {"127.0.0.1", "127.0.0.1", true},
        {"127.0.0.1", "127.0.0.2", false},
        {"10.0.0.0/8", "10.255.1.2", true},
        {"10.0.0.0/8", "11.0.0.0", false},
        {"10.1.2.3/8", "10.9.9.9", true},
        {"0.0.0.0/0", "8.8.8.8", true},
        {"0.0.0.0/0", "::1", false},
        {"10.0.0.0/8", "::ffff:10.0.0.1", true},
        {"::ffff:10.0.0.1", "10.0.0.1", true},
        {"::1", "::1", true},
        {"fd00::/8", "fd12::9", true},
        {"fd00::/8", "fe80::1", false},
        {"192.168.4.0/22", "192.168.7.9", true},
        {"192.168.4.0/22", "192.168.8.0", false},
    };
    for (const auto& [listed, peer, held] : cases) {
        daemon::address_list list;
        ASSERT_TRUE(list.add(listed)) << listed;
        EXPECT_EQ(list.contains(boost::asio::ip::make_address(peer)), held)
            << listed << ' ' << peer;
    }
}

TEST(AddressListTest, TakesNothingElse)
{
    for (const auto* text : {"", "localhost", "10.0.0.0/33", "10.0.0/8", "::/129", "1.2.3.4.5",
                             "10.0.0.0/", "/8", "10.0.0.0/8/8", "10.0.0.1 "}) {
        daemon::address_list list;
        EXPECT_FALSE(list.add(text)) << text;
        EXPECT_TRUE(list.empty());
    }
}

}  // namespace
}  // namespace ecr::test
