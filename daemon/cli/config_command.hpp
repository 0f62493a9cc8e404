#pragma once

#include <memory>

namespace CLI {
class App;
}

namespace ecr::cli {

/// The subcommand `check-config`: says all that is wrong with a configuration, and, beside another
/// one, what would wait for a restart.
class config_command {
public:
    explicit config_command(CLI::App& app);
    ~config_command();

    [[nodiscard]] bool chosen() const;
    /// Its exit code: 0 the configuration is fine, 1 it is not.
    [[nodiscard]] int serve(bool as_json);

private:
    struct parts;
    std::unique_ptr<parts> parts_;
};

}  // namespace ecr::cli
