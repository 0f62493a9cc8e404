// Who is answered by the page: names, origins, tokens and sessions.
#include "daemon/page/page_guard.hpp"

#include "daemon/limits.hpp"
#include "tests/support/private_text.hpp"
#include "tests/support/temporary_folder.hpp"
#include "tests/support/virtual_time.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>

namespace ecr::test {
namespace {

using namespace std::chrono_literals;
using daemon::http_headers;

daemon::http_request asking(http_headers headers, std::string target = "/api/v1/overview",
                            bool encrypted = false)
{
    return {.method = "GET",
            .target = std::move(target),
            .headers = std::move(headers),
            .body = {},
            .peer = {},
            .encrypted = encrypted};
}

class PageGuardTest : public testing::Test {
protected:
    unsigned status(const daemon::http_request& request)
    {
        daemon::page_guard guard{clock_, settings_};
        const auto refused = guard.refusal_of(request);
        return refused ? refused->status : 200;
    }

    daemon::http_reply log_in(daemon::page_guard& guard, const std::string& body)
    {
        auto request = asking({{"host", "localhost"}});
        request.body = body;
        std::optional<daemon::http_reply> reply;
        boost::asio::co_spawn(io_, guard.log_in(std::move(request)),
                              [&](std::exception_ptr, daemon::http_reply got) { reply = got; });
        EXPECT_TRUE(run_until(
            io_, clock_, [&] { return reply.has_value(); }, 1min));
        return reply.value_or(daemon::http_reply{});
    }

    void keep_token(const std::string& token)
    {
        settings_.token_file = folder_.path() / "token";
        write_private(settings_.token_file, token);
    }

    temporary_folder folder_;
    daemon::virtual_clock clock_{timestamp{}};
    boost::asio::io_context io_{1};
    daemon::page_config settings_;
};

struct host_case {
    const char* host;
    unsigned status;
};

TEST_F(PageGuardTest, IsKnownByItsNumbersAndByTheNamesItWasGiven)
{
    settings_.hosts = {"bridge.example.com"};
    const host_case cases[] = {
        {"localhost", 200},
        {"localhost:9190", 200},
        {"LOCALHOST:9190", 200},
        {"127.0.0.1:9190", 200},
        {"192.168.1.2", 200},  // a number leads nowhere else
        {"[::1]:9190", 200},
        {"bridge.example.com:9190", 200},
        {"Bridge.Example.COM", 200},
        {"", 421},
        {":9190", 421},
        {"[::1", 421},
        {"evil.example", 421},
        {"localhost.evil.example", 421},
        {"127.0.0.1.evil.example", 421},
        {"x.bridge.example.com", 421},
        {"localhost.", 421},
        {"localhost@evil.example", 421},
    };
    for (const auto& [host, expected] : cases)
        EXPECT_EQ(status(asking({{"host", host}})), expected) << host;
}

TEST_F(PageGuardTest, NoHostAtAllIsNone)
{
    EXPECT_EQ(status(asking({})), 421U);
}

TEST_F(PageGuardTest, AnswersItsOwnPagesOnly)
{
    struct {
        const char* origin;
        bool encrypted;
        unsigned status;
    } const cases[] = {
        {"http://localhost:9190", false, 200},
        {"http://LOCALHOST:9190", false, 200},
        {"https://localhost:9190", true, 200},
        {"https://localhost:9190", false, 403},
        {"http://localhost:9190", true, 403},
        {"http://localhost", false, 403},
        {"http://localhost:91", false, 403},
        {"http://127.0.0.1:9190", false, 403},
        {"null", false, 403},
        {"http://evil.example", false, 403},
        {"http://localhost:9190/", false, 403},
    };
    for (const auto& [origin, encrypted, expected] : cases)
        EXPECT_EQ(status(asking({{"host", "localhost:9190"}, {"origin", origin}}, "/api/v1/today",
                                encrypted)),
                  expected)
            << origin << encrypted;
}

TEST_F(PageGuardTest, ALinkElsewhereMayLeadToThePageAndNoFurther)
{
    const auto from = [&](const char* site, const char* target) {
        return status(asking({{"host", "localhost"}, {"sec-fetch-site", site}}, target));
    };
    EXPECT_EQ(from("cross-site", "/"), 200U);
    EXPECT_EQ(from("same-site", "/"), 200U);
    EXPECT_EQ(from("cross-site", "/page.js"), 403U);
    EXPECT_EQ(from("cross-site", "/api/v1/overview"), 403U);
    EXPECT_EQ(from("same-site", "/metrics"), 403U);
    EXPECT_EQ(from("same-origin", "/api/v1/overview"), 200U);
    EXPECT_EQ(from("none", "/api/v1/overview"), 200U);
}

TEST_F(PageGuardTest, ASessionEndsWithItsTime)
{
    keep_token("0123456789abcdef");
    daemon::page_guard guard{clock_, settings_};
    EXPECT_FALSE(guard.knows(asking({})));
    const auto opened = log_in(guard, R"({"token": "0123456789abcdef"})");
    ASSERT_EQ(opened.status, 204U);
    const auto& line = opened.headers.front().second;
    const auto cookie = line.substr(0, line.find(';'));
    EXPECT_TRUE(guard.knows(asking({{"cookie", "a=b; " + cookie + "; c=d"}})));
    EXPECT_FALSE(guard.knows(asking({{"cookie", cookie + "0"}})));
    EXPECT_FALSE(guard.knows(asking({{"cookie", cookie.substr(0, cookie.size() - 1)}})));
    EXPECT_FALSE(guard.knows(asking({{"cookie", "x" + cookie}})));
    run_until(
        io_, clock_, [] { return false; }, daemon::limits::page_session_time - 1s);
    EXPECT_TRUE(guard.knows(asking({{"cookie", cookie}})));
    run_until(
        io_, clock_, [] { return false; }, 2s);
    EXPECT_FALSE(guard.knows(asking({{"cookie", cookie}})));
}

TEST_F(PageGuardTest, AGuessCostsTime)
{
    keep_token("0123456789abcdef");
    daemon::page_guard guard{clock_, settings_};
    const auto before = clock_.now();
    EXPECT_EQ(log_in(guard, R"({"token": "0123456789abcdee"})").status, 401U);
    EXPECT_GE(clock_.now() - before, daemon::limits::page_wrong_token);
}

TEST_F(PageGuardTest, TheOldestOfTooManySessionsGivesWay)
{
    keep_token("0123456789abcdef");
    daemon::page_guard guard{clock_, settings_};
    std::vector<std::string> cookies;
    for (std::size_t i = 0; i <= daemon::limits::page_sessions_max; ++i) {
        const auto opened = log_in(guard, R"({"token": "0123456789abcdef"})");
        const auto& line = opened.headers.front().second;
        cookies.push_back(line.substr(0, line.find(';')));
        run_until(
            io_, clock_, [] { return false; }, 1s);
    }
    EXPECT_FALSE(guard.knows(asking({{"cookie", cookies.front()}})));
    EXPECT_TRUE(guard.knows(asking({{"cookie", cookies.at(1)}})));
    EXPECT_TRUE(guard.knows(asking({{"cookie", cookies.back()}})));
}

TEST_F(PageGuardTest, AnUnreadableTokenOpensNothing)
{
    keep_token("");
    daemon::page_guard guard{clock_, settings_};
    EXPECT_EQ(log_in(guard, R"({"token": ""})").status, 401U);
    EXPECT_FALSE(guard.knows(asking({{"authorization", "Bearer "}})));
}

}  // namespace
}  // namespace ecr::test
