#pragma once

#include "daemon/config.hpp"

#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>

namespace ecr::daemon {

enum class log_level : std::uint8_t { debug, info, warning, error };

struct log_field {
    std::string_view key;
    std::string value;
};

void log(log_level level, std::string_view event, std::initializer_list<log_field> fields);

}  // namespace ecr::daemon
