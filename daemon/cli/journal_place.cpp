#include "daemon/cli/journal_place.hpp"

#include "daemon/setup/old_config.hpp"
#include "daemon/usual_places.hpp"

#include <CLI/CLI.hpp>
#include <fstream>
#include <iterator>
#include <stdexcept>

namespace ecr::cli {

namespace fs = std::filesystem;

journal_place::journal_place() : config_file{daemon::usual_config()} {}

void journal_place::add_options(CLI::App& sub)
{
    auto* named = sub.add_option("--journal", journal, "The bridge's journal");
    sub.add_option("--config", config_file, "The configuration that names it")
        ->capture_default_str()
        ->excludes(named);
}

fs::path journal_place::find(std::ostream& say) const
{
    if (!journal.empty()) return journal;
    std::error_code unknown;
    const bool absent = fs::status(config_file, unknown).type() == fs::file_type::not_found;
    const auto file = absent ? daemon::usual_journal() : named_in_config();
    say << "Journal: " << file.string() << " ("
        << (absent ? "the usual one; there is no " : "named in ") << config_file.string() << ")\n";
    return file;
}

/// Its other mistakes do not matter: whoever wants to save the journal has no time for them.
fs::path journal_place::named_in_config() const
{
    std::ifstream in{config_file, std::ios::binary};
    if (!in) throw std::runtime_error{"cannot read " + config_file.string()};
    const std::string text{std::istreambuf_iterator<char>{in}, {}};
    const auto name = daemon::old_config{text}.journal();
    if (!name)
        throw std::runtime_error{config_file.string() +
                                 " does not say where the journal is: say --journal FILE"};
    return *name;
}

}  // namespace ecr::cli
