// Frames for a trace, secrets masked.
#include "protocol/redact.hpp"
#include "protocol/till/control.hpp"
#include "protocol/till/hypercom/explain.hpp"
#include "protocol/till/hypercom/frame.hpp"
#include "protocol/till/hypercom/hypercom_dialect.hpp"
#include "protocol/till/hypercom/message.hpp"
#include "protocol/till/trace_mask.hpp"

#include <algorithm>
#include <array>
#include <numeric>

namespace ecr::protocol::till::hypercom {
namespace {

constexpr std::size_t head_size = 3;  // STX, length
constexpr std::size_t tail_size = 2;  // ETX, LRC
constexpr std::size_t noise_size_max = 4096;

/// What no till means as a secret. Source: dialects.md 2.
constexpr auto open_fields =
    std::to_array<std::string_view>({"01", "02", "03", "04", "16", "40", "41", "42", "50", "65",
                                     "66", "D0", "D1", "D2", "D3", "D4", "A1", "R1", "R2", "J6"});

void mask(field& f)
{
    if (f.type == "30")
        f.data = masked_card(f.data);
    else if (f.type == "31" || f.type == "D5")  // expiry, cardholder
        f.data = blotted(f.data);
    else if (std::ranges::find(open_fields, f.type) != open_fields.end())
        f.data = without_card_numbers(f.data);
    else
        f.data = masked_digits(f.data);
}

std::string masked_message(std::string_view bytes)
{
    auto m = parse_headers(bytes);
    if (!m || !parse_fields(bytes, *m) || to_bytes(*m) != bytes) return masked_digits(bytes);
    std::ranges::for_each(m->fields, mask);
    return to_bytes(*m);
}

char sum_of(std::string_view bytes)
{
    return std::accumulate(bytes.begin(), bytes.end(), '\0',
                           [](char sum, char c) { return static_cast<char>(sum ^ c); });
}

class frame_side {
public:
    explicit frame_side(heading) {}

    void take(std::string_view bytes, std::vector<trace_unit>& out)
    {
        taken_ += bytes;
        while (!taken_.empty() && take_one(out)) {
        }
    }

    void give_up(std::vector<trace_unit>& out) { drop(taken_.size(), out); }

private:
    /// False: more bytes are needed.
    bool take_one(std::vector<trace_unit>& out)
    {
        if (taken_.front() == control::ack || taken_.front() == control::nak) {
            out.push_back({taken_.substr(0, 1), trace_form::clear});
            taken_.erase(0, 1);
            return true;
        }
        if (taken_.front() != control::stx) {
            constexpr std::array starts{control::stx, control::ack, control::nak, '\0'};
            drop(taken_.find_first_of(starts.data()), out);
            return true;
        }
        if (taken_.size() < head_size) return false;
        const auto size = unpacked(std::string_view{taken_}.substr(1, head_size - 1));
        if (!size || *size > message_size_max) {
            drop(taken_.find(control::stx, 1), out);
            return true;
        }
        const auto whole = head_size + *size + tail_size;
        if (taken_.size() < whole) return false;
        if (taken_[head_size + *size] != control::etx) {
            drop(taken_.find(control::stx, 1), out);
            return true;
        }
        hand_out(*size, out);
        taken_.erase(0, whole);
        return true;
    }

    /// What is masked changes the checksum; whether it was right stays.
    void hand_out(std::size_t size, std::vector<trace_unit>& out) const
    {
        const auto message = std::string_view{taken_}.substr(head_size, size);
        const auto clean = masked_message(message);
        auto bytes = taken_.substr(0, head_size) + clean + control::etx;
        bytes += static_cast<char>(taken_[head_size + size + 1] ^ sum_of(message) ^ sum_of(clean));
        out.push_back({std::move(bytes), trace_form::clear});
    }

    void drop(std::size_t end, std::vector<trace_unit>& out)
    {
        const auto noise = std::string_view{taken_}.substr(0, end);
        if (!noise.empty())
            out.push_back({masked_digits(noise.substr(0, noise_size_max)), trace_form::noise});
        taken_.erase(0, end);
    }

    std::string taken_;
};

}  // namespace

std::unique_ptr<trace_cutter> make_frame_cutter(std::string_view)
{
    return std::make_unique<two_sided_cutter<frame_side>>(frames_language.name);
}

}  // namespace ecr::protocol::till::hypercom
