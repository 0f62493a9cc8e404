#pragma once

#include <gtest/gtest.h>

#include <filesystem>
#include <stdlib.h>
#include <string>
#include <unistd.h>

namespace ecr::store {

/// A directory of its own for a test, gone with it. In memory where that can be had: what the tests
/// lose is lost by their own hand, and waiting for a disk would be most of their time.
class temporary_directory {
public:
    temporary_directory()
    {
        std::error_code failed;
        const std::string memory = "/dev/shm/";
        const bool have_memory =
            std::filesystem::is_directory(memory, failed) && ::access(memory.c_str(), W_OK) == 0;
        auto name = (have_memory ? memory : testing::TempDir()) + "ecr_store_XXXXXX";
        if (::mkdtemp(name.data()) == nullptr) throw std::filesystem::filesystem_error{name, {}};
        path_ = name;
    }
    ~temporary_directory()
    {
        std::error_code ignored;  // what a test leaves locked is not worth a failure
        std::filesystem::remove_all(path_, ignored);
    }
    temporary_directory(const temporary_directory&) = delete;
    temporary_directory& operator=(const temporary_directory&) = delete;

    [[nodiscard]] std::filesystem::path operator/(std::string_view name) const
    {
        return path_ / name;
    }

private:
    std::filesystem::path path_;
};

}  // namespace ecr::store
