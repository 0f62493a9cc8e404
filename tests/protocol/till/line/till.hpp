#pragma once

#include "protocol/till/line/line_dialect.hpp"

#include <algorithm>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

/// The till's end of the line, for tests.
namespace ecr::protocol::till::line {

struct till_end {
    explicit till_end(const settings& how = {}) : bridge{make_line_dialect(how)} {}

    /// Sends `bytes` in pieces of that size.
    void says(std::string_view bytes, std::size_t piece = std::string_view::npos)
    {
        for (std::size_t at = 0; at < bytes.size(); at += std::min(piece, bytes.size() - at))
            bridge->receive(bytes.substr(at, piece), out);
    }

    void is_told(reply_id id, const reply& what) { bridge->send(id, what, out); }

    /// What has come since the last call.
    std::string hears() { return std::exchange(out.bytes, {}); }

    std::unique_ptr<dialect> bridge;
    dialect_output out;
};

inline std::vector<std::string> lines_of(std::string_view bytes)
{
    std::vector<std::string> lines;
    while (!bytes.empty()) {
        const auto end = bytes.find('\n');
        lines.emplace_back(bytes.substr(0, end));
        bytes.remove_prefix(end == std::string_view::npos ? bytes.size() : end + 1);
    }
    return lines;
}

}  // namespace ecr::protocol::till::line
