#pragma once

#include <boost/asio/any_io_executor.hpp>

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace ecr::test {

/// An HTTP proxy that knows CONNECT and nothing else, on the loopback. Every tunnel ends on this
/// machine, whatever host was asked for: at the port that was asked for, or at a fixed one; at ::1
/// when that was asked for.
/// Belongs to the one thread that runs its executor.
class connect_proxy {
public:
    static constexpr std::size_t head_size_max = 8 * 1024;

    /// Listens on any free port. Throws boost::system::system_error.
    explicit connect_proxy(boost::asio::any_io_executor executor,
                           const std::string& address = "127.0.0.1");
    ~connect_proxy();
    connect_proxy(const connect_proxy&) = delete;
    connect_proxy& operator=(const connect_proxy&) = delete;

    [[nodiscard]] std::uint16_t port() const;
    /// Sends every tunnel to this port; 0: to the one that was asked for.
    void lead_to(std::uint16_t port);
    /// Answers every CONNECT with this status, 407 or 502 for example; 0: not any more.
    void refuse_with(int http_status);
    /// Wants Basic authorization, and answers 407 without it.
    void require(const std::string& user, const std::string& password);
    /// Says this, and no more, to every CONNECT instead of opening a tunnel. Empty: hangs up.
    void say(std::string instead);
    /// Never says anything to a CONNECT.
    void stay_silent();
    /// Ends every tunnel there is.
    void cut();
    /// Stops listening, and cuts.
    void stop();

    [[nodiscard]] int tunnels() const;       // ever made
    [[nodiscard]] int tunnels_open() const;  // now
    [[nodiscard]] int refused() const;
    /// "host:port" of every CONNECT, also of those that were refused.
    [[nodiscard]] const std::vector<std::string>& asked_for() const;
    /// The Proxy-Authorization of each of them; "": none.
    [[nodiscard]] const std::vector<std::string>& authorizations() const;

private:
    struct parts;
    std::shared_ptr<parts> parts_;
};

}  // namespace ecr::test
