#pragma once

#include <memory>

namespace CLI {
class App;
}

namespace ecr::cli {

/// The subcommand `certify`: leads an installer and a till through everything that can go wrong,
/// against a simulated QFPay, and writes a report.
class certify_command {
public:
    explicit certify_command(CLI::App& app);
    ~certify_command();

    [[nodiscard]] bool chosen() const;
    /// Its exit code: 0 the till passes, 1 it does not, 2 it could not be tried.
    [[nodiscard]] int serve();

private:
    struct parts;
    std::unique_ptr<parts> parts_;
};

}  // namespace ecr::cli
