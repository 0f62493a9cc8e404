#pragma once

#include <boost/asio/ip/address.hpp>

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace ecr::daemon {

namespace asio = boost::asio;

/// Names in lower case; one that came several times has its values joined with ", ".
using http_headers = std::vector<std::pair<std::string, std::string>>;

struct http_request {
    std::string method;
    std::string target;  // as it came: path and query
    http_headers headers;
    std::string body;  // the very bytes, for signatures
    asio::ip::address peer;
    bool encrypted = false;

    [[nodiscard]] std::string_view path() const noexcept
    {
        return std::string_view{target}.substr(0, target.find('?'));
    }
    /// Behind the '?'; empty: none.
    [[nodiscard]] std::string_view query() const noexcept
    {
        const auto mark = target.find('?');
        return mark == std::string::npos ? std::string_view{}
                                         : std::string_view{target}.substr(mark + 1);
    }
    /// By its name in lower case; empty: none.
    [[nodiscard]] std::string_view header(std::string_view name) const noexcept
    {
        for (const auto& [known, value] : headers)
            if (known == name) return value;
        return {};
    }
};

struct http_reply {
    unsigned status = 200;
    std::string body;
    std::string content_type = "text/plain; charset=utf-8";
    http_headers headers;  // others
    bool close = false;    // the connection ends with it
};

}  // namespace ecr::daemon
