#pragma once

#include "tests/support/temporary_folder.hpp"

namespace ecr::store {

using temporary_directory = test::temporary_folder;

}  // namespace ecr::store
