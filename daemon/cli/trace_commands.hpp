#pragma once

#include "daemon/cli/conversation.hpp"

#include <memory>

namespace CLI {
class App;
}

namespace ecr::cli {

/// The subcommands `trace` and `replay`.
class trace_commands {
public:
    explicit trace_commands(CLI::App& app);
    ~trace_commands();

    /// Whether one of them was asked for.
    [[nodiscard]] bool chosen() const;
    /// Its exit code.
    [[nodiscard]] int serve(const conversation_settings& how, bool raw_json);

private:
    struct parts;
    std::unique_ptr<parts> parts_;
};

}  // namespace ecr::cli
