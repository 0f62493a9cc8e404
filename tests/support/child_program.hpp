#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace ecr::test {

struct program_files {
    std::filesystem::path in{};  // empty: there is nothing to read
    std::filesystem::path out;
    std::filesystem::path err;
};

/// Runs a program to its end, with its standard input, output and error in files, and gives its
/// exit status; -1: it could not be started, or did not end by itself.
[[nodiscard]] int status_of_program(const std::filesystem::path& program,
                                    const std::vector<std::string>& arguments,
                                    const program_files& files);

/// For the programs that are started from now on. Empty: there is no such variable.
void set_variable(const std::string& name, const std::string& value);

}  // namespace ecr::test
