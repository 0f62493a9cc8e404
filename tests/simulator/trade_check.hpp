#pragma once

#include "tests/simulator/request_check.hpp"

#include <optional>
#include <string_view>

namespace ecr::simulator {

/// The parameters of the calls of /trade/v1 and of the settlement: missing 1103, bad 1104.
///
/// Source: contract 4.1 to 4.5, 4.7.
[[nodiscard]] std::optional<refusal> check_trade_parameters(std::string_view path,
                                                            const signed_request& request,
                                                            const settings& behaviour);

}  // namespace ecr::simulator
