#pragma once

#include <cstdint>
#include <string>
#include <string_view>

/// Plays any bytes to the dialect, for the fuzzer and for the mutations of the tests.
namespace ecr::protocol::till::hypercom {

/// Plays `bytes` as a till would send them. `seed` decides how they are cut, when time passes, and
/// what the desk answers.
///
/// Returns: what should never happen, in words; empty: it did not.
[[nodiscard]] std::string play(std::string_view bytes, std::uint32_t seed);

}  // namespace ecr::protocol::till::hypercom
