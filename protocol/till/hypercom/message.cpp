#include "protocol/till/hypercom/message.hpp"

#include "protocol/till/control.hpp"
#include "protocol/till/hypercom/frame.hpp"
#include "protocol/till/hypercom/hypercom_dialect.hpp"

#include <algorithm>
#include <numeric>

namespace ecr::protocol::till::hypercom {
namespace {

constexpr std::size_t header_size = 12;
constexpr std::size_t version_at = 10;
constexpr std::size_t indicator_at = 11;
constexpr std::size_t headers_size = 18;  // all before the first field
constexpr std::size_t type_size = 2;
constexpr std::size_t length_size = 2;

bool is_of_the_family(std::string_view header) noexcept
{
    return header.starts_with("60");
}

}  // namespace

std::string_view message::value(std::string_view type) const noexcept
{
    const auto found = std::ranges::find(fields, type, &field::type);
    if (found == fields.end()) return {};
    std::string_view text = found->data;
    const auto begin = text.find_first_not_of(' ');
    if (begin == std::string_view::npos) return {};
    return text.substr(begin, text.find_last_not_of(' ') - begin + 1);
}

std::optional<message> parse_headers(std::string_view bytes)
{
    if (bytes.size() < headers_size - 1) return std::nullopt;
    // A message without fields may lack its FS.
    if (bytes.size() >= headers_size && bytes[headers_size - 1] != separator) return std::nullopt;
    message m;
    m.header = bytes.substr(0, header_size);
    m.code = bytes.substr(header_size, 2);
    m.status = bytes.substr(header_size + 2, 2);
    m.more = bytes[header_size + 4];
    return m;
}

bool parse_fields(std::string_view bytes, message& into)
{
    bytes.remove_prefix(std::min(bytes.size(), headers_size));
    while (!bytes.empty()) {
        if (bytes.size() < type_size + length_size + 1) return false;
        const auto size = unpacked(bytes.substr(type_size, length_size));
        if (!size || *size > bytes.size() - type_size - length_size - 1) return false;
        field f{.type = std::string{bytes.substr(0, type_size)},
                .data = std::string{bytes.substr(type_size + length_size, *size)}};
        bytes.remove_prefix(type_size + length_size + *size);
        if (bytes.front() != separator) return false;
        bytes.remove_prefix(1);
        const bool twice =
            std::ranges::find(into.fields, f.type, &field::type) != into.fields.end();
        if (twice || into.fields.size() == fields_max) return false;
        into.fields.push_back(std::move(f));
    }
    return true;
}

bool is_response(const message& m) noexcept
{
    const char version = m.header[version_at];
    return is_of_the_family(m.header) && (version == '1' || version == 0x01) &&
           m.header[indicator_at] == '1';
}

message response_to(const message& request)
{
    message m{.header = request.header, .code = request.code, .status = {}, .more = '0'};
    if (is_of_the_family(m.header) && m.header[indicator_at] == '0') m.header[indicator_at] = '1';
    return m;
}

std::string to_bytes(const message& m)
{
    std::string bytes = m.header + m.code + m.status + m.more + separator;
    for (const auto& f : m.fields)
        bytes += f.type + packed(f.data.size(), length_size) + f.data + separator;
    return bytes;
}

std::size_t size_of(const message& m) noexcept
{
    return std::accumulate(m.fields.begin(), m.fields.end(), headers_size,
                           [](std::size_t sum, const field& f) {
                               return sum + type_size + length_size + f.data.size() + 1;
                           });
}

bool looks_like_etx(std::size_t size) noexcept
{
    return packed(size, length_size).find(control::etx) != std::string::npos;
}

}  // namespace ecr::protocol::till::hypercom
