#pragma once

#include <cerrno>
#include <filesystem>
#include <stdlib.h>
#include <string>
#include <string_view>
#include <system_error>
#include <unistd.h>

namespace ecr::test {

/// A folder of its own for a test, gone with it. In memory where that can be had: what the tests
/// lose is lost by their own hand, and waiting for a disk would be most of their time.
class temporary_folder {
public:
    temporary_folder()
    {
        std::error_code failed;
        const std::filesystem::path memory = "/dev/shm";
        const bool have_memory =
            std::filesystem::is_directory(memory, failed) && ::access(memory.c_str(), W_OK) == 0;
        auto name =
            ((have_memory ? memory : std::filesystem::temp_directory_path()) / "ecr-test-XXXXXX")
                .string();
        if (::mkdtemp(name.data()) == nullptr)
            throw std::filesystem::filesystem_error{
                name, std::error_code{errno, std::generic_category()}};
        path_ = name;
    }
    ~temporary_folder()
    {
        std::error_code ignored;  // what a test leaves locked is not worth a failure
        std::filesystem::remove_all(path_, ignored);
    }
    temporary_folder(const temporary_folder&) = delete;
    temporary_folder& operator=(const temporary_folder&) = delete;

    [[nodiscard]] const std::filesystem::path& path() const { return path_; }
    [[nodiscard]] std::filesystem::path operator/(std::string_view name) const
    {
        return path_ / name;
    }

private:
    std::filesystem::path path_;
};

}  // namespace ecr::test
