#pragma once

#include "daemon/clock.hpp"
#include "protocol/order/evidence.hpp"

#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace ecr::daemon {

struct https_settings {
    std::string url;                       // "https://host[:port]"
    std::filesystem::path ca_file;         // empty: the system's certificate store
    std::string proxy = {};                // "http://[user@]host:port"; empty: none
    std::string proxy_password = {};       // of the proxy's user
    milliseconds connect_timeout{10'000};  // name, socket, tunnel and TLS together
    milliseconds answer_timeout{30'000};
};

struct https_request {
    std::string path;  // with the query string of a GET
    std::string body;
    std::vector<std::pair<std::string, std::string>> headers;
    /// The request may be carried out once only. It is never repeated here, and travels only on a
    /// connection that is fresh or was used a moment ago.
    bool once_only = true;
    bool get = false;  // GET without a body instead of POST
    int priority = 0;  // lowest first when connections are short; 0 may use the last ones
};

struct https_answer {
    protocol::transport how = protocol::transport::no_answer;
    unsigned status = 0;
    std::string body;
    std::string signature;  // X-QF-SIGN
    std::string date;
    milliseconds took{};  // from the first byte of the request to the last of the answer
    std::string detail;   // of a failure, for people
};

/// How requests reach one host. Says of every failure whether a byte of the request can have left:
/// all that is known about money rests on that.
class cloud_transport {
public:
    virtual ~cloud_transport() = default;

    [[nodiscard]] virtual asio::awaitable<https_answer> send(https_request request) = 0;

    /// Ends everything; requests under way end without an answer.
    virtual void stop() = 0;
};

using transport_maker =
    std::function<std::unique_ptr<cloud_transport>(asio::any_io_executor, clock&, https_settings)>;

}  // namespace ecr::daemon
