#include "protocol/till/qfpay_local/digest.hpp"

#include "protocol/cloud/signature.hpp"

#include <algorithm>

namespace ecr::protocol::till::qfpay_local {
namespace {

std::string format_value(const value& what)
{
    switch (what.kind) {
        case value_kind::text: return "'" + what.text + "'";
        case value_kind::number:
        case value_kind::word: return what.text;
        case value_kind::null: return "''";
        case value_kind::object: return format_content(what.pairs);
    }
    return {};
}

}  // namespace

std::string format_content(std::vector<pair> pairs)
{
    std::ranges::sort(pairs, {}, &pair::name);
    std::string text = "{";
    for (const auto& [name, what] : pairs) {
        if (text.size() > 1) text += ',';
        text += name;
        text += '=';
        text += format_value(what);
    }
    return text += '}';
}

// Text, then key, as MD5 in upper-case hexadecimal: the same rule as for the cloud's bodies, and
// the same tolerant comparison.
std::string digest_of(const std::vector<pair>& content, std::string_view pos_key)
{
    return digest_of_text(format_content(content), pos_key);
}

std::string digest_of_text(std::string_view format_content, std::string_view pos_key)
{
    return cloud::body_signature(format_content, pos_key, cloud::sign_algorithm::md5);
}

bool same_digest(std::string_view a, std::string_view b) noexcept
{
    return cloud::same_signature(a, b);
}

}  // namespace ecr::protocol::till::qfpay_local
