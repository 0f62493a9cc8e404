#include "protocol/cloud/form.hpp"

#include <boost/url/encode.hpp>
#include <boost/url/grammar/alnum_chars.hpp>
#include <boost/url/grammar/lut_chars.hpp>
#include <boost/url/pct_string_view.hpp>

#include <algorithm>
#include <utility>

namespace ecr::protocol::cloud {
namespace {

namespace urls = boost::urls;

// RFC 3986 unreserved. Everything else is escaped: '+' and '&' have a meaning in a form.
constexpr auto plain_chars = urls::grammar::alnum_chars + urls::grammar::lut_chars("-._~");

urls::encoding_opts form_options() noexcept
{
    urls::encoding_opts options;
    options.space_as_plus = true;
    return options;
}

void append_encoded(std::string& body, std::string_view text)
{
    urls::encode({text.data(), text.size()}, plain_chars, form_options(),
                 urls::string_token::append_to(body));
}

result<std::string> decoded(std::string_view text)
{
    const auto escaped = urls::make_pct_string_view({text.data(), text.size()});
    if (!escaped) return errc::bad_form;
    return escaped->decode(form_options());
}

}  // namespace

std::string encode_form(const form& parameters)
{
    std::string body;
    for (const auto& [name, value] : parameters) {
        if (value.empty()) continue;
        if (!body.empty()) body += '&';
        append_encoded(body, name);
        body += '=';
        append_encoded(body, value);
    }
    return body;
}

result<form> decode_form(std::string_view body)
{
    form parameters;
    if (body.empty()) return parameters;
    for (std::size_t begin = 0; begin <= body.size();) {
        if (parameters.size() == form_pairs_max) return errc::bad_form;
        const auto end = std::min(body.find('&', begin), body.size());
        const auto pair = body.substr(begin, end - begin);
        begin = end + 1;

        const auto equals = std::min(pair.find('='), pair.size());
        auto name = decoded(pair.substr(0, equals));
        auto value = decoded(pair.substr(std::min(equals + 1, pair.size())));
        if (!name || !value || name->empty()) return errc::bad_form;
        if (std::ranges::find(parameters, *name, &form::value_type::first) != parameters.end())
            return errc::bad_form;
        parameters.emplace_back(std::move(*name), std::move(*value));
    }
    return parameters;
}

}  // namespace ecr::protocol::cloud
