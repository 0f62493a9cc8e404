#include "tests/support/qfpay_local_till.hpp"

#include <nlohmann/json.hpp>
#include <openssl/evp.h>

#include <algorithm>
#include <memory>
#include <stdexcept>

namespace ecr::test {
namespace {

using json = nlohmann::json;

constexpr std::string_view initial_vector = "qfpay202306_hjsh";
constexpr std::string_view mark = "\x2F\x6E";
constexpr std::size_t frame_overhead = 11;
constexpr int type_request = 0x10;
constexpr int type_ok = 0x20;

const unsigned char* bytes_of(std::string_view text)
{
    return reinterpret_cast<const unsigned char*>(text.data());
}

struct context_free {
    void operator()(EVP_CIPHER_CTX* c) const { EVP_CIPHER_CTX_free(c); }
};
using context_ptr = std::unique_ptr<EVP_CIPHER_CTX, context_free>;

std::string with_cipher(const EVP_CIPHER* cipher, std::string_view text, std::string_view key,
                        bool encrypt)
{
    const context_ptr c{EVP_CIPHER_CTX_new()};
    EVP_CipherInit_ex(c.get(), cipher, nullptr, bytes_of(key), bytes_of(initial_vector),
                      encrypt ? 1 : 0);
    std::string out(text.size() + 32, '\0');
    auto* into = reinterpret_cast<unsigned char*>(out.data());
    int size = 0;
    int rest = 0;
    EVP_CipherUpdate(c.get(), into, &size, bytes_of(text), static_cast<int>(text.size()));
    if (EVP_CipherFinal_ex(c.get(), into + size, &rest) != 1) return {};
    out.resize(static_cast<std::size_t>(size) + static_cast<std::size_t>(rest));
    return out;
}

std::string base64(std::string_view bytes)
{
    std::string out((bytes.size() + 2) / 3 * 4 + 1, '\0');
    const int size = EVP_EncodeBlock(reinterpret_cast<unsigned char*>(out.data()), bytes_of(bytes),
                                     static_cast<int>(bytes.size()));
    out.resize(static_cast<std::size_t>(size));
    return out;
}

std::string from_base64(std::string_view text)
{
    std::string out(text.size() / 4 * 3 + 3, '\0');
    const int size = EVP_DecodeBlock(reinterpret_cast<unsigned char*>(out.data()), bytes_of(text),
                                     static_cast<int>(text.size()));
    if (size < 0) return {};
    const auto padding = std::ranges::count(text.substr(text.size() - 2), '=');
    out.resize(static_cast<std::size_t>(size - padding));
    return out;
}

std::string md5(std::string_view text)
{
    unsigned char digest[EVP_MAX_MD_SIZE];
    unsigned size = 0;
    EVP_Digest(text.data(), text.size(), digest, &size, EVP_md5(), nullptr);
    constexpr std::string_view hex = "0123456789ABCDEF";
    std::string out;
    for (unsigned i = 0; i < size; ++i)
        out.append(1, hex[digest[i] >> 4]).append(1, hex[digest[i] & 15U]);
    return out;
}

std::string two_bytes(std::size_t value)
{
    return {static_cast<char>(value >> 8 & 0xFFU), static_cast<char>(value & 0xFFU)};
}

std::size_t two_bytes_at(std::string_view text, std::size_t at)
{
    return static_cast<std::size_t>(static_cast<unsigned char>(text[at])) << 8 |
           static_cast<unsigned char>(text[at + 1]);
}

std::string_view path_of(const std::string& function)
{
    if (function == "1001") return "/api/pos/trade";
    if (function == "1002") return "/api/pos/cancel";
    if (function == "3001") return "/api/pos/print_receipt";
    if (function == "3002") return "/api/pos/transaction_info";
    if (function == "4001") return "/api/pos/query_transaction";
    if (function == "5001") return "/api/pos/cancel_request";
    return "/";
}

}  // namespace

std::string qfpay_answer::datum(const std::string& name) const
{
    const auto object = json::parse(data, nullptr, false);
    if (!object.is_object() || !object.contains(name)) return {};
    const auto& value = object[name];
    return value.is_string() ? value.get<std::string>() : value.dump();
}

qfpay_local_till::qfpay_local_till(std::unique_ptr<till_wire> wire, qfpay_habits habits)
    : wire_{std::move(wire)}, habits_{std::move(habits)}
{
    wire_->on_bytes([this](std::string_view bytes) { hear(bytes); });
}

std::string qfpay_local_till::digest_of(const content& what) const
{
    std::string text = "{";
    for (const auto& [name, value] : what) {
        if (text.size() > 1) text += ',';
        text += name + '=';
        const bool quoted = value.starts_with('"');
        text += quoted ? '\'' + value.substr(1, value.size() - 2) + '\'' : value;
    }
    return md5(text + '}' + habits_.key);
}

void qfpay_local_till::pay(const std::string& amount, const std::string& out_trade_no,
                           const std::string& channel)
{
    ask({{"func_type", "1001"},
         {"amt", amount},
         {"channel", '"' + channel + '"'},
         {"out_trade_no", '"' + out_trade_no + '"'}});
}

void qfpay_local_till::ask(const content& what)
{
    wire_->send(bytes_of(what));
}

std::string qfpay_local_till::bytes_of(const content& what)
{
    return wrapped(what, digest_of(what));
}

/// AES-256 with the 32 characters of the key, or AES-128 with the 16 bytes they spell. "" when the
/// padding does not fit.
std::string qfpay_local_till::ciphered(std::string_view text, bool encrypt) const
{
    if (!habits_.aes128) return with_cipher(EVP_aes_256_cbc(), text, habits_.key, encrypt);
    std::string key;
    for (std::size_t at = 0; at + 1 < habits_.key.size(); at += 2)
        key += static_cast<char>(std::stoi(habits_.key.substr(at, 2), nullptr, 16));
    return with_cipher(EVP_aes_128_cbc(), text, key, encrypt);
}

void qfpay_local_till::ask_with_digest(const content& what, const std::string& digest)
{
    wire_->send(wrapped(what, digest));
}

std::string qfpay_local_till::wrapped(const content& what, const std::string& digest)
{
    std::string text;
    for (const auto& [name, value] : what)
        text += (text.empty() ? "" : ",") + ('"' + name + "\":" + value);
    text = "{\"content\":{" + text + "},\"digest\":\"" + digest + "\"}";
    if (habits_.encrypts) text = base64(ciphered(text, true));
    if (habits_.wraps == qfpay_wrapping::tcp) return text;
    if (habits_.wraps == qfpay_wrapping::serial) return framed(text);
    if (habits_.encrypts) text = '"' + text + '"';
    const auto function = what.find("func_type");
    const auto path = path_of(function == what.end() ? std::string{} : function->second);
    return "POST " + std::string{path} +
           " HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n" +
           habits_.http_headers + "Content-Length: " + std::to_string(text.size()) + "\r\n\r\n" +
           text;
}

std::string qfpay_local_till::framed(std::string_view data)
{
    last_ref_ = last_ref_ % 0x7F + 1;
    std::string frame{mark};
    frame += '\x01';
    frame += static_cast<char>(type_request);
    frame += static_cast<char>(last_ref_);
    frame += two_bytes(data.size() + frame_overhead) + two_bytes(data.size());
    return frame.append(data).append(mark);
}

void qfpay_local_till::hear(std::string_view bytes)
{
    unread_ += bytes;
    const auto take = [this] {
        switch (habits_.wraps) {
            case qfpay_wrapping::http: return take_http();
            case qfpay_wrapping::tcp: return take_base64();
            case qfpay_wrapping::serial: return take_frame();
        }
        return false;
    };
    while (!unread_.empty() && take()) {
    }
}

bool qfpay_local_till::take_http()
{
    const auto head_end = unread_.find("\r\n\r\n");
    if (head_end == std::string::npos) return false;
    const std::string length = "\r\nContent-Length: ";
    const auto at = unread_.find(length);
    const auto size =
        at < head_end ? std::stoul(unread_.substr(at + length.size())) : std::size_t{0};
    if (unread_.size() < head_end + 4 + size) return false;
    http_statuses_.push_back(std::stoi(unread_.substr(9, 3)));
    http_heads_.push_back(unread_.substr(0, head_end + 2));
    auto body = unread_.substr(head_end + 4, size);
    unread_.erase(0, head_end + 4 + size);
    if (body.starts_with('"')) body = body.substr(1, body.size() - 2);
    if (!body.empty()) read(std::move(body));
    return true;
}

/// No delimiter is documented: an answer ends where it can be read.
bool qfpay_local_till::take_base64()
{
    while (!unread_.empty() && (unread_[0] == '\r' || unread_[0] == '\n'))
        unread_.erase(0, 1);
    for (std::size_t size = 4; size <= unread_.size(); ++size) {
        const auto text = unread_.substr(0, size);
        const bool plain = text.front() == '{';
        if (!plain && size % 4 != 0) continue;
        const auto clear = plain ? text : ciphered(from_base64(text), false);
        if (!json::accept(habits_.decode(clear))) continue;
        unread_.erase(0, size);
        read(text);
        return true;
    }
    return false;
}

bool qfpay_local_till::take_frame()
{
    if (habits_.begins_anywhere && !in_step_) {
        const auto begin = unread_.find(std::string{mark} + '\x01');
        if (begin == std::string::npos) return false;
        unread_.erase(0, begin);
        in_step_ = true;
    }
    if (unread_.size() < frame_overhead) return false;
    if (!unread_.starts_with(mark)) throw std::runtime_error{"a frame does not begin with 2F 6E"};
    const auto total = two_bytes_at(unread_, 5);
    if (unread_.size() < total) return false;
    const int type = static_cast<unsigned char>(unread_[3]);
    const int ref = static_cast<unsigned char>(unread_[4]);
    const auto whole = two_bytes_at(unread_, 7);
    const auto data = unread_.substr(9, total - frame_overhead);
    unread_.erase(0, total);
    if (type != type_request) {
        frame_types_.push_back(type);
        return true;
    }
    fragments_ += data;
    if (fragments_.size() < whole) return true;
    std::string ok{mark};
    ok += '\x01';
    ok += static_cast<char>(type_ok);
    ok += static_cast<char>(ref);
    ok += two_bytes(frame_overhead) + two_bytes(0) + std::string{mark};
    const bool lost = acks_to_lose_ > 0;
    if (lost) --acks_to_lose_;
    for (int times = lost ? 0 : acks_each_; times > 0; --times)
        wire_->send(ok);
    auto text = std::exchange(fragments_, {});
    if (ref == std::exchange(last_heard_ref_, ref)) return true;  // our answer was lost
    read(std::move(text));
    return true;
}

void qfpay_local_till::read(std::string text)
{
    const bool plain = text.starts_with('{');
    if (!plain) text = ciphered(from_base64(text), false);
    text = habits_.decode(std::move(text));
    const auto object = json::parse(text, nullptr, false);
    if (!object.is_object()) throw std::runtime_error{"an answer that cannot be read: " + text};
    answers_.push_back({.respcd = object.value("respcd", ""),
                        .respmsg = object.value("respmsg", ""),
                        .data = object.value("data", ""),
                        .encrypted = !plain});
}

}  // namespace ecr::test
