#include "daemon/cloud/proxy_address.hpp"

#include <boost/url/parse.hpp>
#include <boost/url/url_view.hpp>

#include <algorithm>
#include <charconv>

namespace ecr::daemon {
namespace {

/// The library lets a port be any row of digits.
bool is_port(std::string_view digits)
{
    unsigned number = 0;
    const auto* end = digits.data() + digits.size();
    const auto [stopped, failed] = std::from_chars(digits.data(), end, number);
    return failed == std::errc{} && stopped == end && number > 0 && number <= 65535;
}

/// A name of the DNS, or an address. The library also takes escapes, and gives back what they stand
/// for: a line end would become one of the request, a colon the mark of an address of IPv6.
bool is_host(std::string_view text, boost::urls::host_type type)
{
    using boost::urls::host_type;
    const std::string_view marks = type == host_type::ipv6 ? ":." : "-._";
    return type != host_type::ipvfuture && !text.empty() && std::ranges::all_of(text, [&](char c) {
               const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
               return letter || (c >= '0' && c <= '9') || marks.find(c) != marks.npos;
           });
}

}  // namespace

std::string authority_of(std::string_view host, std::string_view port)
{
    const bool ip6 = host.find(':') != std::string_view::npos;
    std::string text{ip6 ? "[" : ""};
    text += host;
    text += ip6 ? "]:" : ":";
    return text += port;
}

std::string proxy_address::authority() const
{
    return authority_of(host, port);
}

std::optional<proxy_address> parse_proxy(std::string_view url)
{
    const auto parsed = boost::urls::parse_uri({url.data(), url.size()});
    if (!parsed || parsed->scheme_id() != boost::urls::scheme::http) return std::nullopt;
    const bool bare = (parsed->path().empty() || parsed->path() == "/") && !parsed->has_query() &&
                      !parsed->has_fragment() && !parsed->has_password();
    if (!bare || !is_host(parsed->host_address(), parsed->host_type()) || !is_port(parsed->port()))
        return std::nullopt;
    return proxy_address{.host = parsed->host_address(),
                         .port = std::string{parsed->port()},
                         .user = parsed->user()};
}

}  // namespace ecr::daemon
