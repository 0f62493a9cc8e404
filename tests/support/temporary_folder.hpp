#pragma once

#include <filesystem>
#include <random>
#include <string>
#include <string_view>
#include <system_error>

namespace ecr::test {

/// A folder of its own for a test, gone with it. In memory where that can be had: what the tests
/// lose is lost by their own hand, and waiting for a disk would be most of their time.
class temporary_folder {
public:
    temporary_folder()
    {
        std::error_code failed;
        // Absolute: to a program of Windows under wine this is in memory, too.
        path_ = made_in(std::filesystem::absolute("/dev/shm", failed));
        if (path_.empty()) path_ = made_in(std::filesystem::temp_directory_path());
        if (path_.empty())
            throw std::filesystem::filesystem_error{
                "a folder for a test", std::make_error_code(std::errc::permission_denied)};
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
    /// Empty: nothing can be made there.
    static std::filesystem::path made_in(const std::filesystem::path& folder)
    {
        std::random_device dice;
        std::error_code failed;
        while (!failed) {
            auto name = folder / ("ecr-test-" + std::to_string(dice()));
            if (!std::filesystem::create_directory(name, failed)) continue;
            std::filesystem::permissions(name, std::filesystem::perms::owner_all, failed);
            return name;
        }
        return {};
    }

    std::filesystem::path path_;
};

}  // namespace ecr::test
