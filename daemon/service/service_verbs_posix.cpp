#include "daemon/service/service_verbs.hpp"

namespace ecr::daemon {

std::optional<int> run_service_verb(int, char**, int (*)(int, char**))
{
    return std::nullopt;
}

}  // namespace ecr::daemon
