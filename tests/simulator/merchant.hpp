#pragma once

#include "tests/simulator/book.hpp"
#include "tests/simulator/rate_limit.hpp"

#include <set>
#include <string>

namespace ecr::simulator {

/// What the cloud keeps apart for each app code.
struct merchant {
    explicit merchant(std::uint64_t first_serial) : orders{first_serial} {}

    void clear()
    {
        orders.clear();
        limit.clear();
        used_codes.clear();
    }

    book orders;
    rate_limit limit;
    std::set<std::string, std::less<>> used_codes;  // customers' codes: good for one payment
};

}  // namespace ecr::simulator
