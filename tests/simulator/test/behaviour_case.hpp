#pragma once

#include <string>
#include <string_view>

namespace ecr::simulator {

/// The values of a setting that the table of /trade/v1 covers, as "one|two".
[[nodiscard]] std::string values_in_trade_table(std::string_view setting);

}  // namespace ecr::simulator
