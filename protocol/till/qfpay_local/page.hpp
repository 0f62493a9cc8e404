#pragma once

#include "protocol/till/qfpay_local/qfpay_local_dialect.hpp"

#include <cstdint>
#include <string_view>

namespace ecr::protocol::till::qfpay_local {

/// What a request says about who is asking.
struct asker {
    std::string_view host;     // by which name it found the bridge; empty: it does not say
    std::string_view origin;   // of a page in a browser
    std::string_view referer;  // likewise, of old browsers
};

enum class welcome : std::uint8_t {
    yes,
    foreign_page,  // a page in a browser that is not one of the shop's
    foreign_name,  // the bridge under a name that anybody could have given it
};

/// Whether to listen. Any page that is open on any machine of the shop can send a request here, and
/// a page whose own name leads here (DNS rebinding) can read the answer, too. A till's key proves
/// that it is the shop's, unless it is the printed one: then only the pages that are listed are
/// served, and whatever is no page must call the bridge by its address or a name of the LAN.
[[nodiscard]] welcome welcome_of(const asker& who, const settings& how) noexcept;

}  // namespace ecr::protocol::till::qfpay_local
