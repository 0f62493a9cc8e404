// The doctor goes the way to QFPay: each check failing and passing, over real sockets and TLS.
#include "daemon/certificate.hpp"
#include "daemon/doctor/cloud_way.hpp"
#include "doctor_patient.hpp"
#include "tests/support/connect_proxy.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/ssl.hpp>
#include <boost/asio/streambuf.hpp>
#include <boost/asio/write.hpp>

#include <ctime>
#include <ostream>
#include <thread>

namespace ecr::daemon::doctor {
namespace {

using boost::asio::ip::tcp;
using protocol::transport;
using testing::ElementsAre;
using testing::HasSubstr;

/// Answers every request with a date and a body, over TLS with the certificate it is given.
class tls_peer {
public:
    struct plan {
        std::vector<std::string> names = {"localhost", "127.0.0.1"};
        validity valid = {.from_s = -86'400, .to_s = 90 * 86'400};
        std::chrono::seconds clock_ahead{0};
        bool speaks_tls = true;
        std::string body = R"({"resperr":"","respcd":"1136","respmsg":""})";
    };

    explicit tls_peer(plan how) : how_{std::move(how)}
    {
        const auto made = make_server_certificate("Test authority", how_.names, how_.valid);
        ca = made.ca;
        context_.use_certificate_chain(boost::asio::buffer(made.chain));
        context_.use_private_key(boost::asio::buffer(made.key), boost::asio::ssl::context::pem);
        thread_ = std::jthread{[this] { serve(); }};
    }
    ~tls_peer()
    {
        // Wakes accept(), which closing from another thread would not.
        stopping_ = true;
        boost::asio::io_context io;
        boost::system::error_code ignored;
        tcp::socket{io}.connect(acceptor_.local_endpoint(), ignored);
    }
    tls_peer(const tls_peer&) = delete;
    tls_peer& operator=(const tls_peer&) = delete;

    [[nodiscard]] std::uint16_t port() const { return acceptor_.local_endpoint().port(); }

    std::string ca;

private:
    void serve()
    {
        while (true) {
            tcp::socket socket{io_};
            boost::system::error_code failed;
            acceptor_.accept(socket, failed);
            if (stopping_ || failed) return;
            talk(std::move(socket));
        }
    }

    void talk(tcp::socket socket)
    {
        boost::system::error_code failed;
        boost::asio::streambuf heard;
        if (!how_.speaks_tls) {
            boost::asio::write(socket, boost::asio::buffer(std::string{"no TLS here\r\n"}), failed);
            return;
        }
        boost::asio::ssl::stream<tcp::socket> stream{std::move(socket), context_};
        stream.handshake(boost::asio::ssl::stream_base::server, failed);
        if (failed) return;
        boost::asio::read_until(stream, heard, "\r\n\r\n", failed);
        if (failed) return;
        boost::asio::write(stream, boost::asio::buffer(answer()), failed);
        stream.shutdown(failed);
    }

    [[nodiscard]] std::string answer() const
    {
        const auto now = std::time(nullptr) + how_.clock_ahead.count();
        std::tm parts{};
        ::gmtime_r(&now, &parts);
        char date[64];
        (void)std::strftime(date, sizeof date, "%a, %d %b %Y %H:%M:%S GMT", &parts);
        return "HTTP/1.1 200 OK\r\nDate: " + std::string{date} +
               "\r\nConnection: close\r\nContent-Length: " + std::to_string(how_.body.size()) +
               "\r\n\r\n" + how_.body;
    }

    plan how_;
    std::atomic<bool> stopping_ = false;
    boost::asio::io_context io_;
    tcp::acceptor acceptor_{io_, {boost::asio::ip::make_address("127.0.0.1"), 0}};
    boost::asio::ssl::context context_{boost::asio::ssl::context::tls_server};
    std::jthread thread_;
};

class DoctorCloudTest : public PatientTest {
protected:
    DoctorCloudTest()
    {
        settings_.cloud.app_code = "CODE";
        settings_.cloud.connect_timeout = std::chrono::seconds{10};
        settings_.terminals = {{.id = "T1", .name = ""}};
    }
    std::vector<std::string_view> look()
    {
        look_at_cloud(settings_, {{.client_key = key_}}, time_, around_, found_);
        said_.clear();
        for (const auto& each : found_)
            said_ += reason_of(each, language::en) + "\n";
        return found();
    }
    std::vector<std::string_view> look(tls_peer::plan how, const std::string& host = "localhost")
    {
        tls_peer peer{std::move(how)};
        settings_.cloud.url = "https://" + host + ":" + std::to_string(peer.port());
        settings_.cloud.ca_file = write("ca.pem", peer.ca);
        return look();
    }

