#include "protocol/till/qfpay_local/trace_text.hpp"

#include "protocol/ascii.hpp"
#include "protocol/till/qfpay_local/cipher.hpp"
#include "protocol/till/qfpay_local/content.hpp"
#include "protocol/till/qfpay_local/digest.hpp"
#include "protocol/till/qfpay_local/frame.hpp"
#include "protocol/till/qfpay_local/qfpay_local_dialect.hpp"
#include "protocol/till/trace_mask.hpp"
#include "protocol/till/trace_pairs.hpp"

#include <algorithm>
#include <array>
#include <charconv>

namespace ecr::protocol::till::qfpay_local {
namespace {

constexpr std::string_view blanks = " \t\r\n";
constexpr std::size_t digest_size = 32;

bool holds(std::string_view text, std::string_view part)
{
    return text.find(part) != text.npos;
}

bool is_secret(std::string_view name)
{
    constexpr auto parts =
        std::to_array<std::string_view>({"token", "pass", "secret", "pos_key", "poskey",
                                         "auth_code", "authcode", "auth-code", "sign", "digest"});
    return std::ranges::any_of(parts, [&](auto part) { return holds(name, part); });
}

/// Source: dialects.md 1.2.
bool keeps_numbers(std::string_view name)
{
    constexpr auto names =
        std::to_array<std::string_view>({"out_trade_no", "orderid", "syssn", "amt", "refund_amount",
                                         "payment_timeout", "func_type"});
    return std::ranges::find(names, name) != names.end();
}

constexpr mask_rules rules_from_till{.is_secret = is_secret, .keeps_numbers = keeps_numbers};
constexpr mask_rules rules_to_till{.is_secret = is_secret,
                                   .keeps_numbers = [](std::string_view) { return true; }};

/// In any case.
void hide(std::string& text, std::string_view key)
{
    if (key.empty()) return;
    const auto same = [](char a, char b) { return ascii_lower(a) == ascii_lower(b); };
    for (auto at = text.begin();;) {
        at = std::search(at, text.end(), key.begin(), key.end(), same);
        if (at == text.end()) return;
        std::fill_n(at, key.size(), 'x');
    }
}

std::string_view trimmed(std::string_view text)
{
    const auto first = text.find_first_not_of(blanks);
    if (first == text.npos) return {};
    return text.substr(first, text.find_last_not_of(blanks) - first + 1);
}

/// Where the digest stands; nothing: there is none.
std::optional<text_pair> digest_in(std::string_view text)
{
    const auto all = pairs_in(text);
    const auto found = std::ranges::find(all, "digest", &text_pair::name);
    if (found == all.end() || found->size != digest_size) return std::nullopt;
    return *found;
}

std::string masked_text(heading way, std::string_view text, std::string_view pos_key)
{
    auto masked = masked_pairs(text, way == heading::from_till ? rules_from_till : rules_to_till);
    if (const auto at = digest_in(text)) {
        const auto envelope = parse_envelope(text);
        const bool right = envelope && same_digest(digest_of(envelope->content, pos_key),
                                                   text.substr(at->begin, at->size));
        masked.replace(at->begin, at->size, digest_size, right ? '0' : 'x');
    }
    hide(masked, pos_key);
    return masked;
}

bool is_one(std::string_view plain)
{
    const auto text = trimmed(plain);
    return text.starts_with('{') && text.ends_with('}');
}

}  // namespace

std::optional<traced_text> opened_for_trace(heading way, std::string_view bytes,
                                            std::string_view pos_key)
{
    auto text = trimmed(bytes);
    if (text.starts_with('{'))
        return traced_text{masked_text(way, bytes, pos_key), trace_form::clear};
    const bool quoted = text.size() > 1 && text.starts_with('"') && text.ends_with('"');
    if (quoted) text = text.substr(1, text.size() - 2);
    if (!is_pos_key(pos_key)) return std::nullopt;
    std::string base64;  // JSON may write \/ for /, and it may come in several lines
    std::ranges::copy_if(text, std::back_inserter(base64),
                         [](char c) { return is_base64(c) || c == '='; });
    for (const auto by : {cipher::aes256, cipher::aes128}) {
        const auto plain = decrypted(base64, by, pos_key);
        if (!plain || !is_one(*plain)) continue;
        const auto form = by == cipher::aes256
                              ? (quoted ? trace_form::aes256_quoted : trace_form::aes256)
                              : (quoted ? trace_form::aes128_quoted : trace_form::aes128);
        return traced_text{masked_text(way, *plain, pos_key), form};
    }
    return std::nullopt;
}

std::string sealed_again(std::string_view text, std::string_view form, std::string_view pos_key)
{
    std::string plain{text};
    if (!is_pos_key(pos_key)) return plain;
    const auto at = digest_in(plain);
    const auto envelope = parse_envelope(plain);
    if (at && envelope && plain.compare(at->begin, at->size, std::string(digest_size, '0')) == 0)
        plain.replace(at->begin, at->size, digest_of(envelope->content, pos_key));
    if (!form.starts_with("aes")) return plain;
    const auto by = form.starts_with(trace_form::aes256) ? cipher::aes256 : cipher::aes128;
    auto base64 = encrypted(plain, by, pos_key);
    return form.ends_with("-quoted") ? '"' + base64 + '"' : base64;
}

std::optional<http_parts> http_parts_of(std::string_view bytes)
{
    const auto end = bytes.find("\r\n\r\n");
    if (end == bytes.npos) return std::nullopt;
    return http_parts{std::string{bytes.substr(0, end + 4)}, std::string{bytes.substr(end + 4)}};
}

std::string header_in(std::string_view head, std::string_view name)
{
    for (auto at = head.find("\r\n"); at + 2 < head.size(); at = head.find("\r\n", at + 2)) {
        const auto line = head.substr(at + 2, head.find("\r\n", at + 2) - at - 2);
        const auto colon = line.find(':');
        if (colon == line.npos || ascii_lower(line.substr(0, colon)) != name) continue;
        return std::string{trimmed(line.substr(colon + 1))};
    }
    return {};
}

std::string with_body(std::string_view head, std::string_view body)
{
    std::string out{head.substr(0, head.find("\r\n"))};
    bool had_length = false;
    for (auto at = head.find("\r\n"); at + 4 < head.size(); at = head.find("\r\n", at + 2)) {
        const auto line = head.substr(at + 2, head.find("\r\n", at + 2) - at - 2);
        const auto name = ascii_lower(line.substr(0, line.find(':')));
        const bool sizes = name == "content-length" || name == "transfer-encoding";
        had_length = had_length || sizes;
        if (!sizes) out.append("\r\n").append(line);
    }
    if (had_length || !body.empty())
        out.append("\r\nContent-Length: ").append(std::to_string(body.size()));
    return out.append("\r\n\r\n").append(body);
}

std::string masked_head(std::string_view head)
{
    std::string out{head};
    constexpr auto parts = std::to_array<std::string_view>(
        {"authorization", "cookie", "token", "key", "sign", "secret", "pass"});
    std::size_t line = 0;
    for (auto end = out.find("\r\n"); end != out.npos;
         line = end + 2, end = out.find("\r\n", line)) {
        const auto text = std::string_view{out}.substr(line, end - line);
        const auto colon = text.find(':');
        const auto query = text.find('?');
        const auto name = ascii_lower(text.substr(0, colon));
        auto hidden = text.npos;
        if (line == 0)
            hidden = query == text.npos ? text.npos : query + 1;
        else if (std::ranges::any_of(parts, [&](auto part) { return holds(name, part); }))
            hidden = colon == text.npos ? 0 : colon + 1;
        if (hidden == text.npos) continue;
        const auto last = line == 0 ? std::min(text.find(' ', hidden), text.size()) : text.size();
        out.replace(line + hidden, last - hidden, masked_noise(text.substr(hidden, last - hidden)));
    }
    return masked_digits(out);
}

std::optional<serial_message> serial_message_of(std::string_view bytes)
{
    frame_reader frames;
    frames.feed(bytes);
    std::optional<serial_message> whole;
    while (const auto frame = frames.next()) {
        if (frame->bad) return std::nullopt;
        if (!whole) whole = serial_message{frame->type, frame->ref, {}};
        whole->data += frame->piece;
    }
    return whole;
}

}  // namespace ecr::protocol::till::qfpay_local
