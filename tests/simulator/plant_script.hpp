#pragma once

#include "tests/simulator/core.hpp"

#include <nlohmann/json_fwd.hpp>

#include <string>
#include <vector>

namespace ecr::simulator {

/// Carries out POST /plant and returns the syssn of every row that it made. What is wrong is added
/// to `errors`: a body of the wrong form is not carried out at all, one that names what is not
/// there as far as it goes.
[[nodiscard]] std::vector<std::string> run_plant(core& inside, const nlohmann::json& script,
                                                 std::vector<std::string>& errors);

/// Carries out POST /merchants.
void add_merchant(core& inside, const nlohmann::json& body, std::vector<std::string>& errors);

}  // namespace ecr::simulator
