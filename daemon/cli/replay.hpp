#pragma once

#include "daemon/cli/conversation.hpp"

#include <cstdint>
#include <optional>
#include <string>

/// `ecrbridge replay`: plays the till's side of a trace against a bridge in rehearsal.
namespace ecr::cli {

struct replay_options {
    std::string file;
    std::string to;    // HOST:PORT of the link
    std::string port;  // or its device
    std::string link;  // in the trace; empty: the only one
    std::optional<std::uint64_t> connection;
    std::string suffix;  // for order numbers; empty: as they are
    std::string pos_key;
    double speed = 0;  // times that of the trace; 0: as fast as the replies come
    milliseconds patience{60'000};
};

/// Source: README.md.
enum class replay_code : int { same = 0, different = 1, impossible = 2 };

[[nodiscard]] replay_code replay(const replay_options& what, const conversation_settings& how);

}  // namespace ecr::cli
