#pragma once

#include <boost/asio/any_io_executor.hpp>

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace ecr::daemon {

namespace asio = boost::asio;

/// Stands between tills and a link of the bridge, and loses what it is told to lose. Belongs to the
/// one thread that runs its executor.
class till_relay {
public:
    /// `allow`: as a link's setting. Throws boost::system::system_error: the address is taken.
    till_relay(asio::any_io_executor executor, const std::string& address, std::uint16_t port,
               const std::vector<std::string>& allow);
    ~till_relay();
    till_relay(const till_relay&) = delete;
    till_relay& operator=(const till_relay&) = delete;

    [[nodiscard]] std::uint16_t port() const;
    /// Where the bridge listens from now on; 0: it is away, and connections end at once.
    void lead_to(std::uint16_t port);
    /// From now on nothing that the bridge says arrives on the connections that stand. False: there
    /// are none.
    bool swallow();
    /// Ends the connections that stand.
    void cut();

private:
    struct parts;
    std::shared_ptr<parts> parts_;
};

}  // namespace ecr::daemon
