#include "daemon/link/browser_hello.hpp"

#include <algorithm>
#include <array>

namespace ecr::daemon {
namespace {

// The methods that a page can choose without leave of the other side, and the one that asks for
// leave; a TLS record of a handshake. Source: Fetch, "CORS-safelisted method"; RFC 8446, 5.1.
constexpr auto hellos =
    std::to_array<std::string_view>({"GET ", "HEAD ", "POST ", "OPTIONS ", "\x16\x03"});

}  // namespace

bool browser_hello::heard(std::string_view bytes)
{
    if (decided_) return false;
    const auto longest = std::ranges::max(hellos, {}, &std::string_view::size).size();
    first_.append(bytes.substr(0, longest - std::min(longest, first_.size())));
    if (std::ranges::any_of(hellos, [&](auto hello) { return first_.starts_with(hello); }))
        return decided_ = true;
    // Nothing is kept of a conversation that cannot be one any more.
    decided_ = std::ranges::none_of(hellos, [&](auto hello) { return hello.starts_with(first_); });
    if (decided_) std::string{}.swap(first_);
    return false;
}

}  // namespace ecr::daemon
