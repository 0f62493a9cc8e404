#pragma once

#include "daemon/cli/bridge_connection.hpp"
#include "daemon/cli/exit_code.hpp"
#include "daemon/cli/presenter.hpp"

#include <nlohmann/json_fwd.hpp>

#include <chrono>
#include <optional>
#include <string>

namespace ecr::cli {

struct conversation_settings {
    bridge_address bridge;
    std::string bridge_text;  // as the user wrote it
    std::string token;        // empty: no hello
    std::string till;         // empty: the bridge names us
    milliseconds connect_patience{5'000};
    milliseconds reply_patience{60'000};
    milliseconds money_patience{900'000};    // longer than any order keeps its till waiting
    milliseconds night_patience{7'200'000};  // longer than QFPay's night, too
    milliseconds retry_wait{1'000};
};

/// One command and its replies.
class conversation {
public:
    conversation(conversation_settings how, presenter& out);

    /// Sends the command and shows what comes back. When the connection breaks under an order it
    /// asks what became of it: an order never ends here without a word.
    [[nodiscard]] exit_code run(const nlohmann::json& command);

private:
    static constexpr int tries_max = 3;

    /// Connects, and says hello when there is a token. Nothing: ready for a command.
    [[nodiscard]] std::optional<exit_code> open();
    /// The exit code once the command has ended. Nothing: the connection broke first.
    [[nodiscard]] std::optional<exit_code> exchange(const nlohmann::json& command,
                                                    milliseconds patience);
    [[nodiscard]] std::optional<nlohmann::json> read_reply(milliseconds patience,
                                                           std::string& line);
    [[nodiscard]] exit_code find_out();
    /// The exit code when the order has ended or is in doubt.
    [[nodiscard]] std::optional<exit_code> ask_status(bool& still_running);
    [[nodiscard]] bool broke(const error_code& why);
    [[nodiscard]] milliseconds patience_for(const nlohmann::json& command) const;

    conversation_settings how_;
    presenter& out_;
    bridge_connection bridge_;
    std::string verb_;
    std::string order_;  // as it was accepted, or as we named it
    error_code broken_by_;
};

}  // namespace ecr::cli
