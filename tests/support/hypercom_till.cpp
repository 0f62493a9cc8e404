#include "tests/support/hypercom_till.hpp"

#include <algorithm>

namespace ecr::test {
namespace {

constexpr char stx = 0x02;
constexpr char etx = 0x03;
constexpr char ack = 0x06;
constexpr char nak = 0x15;
constexpr char fs = 0x1C;
constexpr std::size_t header_size = 12;
constexpr std::size_t fields_begin = 18;  // header, code 2, status 2, more flag, FS

/// Four decimal digits in two bytes.
std::string packed(std::size_t value)
{
    const auto digits = [](std::size_t two) { return static_cast<char>(two / 10 * 16 + two % 10); };
    return {digits(value / 100), digits(value % 100)};
}

std::size_t unpacked(std::string_view two)
{
    const auto digits = [](char c) {
        const std::size_t byte = static_cast<unsigned char>(c);
        return byte / 16 * 10 + byte % 16;
    };
    return digits(two[0]) * 100 + digits(two[1]);
}

char lrc_of(std::string_view bytes)
{
    char sum = 0;
    for (const char c : bytes)
        sum = static_cast<char>(sum ^ c);
    return sum;
}

}  // namespace

hypercom_till::hypercom_till(std::unique_ptr<till_wire> wire, bool acknowledges)
    : wire_{std::move(wire)}, acknowledges_{acknowledges}
{
    wire_->on_bytes([this](std::string_view bytes) { hear(bytes); });
}

std::string hypercom_till::frame_of(const std::string& code, const fields& with)
{
    std::string message = "600000000010" + code + "000" + fs;
    for (const auto& [type, data] : with)
        message += type + packed(data.size()) + data + fs;
    const auto covered = packed(message.size()) + message + etx;
    return stx + covered + lrc_of(covered);
}

void hypercom_till::ask(const std::string& code, const fields& with)
{
    wire_->send(frame_of(code, with));
}

void hypercom_till::sell(int amount, const fields& more)
{
    const auto digits = std::to_string(amount);
    fields all{{"40", std::string(12 - digits.size(), '0') + digits}};
    all.insert(all.end(), more.begin(), more.end());
    ask("20", all);
}

void hypercom_till::hear(std::string_view bytes)
{
    unread_ += bytes;
    while (!unread_.empty() && take_one()) {
    }
}

bool hypercom_till::take_one()
{
    const char first = unread_.front();
    if (first != stx) {
        ++(first == ack ? acks_ : first == nak ? naks_ : broken_);
        unread_.erase(0, 1);
        return true;
    }
    if (unread_.size() < 3) return false;
    const auto size = unpacked(std::string_view{unread_}.substr(1, 2));
    if (unread_.size() < size + 5) return false;
    const auto covered = unread_.substr(1, size + 3);
    const bool sound = covered.back() == etx && lrc_of(covered) == unread_[size + 4];
    unread_.erase(0, size + 5);
    take_frame(covered.substr(2, size), sound);
    return true;
}

void hypercom_till::take_frame(std::string message, bool sound)
{
    if (!sound || message.size() < fields_begin || message[header_size - 1] != '1') {
        ++broken_;
        wire_->send(std::string(1, nak));
        return;
    }
    const bool lost = acks_to_lose_ > 0;
    if (lost) --acks_to_lose_;
    if (acknowledges_ && !lost) wire_->send(std::string(static_cast<std::size_t>(acks_each_), ack));
    hypercom_response got{.code = message.substr(header_size, 2),
                          .status = message.substr(header_size + 2, 2),
                          .fields = {}};
    for (std::size_t at = fields_begin; at + 4 < message.size();) {
        const auto size = unpacked(std::string_view{message}.substr(at + 2, 2));
        got.fields[message.substr(at, 2)] = message.substr(at + 4, size);
        at += 4 + size + 1;
    }
    responses_.push_back(std::move(got));
}

}  // namespace ecr::test
