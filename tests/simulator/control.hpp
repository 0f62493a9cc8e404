#pragma once

#include "tests/simulator/core.hpp"
#include "tests/simulator/front.hpp"

#include <string>

namespace ecr::simulator {

struct control_request {
    std::string method;
    std::string target;
    std::string content_type;
    std::string body;
};

/// The control port: scripts in, truth out, as JSON. README.md describes it.
[[nodiscard]] control_reply answer_control(core& inside, const control_request& request);

}  // namespace ecr::simulator
