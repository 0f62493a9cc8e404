#pragma once

#include "daemon/cli/conversation.hpp"

#include <nlohmann/json_fwd.hpp>

#include <optional>
#include <string>
#include <vector>

namespace ecr::cli {

/// Asks the bridge what costs nothing, for commands that need its answer before they go on.
class bridge_caller {
public:
    explicit bridge_caller(conversation_settings how) : how_{std::move(how)} {}

    /// Rows and, last, the "ok" that ends them.
    using answer = std::vector<nlohmann::json>;

    /// Nothing: see problem(). Connects when it is not connected yet.
    [[nodiscard]] std::optional<answer> ask(const nlohmann::json& command);
    /// For people.
    [[nodiscard]] const std::string& problem() const { return problem_; }
    /// It was the bridge that said no.
    [[nodiscard]] bool refused() const { return refused_; }

private:
    [[nodiscard]] bool open();
    [[nodiscard]] std::optional<answer> exchange(const nlohmann::json& command);

    conversation_settings how_;
    bridge_connection bridge_;
    bool connected_ = false;
    bool refused_ = false;
    std::string problem_;
};

}  // namespace ecr::cli
