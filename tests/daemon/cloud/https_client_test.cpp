#include "daemon/cloud/https_client.hpp"

#include "tests/daemon/cloud/echo_cloud.hpp"
#include "tests/support/connect_proxy.hpp"
#include "tests/support/virtual_time.hpp"

#include <boost/system/system_error.hpp>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>

namespace ecr::daemon {
namespace {

using namespace std::chrono_literals;
using protocol::transport;
using testing::HasSubstr;

constexpr timestamp start{1'720'000'000'000ms};

class HttpsClientTest : public testing::Test {
protected:
    https_settings to(const std::string& host) const
    {
        https_settings made;
        made.url = "https://" + host + ":" + std::to_string(cloud_->port());
        made.ca_file = cloud_->ca_file();
        return made;
    }

    https_settings through_proxy()
    {
        proxy_.emplace(io_.get_executor());
        auto made = to("localhost");
        made.proxy = "http://127.0.0.1:" + std::to_string(proxy_->port());
        return made;
    }

    https_answer ask(https_settings settings, https_request request = {.path = "/a", .body = "x=1"})
    {
        client_.emplace(io_.get_executor(), time_, std::move(settings));
        return again(std::move(request));
    }

    https_answer again(https_request request = {.path = "/a", .body = "x=1"})
    {
        auto got = test::run_task(io_, time_, client_->send(std::move(request)), 10min);
        EXPECT_TRUE(got.has_value()) << "no answer and no failure";
        return got.value_or(https_answer{});
    }

    virtual_clock time_{start};  // before the context: its handlers hold alarms
    asio::io_context io_;
    std::optional<test::echo_cloud> cloud_{io_.get_executor()};
    std::optional<test::connect_proxy> proxy_;
    std::optional<https_client> client_;
};

TEST_F(HttpsClientTest, PostsAForm)
{
    const auto answer = ask(to("127.0.0.1"));
    EXPECT_EQ(answer.how, transport::answered) << answer.detail;
    ASSERT_EQ(cloud_->requests().size(), 1U);
    const auto& seen = cloud_->requests()[0];
    EXPECT_EQ(seen.method + " " + seen.target + " " + seen.body, "POST /a x=1");
    EXPECT_EQ(seen.headers.at("content-type"), "application/x-www-form-urlencoded");
}

TEST_F(HttpsClientTest, GetsWithAQueryString)
{
    const auto answer = ask(to("localhost"), {.path = "/s?b=2&c=%20", .body = {}, .get = true});
    EXPECT_EQ(answer.how, transport::answered) << answer.detail;
    const auto& seen = cloud_->requests().at(0);
    EXPECT_EQ(seen.method + " " + seen.target + " " + seen.body, "GET /s?b=2&c=%20 ");
    EXPECT_FALSE(seen.headers.contains("content-type"));
    EXPECT_EQ(seen.headers.at("host"), "localhost:" + std::to_string(cloud_->port()));
}

TEST_F(HttpsClientTest, ReachesAnAddressOfIp6)
{
    cloud_.emplace(io_.get_executor(), "::1");
    const auto answer = ask(to("[::1]"));
    EXPECT_EQ(answer.how, transport::answered) << answer.detail;
    EXPECT_EQ(cloud_->requests().at(0).headers.at("host"),
              "[::1]:" + std::to_string(cloud_->port()));
}

TEST_F(HttpsClientTest, GoesThroughAProxy)
{
    const auto answer = ask(through_proxy());
    EXPECT_EQ(answer.how, transport::answered) << answer.detail;
    ASSERT_EQ(proxy_->asked_for().size(), 1U);
    EXPECT_EQ(proxy_->asked_for()[0], "localhost:" + std::to_string(cloud_->port()));
    EXPECT_EQ(proxy_->authorizations()[0], "");
    EXPECT_EQ(again().how, transport::answered);
    EXPECT_EQ(proxy_->asked_for().size(), 1U) << "the tunnel is kept";
    EXPECT_EQ(cloud_->requests().size(), 2U);
}

TEST_F(HttpsClientTest, TunnelsToIp6AndTellsTheProxyItsUser)
{
    cloud_.emplace(io_.get_executor(), "::1");
    proxy_.emplace(io_.get_executor(), "::1");
    auto settings = to("[::1]");
    settings.proxy = "http://Aladdin@[::1]:" + std::to_string(proxy_->port());
    settings.proxy_password = "open sesame";
    const auto answer = ask(settings);
    EXPECT_EQ(answer.how, transport::answered) << answer.detail;
    EXPECT_EQ(proxy_->asked_for().at(0), "[::1]:" + std::to_string(cloud_->port()));
    // Source: RFC 7617, section 2.
    EXPECT_EQ(proxy_->authorizations()[0], "Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==");
}

struct refusing_case {
    std::string name;
    std::string says;
    std::string sentence;

