// Requests and answers for a trace: decrypted, secrets masked.
#include "protocol/till/qfpay_local/cipher.hpp"
#include "protocol/till/qfpay_local/content.hpp"
#include "protocol/till/qfpay_local/explain.hpp"
#include "protocol/till/qfpay_local/frame.hpp"
#include "protocol/till/qfpay_local/limits.hpp"
#include "protocol/till/qfpay_local/trace_text.hpp"
#include "protocol/till/trace_mask.hpp"

#include <algorithm>
#include <charconv>

namespace ecr::protocol::till::qfpay_local {
namespace {

constexpr std::size_t buffer_size_max = 64 * 1024;

/// What the three kinds of sides share.
class side {
public:
    side(heading way, std::string_view pos_key) : way_{way}, pos_key_{pos_key} {}

    void give_up(std::vector<trace_unit>& out) { drop(taken_.size(), out); }

protected:
    [[nodiscard]] std::optional<traced_text> open(std::string_view text) const
    {
        return opened_for_trace(way_, text, pos_key_);
    }

    /// The first bytes belong to nothing. What might be ciphertext of another key is hidden, too.
    void drop(std::size_t size, std::vector<trace_unit>& out)
    {
        const auto noise = std::string_view{taken_}.substr(0, size);
        if (!noise.empty()) out.push_back({masked_noise(noise), trace_form::noise});
        taken_.erase(0, noise.size());
    }

    std::string taken_;

private:
    heading way_;
    std::string pos_key_;
};

class http_side : public side {
public:
    using side::side;

    void take(std::string_view bytes, std::vector<trace_unit>& out)
    {
        taken_ += bytes;
        while (take_one(out)) {
        }
        if (taken_.size() > buffer_size_max) give_up(out);
    }

private:
    bool take_one(std::vector<trace_unit>& out)
    {
        auto parts = http_parts_of(taken_);
        if (!parts) return false;
        std::size_t taken = parts->head.size();
        if (header_in(parts->head, "transfer-encoding").find("chunked") != std::string::npos) {
            const auto body = whole_of_chunks(parts->body);
            if (!body) return false;
            taken += body->second;
            parts->body = body->first;
        } else {
            std::size_t size = 0;
            const auto length = header_in(parts->head, "content-length");
            std::from_chars(length.data(), length.data() + length.size(), size);
            if (parts->body.size() < size) return false;
            taken += size;
            parts->body.resize(size);
        }
        hand_out(*parts, out);
        taken_.erase(0, taken);
        return true;
    }

    /// The body, and how many bytes it took; nothing: more have to come, or they are no chunks.
    static std::optional<std::pair<std::string, std::size_t>> whole_of_chunks(
        std::string_view bytes)
    {
        std::string body;
        for (std::size_t at = 0;;) {
            const auto line = bytes.find("\r\n", at);
            if (line == bytes.npos) return std::nullopt;
            std::size_t size = 0;
            const auto* end = bytes.data() + line;
            const auto [past, failed] = std::from_chars(bytes.data() + at, end, size, 16);
            if (failed != std::errc{} || size > buffer_size_max) return std::nullopt;
            if (bytes.size() < line + 2 + size + 2) return std::nullopt;
            body += bytes.substr(line + 2, size);
            at = line + 2 + size + 2;
            if (size == 0) return std::pair{std::move(body), at};
        }
    }

    void hand_out(const http_parts& parts, std::vector<trace_unit>& out) const
    {
        const auto head = masked_head(parts.head);
        if (parts.body.empty()) {
            out.push_back({head, trace_form::clear});
        } else if (const auto opened = open(parts.body)) {
            out.push_back({with_body(head, opened->text), opened->form});
        } else {
            out.push_back({with_body(head, masked_noise(parts.body)), trace_form::noise});
        }
    }
};

class tcp_side : public side {
public:
    using side::side;

    void take(std::string_view bytes, std::vector<trace_unit>& out)
    {
        for (const char c : bytes) {
            if (plain_ || (taken_.empty() && c == '{'))
                take_plain(c, out);
            else if (is_base64(c) || c == '=')
                take_base64(c, out);
            else if (c == '\n')
                line_ = taken_.size();
            else if (c != '\r' && c != ' ' && c != '\t' && c != '"')
                reset(out), taken_ = c, reset(out);
            if (taken_.size() > message_size_max * 2) reset(out);
        }
    }

