#include "daemon/link/handle_windows.hpp"
#include "daemon/link/unique_fd.hpp"

namespace ecr::daemon {

void close_descriptor(int descriptor) noexcept
{
    ::CloseHandle(handle_of(descriptor));
}

}  // namespace ecr::daemon
