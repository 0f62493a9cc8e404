#pragma once

#include "daemon/doctor/doctor.hpp"

#include <nlohmann/json_fwd.hpp>

#include <vector>

namespace ecr::cli {

/// What a doctor has found, for programs: {"verdict", "language", "checks": [{"check", "symptom",
/// "verdict", "reason", "cure", "values"}]}.
[[nodiscard]] nlohmann::json doctor_report(const std::vector<daemon::doctor::finding>& all,
                                           daemon::language in);

}  // namespace ecr::cli
