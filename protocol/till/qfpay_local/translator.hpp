#pragma once

#include "protocol/till/dialect.hpp"
#include "protocol/till/qfpay_local/answer.hpp"
#include "protocol/till/qfpay_local/cipher.hpp"
#include "protocol/till/qfpay_local/content.hpp"
#include "protocol/till/qfpay_local/qfpay_local_dialect.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace ecr::protocol::till::qfpay_local {

/// What is wrong with a request before anybody asks what it means.
enum class fault : std::uint8_t {
    none,
    decrypt,  // no cipher fits: the POS-KEY is another, or it is no request at all
    format,   // decrypted, and not of any of the four forms
    digest,   // the digest is not that of the content and our POS-KEY
};

struct opened {
    fault wrong = fault::none;
    std::optional<cipher> by;  // nothing: plain text
    std::vector<pair> content;
};

/// An answer that is ready to be wrapped.
struct sealed_answer {
    std::string_view code;
    std::string text;
};

/// What all wrappings share: opens requests, remembers who asked what, seals the answers.
class translator {
public:
    explicit translator(settings how) : how_{std::move(how)} {}

    /// `text`: Base64 of the ciphertext, or plain text where that is allowed. Without effects.
    [[nodiscard]] opened open(std::string_view text) const;

    /// A command with its tag, or the answer that refuses it. Nothing was done for a refused one.
    [[nodiscard]] std::variant<command, sealed_answer> read(const opened& request,
                                                            std::optional<function> by_path);

    /// The answer, when this reply ends a command of this till.
    [[nodiscard]] std::optional<sealed_answer> write(const reply& what);

    [[nodiscard]] sealed_answer refuse(std::string_view code, std::string text,
                                       std::optional<cipher> by = {}) const;

    [[nodiscard]] std::size_t pending() const noexcept { return pending_.size(); }
    /// Counts one more request that is none; see bad_requests_max.
    void count_bad() noexcept { ++bad_; }
    [[nodiscard]] bool too_many_bad() const noexcept;
    [[nodiscard]] const settings& how() const noexcept { return how_; }

private:
    struct waiting {
        std::string tag;
        function asked_for{};
        std::optional<cipher> by;
    };

    [[nodiscard]] sealed_answer sealed(const answer& what, std::optional<cipher> by) const;
    [[nodiscard]] opened judged(std::string_view text, std::optional<cipher> by) const;
    [[nodiscard]] opened judged_in(text_encoding encoding, std::string_view text,
                                   std::optional<cipher> by) const;

    settings how_;
    std::vector<waiting> pending_;
    std::uint64_t last_tag_ = 0;
    int bad_ = 0;  // in a row
};

}  // namespace ecr::protocol::till::qfpay_local
