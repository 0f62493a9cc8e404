#pragma once

#include <memory>

namespace CLI {
class App;
}

namespace ecr::cli {

/// The subcommand `setup`: from nothing to a configuration that works.
class setup_command {
public:
    explicit setup_command(CLI::App& app);
    ~setup_command();

    [[nodiscard]] bool chosen() const;
    /// Its exit code: 0 written, 1 it would not work, so nothing was written; 2 wrong usage, an
    /// answer that cannot be, or a file that could not be written.
    [[nodiscard]] int serve();

private:
    struct parts;
    std::unique_ptr<parts> parts_;
};

}  // namespace ecr::cli
