#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace ecr::protocol::till::qfpay_local {

/// What matters of an HTTP request.
struct http_request {
    std::string method;
    std::string path;  // without the query
    std::string body;
    std::string origin;  // of a browser's page; empty: no browser, or an old one
    std::string host;
    std::string referer;
    std::string wants_headers;           // of a preflight
    bool wants_private_network = false;  // likewise
    bool keep_alive = false;
};

struct http_event {
    enum class kind : std::uint8_t {
        request,
        expects,    // 100-continue: the till waits for leave to send the body
        malformed,  // not HTTP: nothing that follows can be read
        too_large,  // header or body above the limit; likewise
    };

    kind what{};
    http_request request;
};

/// Cuts a stream into HTTP/1 requests. The parser is Beast's, which needs no socket.
class http_reader {
public:
    http_reader();
    ~http_reader();
    http_reader(const http_reader&) = delete;
    http_reader& operator=(const http_reader&) = delete;

    void feed(std::string_view bytes) { buffer_ += bytes; }

    /// Call until nullopt; then more bytes are needed.
    [[nodiscard]] std::optional<http_event> next();

    /// True within a request.
    [[nodiscard]] bool inside() const noexcept;

    /// Bytes that have not been looked at.
    [[nodiscard]] std::size_t waiting() const noexcept { return buffer_.size(); }

private:
    struct parser;

    std::unique_ptr<parser> parser_;
    std::string buffer_;
};

}  // namespace ecr::protocol::till::qfpay_local
