// What stands inside a message of QFPay's local protocol: cipher, digest, and four kinds of text.
#include "protocol/till/qfpay_local/cipher.hpp"
#include "protocol/till/qfpay_local/content.hpp"
#include "protocol/till/qfpay_local/digest.hpp"
#include "protocol/till/qfpay_local/dollars.hpp"
#include "protocol/till/qfpay_local/limits.hpp"
#include "protocol/till/qfpay_local/meaning.hpp"
#include "protocol/till/qfpay_local/qfpay_local_dialect.hpp"
#include "tests/fuzz/script.hpp"

namespace ecr::fuzz {
namespace {

using namespace protocol::till::qfpay_local;
using protocol::till::command;
using protocol::till::verb;

std::string fault_of(const std::vector<pair>& content)
{
    if (content.size() > pairs_max) return "more pairs than the limit";
    for (const auto& each : content) {
        if (each.name.empty() || each.name.size() > name_size_max) return "a name out of bounds";
        if (find(content, each.name) != &each.what) return "a name twice";
    }
    const auto digest = digest_of(content, published_pos_key);
    if (digest.size() != 32 || !same_digest(digest, digest)) return "a digest that is none";
    auto sorted = content;
    std::ranges::reverse(sorted);
    if (digest_of(sorted, published_pos_key) != digest) return "a digest that knows the order";
    for (const auto path : {"/api/pos/trade", "/api/pos/cancel", "/"}) {
        const auto means = meaning_of(content, function_of_path(path));
        const auto* refused = std::get_if<refusal>(&means);
        if (refused != nullptr) {
            if (refused->text.empty()) return "a refusal without a sentence";
            continue;
        }
        const auto& c = std::get<asked>(means).means;
        if (c.what == verb::pay && !c.amount) return "a payment without an amount";
        if (c.what == verb::refund && c.of.empty()) return "a refund of nothing";
        const auto* amount = find(content, c.what == verb::pay ? "amt" : "refund_amount");
        if (!c.amount) continue;
        if (amount == nullptr) return "an amount that nobody has written";
        const auto read = parse_dollars(amount->text);
        if (!read || *read != *c.amount) return "another amount than was written";
    }
    return {};
}

std::string fault_of_cipher(std::string_view text)
{
    for (const auto how : {cipher::aes256, cipher::aes128}) {
        (void)decrypted(text, how, published_pos_key);  // whatever it is: no crash
        const auto sealed = encrypted(text, how, published_pos_key);
        if (!may_be_whole(sealed)) return "a text that does not look whole";
        if (decrypted(sealed, how, published_pos_key) != text) return "another text, decrypted";
        const auto cut = std::string_view{sealed}.substr(0, sealed.size() - 4);
        if (decrypted(cut, how, published_pos_key) == text) return "half a text is a whole one";
    }
    return {};
}

}  // namespace

std::string qfpay_content(bytes input)
{
    const std::string_view text{reinterpret_cast<const char*>(input.data()), input.size()};
    if (auto fault = fault_of_cipher(text); !fault.empty()) return fault;
    if (const auto pairs = parse_object(text)) {
        if (auto fault = fault_of(*pairs); !fault.empty()) return fault;
        // The scanner has to find the same end, or none at all would be found on a TCP link.
        object_scanner scanner;
        const auto first = text.find('{');
        bool ended = false;
        for (const char c : text.substr(first))
            ended = ended || scanner.ends_with(c);
        if (!ended) return "an object without an end";
    }
    if (const auto sealed = parse_envelope(text)) return fault_of(sealed->content);
    return {};
}

}  // namespace ecr::fuzz
