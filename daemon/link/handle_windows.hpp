#pragma once

#include "protocol/result.hpp"

#include <windows.h>

namespace ecr::daemon {

/// A descriptor of ours is a handle of Windows as a number: -1 is no handle in both.
[[nodiscard]] inline HANDLE handle_of(int descriptor) noexcept
{
    return LongToHandle(descriptor);
}

[[nodiscard]] inline int descriptor_of(HANDLE handle) noexcept
{
    return static_cast<int>(HandleToLong(handle));
}

/// What Windows' last call in this thread has complained about.
[[nodiscard]] inline error_code last_windows_error() noexcept
{
    return {static_cast<int>(::GetLastError()), boost::system::system_category()};
}

}  // namespace ecr::daemon
