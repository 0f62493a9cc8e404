#include "protocol/till/reply.hpp"

namespace ecr::protocol::till {

std::string_view name_of(stage where) noexcept
{
    switch (where) {
        case stage::queued: return "queued";
        case stage::sending: return "sending";
        case stage::on_terminal: return "on_terminal";
        case stage::cancelling: return "cancelling";
        case stage::confirming: return "confirming";
        case stage::cloud_down: return "cloud_down";
    }
    return "?";
}

}  // namespace ecr::protocol::till