    config settings_;
    std::string key_ = "KEY";
    std::string said_;
    real_clock time_;
};

TEST_F(DoctorCloudTest, AllIsWellOnAWayThatIsOpen)
{
    EXPECT_THAT(look(tls_peer::plan{}), ElementsAre("name_fine", "way_open", "tls_fine",
                                                    "clock_fine", "account_fine", "terminal_fine"));
    EXPECT_THAT(said_, HasSubstr("127.0.0.1"));
}

TEST_F(DoctorCloudTest, ANameThatNobodyKnowsIsWrong)
{
    settings_.cloud.url = "https://openapi.invalid";
    EXPECT_THAT(look(), ElementsAre("name_unknown", "account_untried", "terminal_untried",
                                    "clock_unknown"));
    EXPECT_THAT(said_, HasSubstr("openapi.invalid"));
}

TEST_F(DoctorCloudTest, AClosedPortIsWrong)
{
    boost::asio::io_context io;
    std::uint16_t port = 0;
    {
        const tcp::acceptor gone{io, {boost::asio::ip::make_address("127.0.0.1"), 0}, false};
        port = gone.local_endpoint().port();
    }
    settings_.cloud.url = "https://127.0.0.1:" + std::to_string(port);
    EXPECT_THAT(look(), ElementsAre("name_fine", "way_closed", "account_untried",
                                    "terminal_untried", "clock_unknown"));
    EXPECT_THAT(said_, HasSubstr("Connection refused"));
}

TEST_F(DoctorCloudTest, ACertificateOfStrangersIsWrong)
{
    const auto other = make_server_certificate("Other", {"localhost"}, {.to_s = 86'400});
    tls_peer peer{{}};
    settings_.cloud.url = "https://localhost:" + std::to_string(peer.port());
    settings_.cloud.ca_file = write("ca.pem", other.ca);
    EXPECT_THAT(look(), ElementsAre("name_fine", "way_open", "tls_untrusted", "clock_fine",
                                    "account_untried", "terminal_untried"));
    EXPECT_THAT(said_, HasSubstr("\"Test authority\""));
}

TEST_F(DoctorCloudTest, ACertificateForAnotherNameIsWrong)
{
    EXPECT_THAT(look({.names = {"elsewhere.example"}}), testing::Contains("tls_wrong_name"));
    EXPECT_THAT(look({.names = {"elsewhere.example"}}, "127.0.0.1"),
                testing::Contains("tls_wrong_name"));
}

TEST_F(DoctorCloudTest, ACertificateThatHasEndedIsWrong)
{
    EXPECT_THAT(look({.valid = {.from_s = -9 * 86'400, .to_s = -86'400}}),
                testing::Contains("tls_not_now"));
}

TEST_F(DoctorCloudTest, AClockThatIsBehindExplainsACertificateOfTomorrow)
{
    EXPECT_THAT(
        look({.valid = {.from_s = 3600, .to_s = 9 * 86'400}, .clock_ahead = std::chrono::hours{2}}),
        ElementsAre("name_fine", "way_open", "tls_not_now", "clock_behind", "account_untried",
                    "terminal_untried"));
}

TEST_F(DoctorCloudTest, ACertificateThatEndsThisMonthIsNoticed)
{
    EXPECT_THAT(look({.valid = {.from_s = -1, .to_s = 9 * 86'400}}),
                testing::Contains("tls_ends_soon"));
}

TEST_F(DoctorCloudTest, WhatSpeaksNoTlsIsWrong)
{
    EXPECT_THAT(look({.speaks_tls = false}), testing::Contains("tls_refused"));
}

TEST_F(DoctorCloudTest, AFileOfNoCertificatesIsWrong)
{
    tls_peer peer{{}};
    settings_.cloud.url = "https://localhost:" + std::to_string(peer.port());
    settings_.cloud.ca_file = write("ca.pem", "nothing");
    EXPECT_THAT(look(), testing::Contains("tls_refused"));
}

TEST_F(DoctorCloudTest, TheClockIsComparedWithTheDate)
{
    EXPECT_THAT(look({.clock_ahead = std::chrono::seconds{90}}), testing::Contains("clock_behind"));
    EXPECT_THAT(said_, testing::ContainsRegex("(89|90|91) s behind"));
    EXPECT_THAT(look({.clock_ahead = std::chrono::hours{-1}}), testing::Contains("clock_ahead"));
    EXPECT_EQ(judge_clock_offset(milliseconds{-5'400}).what, symptom::clock_fine);
    EXPECT_EQ(judge_clock_offset(milliseconds{5'600}).what, symptom::clock_behind);
}

TEST_F(DoctorCloudTest, WithoutAKeyTheAccountIsNotTried)
{
    key_.clear();
    EXPECT_THAT(look(tls_peer::plan{}),
                ElementsAre("name_fine", "way_open", "tls_fine", "clock_fine", "account_untried",
                            "terminal_untried"));
}

// --- Through a proxy ----------------------------------------------------------------------------

class DoctorProxyTest : public DoctorCloudTest {
protected:
    DoctorProxyTest() : proxy_{io_.get_executor()}, thread_{[this] { io_.run(); }}
    {
        settings_.cloud.proxy = "http://127.0.0.1:" + std::to_string(proxy_.port());
    }
    ~DoctorProxyTest() override { io_.stop(); }

    boost::asio::io_context io_;
    boost::asio::executor_work_guard<boost::asio::io_context::executor_type> work_{
        io_.get_executor()};
    test::connect_proxy proxy_;
    std::jthread thread_;
};

TEST_F(DoctorProxyTest, AllIsWellBehindIt)
{
    EXPECT_THAT(look(tls_peer::plan{}), ElementsAre("name_fine", "way_open", "account_fine",
                                                    "terminal_fine", "clock_fine"));
}

TEST_F(DoctorProxyTest, AProxyThatRefusesIsNamed)
{
    settings_.cloud.url = "https://localhost:1";  // where the proxy finds nobody
    EXPECT_THAT(look(), ElementsAre("name_fine", "way_open", "way_refused", "account_untried",
                                    "terminal_untried", "clock_unknown"));
    EXPECT_THAT(said_, HasSubstr("did not open a tunnel"));
}

// --- What an answer proves ----------------------------------------------------------------------

struct answer_case {
    const char* name;
    protocol::cloud_reply reply;
    symptom account;
    symptom terminal;

    friend void PrintTo(const answer_case& c, std::ostream* out) { *out << c.name; }
};

class DoctorAnswerTest : public testing::TestWithParam<answer_case> {};

TEST_P(DoctorAnswerTest, ProvesSoMuch)
{
    const auto& c = GetParam();
    const auto found = judge_answer("shop", "T1", c.reply);
    ASSERT_EQ(found.size(), 2U);
    EXPECT_EQ(name_of(found[0].what), name_of(c.account));
    EXPECT_EQ(name_of(found[1].what), name_of(c.terminal));
}

protocol::cloud_reply answered(const std::string& body, bool badly_signed = false)
{
    return {.how = transport::answered,
            .http_status = 200,
            .body = body,
            .bad_signature = badly_signed,
            .detail = {}};
}

protocol::cloud_reply code(const std::string& respcd, bool badly_signed = false)
{
    return answered(R"({"resperr":"Words","respcd":")" + respcd + R"(","respmsg":""})",
                    badly_signed);
}

using enum symptom;
// clang-format off
const answer_case answer_cases[] = {
    {"NotFound",     code("1136"),       account_fine,         terminal_fine},
    {"Found",        code("0000"),       account_fine,         terminal_fine},
    {"Unbound",      code("1106"),       account_fine,         terminal_unbound},
    {"Signature",    code("1108"),       account_refused,      terminal_untried},
    {"Maintenance",  code("1100"),       account_busy,         terminal_untried},
    {"BadSignature", code("1136", true), account_badly_signed, terminal_fine},
    {"Html",         answered("<html>"), account_foreign,      terminal_untried},
    {"NoAnswer",     {.how = transport::no_answer, .detail = "timed out"}, account_silent, terminal_untried},
};
// clang-format on

INSTANTIATE_TEST_SUITE_P(All, DoctorAnswerTest, testing::ValuesIn(answer_cases),
                         [](const auto& instance) { return instance.param.name; });

}  // namespace
}  // namespace ecr::daemon::doctor
