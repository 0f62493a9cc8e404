#pragma once

#include "tests/simulation/fate.hpp"
#include "tests/simulation/sky.hpp"

#include <string>

namespace ecr::simulation {

/// How often something happens to a request on its way to the cloud, in a thousand.
struct weather {
    int refused = 0;     // no connection: not a byte has left
    int lost = 0;        // it never arrives, and nothing comes back
    int unanswered = 0;  // it arrives, and nothing comes back
    int late = 0;        // it arrives when nobody waits for it any more
    int slow = 0;
    int error_page = 0;  // done or not
    int garbled = 0;     // the answer: no JSON, empty, half of it, wrongly signed
    int lying = 0;       // an enquiry: another amount, another order, old news
    int doubled = 0;     // a proxy sends it again, at once or minutes later

    [[nodiscard]] static weather drawn(fate& luck);

    [[nodiscard]] passage over(const std::string& path, fate& luck);

private:
    [[nodiscard]] std::optional<simulator::fault> fault_of(const std::string& path, fate& luck);

    int enquiries_since_lie_ = 0;
};

}  // namespace ecr::simulation
