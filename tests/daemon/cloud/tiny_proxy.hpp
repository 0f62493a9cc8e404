#pragma once

#include <boost/asio/any_io_executor.hpp>

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace ecr::test {

/// An HTTP proxy that knows CONNECT only, on the loopback.
class tiny_proxy {
public:
    struct seen {
        std::string target;
        std::string authorization;
    };

    explicit tiny_proxy(boost::asio::any_io_executor executor,
                        const std::string& address = "127.0.0.1");
    ~tiny_proxy();

    [[nodiscard]] std::uint16_t port() const;
    [[nodiscard]] const std::vector<seen>& asked() const;
    /// Says this, and no more, instead of opening a tunnel. Empty: hangs up at once.
    void say(std::string instead);
    /// Never says anything.
    void stay_silent();

private:
    struct parts;
    std::shared_ptr<parts> parts_;
};

}  // namespace ecr::test
