#include "tests/support/port_probe.hpp"

#include <stdexcept>

namespace ecr::test {

// Windows has no pseudo-terminals: whoever asks for one must be told.
port_probe::port_probe()
{
    throw std::runtime_error{"no pseudo-terminals on Windows"};
}

port_probe::~port_probe() = default;

bool port_probe::has_carried(moment)
{
    return true;
}

}  // namespace ecr::test
