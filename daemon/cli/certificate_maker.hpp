#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace ecr::cli {

/// What went wrong, for people; empty: nothing.
struct made_certificate {
    std::string problem;
    std::string what_to_do;  // on the till's side
};

/// Makes a private authority and a server certificate of it for these names and addresses, into
/// ca.crt, server.crt (with its chain) and server.key (mode 0600) of a folder. An authority signs
/// once and its key is never written down: what a till trusts can vouch for nothing else.
///
/// Nothing is overwritten: a till that trusts the present authority would lose its bridge.
[[nodiscard]] made_certificate make_certificate(const std::filesystem::path& folder,
                                                const std::vector<std::string>& names);

}  // namespace ecr::cli