    void give_up(std::vector<trace_unit>& out) { reset(out); }

private:
    void take_plain(char c, std::vector<trace_unit>& out)
    {
        if (!plain_) scanner_ = object_scanner{};
        plain_ = true;
        taken_ += c;
        if (!scanner_.ends_with(c)) return;
        if (auto opened = open(taken_))
            hand_out(std::move(*opened), out);
        else
            reset(out);
    }

    /// A message ends where it can be decrypted. It may begin with a line, behind one that cannot.
    void take_base64(char c, std::vector<trace_unit>& out)
    {
        taken_ += c;
        for (const auto start : {std::size_t{0}, line_}) {
            const auto text = std::string_view{taken_}.substr(std::min(start, taken_.size()));
            if (text.empty() || !may_be_whole(text)) continue;
            auto opened = open(text);
            if (!opened) continue;
            drop(start, out);
            return hand_out(std::move(*opened), out);
        }
    }

    void hand_out(traced_text&& opened, std::vector<trace_unit>& out)
    {
        taken_.clear();
        reset(out);
        out.push_back({std::move(opened.text), opened.form});
    }

    void reset(std::vector<trace_unit>& out)
    {
        side::give_up(out);
        plain_ = false;
        line_ = 0;
    }

    object_scanner scanner_;
    bool plain_ = false;
    std::size_t line_ = 0;  // where the last line begins
};

class serial_side : public side {
public:
    using side::side;

    void take(std::string_view bytes, std::vector<trace_unit>& out)
    {
        taken_ += bytes;
        while (take_one(out)) {
        }
    }

    void give_up(std::vector<trace_unit>& out)
    {
        end_message(out, true);
        side::give_up(out);
    }

private:
    static constexpr std::string_view mark = "\x2F\x6E";
    static constexpr std::size_t header_size = 9;

    [[nodiscard]] std::size_t number_at(std::size_t at) const
    {
        const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(taken_[i]); };
        return byte(at) << 8U | byte(at + 1);
    }

    /// False: more bytes are needed.
    bool take_one(std::vector<trace_unit>& out)
    {
        const auto start = taken_.find(mark);
        if (start == std::string::npos) {
            const bool half = taken_.ends_with(mark.front());
            drop(taken_.size() - (half ? 1 : 0), out);
            return false;
        }
        drop(start, out);
        if (taken_.size() < header_size) return false;
        const auto total = number_at(5);
        const auto data_size = number_at(7);
        const bool plausible = taken_[2] == 0x01 && total >= header_size + mark.size() &&
                               data_size >= total - header_size - mark.size() &&
                               data_size <= frame_data_size_max;
        if (plausible && taken_.size() < total) return false;
        if (!plausible || taken_.compare(total - mark.size(), mark.size(), mark) != 0) {
            drop(1, out);
            return true;
        }
        add(taken_.substr(0, total), data_size, out);
        taken_.erase(0, total);
        return true;
    }

    void add(const std::string& frame, std::size_t data_size, std::vector<trace_unit>& out)
    {
        if (!frames_.empty() && (frame[3] != frames_[3] || frame[4] != frames_[4]))
            end_message(out, true);
        frames_ += frame;
        const auto so_far = serial_message_of(frames_);
        if (!so_far || so_far->data.size() >= data_size) end_message(out, !so_far);
    }

    void end_message(std::vector<trace_unit>& out, bool broken)
    {
        if (frames_.empty()) return;
        const auto whole = serial_message_of(frames_);
        frames_.clear();
        if (!whole) return;
        const auto put = [&](std::string_view text, std::string_view form) {
            out.push_back({framed(whole->type, whole->ref, text), form});
        };
        if (whole->data.empty()) return put({}, trace_form::clear);
        const auto opened = open(whole->data);
        if (opened && !broken) return put(opened->text, opened->form);
        put(masked_noise(whole->data), trace_form::noise);
    }

    std::string frames_;  // of a message that is not whole
};

}  // namespace

std::unique_ptr<trace_cutter> make_http_cutter(std::string_view pos_key)
{
    return std::make_unique<two_sided_cutter<http_side>>(http_language.name, pos_key);
}

std::unique_ptr<trace_cutter> make_tcp_cutter(std::string_view pos_key)
{
    return std::make_unique<two_sided_cutter<tcp_side>>(tcp_language.name, pos_key);
}

std::unique_ptr<trace_cutter> make_serial_cutter(std::string_view pos_key)
{
    return std::make_unique<two_sided_cutter<serial_side>>(serial_language.name, pos_key);
}

}  // namespace ecr::protocol::till::qfpay_local
