// Answers that go on: pieces as they come, and every way in which they end.
#include "daemon/http/http_server.hpp"
#include "daemon/waiting_line.hpp"
#include "tests/daemon/http_peer.hpp"
#include "tests/simulator/certificate.hpp"
#include "tests/support/temporary_folder.hpp"
#include "tests/support/virtual_time.hpp"

#include <boost/asio/connect.hpp>
#include <boost/asio/ssl.hpp>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <deque>
#include <fstream>

namespace ecr::test {
namespace {

using namespace std::chrono_literals;
using testing::EndsWith;
using testing::HasSubstr;

/// What the test says, piece by piece.
class spoken_stream final : public daemon::http_stream {
public:
    boost::asio::awaitable<std::string> next() override
    {
        while (pieces_.empty() && !closed_)
            (void)co_await line_.wait();
        if (pieces_.empty()) co_return std::string{};
        auto piece = std::move(pieces_.front());
        pieces_.pop_front();
        co_return piece;
    }
    void close() override
    {
        closed_ = true;
        line_.call_all();
    }
    void say(std::string piece)
    {
        pieces_.push_back(std::move(piece));
        line_.call_all();
    }
    [[nodiscard]] bool closed() const { return closed_; }

private:
    std::deque<std::string> pieces_;
    daemon::waiting_line line_;
    bool closed_ = false;
};

class HttpStreamTest : public testing::Test {
protected:
    HttpStreamTest()
    {
        daemon::http_settings settings;
        const auto made = simulator::make_certificate();
        settings.certificate_file = folder_ / "chain.pem";
        settings.certificate_key_file = folder_ / "key.pem";
        std::ofstream{settings.certificate_file} << made.chain;
        std::ofstream{settings.certificate_key_file} << made.key;
        server_ = std::make_unique<daemon::http_server>(
            io_.get_executor(), clock_, std::move(settings),
            [this](daemon::http_request) -> boost::asio::awaitable<daemon::http_reply> {
                daemon::http_reply reply;
                reply.content_type = "text/event-stream";
                reply.stream = stream_;
                co_return reply;
            },
            [](std::exception_ptr bug) { std::rethrow_exception(bug); });
        server_->start();
    }

    ~HttpStreamTest() override
    {
        server_->stop();
        bool ended = false;
        boost::asio::co_spawn(io_, server_->ended(), [&](std::exception_ptr) { ended = true; });
        EXPECT_TRUE(until([&] { return ended; }));
    }

    bool until(const std::function<bool()>& done, milliseconds limit = 1min)
    {
        // On a busy machine the kernel takes its time: a handshake must not time out meanwhile.
        const auto on_its_way = [](auto since) {
            return std::chrono::steady_clock::now() - since < 30ms;
        };
        return run_until(io_, clock_, done, limit, on_its_way);
    }

    std::unique_ptr<http_peer> listener()
    {
        auto made = std::make_unique<http_peer>(io_, server_->port());
        made->say("GET /events HTTP/1.1\r\nHost: x\r\n\r\n");
        EXPECT_TRUE(until([&] { return made->heard().find("\r\n\r\n") != std::string::npos; }));
        return made;
    }

