#pragma once

#include "daemon/cloud/https_client.hpp"
#include "daemon/cloud/request_governor.hpp"
#include "protocol/cloud/ecr_api.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace ecr::daemon {

struct merchant {
    std::string app_code;
    std::string client_key;
    protocol::cloud::sign_algorithm algorithm = protocol::cloud::sign_algorithm::md5;
    std::string mchid;  // empty: not sent
    std::string query_path{protocol::cloud::query_path};
};

/// Signs a call, waits for its turn, sends it, and checks the signature of the answer.
class cloud_gateway {
public:
    cloud_gateway(https_client& client, request_governor& governor, merchant who);

    /// One call. `parameters` come from protocol::cloud::to_form. A call that never got its turn is
    /// `not_sent`.
    [[nodiscard]] asio::awaitable<protocol::cloud_reply> call(std::string_view path,
                                                              protocol::cloud::form parameters,
                                                              importance who);

    [[nodiscard]] asio::awaitable<protocol::cloud_reply> query(
        protocol::cloud::query_request request, importance who);

    /// Whether the last request was answered; nothing: none was made yet.
    [[nodiscard]] std::optional<bool> reachable() const noexcept { return reachable_; }

private:
    https_client& client_;
    request_governor& governor_;
    merchant merchant_;
    std::optional<bool> reachable_;
};

}  // namespace ecr::daemon
