#include "daemon/http/address_list.hpp"

#include <algorithm>

namespace ecr::daemon {

namespace ip = asio::ip;

namespace {

/// The interface a peer came by is no part of who it is: "fe80::/10" means all of them.
ip::address_v6 without_scope(const ip::address_v6& address)
{
    return ip::address_v6{address.to_bytes()};
}

}  // namespace

bool address_list::add(const std::string& text)
{
    // Windows takes "10.0.0/8", too, and means something by it.
    if (text.find(':') == std::string::npos && std::ranges::count(text, '.') != 3) return false;
    boost::system::error_code failed;
    if (text.find('/') == std::string::npos) {
        const auto address = ip::make_address(text, failed);
        if (failed) return false;
        const auto one = plain_address(address);
        if (one.is_v4())
            v4_.emplace_back(one.to_v4(), 32);
        else
            v6_.emplace_back(without_scope(one.to_v6()), 128);
        return true;
    }
    if (text.find(':') == std::string::npos) {
        const auto network = ip::make_network_v4(text, failed);
        if (!failed) v4_.push_back(network);
    } else {
        const auto network = ip::make_network_v6(text, failed);
        if (failed) return false;
        constexpr unsigned short mapped = 96;  // bits in front of the IPv4 address
        const auto address = without_scope(network.address());
        if (address.is_v4_mapped() && network.prefix_length() >= mapped)
            v4_.emplace_back(ip::make_address_v4(ip::v4_mapped, address),
                             static_cast<unsigned short>(network.prefix_length() - mapped));
        else
            v6_.emplace_back(address, network.prefix_length());
    }
    return !failed;
}

bool address_list::contains(const ip::address& peer) const
{
    const auto one = plain_address(peer);
    const auto holds = [&](const auto& network, const auto& address) {
        using kind = std::remove_cvref_t<decltype(network)>;
        return kind{address, network.prefix_length()}.network() == network.network();
    };
    if (one.is_v4())
        return std::ranges::any_of(v4_, [&](const auto& n) { return holds(n, one.to_v4()); });
    return std::ranges::any_of(v6_,
                               [&](const auto& n) { return holds(n, without_scope(one.to_v6())); });
}

ip::address plain_address(const ip::address& peer)
{
    if (peer.is_v6() && peer.to_v6().is_v4_mapped())
        return ip::make_address_v4(ip::v4_mapped, peer.to_v6());
    return peer;
}

}  // namespace ecr::daemon
