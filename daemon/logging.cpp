#include "daemon/logging.hpp"

#include <iostream>
namespace ecr::daemon {
void log(log_level, std::string_view event, std::initializer_list<log_field> fields)
{
    std::cerr << event;
    for (const auto& f : fields)
        std::cerr << ' ' << f.key << '=' << f.value;
    std::cerr << '\n';
}
}  // namespace ecr::daemon
