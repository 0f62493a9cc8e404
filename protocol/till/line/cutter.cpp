// Lines and frames for a trace, secrets masked.
#include "protocol/till/control.hpp"
#include "protocol/till/line/explain.hpp"
#include "protocol/till/line/frame.hpp"
#include "protocol/till/line/line_dialect.hpp"
#include "protocol/till/line/written_line.hpp"
#include "protocol/till/trace_mask.hpp"

#include <numeric>

namespace ecr::protocol::till::line {
namespace {

bool keeps_numbers(std::string_view name)
{
    const auto k = find_key(name);
    return k && !secret_keys.contains(*k) && *k != key::text && *k != key::goods;
}

bool is_told_secret(std::string_view name)
{
    const auto k = find_key(name);
    return k && secret_keys.contains(*k);
}

/// Of what the till writes everything may be a secret in a wrong place; the bridge's own words are
/// known to hold none.
constexpr mask_rules rules_from_till{.is_secret = names_a_secret, .keeps_numbers = keeps_numbers};
constexpr mask_rules rules_to_till{.is_secret = is_told_secret,
                                   .keeps_numbers = [](std::string_view) { return true; }};

std::string masked(heading way, std::string_view text)
{
    return masked_pairs(text, way == heading::from_till ? rules_from_till : rules_to_till);
}

class line_side {
public:
    explicit line_side(heading way) : way_{way} {}

    void take(std::string_view bytes, std::vector<trace_unit>& out)
    {
        while (!bytes.empty()) {
            const auto end = bytes.find('\n');
            const auto piece = bytes.substr(0, end == bytes.npos ? end : end + 1);
            bytes.remove_prefix(piece.size());
            add(piece, out);
            if (end != bytes.npos) finish(out);
        }
    }

    void give_up(std::vector<trace_unit>& out)
    {
        if (!line_.empty()) out.push_back({masked(way_, line_), trace_form::noise});
        line_.clear();
    }

private:
    void add(std::string_view piece, std::vector<trace_unit>& out)
    {
        if (too_long_) return;
        line_ += piece;
        if (line_.size() <= size_max()) return;
        line_.resize(size_max());
        out.push_back({masked_noise(line_), trace_form::noise});
        std::string{}.swap(line_);
        too_long_ = true;
    }

    void finish(std::vector<trace_unit>& out)
    {
        if (!line_.empty()) out.push_back({masked(way_, line_), trace_form::clear});
        std::string{}.swap(line_);  // a thousand idle tills hold no memory
        too_long_ = false;
    }

    [[nodiscard]] std::size_t size_max() const
    {
        return way_ == heading::from_till ? line_size_max + 2 : dropped_size_max;
    }

    heading way_;
    std::string line_;
    bool too_long_ = false;  // the rest of the line is not kept
};

char sum_of(std::string_view bytes)
{
    return std::accumulate(bytes.begin(), bytes.end(), '\0',
                           [](char sum, char c) { return static_cast<char>(sum ^ c); });
}

class frame_side {
public:
    explicit frame_side(heading way) : way_{way} {}

    void take(std::string_view bytes, std::vector<trace_unit>& out)
    {
        for (const char c : bytes)
            take(c, out);
        if (taken_.empty()) drop_noise(out);
    }

    void give_up(std::vector<trace_unit>& out)
    {
        drop_noise(out);
        if (!taken_.empty()) out.push_back({masked(way_, taken_), trace_form::noise});
        taken_.clear();
        ended_ = false;
    }

private:
    void take(char c, std::vector<trace_unit>& out)
    {
        if (ended_) return finish(c, out);
        if (c == control::stx) {
            give_up(out);
            taken_ = c;
        } else if (!taken_.empty()) {
            taken_ += c;
            ended_ = c == control::etx;
            if (taken_.size() > line_size_max + 2) give_up(out);
        } else if (c == control::ack || c == control::nak) {
            drop_noise(out);
            out.push_back({std::string{c}, trace_form::clear});
        } else {
            noise_ += c;
            if (noise_.size() > line_size_max) drop_noise(out);
        }
    }

    /// What is masked changes the checksum; whether it was right stays.
    void finish(char lrc, std::vector<trace_unit>& out)
    {
        const auto text = std::string_view{taken_}.substr(1, taken_.size() - 2);
        const auto clean = masked(way_, text);
        const auto sum = static_cast<char>(lrc ^ sum_of(text) ^ sum_of(clean));
        out.push_back({control::stx + clean + control::etx + sum, trace_form::clear});
        std::string{}.swap(taken_);
        ended_ = false;
    }

    void drop_noise(std::vector<trace_unit>& out)
    {
        if (!noise_.empty()) out.push_back({masked_noise(noise_), trace_form::noise});
        std::string{}.swap(noise_);
    }

    heading way_;
    std::string taken_;   // from an STX on
    bool ended_ = false;  // only the LRC is missing
    std::string noise_;
};

}  // namespace

std::unique_ptr<trace_cutter> make_plain_cutter(std::string_view)
{
    return std::make_unique<two_sided_cutter<line_side>>(plain_language.name);
}

std::unique_ptr<trace_cutter> make_framed_cutter(std::string_view)
{
    return std::make_unique<two_sided_cutter<frame_side>>(framed_language.name);
}

}  // namespace ecr::protocol::till::line
