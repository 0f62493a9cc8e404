#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

/// What a trace keeps of a conversation with a till. Nothing secret gets this far.
namespace ecr::protocol::till {

/// Which way bytes go.
enum class heading : std::uint8_t { from_till, to_till };

/// How the bytes of a unit stand to those that were on the link.
namespace trace_form {
inline constexpr std::string_view clear = "clear";  // the same, secrets masked
inline constexpr std::string_view noise = "noise";  // belong to no unit; all that could be secret
                                                    // is masked
// Decrypted: what the link would have carried without encryption.
inline constexpr std::string_view aes256 = "aes256";
inline constexpr std::string_view aes128 = "aes128";
inline constexpr std::string_view aes256_quoted = "aes256-quoted";  // was a JSON string
inline constexpr std::string_view aes128_quoted = "aes128-quoted";
}  // namespace trace_form

/// What a dialect takes for one thing: a line, a frame, an ACK, a request.
struct trace_unit {
    std::string bytes;
    std::string_view form = trace_form::clear;

    friend bool operator==(const trace_unit&, const trace_unit&) = default;
};

/// Listens to one till's conversation, cuts both directions into units, and masks what is secret.
/// A secret may be cut in two by the link, so nothing is handed out before it is whole.
class trace_cutter {
public:
    virtual ~trace_cutter() = default;

    /// The name by which trace_language_of() knows how to explain the units.
    [[nodiscard]] virtual std::string_view language() const noexcept = 0;

    virtual void take(heading way, std::string_view bytes, std::vector<trace_unit>& out) = 0;

    /// What has begun will not go on: it is noise.
    virtual void give_up(heading way, std::vector<trace_unit>& out) = 0;
};

/// A cutter of two sides that know nothing of each other. A Side has take() and give_up() as above.
template <class Side>
class two_sided_cutter final : public trace_cutter {
public:
    template <class... How>
    explicit two_sided_cutter(std::string_view language, const How&... how)
        : language_{language},
          from_till_{heading::from_till, how...},
          to_till_{heading::to_till, how...}
    {}

    [[nodiscard]] std::string_view language() const noexcept override { return language_; }
    void take(heading way, std::string_view bytes, std::vector<trace_unit>& out) override
    {
        side(way).take(bytes, out);
    }
    void give_up(heading way, std::vector<trace_unit>& out) override { side(way).give_up(out); }

private:
    Side& side(heading way) { return way == heading::from_till ? from_till_ : to_till_; }

    std::string_view language_;
    Side from_till_;
    Side to_till_;
};

}  // namespace ecr::protocol::till
