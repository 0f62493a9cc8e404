#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace ecr::simulator {

/// Takes notifications over a real socket and answers what it is told to.
class notified_client {
public:
    struct notification_seen {
        std::string target;
        std::string content_type;
        std::string sign;  // "": none
        std::string body;
    };

    explicit notified_client(boost::asio::io_context& io);
    ~notified_client();
    notified_client(const notified_client&) = delete;
    notified_client& operator=(const notified_client&) = delete;

    [[nodiscard]] std::string url(const std::string& path = "/notify") const;
    void answer_with(int http_status, std::string body);
    [[nodiscard]] const std::vector<notification_seen>& seen() const;

private:
    struct parts;
    std::shared_ptr<parts> parts_;
};

}  // namespace ecr::simulator
