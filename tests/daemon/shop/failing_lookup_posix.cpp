#include "tests/daemon/shop/failing_lookup.hpp"

#include <atomic>
#include <dlfcn.h>
#include <netdb.h>

namespace ecr::test {
namespace {

// A function of the C library has no object. NOLINTBEGIN(*-avoid-non-const-global-variables)
std::atomic<int> to_fail{0};
std::atomic<int> failed{0};
// NOLINTEND(*-avoid-non-const-global-variables)

}  // namespace

void fail_lookups(int how_many)
{
    if (how_many > 0) failed = 0;
    to_fail = how_many;
}

int lookups_failed()
{
    return failed;
}

}  // namespace ecr::test

extern "C" {

int failing_getaddrinfo(const char*, const char*, const addrinfo*, addrinfo**);
/// An alias, since the names of a definition would have to be the reserved ones of the C library.
int getaddrinfo(const char*, const char*, const addrinfo*, addrinfo**)
    __attribute__((alias("failing_getaddrinfo")));

/// In place of the system's, which it calls. Names are looked up on a thread of Asio's.
int failing_getaddrinfo(const char* name, const char* service, const addrinfo* hints,
                        addrinfo** result)
{
    if (ecr::test::to_fail > 0) {
        --ecr::test::to_fail;
        ++ecr::test::failed;
        return EAI_AGAIN;
    }
    using lookup = int (*)(const char*, const char*, const addrinfo*, addrinfo**);
    static const auto system = reinterpret_cast<lookup>(::dlsym(RTLD_NEXT, "getaddrinfo"));
    return system(name, service, hints, result);
}

}  // extern "C"
