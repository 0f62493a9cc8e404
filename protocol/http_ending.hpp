#pragma once

#include <span>
#include <string_view>
#include <vector>

namespace ecr::protocol {

/// What the head of an HTTP request says about its end, beyond what a parser has looked at.
struct http_ending {
    std::span<const std::string_view> transfer_encodings;  // the value of each such line
    unsigned version = 11;                                 // 10 or 11
};

/// False when two readers could disagree on where the request ends: what one of them takes for its
/// body, the other would take for the next request. Such a request is to be refused, and nothing
/// that follows it on its connection can be believed. The one coding that is understood is
/// "chunked".
///
/// Source: RFC 9112, 6.1 and 6.3.
[[nodiscard]] bool is_clear(const http_ending& head) noexcept;

/// The same of the fields that Beast has read, which passes over codings that it does not know.
/// False for a head with two hosts, too.
template <class Fields>
[[nodiscard]] bool is_clear(const Fields& head, unsigned version)
{
    std::vector<std::string_view> codings;
    const auto [first, last] = head.equal_range("Transfer-Encoding");
    for (auto field = first; field != last; ++field)
        codings.emplace_back(field->value().data(), field->value().size());
    return is_clear({.transfer_encodings = codings, .version = version}) && head.count("Host") <= 1;
}

/// False when a line end hides in the extension of a chunk: readers that look for one find others
/// than readers that look for two characters. Source: RFC 9112, 7.1.1.
[[nodiscard]] bool is_clear_extension(std::string_view extension) noexcept;

/// Whether a header field goes on in a further line; `head`: up to its empty line. Some readers
/// take that line for a field of its own. Source: RFC 9112, 5.2.
[[nodiscard]] bool has_folded_line(std::string_view head) noexcept;

}  // namespace ecr::protocol