    temporary_folder folder_;
    daemon::virtual_clock clock_{timestamp{}};
    boost::asio::io_context io_{1};
    std::shared_ptr<spoken_stream> stream_ = std::make_shared<spoken_stream>();
    std::unique_ptr<daemon::http_server> server_;
};

TEST_F(HttpStreamTest, EachPieceIsSentWhenItComes)
{
    const auto p = listener();
    EXPECT_THAT(p->heard(), HasSubstr("Content-Type: text/event-stream\r\n"));
    EXPECT_THAT(p->heard(), HasSubstr("Connection: close\r\n"));
    EXPECT_THAT(p->heard(), testing::Not(HasSubstr("Content-Length")));
    for (const auto* piece : {"one", "two", "three"}) {
        stream_->say(piece);
        EXPECT_TRUE(until([&] { return p->heard().ends_with(piece); }));
    }
    EXPECT_THAT(p->heard(), EndsWith("\r\n\r\nonetwothree"));
    EXPECT_FALSE(p->closed());
}

TEST_F(HttpStreamTest, ItWaitsForNewsLongerThanAnyRequestMayTake)
{
    const auto p = listener();
    EXPECT_FALSE(until([&] { return p->closed(); }, 24h));
    stream_->say("late");
    EXPECT_TRUE(until([&] { return p->heard().ends_with("late"); }));
}

TEST_F(HttpStreamTest, ThePeerThatGoesEndsIt)
{
    const auto p = listener();
    p->hang_up();
    EXPECT_TRUE(until([&] { return stream_->closed() && server_->connections() == 0; }));
}

TEST_F(HttpStreamTest, WhateverThePeerSaysMoreEndsIt)
{
    const auto p = listener();
    p->say("GET /again HTTP/1.1\r\nHost: x\r\n\r\n");
    EXPECT_TRUE(until([&] { return stream_->closed() && p->closed(); }));
    EXPECT_EQ(p->answers(), 1U);
}

TEST_F(HttpStreamTest, TheEndOfThePiecesEndsTheConnection)
{
    const auto p = listener();
    stream_->say("last");
    EXPECT_TRUE(until([&] { return p->heard().ends_with("last"); }));
    stream_->close();
    EXPECT_TRUE(until([&] { return p->closed(); }));
}

TEST_F(HttpStreamTest, TheServersEndEndsIt)
{
    const auto p = listener();
    server_->stop();
    EXPECT_TRUE(until([&] { return stream_->closed() && p->closed(); }));
}

TEST_F(HttpStreamTest, AHeadAloneIsNoStream)
{
    const auto p = std::make_unique<http_peer>(io_, server_->port());
    p->say("HEAD /events HTTP/1.1\r\nHost: x\r\n\r\n");
    EXPECT_TRUE(until([&] { return p->answers("200 OK") == 1; }));
    EXPECT_FALSE(stream_->closed());
}

TEST_F(HttpStreamTest, APeerThatDoesNotReadIsCutOff)
{
    const auto p = listener();
    const std::string much(16 * 1024 * 1024, 'x');  // more than the kernel keeps for it
    boost::asio::ip::tcp::socket deaf{io_};
    deaf.connect({boost::asio::ip::make_address("127.0.0.1"), server_->port()});
    stream_ = std::make_shared<spoken_stream>();
    boost::asio::write(deaf,
                       boost::asio::buffer(std::string{"GET /events HTTP/1.1\r\nHost: x\r\n\r\n"}));
    stream_->say(much);
    EXPECT_TRUE(until([&] { return stream_->closed(); }, 5min));
}

TEST_F(HttpStreamTest, OverTlsItIsTheSame)
{
    namespace ssl = boost::asio::ssl;
    ssl::context trust{ssl::context::tls_client};
    trust.set_verify_mode(ssl::verify_none);
    ssl::stream<boost::asio::ip::tcp::socket> wire{io_, trust};
    wire.next_layer().connect({boost::asio::ip::make_address("127.0.0.1"), server_->port()});
    std::string heard;
    bool gone = false;
    const auto talk = [&]() -> boost::asio::awaitable<void> {
        const auto as_result = boost::asio::as_tuple(boost::asio::use_awaitable);
        const auto [refused] = co_await wire.async_handshake(ssl::stream_base::client, as_result);
        EXPECT_FALSE(refused) << refused.message();
        const std::string request = "GET /events HTTP/1.1\r\nHost: x\r\n\r\n";
        (void)co_await boost::asio::async_write(wire, boost::asio::buffer(request), as_result);
        std::array<char, 256> space{};
        for (;;) {
            const auto [failed, size] =
                co_await wire.async_read_some(boost::asio::buffer(space), as_result);
            if (failed) break;
            heard.append(space.data(), size);
        }
        gone = true;
    };
    boost::asio::co_spawn(io_, talk(), [](std::exception_ptr failed) {
        if (failed) std::rethrow_exception(failed);
    });
    stream_->say("one");
    EXPECT_TRUE(until([&] { return heard.ends_with("one"); }));
    stream_->say("two");
    EXPECT_TRUE(until([&] { return heard.ends_with("onetwo"); }));
    server_->stop();
    EXPECT_TRUE(until([&] { return gone; }));
}

}  // namespace
}  // namespace ecr::test
