#pragma once

#include <filesystem>
#include <ostream>

namespace CLI {
class App;
}

namespace ecr::cli {

/// Which journal a command is about, for those that read it themselves.
struct journal_place {
    std::filesystem::path journal;
    std::filesystem::path config_file;  // at first the service's

    journal_place();

    /// --journal and --config.
    void add_options(CLI::App& sub);

    /// That of --journal, else of the configuration, else, when there is none, the usual one; and
    /// says which. Throws std::runtime_error when a configuration names none: another journal would
    /// be taken for the bridge's.
    [[nodiscard]] std::filesystem::path find(std::ostream& say) const;

private:
    [[nodiscard]] std::filesystem::path named_in_config() const;
};

}  // namespace ecr::cli
