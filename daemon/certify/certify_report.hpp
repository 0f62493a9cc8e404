#pragma once

#include "daemon/certify/certify_case.hpp"
#include "protocol/till/trace_record.hpp"

#include <string>
#include <vector>

namespace ecr::daemon::certify {

/// One trial as it went.
struct trial_report {
    observation seen;
    judgement judged;
    timestamp began{};
    std::vector<protocol::till::trace_record> trace;
};

struct certificate_report {
    std::string till;                // what is being certified, in the installer's words
    std::string version;             // of the bridge
    std::vector<std::string> links;  // where the till came from
    timestamp made{};
    std::vector<trial_report> trials;
};

/// Whether nothing has failed, and something has passed.
[[nodiscard]] bool passes(const certificate_report& all) noexcept;

/// One page of HTML that needs nothing else, to be kept or printed: each trial with its verdict,
/// its reason, its orders and all that was said.
[[nodiscard]] std::string html_of(const certificate_report& all);

}  // namespace ecr::daemon::certify
