#pragma once

#include "protocol/result.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>

#include <cstdint>
#include <map>
#include <memory>
#include <string>

namespace ecr::test {

struct http_request {
    std::string method{"POST"};
    std::string target{"/"};
    std::map<std::string, std::string> headers{};
    std::string body{};
};

struct http_answer {
    error_code failed{};                           // what ended it early, or success
    int status = 0;                                // 0: not even a head
    std::map<std::string, std::string> headers{};  // names in lower case
    std::string body{};
    bool sent = false;  // a byte of the request may have left
};

/// A plain client for tests: keeps one TLS connection and opens a new one when that has ended
/// before the request. No time-outs of its own: tests bound the time.
class https_client {
public:
    static constexpr std::size_t body_size_max = 256 * 1024;

    https_client(boost::asio::any_io_executor executor, std::uint16_t port,
                 const std::string& ca_pem);
    ~https_client();
    https_client(const https_client&) = delete;
    https_client& operator=(const https_client&) = delete;

    [[nodiscard]] boost::asio::awaitable<http_answer> send(http_request request);
    void close();
    [[nodiscard]] bool connected() const;
    [[nodiscard]] int connections_made() const;

private:
    struct parts;
    std::shared_ptr<parts> parts_;
};

/// One request over plain HTTP to the loopback.
[[nodiscard]] boost::asio::awaitable<http_answer> send_plain(std::uint16_t port,
                                                             http_request request);

}  // namespace ecr::test
