#pragma once

#include "daemon/config.hpp"
#include "protocol/order/evidence.hpp"

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
