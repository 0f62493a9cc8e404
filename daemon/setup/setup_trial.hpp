#pragma once

#include "daemon/cloud/merchants.hpp"
#include "daemon/config.hpp"
#include "protocol/order/evidence.hpp"

#include <boost/system/error_code.hpp>

#include <optional>
#include <string>
#include <vector>

namespace ecr::daemon {

enum class trial_verdict : std::uint8_t {
    fine,
    unsure,  // nothing proves that it is wrong; somebody should know
    wrong,   // it cannot work like this
};

/// What a trial has shown, for people.
struct trial_finding {
    trial_verdict verdict{};
    std::string what;  // "link shop"
    std::string text;
};

/// Tries whether each link can be opened, and leaves it as it was. A bridge that runs has its
/// ports: that one is in use is no fault.
[[nodiscard]] std::vector<trial_finding> try_links(const config& settings);

/// Whether that TCP link's address and port can be had. Without listen(2) it takes nobody's port,
/// and a listener's is noticed all the same.
[[nodiscard]] boost::system::error_code try_port(const std::string& address, std::uint16_t port);

/// What an account's cloud has answered about an order that nobody has made, a terminal each.
struct terminal_answers {
    struct answer {
        std::string terminal;
        protocol::cloud_reply reply;
    };
    std::vector<answer> answers;
    std::optional<std::chrono::milliseconds> ahead;  // the cloud's clock before ours
};

/// Asks once for each of the account's terminals, until one is not answered: the others would wait
/// as long. Throws boost::system::system_error: see https_client.
[[nodiscard]] terminal_answers ask_terminals(const config& settings, const cloud_config& account,
                                             merchant_secrets secrets);

/// Asks the cloud, once for each terminal of the first account, about an order that nobody has
/// made. That moves no money, and proves app code, key, signature and terminal.
[[nodiscard]] std::vector<trial_finding> try_cloud(const config& settings,
                                                   const std::string& client_key);

/// What the answer to that enquiry proves.
[[nodiscard]] trial_finding judge_trial(const std::string& terminal,
                                        const protocol::cloud_reply& reply);

/// What it proves that the cloud's clock is so far ahead of ours; nothing: all is well.
[[nodiscard]] std::optional<trial_finding> judge_clock(std::chrono::milliseconds ahead);

}  // namespace ecr::daemon
