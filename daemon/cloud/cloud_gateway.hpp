#pragma once

#include "daemon/cloud/cloud_clock.hpp"
#include "daemon/cloud/cloud_transport.hpp"
#include "daemon/cloud/request_governor.hpp"
#include "daemon/duration_counts.hpp"
#include "protocol/cloud/ecr_api.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace ecr::daemon {

/// Requests since the start, for the metrics.
struct call_counts {
    std::uint64_t answered = 0;
    std::uint64_t limited = 0;   // of them: with 429
    std::uint64_t not_sent = 0;  // no byte has left
    std::uint64_t lost = 0;      // sent, and no answer came
    duration_counts took{};      // of the answered
};

struct merchant {
    std::string app_code;
    std::string client_key;
    protocol::cloud::sign_algorithm algorithm = protocol::cloud::sign_algorithm::md5;
    std::string mchid;             // empty: not sent
    bool send_mchid_ecr = false;   // with calls to /ecr; Source: contract 2.1
    bool send_mchid_trade = true;  // with all others
    std::string query_path{protocol::cloud::query_path};
};

/// Signs a call, waits for its turn, sends it, and checks the signature of the answer.
class cloud_gateway {
public:
    cloud_gateway(cloud_transport& transport, request_governor& governor, clock& time,
                  merchant who);

    /// One call. `parameters` come from protocol::cloud::to_form. A call that never got its turn is
    /// `not_sent`.
    [[nodiscard]] asio::awaitable<protocol::cloud_reply> call(std::string_view path,
                                                              protocol::cloud::form parameters,
                                                              importance who);

    /// The same with GET: the parameters travel in the query string. Source: contract 13.24.
    [[nodiscard]] asio::awaitable<protocol::cloud_reply> get(std::string_view path,
                                                             protocol::cloud::form parameters,
                                                             importance who);

    /// One call for which governor().turn() has given leave.
    [[nodiscard]] asio::awaitable<protocol::cloud_reply> call_now(std::string_view path,
                                                                  protocol::cloud::form parameters,
                                                                  importance who);

    [[nodiscard]] asio::awaitable<protocol::cloud_reply> query(
        protocol::cloud::query_request request, importance who);

    /// Knocks at the cloud's door, to hear what time it is there and whether there is a way. It is
    /// no call of the API: unsigned, and not one of the requests that are counted.
    [[nodiscard]] asio::awaitable<void> knock();

    /// Whether the last request was answered; nothing: none was made yet.
    [[nodiscard]] std::optional<bool> reachable() const noexcept { return reachable_; }

    /// The time as the cloud has it, as far as its answers have told.
    [[nodiscard]] timestamp cloud_now() const { return cloud_clock_.now(); }
    /// How far the cloud's clock is ahead of ours; nothing: not known.
    [[nodiscard]] std::optional<milliseconds> clock_offset() const { return cloud_clock_.offset(); }

    [[nodiscard]] const call_counts& calls() const noexcept { return calls_; }

    [[nodiscard]] request_governor& governor() noexcept { return governor_; }

private:
    struct signed_form {
        std::string text;
        std::vector<std::pair<std::string, std::string>> headers;
    };
    [[nodiscard]] signed_form sign(std::string_view path, protocol::cloud::form parameters) const;
    [[nodiscard]] asio::awaitable<protocol::cloud_reply> carry(https_request request);
    void count(const https_answer& answer);

    cloud_transport& transport_;
    request_governor& governor_;
    cloud_clock cloud_clock_;
    merchant merchant_;
    std::optional<bool> reachable_;
    call_counts calls_;
};

}  // namespace ecr::daemon
