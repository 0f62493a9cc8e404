#include "tests/daemon/shop/failing_lookup.hpp"

#include <stdexcept>

namespace ecr::test {

// A function of Windows cannot be replaced by one of the same name in the program.
void fail_lookups(int how_many)
{
    if (how_many > 0) throw std::runtime_error{"lookups cannot be made to fail on Windows"};
}

int lookups_failed()
{
    return 0;
}

}  // namespace ecr::test
