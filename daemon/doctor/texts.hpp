#pragma once

#include "daemon/doctor/finding.hpp"

#include <array>

/// The tables behind text_of(), for finding.cpp only.
namespace ecr::daemon::doctor {

extern const std::array<symptom_text, symptoms_count> texts_en;
extern const std::array<symptom_text, symptoms_count> texts_zh_hans;
extern const std::array<symptom_text, symptoms_count> texts_zh_hant;

}  // namespace ecr::daemon::doctor
