#include "daemon/cli/certify_command.hpp"
#include "daemon/cli/doctor_command.hpp"
#include "daemon/cli/machine_commands.hpp"
#include "daemon/cli/support_command.hpp"

namespace ecr::cli {

struct machine_commands::parts {
    explicit parts(CLI::App& app) : trials{app}, doctor{app}, support{app} {}

    certify_command trials;
    doctor_command doctor;
    support_command support;
};

machine_commands::machine_commands(CLI::App& app) : parts_{std::make_unique<parts>(app)} {}

machine_commands::~machine_commands() = default;

bool machine_commands::chosen() const
{
    const auto& p = *parts_;
    return p.trials.chosen() || p.doctor.chosen() || p.support.chosen();
}

int machine_commands::serve(bool as_json)
{
    auto& p = *parts_;
    if (p.trials.chosen()) return p.trials.serve();
    if (p.support.chosen()) return p.support.serve();
    return p.doctor.serve(as_json);
}

}  // namespace ecr::cli
