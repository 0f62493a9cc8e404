#pragma once

#include "daemon/setup/safe_file.hpp"
#include "tests/support/temporary_folder.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <iterator>

namespace ecr::daemon {

class SafeFileTest : public testing::Test {
protected:
    [[nodiscard]] static std::string text_of(const std::filesystem::path& file)
    {
        std::ifstream in{file, std::ios::binary};
        return {std::istreambuf_iterator<char>{in}, {}};
    }
    [[nodiscard]] std::size_t files() const
    {
        using all = std::filesystem::directory_iterator;
        return static_cast<std::size_t>(std::distance(all{place_.path()}, all{}));
    }

    test::temporary_folder place_;
    std::filesystem::path file_ = place_ / "f";
};

}  // namespace ecr::daemon
