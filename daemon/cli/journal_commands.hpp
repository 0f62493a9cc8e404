#pragma once

#include <memory>

namespace CLI {
class App;
}

namespace ecr::cli {

/// The subcommands `backup` and `verify`. They read the journal itself, not through the bridge.
class journal_commands {
public:
    explicit journal_commands(CLI::App& app);
    ~journal_commands();

    /// Whether one of them was asked for.
    [[nodiscard]] bool chosen() const;
    /// Its exit code: 0 whole, 1 damaged, 2 it could not be read or written.
    [[nodiscard]] int serve();

private:
    struct parts;
    std::unique_ptr<parts> parts_;
};

}  // namespace ecr::cli
