#include "tests/support/connect_proxy.hpp"

#include "daemon/as_result.hpp"
#include "tests/simulator/test/trade_shop.hpp"

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/write.hpp>
#include <gtest/gtest.h>

namespace ecr::simulator {
namespace {

namespace asio = boost::asio;
using tcp = asio::ip::tcp;

/// Sends all at once and returns all that comes back until the end.
asio::awaitable<std::string> talk(std::uint16_t port, std::string text)
{
    tcp::socket socket{co_await asio::this_coro::executor};
    const tcp::endpoint where{asio::ip::address_v4::loopback(), port};
    const auto [refused] = co_await socket.async_connect(where, as_result);
    if (refused) co_return "no connection";
    (void)co_await asio::async_write(socket, asio::buffer(text), as_result);
    std::string heard;
    (void)co_await asio::async_read(socket, asio::dynamic_buffer(heard), as_result);
    co_return heard;
}

struct proxied_shop : shop {
    std::string ask(const std::string& authority, const std::string& more_fields = "")
    {
        const auto text = "CONNECT " + authority + " HTTP/1.1\r\nHost: " + authority + "\r\n" +
                          more_fields + "\r\nGET /settings HTTP/1.1\r\nHost: x\r\n\r\n";
        return test::run_task(io, clock, talk(proxy.port(), text), 30s).value_or("no answer");
    }
    [[nodiscard]] std::string control() const
    {
        return "127.0.0.1:" + std::to_string(sim.control_port());
    }

    test::connect_proxy proxy{io.get_executor()};
};

TEST(ConnectProxyTest, LeadsToThePortThatWasAskedFor)
{
    proxied_shop s;
    const auto heard = s.ask(s.control());
    EXPECT_TRUE(heard.starts_with("HTTP/1.1 200 Connection established\r\n\r\nHTTP/1.1 200 OK"));
    EXPECT_NE(heard.find("busy_enquiry"), std::string::npos);
    EXPECT_EQ(s.proxy.tunnels(), 1);
    EXPECT_EQ(s.proxy.asked_for(), std::vector<std::string>{s.control()});
    s.pass(1s);
    EXPECT_EQ(s.proxy.tunnels_open(), 0);
}

TEST(ConnectProxyTest, LeadsAnyHostToAFixedPort)
{
    proxied_shop s;
    s.proxy.lead_to(s.sim.control_port());
    EXPECT_NE(s.ask("openapi.invalid:443").find("busy_enquiry"), std::string::npos);
}

TEST(ConnectProxyTest, RefusesWhenToldTo)
{
    proxied_shop s;
    for (const int status : {407, 502}) {
        s.proxy.refuse_with(status);
        EXPECT_TRUE(s.ask(s.control()).starts_with("HTTP/1.1 " + std::to_string(status)));
    }
    EXPECT_EQ(s.proxy.tunnels(), 0);
    EXPECT_EQ(s.proxy.refused(), 2);
    s.proxy.refuse_with(0);
    EXPECT_TRUE(s.ask(s.control()).starts_with("HTTP/1.1 200"));
}

TEST(ConnectProxyTest, WantsAPasswordWhenToldTo)
{
    proxied_shop s;
    s.proxy.require("till", "open sesame");
    EXPECT_TRUE(s.ask(s.control()).starts_with("HTTP/1.1 407"));
    EXPECT_TRUE(
        s.ask(s.control(), "Proxy-Authorization: Basic eDp5\r\n").starts_with("HTTP/1.1 407"));
    EXPECT_TRUE(s.ask(s.control(), "Proxy-Authorization: Basic dGlsbDpvcGVuIHNlc2FtZQ==\r\n")
                    .starts_with("HTTP/1.1 200"));
}

TEST(ConnectProxyTest, KnowsNothingButConnect)
{
    proxied_shop s;
    const std::string text = "GET / HTTP/1.1\r\nHost: x\r\n\r\n";
    const auto heard = test::run_task(s.io, s.clock, talk(s.proxy.port(), text), 30s);
    EXPECT_TRUE(heard.value_or("").starts_with("HTTP/1.1 405"));
    EXPECT_TRUE(s.ask("no-port").starts_with("HTTP/1.1 400"));
}

}  // namespace
}  // namespace ecr::simulator
