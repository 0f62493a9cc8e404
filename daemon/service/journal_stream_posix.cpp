#include "daemon/service/journal_stream.hpp"

#include <cstdlib>
#include <string>
#include <sys/stat.h>
#include <unistd.h>

namespace ecr::daemon {

bool stderr_is_journal()
{
    // NOLINTNEXTLINE(concurrency-mt-unsafe): before any thread is made
    const char* stream = std::getenv("JOURNAL_STREAM");
    struct stat facts {};
    if (stream == nullptr || ::fstat(STDERR_FILENO, &facts) != 0) return false;
    return stream == std::to_string(facts.st_dev) + ":" + std::to_string(facts.st_ino);
}

}  // namespace ecr::daemon
