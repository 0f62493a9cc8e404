#pragma once

#include <exception>
#include <sys/types.h>
#include <sys/wait.h>
#include <unistd.h>

namespace ecr::store {

/// Starts `body` in a process of its own, which ends with what it returns, without a destructor
/// having run for what the parent had.
template <class Body>
[[nodiscard]] pid_t start_child(Body body)
{
    const auto pid = ::fork();
    if (pid != 0) return pid;
    int code = 0;
    try {
        code = body();
    } catch (const std::exception&) {
        code = 99;
    }
    ::_exit(code);
}

/// The exit code, or minus the signal that ended it.
[[nodiscard]] inline int wait_for(pid_t child)
{
    int status = 0;
    if (::waitpid(child, &status, 0) != child) return -1000;
    return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
}

template <class Body>
[[nodiscard]] int run_child(Body body)
{
    return wait_for(start_child(body));
}

}  // namespace ecr::store
