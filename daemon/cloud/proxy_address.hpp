#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace ecr::daemon {

/// An HTTP proxy that opens tunnels (CONNECT).
struct proxy_address {
    std::string host;  // an IPv6 address without its brackets
    std::string port;
    std::string user;  // empty: it asks for none

    /// "host:port", for people and for the Host header.
    [[nodiscard]] std::string authority() const;
};

/// Reads "http://[user@]host:port". Nothing: it is not that, or it holds a password, which belongs
/// into a file of its own.
[[nodiscard]] std::optional<proxy_address> parse_proxy(std::string_view url);

/// "host:port", with brackets around an IPv6 address.
[[nodiscard]] std::string authority_of(std::string_view host, std::string_view port);

}  // namespace ecr::daemon
