// What strangers may send to the listeners: requests, and in them notifications.
#include "daemon/http/http_reading.hpp"
#include "daemon/limits.hpp"
#include "protocol/cloud/form.hpp"
#include "protocol/cloud/notification.hpp"
#include "protocol/cloud/signature.hpp"
#include "tests/fuzz/script.hpp"

#include <set>
#include <vector>

namespace ecr::fuzz {
namespace {

using namespace daemon;
using heard_request = daemon::http_request;
namespace http = boost::beast::http;

struct conversation {
    std::vector<heard_request> requests;
    unsigned refused = 0;  // status; 0: not

    void read(std::string_view stream);
};

/// Reads one request after the other, as a connection does.
void conversation::read(std::string_view stream)
{
    while (!stream.empty()) {
        http_parser parser;
        set_limits(parser, limits::http_body_size_max);
        parser.eager(true);
        boost::system::error_code failed;
        while (!parser.is_done() && !stream.empty()) {
            const auto taken = parser.put(boost::asio::buffer(stream), failed);
            stream.remove_prefix(taken);
            if (failed == http::error::need_more && taken > 0) failed = {};
            if (failed) break;
        }
        if (failed && failed != http::error::need_more) {
            const auto refusal = refusal_of(failed);
            refused = refusal ? refusal->status : 0;
            return;
        }
        if (!parser.is_done()) return;  // the rest never comes
        requests.push_back(request_of(parser.release(), {}, false));
    }
}

std::string fault_of(const heard_request& request, std::string_view stream)
{
    if (request.body.size() > limits::http_body_size_max) return "a body without a limit";
    if (request.target.size() > limits::http_header_size_max) return "a target without a limit";
    if (stream.find(request.target) == stream.npos) return "a target that nobody has sent";
    std::set<std::string_view> names;
    std::size_t size = 0;
    for (const auto& [name, value] : request.headers) {
        if (!names.insert(name).second) return "a header twice";
        if (name.find_first_of("ABCDEFGHIJKLMNOPQRSTUVWXYZ\r\n:") != name.npos)
            return "a header's name that is no name";
        if (value.find_first_of("\r\n") != value.npos) return "a header of two lines";
        size += name.size() + value.size();
    }
    if (size > 2 * limits::http_header_size_max) return "headers without a limit";
    const auto parts = request.path().size() + request.query().size();
    const bool marked = request.target.find('?') != std::string::npos;
    if (parts + (marked ? 1 : 0) != request.target.size()) return "a target with another part";
    return {};
}

/// The text may be signed; only the right signature counts.
std::string fault_of_signature(std::string_view body, std::string_view stranger)
{
    using namespace protocol::cloud;
    constexpr std::string_view key = "9D2DA1DBE3AA4BD5A5F3A3A1B3A1E1F1";
    const auto right = body_signature(body, key, sign_algorithm::md5);
    if (!verify_notification(body, right, key, notify_rule::raw_body))
        return "a right signature is not believed";
    if (verify_notification(body, right, "", notify_rule::raw_body))
        return "an empty key proves something";
    if (!same_signature(stranger, right) &&
        verify_notification(body, stranger, key, notify_rule::raw_body))
        return "a stranger is believed";
    (void)verify_notification(body, stranger, key, notify_rule::sorted_fields_2016);
    auto longer = std::string{body} + " ";
    if (verify_notification(longer, right, key, notify_rule::raw_body))
        return "a signature of another body is believed";
    return {};
}

std::string fault_of_notification(std::string_view body)
{
    using namespace protocol::cloud;
    const auto hint = read_notification(body);
    if (!hint) return {};
    const auto ids = hint->match_order_ids();
    if (ids.size() > 4) return "more ids than fields";
    for (const auto& id : ids) {
        if (id.id.empty()) return "an id that names everything";
        if (std::ranges::count(ids, id) != 1) return "an id twice";
    }
    if (hint->txamt && *hint->txamt < 0) return "a negative amount";
    if (hint->kind == notify_kind::payment && hint->notify_type.empty() && hint->syssn.empty())
        return "a payment without a number";
    const auto end = body.rfind('}');
    return end != body.npos && read_notification(body.substr(0, end))
               ? "a piece of a notification is one"
               : "";
}

std::string fault_of_form(std::string_view text)
{
    using namespace protocol::cloud;
    (void)read_return_redirect(text);
    auto pairs = decode_form(text);
    if (!pairs) return {};
    if (pairs->size() > form_pairs_max) return "more pairs than the limit";
    std::erase_if(*pairs, [](const auto& pair) { return pair.second.empty(); });
    const auto again = decode_form(encode_form(*pairs));
    return again && *again == *pairs ? "" : "another form when it is read again";
}

}  // namespace

std::string http_request(bytes input)
{
    script in{input};
    const auto stream = in.rest();
    conversation whole;
    whole.read(stream);
    for (const auto& request : whole.requests) {
        if (auto fault = fault_of(request, stream); !fault.empty()) return fault;
        if (auto fault = fault_of_form(request.query()); !fault.empty()) return fault;
        if (auto fault = fault_of_notification(request.body); !fault.empty()) return fault;
    }
    if (whole.refused != 0 && whole.refused != 400 && whole.refused != 413 && whole.refused != 431)
        return "a refusal of another kind";

    // Byte by byte: what has come so far is given again until it is taken, as by a socket.
    conversation pieces;
    std::string buffer;
    std::optional<http_parser> parser;
    for (const char c : stream) {
        buffer += c;
        if (!parser) {
            parser.emplace();
            set_limits(*parser, limits::http_body_size_max);
            parser->eager(true);
        }
        boost::system::error_code failed;
        const auto taken = parser->put(boost::asio::buffer(buffer), failed);
        buffer.erase(0, taken);
        if (failed && failed != http::error::need_more) {
            const auto refusal = refusal_of(failed);
            pieces.refused = refusal ? refusal->status : 0;
            break;
        }
        if (!parser->is_done()) continue;
        pieces.requests.push_back(request_of(parser->release(), {}, false));
        parser.reset();
    }
    if (whole.requests.size() != pieces.requests.size())
        return "another number of requests when the bytes are cut";
    for (std::size_t i = 0; i < whole.requests.size(); ++i) {
        const auto& a = whole.requests[i];
        const auto& b = pieces.requests[i];
        if (a.method != b.method || a.target != b.target || a.headers != b.headers ||
            a.body != b.body)
            return "another request when the bytes are cut";
    }
    return {};
}

std::string notification(bytes input)
{
    script in{input};
    const auto sign = in.text();
    const auto body = in.rest();
    if (auto fault = fault_of_signature(body, sign); !fault.empty()) return fault;
    if (auto fault = fault_of_form(body); !fault.empty()) return fault;
    return fault_of_notification(body);
}

}  // namespace ecr::fuzz
