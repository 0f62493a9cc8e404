#include "protocol/order/number.hpp"

#include "protocol/cloud/ecr_api.hpp"

namespace ecr::protocol {
namespace {

// No refunds from 23:30 to 00:30 of QFPay's time; the boundaries belong to it (contract 13.10).
constexpr int blackout_begin_minute = 23 * 60 + 30;
constexpr int blackout_end_minute = 30;

constexpr std::string_view base32 = "0123456789abcdefghjkmnpqrstvwxyz";

bool in_refund_blackout(timestamp now)
{
    const int minute = cloud_minute_of_day(now);
    return minute >= blackout_begin_minute || minute <= blackout_end_minute;
}

}  // namespace

std::string daily_number(std::string_view till, std::string_view day, std::string_view number)
{
    std::string out{till};
    out += '-';
    out += day;
    out += '-';
    out += number;
    return out;
}

std::string made_number(std::string_view till, timestamp at, std::uint32_t random)
{
    const auto text = to_cloud_time(at);  // "2024-07-04 15:14:25"
    std::string out{till};
    out += '-';
    for (const char c : text)
        if (c >= '0' && c <= '9') out += c;
    out += '-';
    for (int digit = 0; digit < 6; ++digit, random >>= 5)
        out += base32[random & 31U];
    return out;
}

std::string business_day(timestamp at, std::chrono::hours starts)
{
    return cloud_day(at - starts);
}

std::string content_of(const order& o, std::string_view terminal_as_asked)
{
    const bool direct = o.route == order_route::direct;
    std::string out = o.kind == order_kind::refund ? "refund " : direct ? "direct " : "pay ";
    out += std::to_string(o.amount_minor_units);
    out += ' ';
    out += o.currency;
    if (o.kind == order_kind::refund) {
        out += " of ";
        out += o.of;
    } else {
        out += ' ';
        out += direct ? std::string_view{o.pay_type} : name_of(o.via);
    }
    if (!terminal_as_asked.empty()) {
        out += " at ";
        out += terminal_as_asked;
    }
    return out;
}

std::optional<timestamp> refunds_possible_from(timestamp now)
{
    if (!in_refund_blackout(now)) return std::nullopt;
    const int minute = cloud_minute_of_day(now);
    const int day = 24 * 60;
    const int left = (blackout_end_minute + 1 - minute + day) % day;
    return std::chrono::floor<std::chrono::minutes>(now) + std::chrono::minutes{left};
}

std::string fingerprint(std::string_view secret)
{
    constexpr std::size_t digits = 8;
    return cloud::body_signature(secret, "", cloud::sign_algorithm::sha256).substr(0, digits);
}

std::string late_refund_number(std::string_view out_trade_no)
{
    constexpr std::string_view end = "-late";
    const auto most = cloud::out_trade_no_size_max - end.size();
    if (out_trade_no.size() <= most) return std::string{out_trade_no} + std::string{end};
    return "late-" + cloud::body_signature(out_trade_no, "", cloud::sign_algorithm::md5);
}

std::string refund_refusal(const order& payment, std::int64_t amount_minor_units, timestamp now,
                           order_route route, bool when_possible)
{
    if (payment.kind != order_kind::payment) return "Only a payment can be refunded";
    if (payment.state != order_state::paid)
        return "That order is not paid, so there is nothing to refund";
    if (payment.facts.syssn.empty()) return "QFPay's number of that payment is not known yet";
    if (payment.via == channel::octopus) return "Octopus payments cannot be refunded";
    if (amount_minor_units > payment.amount_minor_units) return "That is more than was paid";
    if (payment.refundable_now && amount_minor_units > *payment.refundable_now)
        return "That is more than can still be refunded";
    if (!when_possible && in_refund_blackout(now))
        return "QFPay makes no refunds between 23:30 and 00:30: try again after 00:30";

    // There is no terminal to push it to.
    if (route == order_route::terminal && payment.route == order_route::direct)
        return "That payment was made without a terminal: refund it with via=direct";
    const auto paid_at = parse_cloud_time(payment.facts.sysdtm);
    const auto sent_at = when_possible ? refunds_possible_from(now).value_or(now) : now;
    const bool same_day = paid_at && cloud_day(*paid_at) == cloud_day(sent_at);
    if (is_card(payment.via) && same_day && amount_minor_units != payment.amount_minor_units)
        return "A card payment of today can only be refunded in full";
    return {};
}

}  // namespace ecr::protocol
