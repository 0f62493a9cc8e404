#pragma once

#include "store/private_file.hpp"

#include <filesystem>
#include <fstream>
#include <stdexcept>
#include <string>

namespace ecr::test {

/// Writes a file that only its owner may read, in the way of this system.
inline void write_private(const std::filesystem::path& file, const std::string& text)
{
    if (store::create_private_file(file)) throw std::runtime_error{"no private file"};
    std::ofstream{file, std::ios::binary} << text;
}

}  // namespace ecr::test
