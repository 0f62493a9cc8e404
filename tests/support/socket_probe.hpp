#pragma once

#include <chrono>

namespace ecr::test {

/// Whether what was written to sockets before `since` has been handed to those who wait for it.
///
/// On Linux it has when the writer goes on. Under wine a process of its own carries it: a byte that
/// is written later, to a socket that nobody else knows, is handed over later. Says true only from
/// the second look on, so that there is one between arrival and answer.
[[nodiscard]] bool sockets_have_carried(std::chrono::steady_clock::time_point since);

/// How often in a row nothing must have been there before one asks. A look under wine goes to
/// another process, and the answer above is worth more than many of them.
#ifdef _WIN32
constexpr int quiet_rounds = 3;
#else
constexpr int quiet_rounds = 50;
#endif

}  // namespace ecr::test
