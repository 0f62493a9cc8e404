// Any bytes from a till of the hypercom dialect. The first four decide how they are cut and what
// the desk answers; the rest is what the till sends.
#include "tests/protocol/till/hypercom/random_till.hpp"

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    constexpr std::size_t seed_size = 4;
    if (size < seed_size) return 0;
    std::uint32_t seed = 0;
    for (std::size_t i = 0; i < seed_size; ++i)
        seed = seed << 8U | data[i];
    const std::string_view bytes{reinterpret_cast<const char*>(data) + seed_size, size - seed_size};
    if (!ecr::protocol::till::hypercom::play(bytes, seed).empty()) std::abort();
    return 0;
}
