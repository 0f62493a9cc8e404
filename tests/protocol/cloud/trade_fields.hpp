#pragma once

#include "protocol/cloud/trade_api.hpp"

#include <map>
#include <string>

namespace ecr::protocol::cloud {

/// What an answer holds, by the names on the wire; empty fields are left out.
using wire_fields = std::map<std::string, std::string>;

[[nodiscard]] wire_fields fields_of(const trade_answer& answer);
[[nodiscard]] wire_fields fields_of(const trade_row& row);

}  // namespace ecr::protocol::cloud
