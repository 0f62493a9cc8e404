#include "tests/support/full_disk.hpp"

#include <stdexcept>

namespace ecr::test {

struct full_disk::limit {};

full_disk::full_disk(unsigned /*bytes*/)
{
    throw std::runtime_error{"Windows limits the size of no file"};
}

full_disk::~full_disk() = default;

}  // namespace ecr::test
