#include "protocol/till/qfpay_local/tcp_dialect.hpp"

#include "protocol/till/qfpay_local/limits.hpp"

namespace ecr::protocol::till::qfpay_local {

void tcp_dialect::receive(std::string_view bytes, dialect_output& out)
{
    for (const char c : bytes) {
        if (closed_) return;
        take(c, out);
        before_ = c;
        if (buffer_.size() + dropped_ > message_size_max) {
            translator_.count_bad();
            put(translator_.refuse(respcd::bad_parameter, "The message is too long"), out);
            forget();
        }
        if (!translator_.too_many_bad()) continue;
        closed_ = true;
        out.hang_up = true;
    }
    timer_.restart();
    timer_.end_call();
}

void tcp_dialect::take(char c, dialect_output& out)
{
    if (plain_) return take_plain(c, out);
    switch (c) {
        case '\n': return end_line();
        case '\r':
        case '\t':
        case ' ':
        case '"': return;  // a JSON string is Base64 in quotes
        case '{':
            // Without encryption an object may follow upon anything: noise must not hide it.
            if (translator_.how().encryption) break;
            throw_away();
            plain_ = true;
            scanner_ = object_scanner{translator_.how().encoding};
            return take_plain(c, out);
        default: break;
    }
    if (is_base64(c) || c == '=') return take_base64(c, out);
    throw_away();
    ++dropped_;
}

void tcp_dialect::take_plain(char c, dialect_output& out)
{
    buffer_ += c;
    if (!scanner_.ends_with(c)) return;
    const auto request = translator_.open(buffer_);
    forget();
    read(request, out);
}

void tcp_dialect::take_base64(char c, dialect_output& out)
{
    // Padding ends a message. Where it cannot do that, no message has begun.
    const bool padded = buffer_.ends_with('=');
    std::erase_if(starts_, [&](std::size_t start) {
        return c == '=' ? (buffer_.size() - start) % 4 < 2 : padded;
    });
    if (starts_.empty()) throw_away();
    if (buffer_.empty() && c == '=') {
        ++dropped_;
        return;
    }
    if (buffer_.empty()) starts_.push_back(0);
    buffer_ += c;
    try_to_open(out);
}

/// A line may be the begin of a message, or the next part of one that is written over several.
void tcp_dialect::end_line()
{
    if (!inside()) {
        line_end_ = before_ == '\r' ? "\r\n" : "\n";
        return;
    }
    if (!starts_.empty() && starts_.back() != buffer_.size() && starts_.size() < tcp_starts_max)
        starts_.push_back(buffer_.size());
}

void tcp_dialect::try_to_open(dialect_output& out)
{
    opened best{fault::decrypt, {}, {}};
    bool whole = buffer_.ends_with('=');
    for (const auto start : starts_) {
        const auto text = std::string_view{buffer_}.substr(start);
        whole = whole && text.size() % 4 == 0;
        if (best.wrong == fault::none || !may_be_whole(text)) continue;
        auto found = translator_.open(text);
        if (found.by) best = std::move(found);
    }
    // What decrypts to something is whole, and so is what has its padding. Anything else may still
    // be the begin of a longer message.
    if (!best.by && !whole) return;
    forget();
    read(best, out);
}

void tcp_dialect::read(const opened& request, dialect_output& out)
{
    auto heard = translator_.read(request, std::nullopt);
    if (const auto* refused = std::get_if<sealed_answer>(&heard)) return put(*refused, out);
    out.commands.push_back(std::move(std::get<command>(heard)));
}

void tcp_dialect::send(reply_id, const reply& what, dialect_output& out)
{
    const auto ready = translator_.write(what);
    if (ready && !closed_) put(*ready, out);
}

std::optional<std::chrono::milliseconds> tcp_dialect::timer() const
{
    if (closed_ || !inside()) return std::nullopt;
    return timer_.of(tcp_gap_wait);
}

void tcp_dialect::elapsed(dialect_output& out)
{
    if (closed_ || !inside()) return;
    // Told only now: had a message followed upon the noise, this would look like its answer.
    forget();
    read({.wrong = fault::decrypt, .by = {}, .content = {}}, out);
    if (!translator_.too_many_bad()) return;
    closed_ = true;
    out.hang_up = true;
}

void tcp_dialect::throw_away()
{
    dropped_ += buffer_.size();
    buffer_.clear();
    starts_.clear();
}

void tcp_dialect::put(const sealed_answer& what, dialect_output& out) const
{
    out.bytes += what.text;
    out.bytes += line_end_;
}

void tcp_dialect::forget()
{
    std::string{}.swap(buffer_);
    starts_.clear();
    plain_ = false;
    dropped_ = 0;
}

}  // namespace ecr::protocol::till::qfpay_local
