#include "tests/support/socket_probe.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/write.hpp>

#include <utility>

namespace ecr::test {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using moment = std::chrono::steady_clock::time_point;

/// A connection to ourselves.
class socket_probe {
public:
    socket_probe()
    {
        tcp::acceptor acceptor{io_, {asio::ip::address_v4::loopback(), 0}};
        from_.connect(acceptor.local_endpoint());
        from_.set_option(tcp::no_delay{true});
        acceptor.accept(to_);
    }

    [[nodiscard]] bool has_carried(moment since)
    {
        io_.restart();
        io_.poll();
        if (!here_) return false;
        if (since != since_) {
            since_ = since;
            send();
            return false;
        }
        return std::exchange(seen_, true);
    }

private:
    void send()
    {
        here_ = seen_ = false;
        to_.async_read_some(asio::buffer(&byte_, 1),
                            [this](boost::system::error_code, std::size_t) { here_ = true; });
        asio::write(from_, asio::buffer("p", 1));
    }

    asio::io_context io_{1};
    tcp::socket from_{io_};
    tcp::socket to_{io_};
    moment since_{};
    char byte_ = 0;
    bool here_ = true;
    bool seen_ = true;
};

}  // namespace

bool sockets_have_carried(moment since)
{
    static socket_probe probe;
    return probe.has_carried(since);
}

}  // namespace ecr::test
