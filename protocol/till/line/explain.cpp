#include "protocol/till/line/explain.hpp"

#include "protocol/json.hpp"
#include "protocol/till/control.hpp"
#include "protocol/till/line/frame.hpp"
#include "protocol/till/line/line_dialect.hpp"
#include "protocol/till/line/text.hpp"
#include "protocol/till/line/written_line.hpp"
#include "protocol/till/trace_pairs.hpp"

#include <array>

namespace ecr::protocol::till::line {
namespace {

constexpr auto order_names = std::to_array<std::string_view>({"order", "out_trade_no", "syssn"});
constexpr auto naming_names = std::to_array<std::string_view>({"order", "of"});

constexpr std::size_t shown_max = 8192;

bool is_frame(std::string_view bytes)
{
    return bytes.size() >= 3 && bytes.front() == control::stx &&
           bytes[bytes.size() - 2] == control::etx;
}

/// Without frame and line end.
std::string_view text_of(std::string_view bytes)
{
    if (is_frame(bytes)) return bytes.substr(1, bytes.size() - 3);
    while (bytes.ends_with('\n') || bytes.ends_with('\r'))
        bytes.remove_suffix(1);
    return bytes;
}

std::string word_for(std::string_view text)
{
    return (is_json(text) ? "JSON  " : "line  ") + clean(text, shown_max);
}

std::string hex_of(char c)
{
    constexpr std::string_view digits = "0123456789ABCDEF";
    const auto byte = static_cast<unsigned char>(c);
    return {digits[byte >> 4U], digits[byte & 0x0FU]};
}

std::string noise_of(std::string_view bytes, std::string_view what)
{
    return "not " + std::string{what} + ": " + std::to_string(bytes.size()) + " bytes, masked";
}

}  // namespace

std::vector<std::string> explain_plain(heading, std::string_view bytes, std::string_view form)
{
    if (form == trace_form::noise)
        return {noise_of(bytes, "a whole line"), clean(bytes, shown_max)};
    const auto text = text_of(bytes);
    if (text.empty()) return {"empty line"};
    return {word_for(text), bytes.ends_with("\r\n") ? "end   CR LF" : "end   LF"};
}

std::vector<std::string> explain_framed(heading, std::string_view bytes, std::string_view form)
{
    if (bytes.size() == 1 && bytes.front() == control::ack) return {"ACK"};
    if (bytes.size() == 1 && bytes.front() == control::nak) return {"NAK"};
    if (form == trace_form::noise || !is_frame(bytes))
        return {noise_of(bytes, "a whole frame"), clean(bytes, shown_max)};
    const auto text = text_of(bytes);
    const auto good = lrc_of(text);
    return {"STX", word_for(text), "ETX",
            "LRC   " + hex_of(bytes.back()) +
                (bytes.back() == good ? " ok" : " bad, should be " + hex_of(good))};
}

std::string reply_kind_of(std::string_view bytes)
{
    if (bytes.size() == 1 && bytes.front() == control::ack) return "ACK";
    if (bytes.size() == 1 && bytes.front() == control::nak) return "NAK";
    const auto text = text_of(bytes);
    std::string word = value_in(text, "reply");  // of JSON
    if (!is_json(text)) word = text.substr(0, text.find(' '));
    if (word == "progress" || word == "row") return {};
    for (const auto* name : {"what", "state", "code"})
        if (const auto value = value_in(text, name); !value.empty()) word += ' ' + value;
    return word;
}

std::vector<trace_number> numbers_in(std::string_view bytes)
{
    return numbers_under(text_of(bytes), order_names);
}

std::string renumbered_plain(std::string_view bytes,
                             const std::map<std::string, std::string>& numbers)
{
    return renumbered_pairs(bytes, naming_names, numbers);
}

std::string renumbered_framed(std::string_view bytes,
                              const std::map<std::string, std::string>& numbers)
{
    if (!is_frame(bytes) || bytes.back() != lrc_of(text_of(bytes))) return std::string{bytes};
    return framed(renumbered_pairs(text_of(bytes), naming_names, numbers));
}

std::string sealed_clear(std::string_view bytes, std::string_view, std::string_view)
{
    return std::string{bytes};
}

}  // namespace ecr::protocol::till::line
