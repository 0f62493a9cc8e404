#include "daemon/environment.hpp"
#include "daemon/service/journal_stream.hpp"

#include <string>
#include <sys/stat.h>
#include <unistd.h>

namespace ecr::daemon {

bool stderr_is_journal()
{
    const auto stream = environment_variable("JOURNAL_STREAM");
    struct stat facts {};
    if (!stream || ::fstat(STDERR_FILENO, &facts) != 0) return false;
    return *stream == std::to_string(facts.st_dev) + ":" + std::to_string(facts.st_ino);
}

}  // namespace ecr::daemon
