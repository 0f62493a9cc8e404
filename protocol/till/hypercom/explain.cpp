#include "protocol/till/hypercom/explain.hpp"

#include "protocol/till/control.hpp"
#include "protocol/till/hypercom/frame.hpp"
#include "protocol/till/hypercom/message.hpp"

#include <algorithm>
#include <array>

namespace ecr::protocol::till::hypercom {
namespace {

struct named {
    std::string_view code;
    std::string_view name;
};

// Source: dialects.md 2.
constexpr auto transactions = std::to_array<named>({{"20", "sale"},
                                                    {"26", "void"},
                                                    {"27", "refund"},
                                                    {"50", "settlement"},
                                                    {"56", "sale"},
                                                    {"70", "wallet sale"},
                                                    {"71", "retrieval"},
                                                    {"72", "retrieval"},
                                                    {"73", "retrieval"},
                                                    {"D0", "test"},
                                                    {"FF", "test"}});
constexpr auto fields = std::to_array<named>(
    {{"01", "approval code"}, {"02", "response text"}, {"03", "date"},
     {"04", "time"},          {"16", "terminal id"},   {"30", "card number"},
     {"31", "expiry"},        {"40", "amount"},        {"41", "tip"},
     {"42", "cash back"},     {"50", "batch"},         {"65", "invoice"},
     {"66", "unique id"},     {"A1", "wallet type"},   {"D0", "merchant name and address"},
     {"D1", "merchant id"},   {"D2", "issuer"},        {"D3", "RRN"},
     {"D4", "issuer id"},     {"D5", "cardholder"},    {"J6", "bank id"},
     {"R1", "reference 1"},   {"R2", "reference 2"}});
constexpr auto statuses = std::to_array<named>({{"00", "ok"},
                                                {"ND", "not paid"},
                                                {"EN", "refused"},
                                                {"CE", "no connection"},
                                                {"ED", "not understood"},
                                                {"NA", "not available"},
                                                {"TO", "may have been paid"}});

template <std::size_t N>
std::string named_by(const std::array<named, N>& table, std::string_view code)
{
    const auto found = std::ranges::find(table, code, &named::code);
    return std::string{code} + (found == table.end() ? "" : " " + std::string{found->name});
}

std::string printable(std::string_view text)
{
    std::string out;
    for (const char c : text)
        out += c >= ' ' && c < 0x7f ? c : '.';
    return out;
}

std::string hex_of(char c)
{
    constexpr std::string_view digits = "0123456789ABCDEF";
    const auto byte = static_cast<unsigned char>(c);
    return {digits[byte >> 4U], digits[byte & 0x0FU]};
}

bool is_frame(std::string_view bytes)
{
    if (bytes.size() < 5 || bytes.front() != control::stx) return false;
    const auto size = unpacked(bytes.substr(1, 2));
    return size && bytes.size() == *size + 5;
}

std::string_view message_of(std::string_view frame)
{
    return frame.substr(3, frame.size() - 5);
}

/// The message and its fields; nothing when there is something else.
std::optional<message> read(std::string_view bytes)
{
    if (!is_frame(bytes)) return std::nullopt;
    auto m = parse_headers(message_of(bytes));
    if (m && !parse_fields(message_of(bytes), *m)) return std::nullopt;
    return m;
}

void explain_message(std::string_view bytes, std::vector<std::string>& into)
{
    auto m = parse_headers(bytes);
    if (!m) {
        into.push_back("message too short for its headers");
        return;
    }
    const bool answers = is_response(*m);
    into.push_back("header " + printable(m->header) + (answers ? ", response" : ", request"));
    into.push_back("transaction " + named_by(transactions, m->code));
    into.push_back("response code " + (answers ? named_by(statuses, m->status) : m->status));
    into.push_back(std::string{"more flag "} + m->more);
    const bool sound = parse_fields(bytes, *m);
    for (const auto& f : m->fields)
        into.push_back("field " + named_by(fields, f.type) + " = " + printable(f.data));
    if (!sound) into.push_back("fields broken");
}

}  // namespace

std::vector<std::string> explain_frame(heading, std::string_view bytes, std::string_view form)
{
    if (bytes.size() == 1 && bytes.front() == control::ack) return {"ACK"};
    if (bytes.size() == 1 && bytes.front() == control::nak) return {"NAK"};
    if (form == trace_form::noise || !is_frame(bytes))
        return {
            "not a whole frame: " + std::to_string(bytes.size()) + " bytes, long numbers masked",
            printable(bytes)};
    std::vector<std::string> said{"STX", "length " + std::to_string(message_of(bytes).size())};
    explain_message(message_of(bytes), said);
    said.push_back("ETX");
    const auto good = framed(message_of(bytes)).back();
    said.push_back("LRC " + hex_of(bytes.back()) +
                   (bytes.back() == good ? " ok" : " bad, should be " + hex_of(good)));
    return said;
}

std::string reply_kind_of(std::string_view bytes)
{
    if (bytes.size() == 1 && bytes.front() == control::ack) return "ACK";
    if (bytes.size() == 1 && bytes.front() == control::nak) return "NAK";
    const auto m = read(bytes);
    return m ? "response " + m->code + ' ' + m->status : "noise";
}

std::vector<trace_number> numbers_in(std::string_view bytes)
{
    std::vector<trace_number> found;
    const auto m = read(bytes);
    if (!m) return found;
    for (const auto* type : {"65", "66", "R1", "R2"})
        if (const auto value = m->value(type); !value.empty())
            found.push_back({type, std::string{value}});
    return found;
}

std::string renumbered_frame(std::string_view bytes,
                             const std::map<std::string, std::string>& numbers)
{
    auto m = read(bytes);
    if (!m || bytes.back() != framed(message_of(bytes)).back()) return std::string{bytes};
    for (const auto& [type, value] : numbers_in(bytes)) {
        const auto known = numbers.find(value);
        const auto f = std::ranges::find(m->fields, type, &field::type);
        if (known != numbers.end() && f != m->fields.end()) f->data = known->second;
    }
    return framed(to_bytes(*m));
}

std::string sealed_clear(std::string_view bytes, std::string_view, std::string_view)
{
    return std::string{bytes};
}

}  // namespace ecr::protocol::till::hypercom
