#include "daemon/process_manners.hpp"

#include <windows.h>

#include <cstdio>
#include <fcntl.h>
#include <io.h>

namespace ecr::daemon {

void outlive_peers() noexcept
{
    ::SetErrorMode(SEM_FAILCRITICALERRORS | SEM_NOOPENFILEERRORBOX);
}

void write_bytes_as_they_are() noexcept
{
    for (auto* stream : {stdout, stderr})
        (void)::_setmode(::_fileno(stream), _O_BINARY);
    ::SetConsoleOutputCP(CP_UTF8);
    ::SetConsoleCP(CP_UTF8);
}

std::optional<int> reload_signal() noexcept
{
    return std::nullopt;
}

}  // namespace ecr::daemon
