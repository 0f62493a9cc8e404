#pragma once

#include <boost/asio/io_context.hpp>

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

namespace ecr::test {

/// The till's end of a real link: bytes there and back. Runs on the test's own context.
class till_wire {
public:
    virtual ~till_wire() = default;

    virtual void send(std::string bytes) = 0;
    /// As a till that was switched off.
    virtual void hang_up() = 0;
    /// The bridge has ended the connection, or it never came about.
    [[nodiscard]] virtual bool over() const = 0;

    /// … by saying so: an end of the stream, with TLS a close_notify.
    [[nodiscard]] virtual bool over_in_order() const = 0;

    /// Called with whatever arrives.
    void on_bytes(std::function<void(std::string_view)> hear) { hear_ = std::move(hear); }

protected:
    void heard(std::string_view bytes)
    {
        if (hear_) hear_(bytes);
    }

private:
    std::function<void(std::string_view)> hear_;
};

/// `from`: the till's own address, one of 127.0.0.0/8.
[[nodiscard]] std::unique_ptr<till_wire> tcp_wire(boost::asio::io_context& io, std::uint16_t port,
                                                  const std::string& from = "127.0.0.1");
/// TLS, trusting this authority alone, to "localhost".
[[nodiscard]] std::unique_ptr<till_wire> tls_wire(boost::asio::io_context& io, std::uint16_t port,
                                                  const std::string& ca_pem);
/// A serial device, such as a pseudo-terminal.
[[nodiscard]] std::unique_ptr<till_wire> port_wire(boost::asio::io_context& io,
                                                   const std::filesystem::path& device);

}  // namespace ecr::test
