#pragma once

#include "daemon/doctor/looks.hpp"
#include "tests/support/temporary_folder.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <sys/stat.h>

namespace ecr::daemon::doctor {

/// A machine to look at, as far as it is made of files.
class PatientTest : public testing::Test {
protected:
    std::string write(const std::string& name, const std::string& text, mode_t mode = 0600)
    {
        const auto file = place_ / name;
        std::filesystem::create_directories(file.parent_path());
        std::ofstream{file} << text;
        ::chmod(file.c_str(), mode);
        return file.string();
    }
    /// The names of what was found since the last call.
    std::vector<std::string_view> found()
    {
        std::vector<std::string_view> names;
        for (const auto& each : found_)
            names.push_back(name_of(each.what));
        found_.clear();
        return names;
    }

    test::temporary_folder place_;
    surroundings around_;
    findings found_;
};

}  // namespace ecr::daemon::doctor