    friend void PrintTo(const refusing_case& c, std::ostream* out) { *out << c.name; }
};
class ProxyRefusalTest : public HttpsClientTest,
                         public testing::WithParamInterface<refusing_case> {};

TEST_P(ProxyRefusalTest, ProvesThatNothingWasSent)
{
    auto settings = through_proxy();
    proxy_->say(GetParam().says);
    const auto answer = ask(settings);
    EXPECT_EQ(answer.how, transport::not_sent);
    EXPECT_THAT(answer.detail, HasSubstr(GetParam().sentence));
    EXPECT_TRUE(cloud_->requests().empty());
}

const refusing_case refusing_cases[] = {
    {"AsksForAPassword", "HTTP/1.1 407 Auth\r\nContent-Length: 4\r\n\r\nwhat",
     "asks for a user name and a password"},
    {"BadGateway", "HTTP/1.1 502 Bad Gateway\r\n\r\n", "did not open a tunnel (502 Bad Gateway)"},
    {"Forbidden", "HTTP/1.0 403 No\r\n\r\n", "did not open a tunnel (403 No)"},
    {"HangsUp", "", "waiting for the proxy's tunnel: "},
    {"NotHttp", "220 mail.example ESMTP\r\n\r\n", "waiting for the proxy's tunnel: "},
    {"TalksFirst", "HTTP/1.1 200 OK\r\n\r\nhello", "talks out of turn"},
    {"EndlessHead", "HTTP/1.1 200 OK\r\nX: " + std::string(40'000, 'x'),
     "waiting for the proxy's tunnel: "},
};
INSTANTIATE_TEST_SUITE_P(Proxies, ProxyRefusalTest, testing::ValuesIn(refusing_cases),
                         [](const auto& instance) { return instance.param.name; });

TEST_F(HttpsClientTest, ASilentProxyTimesOut)
{
    auto settings = through_proxy();
    proxy_->stay_silent();
    const auto answer = ask(settings);
    EXPECT_EQ(answer.how, transport::not_sent);
    EXPECT_EQ(answer.detail, "waiting for the proxy's tunnel: timed out");
    EXPECT_EQ(time_.now(), 10s);
}

TEST_F(HttpsClientTest, AProxyThatIsNotThereIsNamed)
{
    auto settings = through_proxy();
    proxy_.reset();
    const auto answer = ask(settings);
    EXPECT_EQ(answer.how, transport::not_sent);
    EXPECT_THAT(answer.detail, HasSubstr("connecting to the proxy: "));
}

TEST_F(HttpsClientTest, AnotherAuthoritysCertificateIsNotTrusted)
{
    test::echo_cloud stranger{io_.get_executor()};
    auto settings = to("localhost");
    settings.ca_file = stranger.ca_file();
    const auto answer = ask(settings);
    EXPECT_EQ(answer.how, transport::not_sent);
    EXPECT_THAT(answer.detail, HasSubstr("TLS with the cloud: certificate verify failed"));
}

TEST_F(HttpsClientTest, TellsWhatIsWrongWithCertificates)
{
    EXPECT_EQ(ca_file_problem(cloud_->ca_file()), "");
    EXPECT_EQ(ca_file_problem({}), "");
    const auto missing = cloud_->ca_file().parent_path() / "none.pem";
    EXPECT_THAT(ca_file_problem(missing), HasSubstr("cannot read certificates from"));
    std::ofstream{missing} << "no certificate";
    EXPECT_THAT(ca_file_problem(missing), HasSubstr("cannot read certificates from"));
}

TEST_F(HttpsClientTest, MeasuresHowLongAnAnswerTook)
{
    cloud_->answer_with([this](const auto&) {
        time_.advance_to_next(time_.now() + 700ms);
        return test::echo_cloud::reply{};
    });
    EXPECT_EQ(ask(to("localhost")).took, 700ms);
}

struct proxy_case {
    std::string url;
    std::string host_port_user;  // empty: refused
};

TEST(ProxyAddressTest, IsReadOrRefused)
{
    const proxy_case cases[] = {
        {"http://proxy.example:3128", "proxy.example:3128 "},
        {"http://me@proxy.example:3128/", "proxy.example:3128 me"},
        {"http://[::1]:8080", "[::1]:8080 "},
        {"http://a%40b@10.0.0.1:80", "10.0.0.1:80 a@b"},
        {"http://me:secret@proxy.example:3128", ""},
        {"http://proxy.example", ""},
        {"http://proxy.example:0", ""},
        {"http://proxy.example:99999", ""},
        {"https://proxy.example:3128", ""},
        {"socks5://proxy.example:3128", ""},
        {"http://proxy.example:3128/path", ""},
        {"proxy.example:3128", ""},
        {"http://proxy.example%0d%0aX:3128", ""},
        {"http://proxy%20example:3128", ""},
        {"http://[fe80::1]:3128", "[fe80::1]:3128 "},
        {"http://proxy%3a:3128", ""},    // no address of IPv6
        {"http://[v7.proxy]:3128", ""},  // nobody has one
        {"http://[v7.proxy:]:3128", ""},
    };
    for (const auto& [url, expected] : cases) {
        const auto got = parse_proxy(url);
        EXPECT_EQ(got ? got->authority() + " " + got->user : "", expected) << url;
    }
}

TEST(HttpsSettingsTest, AProxyThatIsNoneIsRefused)
{
    virtual_clock time{start};
    asio::io_context io;
    https_settings settings;
    settings.url = "https://localhost";
    settings.proxy = "proxy";
    EXPECT_THROW((https_client{io.get_executor(), time, settings}), boost::system::system_error);
}

}  // namespace
}  // namespace ecr::daemon
