#include "protocol/till/qfpay_local/http_dialect.hpp"

#include "protocol/json.hpp"
#include "protocol/till/qfpay_local/limits.hpp"
#include "protocol/till/qfpay_local/page.hpp"

#include <algorithm>

namespace ecr::protocol::till::qfpay_local {
namespace {

constexpr std::size_t slice_size = 4096;

// clang-format off
namespace status {
constexpr std::string_view ok                = "200 OK";
constexpr std::string_view no_content        = "204 No Content";
constexpr std::string_view bad_request       = "400 Bad Request";
constexpr std::string_view forbidden         = "403 Forbidden";
constexpr std::string_view not_found         = "404 Not Found";
constexpr std::string_view bad_method        = "405 Method Not Allowed";
constexpr std::string_view too_slow          = "408 Request Timeout";
constexpr std::string_view too_large         = "413 Payload Too Large";
}  // namespace status
// clang-format on

/// JSON is UTF-8 by its standard; whoever gets it in other bytes has to be told.
std::string json_type(const settings& how)
{
    std::string line = "Content-Type: application/json";
    if (how.encoding && *how.encoding != text_encoding::utf8)
        line.append("; charset=").append(name_of(*how.encoding));
    return line + "\r\n";
}

std::string_view trimmed(std::string_view text)
{
    constexpr std::string_view blanks = " \t\r\n";
    const auto first = text.find_first_not_of(blanks);
    if (first == text.npos) return {};
    return text.substr(first, text.find_last_not_of(blanks) - first + 1);
}

bool is_bare_path(std::string_view path)
{
    return path.empty() || path == "/" || path == "*";
}

/// Names of headers, which may be given back as they came.
bool is_name_list(std::string_view text)
{
    const auto fits = [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
               c == '-' || c == '_' || c == ',' || c == ' ';
    };
    return !text.empty() && text.size() <= http_echo_size_max && std::ranges::all_of(text, fits);
}

}  // namespace

void http_dialect::receive(std::string_view bytes, dialect_output& out)
{
    while (!closed_ && !deaf_ && !bytes.empty()) {
        const auto slice = bytes.substr(0, slice_size);
        bytes.remove_prefix(slice.size());
        reader_.feed(slice);
        pump(out);
        deaf_ = reader_.waiting() > http_early_size_max;
    }
    timer_.end_call();
}

void http_dialect::pump(dialect_output& out)
{
    while (!closed_ && !serving_) {
        const auto event = reader_.next();
        if (!event) return;
        handle(*event, out);
    }
}

void http_dialect::handle(const http_event& event, dialect_output& out)
{
    switch (event.what) {
        case http_event::kind::expects: out.bytes += "HTTP/1.1 100 Continue\r\n\r\n"; return;
        case http_event::kind::request:
            timer_.restart();
            serve(event.request, out);
            break;
        case http_event::kind::malformed:
            manner_ = {};
            refuse(status::bad_request, respcd::other, "Not an HTTP request", out);
            break;
        case http_event::kind::too_large:
            manner_ = {};
            refuse(status::too_large, respcd::bad_parameter, "The request is too large", out);
            break;
    }
    if (translator_.too_many_bad() && !serving_) hang_up(out);
}

void http_dialect::serve(const http_request& request, dialect_output& out)
{
    manner_ = {.origin = request.origin,
               .keep_alive = request.keep_alive,
               .quoted = false,
               .head = request.method == "HEAD"};
    const auto served =
        welcome_of({.host = request.host, .origin = request.origin, .referer = request.referer},
                   translator_.how());
    if (served != welcome::yes) {
        manner_.origin.clear();
        return refuse(status::forbidden, respcd::not_logged_in,
                      served == welcome::foreign_page
                          ? "This origin is not served: add it to the link's origins"
                          : "The bridge is not served by this name: use its address, or add the "
                            "name to the link's hosts",
                      out);
    }
    if (request.method == "OPTIONS") return preflight(request, out);
    if (request.method != "POST")
        return refuse(status::bad_method, respcd::not_post, "Send a POST request", out);
    serve_post(request, out);
}

void http_dialect::serve_post(const http_request& request, dialect_output& out)
{
    const auto by_path = function_of_path(request.path);
    if (!by_path && !is_bare_path(request.path))
        return refuse(status::not_found, respcd::other, "There is no such path", out);
    std::string body{trimmed(request.body)};
    if (body.starts_with('"')) {
        const auto literal = parse_json(body);
        manner_.quoted = literal && literal->is_string();
        if (manner_.quoted) body = trimmed(literal->get_ref<const std::string&>());
    }
    auto heard = translator_.read(translator_.open(body), by_path);
    if (const auto* refused = std::get_if<sealed_answer>(&heard)) return answer_with(*refused, out);
    serving_ = true;
    out.commands.push_back(std::move(std::get<command>(heard)));
}

/// A browser asks before it posts JSON to another origin, and Chrome once more before a page from
/// the internet may talk to a machine of the LAN.
void http_dialect::preflight(const http_request& request, dialect_output& out)
{
    std::string headers =
        "Access-Control-Allow-Methods: POST, OPTIONS\r\n"
        "Access-Control-Max-Age: 600\r\nAccess-Control-Allow-Headers: ";
    headers += is_name_list(request.wants_headers) ? request.wants_headers : "Content-Type, Accept";
    headers += "\r\n";
    if (request.wants_private_network) headers += "Access-Control-Allow-Private-Network: true\r\n";
    respond(status::no_content, headers, {}, out);
}

void http_dialect::send(reply_id, const reply& what, dialect_output& out)
{
    const auto ready = translator_.write(what);
    if (!ready || closed_) return;
    serving_ = false;
    answer_with(*ready, out);
    if (deaf_) hang_up(out);
    pump(out);
    timer_.end_call();
}

std::optional<std::chrono::milliseconds> http_dialect::timer() const
{
    if (closed_ || serving_ || !reader_.inside()) return std::nullopt;
    return timer_.of(http_request_wait);
}

void http_dialect::elapsed(dialect_output& out)
{
    if (closed_ || serving_ || !reader_.inside()) return;
    manner_ = {};
    refuse(status::too_slow, respcd::other, "The request did not end in time", out);
}

void http_dialect::refuse(std::string_view status_line, std::string_view code, std::string text,
                          dialect_output& out)
{
    translator_.count_bad();
    auto headers = json_type(translator_.how());
    if (status_line == status::bad_method) headers += "Allow: POST, OPTIONS\r\n";
    respond(status_line, headers, translator_.refuse(code, std::move(text)).text, out);
}

void http_dialect::answer_with(const sealed_answer& what, dialect_output& out)
{
    const bool plain = what.text.starts_with('{');
    const bool quoted = !plain && manner_.quoted;
    respond(status::ok,
            plain || quoted ? json_type(translator_.how()) : "Content-Type: text/plain\r\n",
            quoted ? '"' + what.text + '"' : what.text, out);
}

void http_dialect::respond(std::string_view status_line, std::string_view more_headers,
                           std::string_view body, dialect_output& out)
{
    auto& bytes = out.bytes;
    bytes.append("HTTP/1.1 ").append(status_line).append("\r\n").append(more_headers);
    if (!manner_.origin.empty())
        bytes.append("Access-Control-Allow-Origin: ")
            .append(manner_.origin)
            .append("\r\nVary: Origin\r\n");
    if (status_line != status::no_content)
        bytes.append("Content-Length: ").append(std::to_string(body.size())).append("\r\n");
    bytes.append("Cache-Control: no-store\r\nConnection: ");
    bytes.append(manner_.keep_alive ? "keep-alive" : "close").append("\r\n\r\n");
    if (!manner_.head) bytes.append(body);
    if (manner_.keep_alive) return;
    // In good order: the till closes once it has read the answer, and that proves its arrival.
    closed_ = true;
    out.finished = true;
}

void http_dialect::hang_up(dialect_output& out)
{
    closed_ = true;
    out.hang_up = true;
}

}  // namespace ecr::protocol::till::qfpay_local
