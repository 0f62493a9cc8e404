#pragma once

#include <memory>

namespace CLI {
class App;
}

namespace ecr::cli {

/// The subcommand `support`: what somebody far away needs to help, in one file.
class support_command {
public:
    explicit support_command(CLI::App& app);
    ~support_command();

    [[nodiscard]] bool chosen() const;
    /// Its exit code.
    [[nodiscard]] int serve();

private:
    struct parts;
    std::unique_ptr<parts> parts_;
};

}  // namespace ecr::cli
