// The line dialect: on a plain link, in frames, and one line by itself.
#include "protocol/json.hpp"
#include "protocol/till/line/line_dialect.hpp"
#include "protocol/till/line/text.hpp"
#include "protocol/till/line/written_line.hpp"
#include "protocol/till/line/written_reply.hpp"
#include "protocol/till/verdict.hpp"
#include "tests/fuzz/script.hpp"

#include <limits>
#include <memory>
#include <vector>

namespace ecr::fuzz {
namespace {

using namespace protocol::till;
using namespace protocol::till::line;

/// What has to be true of a command, whatever was sent.
std::string fault_of(const command& c, std::string_view stream)
{
    const bool sells = c.what == verb::pay || c.what == verb::scan || c.what == verb::qr;
    if (sells && !c.amount) return "a sale without an amount";
    if (c.what == verb::scan && c.auth_code.empty()) return "a scan without a code";
    if (c.what == verb::refund && c.of.empty()) return "a refund of nothing";
    if (c.what == verb::resolve && c.text.empty()) return "a human's word without a reason";
    if (!c.amount) return {};
    // JSON may spell a digit as an escape.
    const auto digits = std::to_string(c.amount->minor_units());
    if (stream.find("\\u") == stream.npos && stream.find(digits) == stream.npos)
        return "an amount that nobody has written";
    return {};
}

/// Every line of `text` is short and clean, and a line of JSON is JSON.
std::string fault_of_lines(std::string_view text, std::string_view line_end)
{
    // A result has some 25 fields, and each of its texts may be as long as value_size_max and be
    // escaped.
    constexpr std::size_t size_max = 25 * (2 * value_size_max + 64);
    while (!text.empty()) {
        const auto size = text.find(line_end);
        if (size == text.npos) return "a line without its end";
        auto line = text.substr(0, size);
        text.remove_prefix(size + line_end.size());
        if (line.ends_with('\r')) line.remove_suffix(1);
        if (line.size() > size_max) return "a line without a limit";
        if (line::fault_of(line) != text_fault::none) return "a line that is not clean";
        if (line.starts_with('{') && !parse_json(line)) return "JSON that is none";
    }
    return {};
}

/// The desk's answer number `n` to a command, with the till's own texts in it.
reply answer_to(const command& c, std::uint8_t n)
{
    protocol::order o;
    o.out_trade_no = "T1-1";
    o.till_order = c.order;
    o.of = c.of;
    o.amount_minor_units = c.amount ? c.amount->minor_units() : 100;
    o.terminal = c.terminal;
    o.merchant = c.merchant;
    o.facts.syssn = c.text;
    o.facts.respcd = c.goods;
    o.state = static_cast<protocol::order_state>(1 + n % protocol::order_state_count);
    switch (n % 5) {
        case 0: return accepted{.tag = c.tag, .order = c.order, .out_trade_no = o.out_trade_no};
        case 1: return problem{.tag = c.tag, .order = c.order, .code = {}, .text = c.text};
        case 2:
            return row{.tag = c.tag, .name = c.merchant, .fields = {{c.text, c.goods}, {"n", 1}}};
        case 3: return code_to_show{.tag = c.tag, .order = c.order, .text = c.text, .draw = c.draw};
        default: return outcome_of(o, c.tag, n % 2 == 0);
    }
}

class line_till {
public:
    explicit line_till(settings how) : how_{how}, bridge_{make_line_dialect(how)} {}

    /// With `answers`, the desk answers each command at once.
    std::string play(std::string_view stream, bool whole, bool answers)
    {
        stream_ = stream;
        if (whole)
            hear(stream, answers);
        else
            in_pieces(stream, static_cast<std::uint32_t>(stream.size()),
                      [&](std::string_view piece) { hear(piece, answers); });
        for (int i = 0; i < 400 && bridge_->timer(); ++i) {
            bridge_->elapsed(out_);
            look(false);
        }
        if (bridge_->timer()) complain("a timer that never ends");
        if (bridge_->confirms_delivery() && receipts_ != told_)
            complain("a reply without a receipt");
        if (how_.frames == framing::plain && fault_.empty())
            fault_ = fault_of_lines(written_, "\n");
        return fault_;
    }

