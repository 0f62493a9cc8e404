#pragma once

#include "tests/simulator/core.hpp"

#include <boost/asio/ip/address.hpp>

#include <cstdint>
#include <functional>
#include <memory>
#include <string>

namespace ecr::simulator {

/// Where the simulator listens, for HTTPS and for control alike.
class front {
public:
    virtual ~front() = default;
    /// Binds and listens; port 0 is any free one. Throws boost::system::system_error.
    virtual void open(const asio::ip::address& address, std::uint16_t port) = 0;
    /// Stops listening and closes every connection.
    virtual void close() = 0;
    [[nodiscard]] virtual std::uint16_t port() const = 0;
};

/// The HTTPS side: TLS, requests, answers, and the faults between them.
[[nodiscard]] std::shared_ptr<front> make_https_front(asio::any_io_executor executor,
                                                      std::shared_ptr<core> behind,
                                                      std::shared_ptr<agenda> timers,
                                                      const std::string& chain_pem,
                                                      const std::string& key_pem);

struct control_reply {
    int http_status = 200;
    std::string body;
};
using control_handler =
    std::function<control_reply(const std::string& method, const std::string& target,
                                const std::string& content_type, const std::string& body)>;

/// The control side: plain HTTP for the loopback.
[[nodiscard]] std::shared_ptr<front> make_control_front(asio::any_io_executor executor,
                                                        std::shared_ptr<agenda> timers,
                                                        control_handler handler);

}  // namespace ecr::simulator
