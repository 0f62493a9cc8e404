#pragma once

#include "daemon/usual_places.hpp"

#include <filesystem>
#include <string>
#include <vector>

namespace ecr::cli {

/// What the options of `setup` say.
struct setup_options {
    std::filesystem::path config_file = daemon::usual_config();
    std::string answers_file;
    std::string key_from;  // a file, or "-": standard input
    bool asks = true;
    bool replace = false;
    bool tries = true;
    bool start = false;
    std::vector<std::pair<std::string, std::string>> account;  // keys of [cloud]
    std::vector<std::string> terminals;                        // as put_terminal reads them
    std::vector<std::string> links;
    std::vector<std::string> settings;
};

/// Asks, tries, writes, starts. Gives the exit code; see setup_command.
[[nodiscard]] int run_setup(const setup_options& how);

}  // namespace ecr::cli
