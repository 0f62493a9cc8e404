#include "protocol/till/line/translator.hpp"

#include "protocol/till/line/text.hpp"
#include "protocol/till/line/written_line.hpp"
#include "protocol/till/line/written_reply.hpp"

#include <algorithm>

namespace ecr::protocol::till::line {
namespace {

// A command's tag comes back in each of its replies. That is how a reply knows its form: no till
// can send a tag that starts like this.
constexpr std::string_view json_mark = "{";

constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";

std::string to_line(const written_reply& what, bool as_json)
{
    return as_json ? to_json_line(what) : to_text_line(what);
}

std::string to_line(const reply& what, std::string_view tag, bool as_json)
{
    return to_line(written(what, tag), as_json);
}

std::vector<std::string> to_lines(const reply& what, std::string_view tag, bool as_json)
{
    const auto* code = std::get_if<code_to_show>(&what);
    if (code == nullptr || code->draw == drawing::none) return {to_line(what, tag, as_json)};
    const auto rows = drawn(*code);
    std::vector<std::string> lines{
        to_line(written(what, tag, static_cast<std::int64_t>(rows.size())), as_json)};
    for (const auto& row : rows)
        lines.push_back(to_line(row, tag, as_json));
    return lines;
}

std::string_view sentence_for(text_fault fault)
{
    switch (fault) {
        case text_fault::none: return {};
        case text_fault::control: return "The line contains a control character";
        case text_fault::not_utf8:
            return "The line is not UTF-8 text: the link's encoding says what else it may be";
    }
    return {};
}

}  // namespace

std::variant<std::monostate, command, std::string> translator::read(std::string_view bytes)
{
    // Before anything else: the second byte of a character may look like a backslash.
    const auto converted = how_.encoding ? to_utf8(bytes, *how_.encoding) : std::string{};
    std::string_view line = how_.encoding ? std::string_view{converted} : bytes;
    if (line.starts_with(byte_order_mark)) line.remove_prefix(byte_order_mark.size());
    if (std::ranges::all_of(line, is_blank)) return {};

    const bool as_json = is_json(line);
    auto written_down = as_json ? read_json_line(line) : read_text_line(line);
    if (const auto fault = fault_of(line); fault != text_fault::none)
        written_down.fault = sentence_for(fault);

    const bool framed = how_.frames == framing::stx;
    auto meaning = meaning_of(written_down, framed ? framed_list_limit_max : list_limit_max);
    if (const auto* heard = std::get_if<command>(&meaning); heard != nullptr && !can_draw(*heard))
        meaning = problem{.tag = heard->tag,
                          .order = heard->order,
                          .code = result_code::bad_command,
                          .text =
                              "draw=blocks needs characters that this till's encoding does "
                              "not have: use draw=escpos"};
    if (const auto* wrong = std::get_if<problem>(&meaning)) {
        count_bad();
        return in_the_tills_bytes(to_line(*wrong, wrong->tag, as_json), as_json);
    }

    bad_in_a_row_ = 0;
    (as_json ? heard_json_ : heard_text_) = true;
    auto& heard = std::get<command>(meaning);
    if (as_json) heard.tag.insert(0, json_mark);
    return std::move(heard);
}

std::string translator::complain(result_code code, std::string_view sentence,
                                 std::string_view start)
{
    count_bad();
    const problem wrong{.tag = {}, .order = {}, .code = code, .text = std::string{sentence}};
    const bool as_json = is_json(start);
    return in_the_tills_bytes(to_line(wrong, {}, as_json), as_json);
}

std::vector<std::string> translator::write(const reply& what) const
{
    const bool passing =
        std::holds_alternative<accepted>(what) || std::holds_alternative<progress>(what);
    if (passing && !how_.progress) return {};

    std::string_view tag = std::visit([](const auto& r) { return std::string_view{r.tag}; }, what);
    const bool asked_in_json = tag.starts_with(json_mark);
    if (asked_in_json) tag.remove_prefix(json_mark.size());
    // Without a tag it answers a line of text, or nothing the till has just asked: a till that has
    // only ever written JSON is told in JSON.
    const bool as_json = asked_in_json || (tag.empty() && heard_json_ && !heard_text_);
    auto lines = to_lines(what, tag, as_json);
    for (auto& line : lines)
        line = in_the_tills_bytes(std::move(line), as_json);
    return lines;
}

/// After everything else, so that quotes and escapes are those of the text, not of its bytes.
std::string translator::in_the_tills_bytes(std::string line, bool as_json) const
{
    if (!how_.encoding) return line;
    return as_json ? json_from_utf8(line, *how_.encoding) : from_utf8(line, *how_.encoding);
}

bool translator::can_draw(const command& heard) const
{
    constexpr std::string_view blocks = "\xE2\x96\x80\xE2\x96\x84\xE2\x96\x88";
    return heard.draw != drawing::blocks || !how_.encoding || can_write(blocks, *how_.encoding);
}

}  // namespace ecr::protocol::till::line
