#include "daemon/service/journal_stream.hpp"

namespace ecr::daemon {

bool stderr_is_journal()
{
    return false;
}

}  // namespace ecr::daemon
