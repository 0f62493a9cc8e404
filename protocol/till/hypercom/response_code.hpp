#pragma once

#include "protocol/till/reply.hpp"

#include <string>
#include <string_view>

/// What a till is told in two characters. See README.md, "Response codes".
namespace ecr::protocol::till::hypercom {

namespace code {
inline constexpr std::string_view ok = "00";
inline constexpr std::string_view declined = "ND";       // not paid, and will not be
inline constexpr std::string_view bad_data = "ED";       // the request was not understood
inline constexpr std::string_view refused = "EN";        // understood and refused: nothing moved
inline constexpr std::string_view not_connected = "CE";  // no byte left for the cloud
inline constexpr std::string_view unknown = "TO";        // may have been paid: do not ring again
inline constexpr std::string_view not_available = "NA";
}  // namespace code

struct answer {
    std::string_view status;
    std::string text;  // UTF-8; so much of it is told as goes into text_size bytes
};

/// "00" only for an order that is paid; "TO" for everything that is not safe to ring again.
[[nodiscard]] answer answer_to(const outcome& o);
[[nodiscard]] answer answer_to(const problem& p);
[[nodiscard]] answer answer_to(const done& d);

/// `text` in printable ASCII: anything else becomes '?', one for each run; cut to `size_max`.
[[nodiscard]] std::string plain(std::string_view text, std::size_t size_max);

}  // namespace ecr::protocol::till::hypercom
