#include "daemon/link/unique_fd.hpp"

#include <unistd.h>

namespace ecr::daemon {

void close_descriptor(int descriptor) noexcept
{
    ::close(descriptor);
}

}  // namespace ecr::daemon
