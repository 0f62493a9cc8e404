#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>

#include <string>
#include <thread>
#include <vector>

namespace ecr::daemon {

/// One command of the client, and what it is told. The line that came is kept in `heard`.
struct scripted_exchange {
    std::vector<std::string> replies;
};

/// What happens on one connection; after the last exchange it is closed.
using scripted_connection = std::vector<scripted_exchange>;

/// A bridge that only plays a script, on a port of its own. Once the script is over nobody listens.
class scripted_bridge {
public:
    explicit scripted_bridge(std::vector<scripted_connection> script);
    ~scripted_bridge();
    scripted_bridge(const scripted_bridge&) = delete;
    scripted_bridge& operator=(const scripted_bridge&) = delete;

    /// "127.0.0.1:40001"
    [[nodiscard]] std::string address() const;

    /// Every line that came, in order. To be asked for once the client has ended.
    [[nodiscard]] std::vector<std::string> heard();

private:
    using tcp = boost::asio::ip::tcp;

    void play(std::size_t next);
    void serve(tcp::socket client, const scripted_connection& connection);
    void stop();

    std::vector<scripted_connection> script_;
    boost::asio::io_context io_{1};
    tcp::acceptor listener_{io_, {boost::asio::ip::address_v4::loopback(), 0}};
    unsigned short port_ = listener_.local_endpoint().port();
    std::vector<std::string> heard_;
    std::thread thread_;
};

}  // namespace ecr::daemon
