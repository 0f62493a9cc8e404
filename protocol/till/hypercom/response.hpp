#pragma once

#include "protocol/till/hypercom/hypercom_dialect.hpp"
#include "protocol/till/hypercom/message.hpp"
#include "protocol/till/hypercom/response_code.hpp"
#include "protocol/till/reply.hpp"

#include <optional>

namespace ecr::protocol::till::hypercom {

/// What a reply looks like as the response to `request`; nullopt for those that end no command:
/// this language has no word for them. The data holds no byte below 20h, and no length of it a
/// byte 03.
[[nodiscard]] std::optional<message> response_of(const reply& what, const message& request,
                                                 const settings& how);

/// A response that says `said` and nothing else of substance.
[[nodiscard]] message short_response(const answer& said, const message& request,
                                     const settings& how);

}  // namespace ecr::protocol::till::hypercom
