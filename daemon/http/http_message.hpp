#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/ip/address.hpp>

#include <memory>
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

/// A body that goes on for as long as the peer listens.
class http_stream {
public:
    virtual ~http_stream() = default;

    /// Waits for the next piece. Empty: the end.
    [[nodiscard]] virtual asio::awaitable<std::string> next() = 0;
    /// The peer has gone, or the server stops: next() gives the end, also to who waits already.
    virtual void close() = 0;
};

struct http_reply {
    unsigned status = 200;
    std::string body;
    std::string content_type = "text/plain; charset=utf-8";
    http_headers headers;                   // others
    bool close = false;                     // the connection ends with it
    std::shared_ptr<http_stream> stream{};  // instead of the body; the connection ends with it
};

}  // namespace ecr::daemon
