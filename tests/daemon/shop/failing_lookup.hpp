#pragma once

namespace ecr::test {

/// The next so many look-ups of a name fail, wherever in this program they are made. 0: none.
void fail_lookups(int how_many);
/// How many have failed since fail_lookups().
[[nodiscard]] int lookups_failed();

}  // namespace ecr::test
