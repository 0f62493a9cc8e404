#pragma once

#include <chrono>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace ecr::cli {

struct bundle_plan {
    std::filesystem::path file;  // the tar.gz; must not be there yet
    std::filesystem::path config_file;
    std::chrono::hours reach{7 * 24};  // of the orders in it
};

/// What went into a bundle, and what could not, a sentence each.
struct bundle_report {
    std::vector<std::string> holds;
    std::vector<std::string> lacks;
    std::vector<std::string> unseen;  // secrets that could not be read, and so not looked for
};

/// Puts everything into one file that somebody far away needs to understand what went wrong: the
/// configuration, what the doctor says, the log, the traces of links, the orders of the last days
/// and all that wait for somebody, with their histories. No card number is in it, and no secret
/// that the configuration names, in whatever form, but for those that could not be read.
///
/// Throws std::runtime_error: the file is there, or cannot be written
[[nodiscard]] bundle_report make_bundle(const bundle_plan& plan);

/// A configuration as it may be shown: without comments, in which anything may stand; the account's
/// codes shortened, and what is no key of ours hidden.
[[nodiscard]] std::string harmless_config(std::string_view toml);

}  // namespace ecr::cli
