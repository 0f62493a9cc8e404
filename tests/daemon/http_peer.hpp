#pragma once

#include <boost/asio/io_context.hpp>

#include <cstdint>
#include <memory>
#include <string>

namespace ecr::test {

/// The other end of a connection to the loopback: says bytes as they are, and remembers what it
/// heard. Real sockets; whoever runs the io_context bounds the time.
class http_peer {
public:
    http_peer(boost::asio::io_context& io, std::uint16_t port);
    ~http_peer();
    http_peer(const http_peer&) = delete;
    http_peer& operator=(const http_peer&) = delete;

    void say(std::string bytes);
    void hang_up();

    [[nodiscard]] const std::string& heard() const;
    [[nodiscard]] bool closed() const;  // by the server
    /// How many answers began, and with which status.
    [[nodiscard]] std::size_t answers(const std::string& status = {}) const;

private:
    struct wire;
    std::shared_ptr<wire> wire_;
};

}  // namespace ecr::test
