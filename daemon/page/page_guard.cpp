#include "daemon/page/page_guard.hpp"

#include "daemon/limits.hpp"
#include "daemon/logging.hpp"
#include "daemon/secret.hpp"
#include "protocol/ascii.hpp"
#include "protocol/json.hpp"

#include <boost/asio/ip/address.hpp>
#include <boost/system/system_error.hpp>
#include <openssl/rand.h>

#include <algorithm>
#include <array>

namespace ecr::daemon {
namespace {

constexpr std::string_view cookie_name = "ecrbridge_session";

/// What a Host header names, without its port.
std::string name_of_host(std::string_view host)
{
    auto name = protocol::ascii_lower(host);
    if (name.starts_with('[')) {
        const auto end = name.find(']');
        return end == std::string::npos ? std::string{} : name.substr(1, end - 1);
    }
    return name.substr(0, name.find(':'));
}

std::string origin_of(const http_request& request)
{
    return (request.encrypted ? "https://" : "http://") +
           protocol::ascii_lower(request.header("host"));
}

/// The value of our cookie; empty: none.
std::string_view session_in(const http_request& request)
{
    auto rest = request.header("cookie");
    while (!rest.empty()) {
        const auto end = std::min(rest.find(';'), rest.size());
        auto one = rest.substr(0, end);
        rest.remove_prefix(std::min(end + 1, rest.size()));
        one.remove_prefix(std::min(one.find_first_not_of(' '), one.size()));
        if (one.starts_with(cookie_name) && one.substr(cookie_name.size()).starts_with('='))
            return one.substr(cookie_name.size() + 1);
    }
    return {};
}

std::string cookie_line(const http_request& request, std::string_view value, bool ends)
{
    std::string line{cookie_name};
    line.append("=").append(value).append("; Path=/; HttpOnly; SameSite=Strict");
    if (request.encrypted) line += "; Secure";
    if (ends) line += "; Max-Age=0";
    return line;
}

bool is_document(const http_request& request)
{
    return request.method == "GET" && request.path() == "/";
}

http_reply nothing_more()
{
    return {.status = 204, .content_type = {}};
}

}  // namespace

http_reply page_refusal(unsigned status, std::string_view reason, std::string_view text)
{
    const json body{{"error", {{"reason", reason}, {"text", text}}}};
    return {.status = status, .body = to_text(body), .content_type = "application/json"};
}

page_guard::page_guard(clock& time, const page_config& settings)
    : time_{time}, settings_{settings}, wrong_line_{time}
{}

/// Numbers cannot be made to lead elsewhere by whoever answers for a name.
bool page_guard::is_ours(std::string_view host) const
{
    const auto name = name_of_host(host);
    if (name == "localhost" || std::ranges::count(settings_.hosts, name) > 0) return true;
    boost::system::error_code not_numeric;
    (void)asio::ip::make_address(name, not_numeric);
    return !name.empty() && !not_numeric;
}

std::optional<http_reply> page_guard::refusal_of(const http_request& request) const
{
    if (!is_ours(request.header("host")))
        return page_refusal(421, "unknown_host",
                            "The bridge does not know itself by this name: add it to hosts in "
                            "[page]");
    const auto origin = request.header("origin");
    if (!origin.empty() && protocol::ascii_lower(origin) != origin_of(request))
        return page_refusal(403, "foreign_origin", "Another web page has asked for this");
    // Browsers tell it of themselves. A link on any page may lead to ours, and no further.
    const auto site = request.header("sec-fetch-site");
    if (!site.empty() && site != "same-origin" && site != "none" && !is_document(request))
        return page_refusal(403, "foreign_origin", "Another web page has asked for this");
    return std::nullopt;
}

std::optional<http_reply> page_guard::refusal_of_doing(const http_request& request) const
{
    const auto type = protocol::ascii_lower(request.header("content-type"));
    if (type == "application/json" || type.starts_with("application/json;")) return std::nullopt;
    return page_refusal(415, "not_json", "Say it in JSON, with Content-Type: application/json");
}

bool page_guard::is_token(std::string_view said) const
{
    // Read each time: a changed token needs no restart.
    const auto token = read_secret_file(settings_.token_file);
    return token.problem.empty() && same_secret(token.secret, said);
}

bool page_guard::knows(const http_request& request)
{
    if (!asks_for_token()) return true;
    constexpr std::string_view scheme = "Bearer ";
    const auto said = request.header("authorization");
    if (said.starts_with(scheme)) return is_token(said.substr(scheme.size()));
    std::erase_if(sessions_, [&](const auto& one) { return one.second <= time_.now(); });
    // Compared as a whole by the map: it is random, and good for nothing when a part is known.
    return sessions_.contains(std::string{session_in(request)});
}

asio::awaitable<void> page_guard::slow_down(const http_request& request)
{
    if (!request.header("authorization").empty()) co_await guessed_wrong(request);
}

asio::awaitable<void> page_guard::guessed_wrong(const http_request& request)
{
    if (const auto times = wrong_line_.happened(); times > 0)
        log(log_level::warning, "page.wrong_token",
            {{"peer", request.peer.to_string()}, {"times", times}});
    (void)co_await sleep_for(time_, limits::page_wrong_token);
}

std::string page_guard::open_session()
{
    std::array<unsigned char, 32> chance{};
    if (RAND_bytes(chance.data(), static_cast<int>(chance.size())) != 1) return {};
    constexpr std::string_view digits = "0123456789abcdef";
    std::string id;
    for (const auto byte : chance) {
        id += digits[byte >> 4U];
        id += digits[byte & 0xfU];
    }
    if (sessions_.size() >= limits::page_sessions_max)
        sessions_.erase(
            std::ranges::min_element(sessions_, {}, [](const auto& one) { return one.second; }));
    sessions_[id] = time_.now() + limits::page_session_time;
    return id;
}

asio::awaitable<http_reply> page_guard::log_in(http_request request)
{
    const auto body = parse_json(request.body);
    const bool said =
        body && body->is_object() && body->contains("token") && body->at("token").is_string();
    if (!said) co_return page_refusal(400, "bad_request", "Say {\"token\": \"...\"}");
    if (asks_for_token() && !is_token(body->at("token").get_ref<const std::string&>())) {
        co_await guessed_wrong(request);
        co_return page_refusal(401, "wrong_token", "That is not the token of this page");
    }
    const auto id = open_session();
    if (id.empty()) co_return page_refusal(503, "no_chance", "No random numbers to be had");
    log(log_level::info, "page.opened", {{"peer", request.peer.to_string()}});
    auto reply = nothing_more();
    reply.headers.emplace_back("Set-Cookie", cookie_line(request, id, false));
    co_return reply;
}

http_reply page_guard::log_out(const http_request& request)
{
    sessions_.erase(std::string{session_in(request)});
    auto reply = nothing_more();
    reply.headers.emplace_back("Set-Cookie", cookie_line(request, {}, true));
    return reply;
}

}  // namespace ecr::daemon
