#pragma once

#include "daemon/cli/bridge_caller.hpp"
#include "protocol/till/trace_record.hpp"

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

/// `ecrbridge trace`: shows what has passed on the links.
namespace ecr::cli {

/// A file's events; what is no line of a trace is left out. Nothing: it cannot be read, or is no
/// trace.
[[nodiscard]] std::optional<std::vector<protocol::till::trace_record>> read_trace_file(
    const std::filesystem::path& file);

/// A block of lines: the bytes on the left, what they mean on the right.
[[nodiscard]] std::string trace_block(const protocol::till::trace_record& record);
/// The same as one line of JSON.
[[nodiscard]] std::string trace_json_line(const protocol::till::trace_record& record);

/// The events that the bridge has kept since number `after`, which moves on. nullopt: see the
/// caller's problem().
[[nodiscard]] std::optional<std::vector<protocol::till::trace_record>> ask_for_trace(
    bridge_caller& bridge, const std::string& link, std::uint64_t& after);

struct trace_options {
    std::string file;  // empty: the running bridge
    std::string link;  // empty: all of them
    bool follow = false;
    bool raw_json = false;
};

[[nodiscard]] int show_trace(const trace_options& what, const conversation_settings& how);

}  // namespace ecr::cli
