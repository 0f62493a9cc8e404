#pragma once

#include "tests/simulator/core.hpp"

#include <nlohmann/json_fwd.hpp>

#include <string>
#include <vector>

namespace ecr::simulator {

/// {"settings": {…}, "shoppers": [{…}], "faults": [{…}], "clear": true}. All of it is done, or
/// none and `errors` says why.
void run_script(core& inside, const nlohmann::json& script, std::vector<std::string>& errors);

/// {"termid": "T1", "bound": true, "online": true}; makes the terminal when it is new.
void change_terminal(core& inside, const nlohmann::json& change, std::vector<std::string>& errors);

}  // namespace ecr::simulator
