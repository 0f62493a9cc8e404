#include "protocol/till/qfpay_local/translator.hpp"

#include "protocol/till/qfpay_local/digest.hpp"
#include "protocol/till/qfpay_local/limits.hpp"

#include <algorithm>
#include <utility>

namespace ecr::protocol::till::qfpay_local {
namespace {

/// In the place of what is not the till's text: content is shown to people.
void unmark(std::vector<pair>& pairs)
{
    for (auto& [name, what] : pairs) {
        name = without_marks(name);
        what.text = without_marks(what.text);
        unmark(what.pairs);
    }
}

const std::string* tag_of(const reply& what)
{
    return std::visit([](const auto& r) { return &r.tag; }, what);
}

std::string_view code_of(fault wrong) noexcept
{
    switch (wrong) {
        case fault::none: return respcd::ok;
        case fault::decrypt: return respcd::not_decrypted;
        case fault::format: return respcd::bad_parameter;
        case fault::digest: return respcd::wrong_key;
    }
    return respcd::other;
}

std::string_view text_of(fault wrong) noexcept
{
    switch (wrong) {
        case fault::none: return {};
        case fault::decrypt: return "Cannot be decrypted: compare the POS-KEY of till and bridge";
        case fault::format: return "Not a request: content and digest are needed";
        case fault::digest: return "Wrong digest: compare the POS-KEY of till and bridge";
    }
    return {};
}

}  // namespace

opened translator::judged(std::string_view text, std::optional<cipher> by) const
{
    if (how_.encoding) return judged_in(*how_.encoding, text, by);
    auto parsed = parse_envelope(text);
    if (!parsed) return {fault::format, by, {}};
    if (!same_digest(digest_of(parsed->content, how_.pos_key), parsed->digest))
        return {fault::digest, by, {}};
    return {fault::none, by, std::move(parsed->content)};
}

/// A till makes its digest of the bytes it has; one that writes \u escapes may take UTF-8.
opened translator::judged_in(text_encoding encoding, std::string_view text,
                             std::optional<cipher> by) const
{
    // Before it is parsed: the second byte of a character may look like a backslash.
    auto parsed = parse_envelope(marked_utf8(text, encoding));
    if (!parsed) return {fault::format, by, {}};
    const auto in_its_bytes =
        digest_of_text(unmarked_bytes(format_content(parsed->content), encoding), how_.pos_key);
    const auto in_utf8 = digest_of(parsed->content, how_.pos_key);
    if (!same_digest(in_its_bytes, parsed->digest) && !same_digest(in_utf8, parsed->digest))
        return {fault::digest, by, {}};
    unmark(parsed->content);
    return {fault::none, by, std::move(parsed->content)};
}

opened translator::open(std::string_view text) const
{
    opened best{fault::decrypt, {}, {}};
    if (!is_pos_key(how_.pos_key)) return best;
    if (text.starts_with('{')) return how_.encryption ? best : judged(text, std::nullopt);
    // One in 256 wrong keys leaves a padding that looks right: only the digest says which it was.
    for (const auto by : {cipher::aes256, cipher::aes128}) {
        const auto plain = decrypted(text, by, how_.pos_key);
        if (!plain) continue;
        auto found = judged(*plain, by);
        if (found.wrong == fault::none) return found;
        const bool is_text = plain->find_first_not_of(" \t\r\n") != plain->npos &&
                             plain->at(plain->find_first_not_of(" \t\r\n")) == '{';
        if (is_text && best.wrong != fault::digest) best = std::move(found);
    }
    return best;
}

std::variant<command, sealed_answer> translator::read(const opened& request,
                                                      std::optional<function> by_path)
{
    if (request.wrong != fault::none) {
        ++bad_;
        return refuse(code_of(request.wrong), std::string{text_of(request.wrong)}, request.by);
    }
    auto meant = meaning_of(request.content, by_path);
    if (auto* wrong = std::get_if<refusal>(&meant)) {
        ++bad_;
        return refuse(respcd::bad_parameter, std::move(wrong->text), request.by);
    }
    bad_ = 0;
    if (pending_.size() >= pending_max)
        // It may repeat an order that is running.
        return refuse(respcd::other,
                      "Too many requests at once: wait for the answers, do not ring again",
                      request.by);
    auto& [what, means] = std::get<asked>(meant);
    means.tag = std::to_string(++last_tag_);
    pending_.push_back({means.tag, what, request.by});
    return std::move(means);
}

std::optional<sealed_answer> translator::write(const reply& what)
{
    if (!ends_command(what)) return std::nullopt;
    const auto found = std::ranges::find(pending_, *tag_of(what), &waiting::tag);
    if (found == pending_.end()) return std::nullopt;
    auto ready = sealed(answer_to(found->asked_for, what), found->by);
    pending_.erase(found);
    return ready;
}

sealed_answer translator::refuse(std::string_view code, std::string text,
                                 std::optional<cipher> by) const
{
    return sealed({code, std::move(text), {}}, by);
}

sealed_answer translator::sealed(const answer& what, std::optional<cipher> by) const
{
    auto text = to_json(what);
    if (how_.encoding) text = json_from_utf8(text, *how_.encoding);
    // To whom we could not decrypt, plain text is the only thing that both sides can read.
    const bool encrypts = by && how_.encrypt_answers.value_or(!how_.tls);
    return {what.code, encrypts ? encrypted(text, *by, how_.pos_key) : std::move(text)};
}

bool translator::too_many_bad() const noexcept
{
    return bad_ >= bad_requests_max;
}

}  // namespace ecr::protocol::till::qfpay_local