    [[nodiscard]] const std::vector<command>& commands() const { return commands_; }
    [[nodiscard]] const std::string& written() const { return written_; }
    [[nodiscard]] bool hung_up() const { return out_.hang_up; }

private:
    void complain(std::string what)
    {
        if (fault_.empty()) fault_ = std::move(what);
    }

    void hear(std::string_view piece, bool answers)
    {
        bridge_->receive(piece, out_);
        look(answers);
    }

    void look(bool answers)
    {
        for (auto& c : std::exchange(out_.commands, {})) {
            if (auto wrong = fault_of(c, stream_); !wrong.empty()) complain(std::move(wrong));
            commands_.push_back(std::move(c));
            if (!answers) continue;
            const auto n = static_cast<std::uint8_t>(commands_.size());
            bridge_->send(++told_, answer_to(commands_.back(), n), out_);
        }
        receipts_ += std::exchange(out_.receipts, {}).size();
        written_ += std::exchange(out_.bytes, {});
    }

    settings how_;
    std::unique_ptr<dialect> bridge_;
    dialect_output out_;
    std::string_view stream_;
    std::vector<command> commands_;
    std::string written_;
    std::size_t told_ = 0;
    std::size_t receipts_ = 0;
    std::string fault_;
};

std::string played(bytes input, framing frames)
{
    script in{input};
    const auto seed = in.number();
    const settings how{.frames = frames, .progress = seed % 2 == 0};
    const auto stream = in.rest();
    line_till answered{how};
    if (auto fault = answered.play(stream, false, true); !fault.empty()) return fault;
    line_till whole{how};
    line_till pieces{how};
    if (auto fault = whole.play(stream, true, false); !fault.empty()) return fault;
    if (auto fault = pieces.play(stream, false, false); !fault.empty()) return fault;
    if (whole.commands() != pieces.commands()) return "other commands when the bytes are cut";
    if (whole.hung_up() != pieces.hung_up()) return "another end when the bytes are cut";
    // In frames an error may wait for the ACK of the one before.
    if (frames == framing::plain && whole.written() != pieces.written())
        return "other errors when the bytes are cut";
    return {};
}

/// The line written anew from what was read of it.
std::string rewritten(const written_line& read, bool as_json)
{
    if (!as_json) {
        auto text = read.verb;
        for (const auto& pair : read.pairs)
            text += " " + pair.key + "=" + line::quoted(pair.value);
        return text;
    }
    auto text = "{\"verb\":" + to_text(json(read.verb));
    for (const auto& pair : read.pairs)
        text += "," + to_text(json(pair.key)) + ":" + to_text(json(pair.value));
    return text + "}";
}

}  // namespace

std::string line_plain(bytes input)
{
    return played(input, framing::plain);
}

std::string line_framed(bytes input)
{
    return played(input, framing::stx);
}

std::string json_line(bytes input)
{
    const std::string_view line{reinterpret_cast<const char*>(input.data()), input.size()};
    const auto read = is_json(line) ? read_json_line(line) : read_text_line(line);
    const auto meaning = meaning_of(read, list_limit_max);
    if (const auto* wrong = std::get_if<problem>(&meaning)) {
        if (wrong->text.empty()) return "an error without a sentence";
        if (!wrong->safe_to_retry) return "an error that calls doing nothing unsafe";
        const auto told = written(*wrong, wrong->tag);
        if (auto fault = fault_of_lines(to_text_line(told) + "\n", "\n"); !fault.empty())
            return fault;
        return fault_of_lines(to_json_line(told) + "\n", "\n");
    }
    const auto& means = std::get<command>(meaning);
    if (line.find('\n') != line.npos || line::fault_of(line) != text_fault::none) return {};
    if (auto fault = fault_of(means, line); !fault.empty()) return fault;

    for (const bool as_json : {false, true}) {
        const auto again = rewritten(read, as_json);
        const auto second = as_json ? read_json_line(again) : read_text_line(again);
        const auto same = meaning_of(second, list_limit_max);
        const auto* c = std::get_if<command>(&same);
        if (c == nullptr) return "a command that cannot be read again: " + again;
        if (*c != means) return "another command when it is read again: " + again;
    }
    return {};
}

}  // namespace ecr::fuzz
