#pragma once

#include <memory>

namespace CLI {
class App;
}

namespace ecr::cli {

/// The subcommands `export` and `prune`: what becomes of records. They read the journal
/// itself, not through the bridge.
class record_commands {
public:
    explicit record_commands(CLI::App& app);
    ~record_commands();

    /// Whether one of them was asked for.
    [[nodiscard]] bool chosen() const;
    /// Its exit code: 0 done, 2 it could not be read or written, 3 not all of it was written.
    [[nodiscard]] int serve(bool as_json);

private:
    struct parts;
    std::unique_ptr<parts> parts_;
};

}  // namespace ecr::cli
