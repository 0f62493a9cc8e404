#pragma once

#include "tests/simulator/core.hpp"

#include <optional>

namespace ecr::simulator {

/// What a fault changes in the meaning of an answer, as opposed to its bytes.
[[nodiscard]] distortion distortion_of(const fault& what);

/// The answer in place of the real one, for the faults that have one.
[[nodiscard]] std::optional<answer> replacement_of(const fault& what);

}  // namespace ecr::simulator
