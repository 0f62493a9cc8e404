#pragma once

#include "daemon/config.hpp"

#include <memory>
#include <string>

namespace ecr::daemon {

/// What the tills of a link speak.
struct link_language {
    protocol::till::dialect_kind kind{};
    protocol::till::dialect_settings how;
    std::string problem;         // for people; empty: none
    bool published_key = false;  // everybody can know the key that protects the link
};

/// Reads what a link's settings say, and the key that is not among them.
[[nodiscard]] link_language language_of(const link_config& link);

/// The same at a link's start: a key that everybody can know is worth a warning.
///
/// Throws boost::system::system_error: errc::bad_parameter  the key cannot be used
[[nodiscard]] link_language usable_language_of(const link_config& link);

/// For one till. `encrypted`: it has come over TLS.
[[nodiscard]] std::unique_ptr<protocol::till::dialect> make_dialect(const link_language& language,
                                                                    bool encrypted);

}  // namespace ecr::daemon
