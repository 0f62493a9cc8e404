#pragma once

#include "tests/simulator/certificate.hpp"

#include <boost/asio/any_io_executor.hpp>

#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace ecr::test {

/// An HTTPS server that knows nothing of money: it keeps what it is asked and answers what it is
/// told to. One thread, real TLS.
class echo_cloud {
public:
    struct request {
        std::string method;
        std::string target;
        std::map<std::string, std::string> headers;  // names in lower case
        std::string body;
    };
    struct reply {
        unsigned status = 200;
        std::string body = "{}";
        std::map<std::string, std::string> headers = {};
    };

    explicit echo_cloud(boost::asio::any_io_executor executor,
                        const std::string& address = "127.0.0.1");
    ~echo_cloud();

    [[nodiscard]] std::uint16_t port() const;
    [[nodiscard]] std::filesystem::path ca_file() const;
    [[nodiscard]] const std::vector<request>& requests() const;
    void answer_with(std::function<reply(const request&)> how);

private:
    struct parts;
    std::shared_ptr<parts> parts_;
};

}  // namespace ecr::test
