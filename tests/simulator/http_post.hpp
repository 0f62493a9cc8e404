#pragma once

#include "tests/simulator/agenda.hpp"

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace ecr::simulator {

/// Where a notification goes: plain HTTP on this machine and nowhere else. A URL in a request must
/// not turn the simulator into somebody's messenger.
struct loopback_url {
    std::string host;  // as written
    std::uint16_t port = 80;
    std::string path{"/"};
};

/// Nothing for what is not "http://127.0.0.1:PORT/PATH", "http://localhost…" or "http://[::1]…".
[[nodiscard]] std::optional<loopback_url> loopback_url_of(std::string_view text);

/// Called once with the HTTP status and the body; status 0: no answer.
using post_listener = std::function<void(int http_status, const std::string& body)>;

/// POSTs JSON with an X-QF-SIGN ("": without), and waits at most `patience` for the answer.
void post_json(const asio::any_io_executor& executor, std::shared_ptr<agenda> timers,
               const loopback_url& to, const std::string& body, const std::string& sign,
               milliseconds patience, post_listener then);

}  // namespace ecr::simulator
