// libFuzzer entry: a till, its line and the desk as a script of bytes. See byte_script.hpp.
#include "tests/protocol/till/qfpay_local/byte_script.hpp"

#include <cstdio>
#include <cstdlib>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    const auto fault = ecr::protocol::till::qfpay_local::byte_script{{data, size}}.played();
    if (fault.empty()) return 0;
    (void)std::fprintf(stderr, "%s\n", fault.c_str());
    std::abort();
}
