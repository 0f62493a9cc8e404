#pragma once

#include <memory>

namespace CLI {
class App;
}

namespace ecr::cli {

/// The subcommands that look at the machine, or run programs on it: doctor, support, certify. They
/// have not been brought to Windows yet; there it has none.
class machine_commands {
public:
    explicit machine_commands(CLI::App& app);
    ~machine_commands();

    /// Whether the command line names one of them.
    [[nodiscard]] bool chosen() const;
    /// Its exit code.
    [[nodiscard]] int serve(bool as_json);

private:
    struct parts;
    std::unique_ptr<parts> parts_;
};

}  // namespace ecr::cli
