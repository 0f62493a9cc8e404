#pragma once

#include <memory>

namespace CLI {
class App;
}

namespace ecr::cli {

/// The subcommand `doctor`: looks at everything that a payment needs, and says what to do.
class doctor_command {
public:
    explicit doctor_command(CLI::App& app);
    ~doctor_command();

    [[nodiscard]] bool chosen() const;
    /// Its exit code: 0 nothing is wrong, 1 something is. `as_json`: for programs, one object.
    [[nodiscard]] int serve(bool as_json);

private:
    struct parts;
    std::unique_ptr<parts> parts_;
};

}  // namespace ecr::cli
