// What libFuzzer calls. Built once for each target, which ECR_FUZZ_TARGET names.
#include "tests/fuzz/target.hpp"

#include <cstdio>
#include <cstdlib>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    const auto fault = ecr::fuzz::ECR_FUZZ_TARGET({data, size});
    if (fault.empty()) return 0;
    (void)std::fprintf(stderr, "broken promise: %s\n", fault.c_str());
    std::abort();
}
