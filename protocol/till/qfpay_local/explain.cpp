#include "protocol/till/qfpay_local/explain.hpp"

#include "protocol/till/qfpay_local/frame.hpp"
#include "protocol/till/qfpay_local/trace_text.hpp"
#include "protocol/till/trace_pairs.hpp"

#include <algorithm>
#include <array>

namespace ecr::protocol::till::qfpay_local {
namespace {

constexpr auto order_names = std::to_array<std::string_view>({"out_trade_no", "syssn"});
constexpr auto naming_names = std::to_array<std::string_view>({"out_trade_no", "orderid", "syssn"});

struct named {
    std::string_view code;
    std::string_view name;
};

// Source: dialects.md 1.2 and 1.3.
constexpr auto functions = std::to_array<named>({{"1001", "payment"},
                                                 {"1002", "refund"},
                                                 {"3001", "print receipt"},
                                                 {"3002", "print summary"},
                                                 {"4001", "enquiry"},
                                                 {"5001", "cancel the running request"}});
constexpr auto answers = std::to_array<named>({{"4003", "POS-KEY mismatch"},
                                               {"4004", "not POST"},
                                               {"4005", "other"},
                                               {"4006", "bad parameter"},
                                               {"4007", "not logged in"},
                                               {"5001", "decryption failed"},
                                               {"6000", "ok"},
                                               {"6001", "cancelled"},
                                               {"6002", "request error"}});
constexpr auto frame_types = std::to_array<named>({{"10", "request"},
                                                   {"20", "ok"},
                                                   {"30", "unknown"},
                                                   {"31", "bad format"},
                                                   {"32", "check failed"},
                                                   {"33", "not decrypted"},
                                                   {"34", "bad data"},
                                                   {"35", "fragments"}});

template <std::size_t N>
std::string named_by(const std::array<named, N>& table, std::string_view code)
{
    const auto found = std::ranges::find(table, code, &named::code);
    return std::string{code} + (found == table.end() ? "" : " " + std::string{found->name});
}

std::string hex_of(std::uint8_t byte)
{
    constexpr std::string_view digits = "0123456789abcdef";
    return {digits[byte >> 4U], digits[byte & 0x0FU]};
}

/// Texts of a shop are UTF-8: only what a screen would obey is taken out.
std::string printable(std::string_view text)
{
    std::string out;
    for (const char c : text)
        out += static_cast<unsigned char>(c) < 0x20 || c == 0x7f ? '.' : c;
    return out;
}

void explain_text(std::string_view text, std::string_view form, std::vector<std::string>& into)
{
    if (form == trace_form::noise) {
        into.push_back("not decrypted with this link's POS-KEY, masked");
        return;
    }
    if (form.starts_with("aes"))
        into.push_back("encrypted on the link: " + std::string{form.substr(0, 6)} +
                       (form.ends_with("-quoted") ? ", in quotes" : "") +
                       "; this is the plain text");
    if (const auto function = value_in(text, "func_type"); !function.empty())
        into.push_back("func_type " + named_by(functions, function));
    if (const auto code = value_in(text, "respcd"); !code.empty())
        into.push_back("respcd " + named_by(answers, code));
    if (const auto digest = value_in(text, "digest"); !digest.empty())
        into.push_back(digest.find_first_not_of('0') == digest.npos ? "digest ok" : "digest WRONG");
    into.push_back("text " + printable(text));
}

std::string kind_of_text(std::string_view text)
{
    const auto code = value_in(text, "respcd");
    return code.empty() ? "no respcd" : "respcd " + code;
}

}  // namespace

std::vector<std::string> explain_http(heading, std::string_view bytes, std::string_view form)
{
    const auto parts = http_parts_of(bytes);
    if (!parts)
        return {"not a whole HTTP message: " + std::to_string(bytes.size()) + " bytes, masked"};
    std::vector<std::string> said;
    std::string_view head = parts->head;
    while (!head.empty() && head != "\r\n") {
        const auto end = head.find("\r\n");
        said.push_back(printable(head.substr(0, end)));
        head.remove_prefix(std::min(head.size(), end + 2));
    }
    if (!parts->body.empty()) explain_text(parts->body, form, said);
    return said;
}

std::vector<std::string> explain_tcp(heading, std::string_view bytes, std::string_view form)
{
    std::vector<std::string> said;
    explain_text(bytes, form, said);
    return said;
}

std::vector<std::string> explain_serial(heading, std::string_view bytes, std::string_view form)
{
    const auto whole = serial_message_of(bytes);
    if (!whole) return {"not a whole frame: " + std::to_string(bytes.size()) + " bytes, masked"};
    std::vector<std::string> said{"frame type " + named_by(frame_types, hex_of(whole->type)),
                                  "reference " + hex_of(whole->ref),
                                  "data " + std::to_string(whole->data.size()) + " bytes"};
    if (!whole->data.empty()) explain_text(whole->data, form, said);
    return said;
}

std::string http_kind_of(std::string_view bytes)
{
    const auto parts = http_parts_of(bytes);
    if (!parts) return "noise";
    const auto status = parts->head.size() > 12 ? parts->head.substr(9, 3) : std::string{};
    if (status == "100") return {};  // leave to send the body: some tills ask for it
    return "HTTP " + status + (parts->body.empty() ? "" : ' ' + kind_of_text(parts->body));
}

std::string tcp_kind_of(std::string_view bytes)
{
    return kind_of_text(bytes);
}

std::string serial_kind_of(std::string_view bytes)
{
    const auto whole = serial_message_of(bytes);
    if (!whole) return "noise";
    return "frame " + hex_of(whole->type) +
           (whole->data.empty() ? "" : ' ' + kind_of_text(whole->data));
}

std::vector<trace_number> numbers_in(std::string_view bytes)
{
    auto found = numbers_under(bytes, order_names);
    // The till answers a frame of ours under its reference, which is another each time.
    const auto whole = serial_message_of(bytes);
    if (whole && whole->type == frame_type::request)
        found.push_back({"reference", "reference " + hex_of(whole->ref)});
    return found;
}

std::string renumbered_http(std::string_view bytes,
                            const std::map<std::string, std::string>& numbers)
{
    const auto parts = http_parts_of(bytes);
    if (!parts) return std::string{bytes};
    return with_body(parts->head, renumbered_pairs(parts->body, naming_names, numbers));
}

std::string renumbered_tcp(std::string_view bytes,
                           const std::map<std::string, std::string>& numbers)
{
    return renumbered_pairs(bytes, naming_names, numbers);
}

std::string renumbered_serial(std::string_view bytes,
                              const std::map<std::string, std::string>& numbers)
{
    auto whole = serial_message_of(bytes);
    if (!whole) return std::string{bytes};
    if (whole->type != frame_type::request) {
        const auto known = numbers.find("reference " + hex_of(whole->ref));
        if (known != numbers.end())
            whole->ref = static_cast<std::uint8_t>(
                std::stoul(known->second.substr(known->second.find(' ') + 1), nullptr, 16));
    }
    return framed(whole->type, whole->ref, renumbered_pairs(whole->data, naming_names, numbers));
}

std::string sealed_http(std::string_view bytes, std::string_view form, std::string_view pos_key)
{
    const auto parts = http_parts_of(bytes);
    if (!parts || parts->body.empty()) return std::string{bytes};
    return with_body(parts->head, sealed_again(parts->body, form, pos_key));
}

std::string sealed_tcp(std::string_view bytes, std::string_view form, std::string_view pos_key)
{
    return sealed_again(bytes, form, pos_key);
}

std::string sealed_serial(std::string_view bytes, std::string_view form, std::string_view pos_key)
{
    const auto whole = serial_message_of(bytes);
    if (!whole || whole->data.empty()) return std::string{bytes};
    return framed(whole->type, whole->ref, sealed_again(whole->data, form, pos_key));
}

}  // namespace ecr::protocol::till::qfpay_local
