#pragma once

#include <boost/asio/ip/address.hpp>
#include <boost/asio/ip/network_v4.hpp>
#include <boost/asio/ip/network_v6.hpp>

#include <string>
#include <vector>

namespace ecr::daemon {

namespace asio = boost::asio;

/// Addresses and networks of one kind of peer.
class address_list {
public:
    /// "10.1.2.3", "10.0.0.0/8", "::1" or "fd00::/8". False: none of these, and nothing is added.
    [[nodiscard]] bool add(const std::string& text);

    /// An IPv4 address that came over IPv6 counts as what it is.
    [[nodiscard]] bool contains(const asio::ip::address& peer) const;
    [[nodiscard]] bool empty() const noexcept { return v4_.empty() && v6_.empty(); }

private:
    std::vector<asio::ip::network_v4> v4_;
    std::vector<asio::ip::network_v6> v6_;
};

/// The address itself, also when it is wrapped into IPv6.
[[nodiscard]] asio::ip::address plain_address(const asio::ip::address& peer);

}  // namespace ecr::daemon
