#pragma once

#include <chrono>

namespace ecr::test {

/// Whether what was written to sockets before `since` has been handed to those who wait for it.
///
/// On Linux it has when the writer goes on. Under wine a process of its own carries it: a byte that
/// is written later, to a socket that nobody else knows, is handed over later. Says true only from
/// the second look on, so that there is one between arrival and answer.
[[nodiscard]] bool sockets_have_carried(std::chrono::steady_clock::time_point since);

}  // namespace ecr::test
