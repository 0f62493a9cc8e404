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
        case text_fault::not_utf8: return "The line is not UTF-8 text";
    }
    return {};
}

}  // namespace

std::variant<std::monostate, command, std::string> translator::read(std::string_view line)
{
    if (line.starts_with(byte_order_mark)) line.remove_prefix(byte_order_mark.size());
    if (std::ranges::all_of(line, is_blank)) return {};

    const bool as_json = is_json(line);
    auto written_down = as_json ? read_json_line(line) : read_text_line(line);
    if (const auto fault = fault_of(line); fault != text_fault::none)
        written_down.fault = sentence_for(fault);

    const bool framed = how_.frames == framing::stx;
    auto meaning = meaning_of(written_down, framed ? framed_list_limit_max : list_limit_max);
    if (const auto* wrong = std::get_if<problem>(&meaning)) {
        count_bad();
        return to_line(*wrong, wrong->tag, as_json);
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
    return to_line(wrong, {}, is_json(start));
}

std::vector<std::string> translator::write(const reply& what) const
{
    const bool passing =
        std::holds_alternative<accepted>(what) || std::holds_alternative<progress>(what);
    if (passing && !how_.progress) return {};

    std::string_view tag = std::visit([](const auto& r) { return std::string_view{r.tag}; }, what);
    if (tag.starts_with(json_mark)) return to_lines(what, tag.substr(json_mark.size()), true);
    // Without a tag it answers a line of text, or nothing the till has just asked: a till that has
    // only ever written JSON is told in JSON.
    return to_lines(what, tag, tag.empty() && heard_json_ && !heard_text_);
}

}  // namespace ecr::protocol::till::line
