// Small readers and writers: money, times, codes, texts.
#include "protocol/cloud/currency.hpp"
#include "protocol/cloud/pay_type.hpp"
#include "protocol/cloud/query_window.hpp"
#include "protocol/cloud/response_code.hpp"
#include "protocol/cloud/signature.hpp"
#include "protocol/cloud/trade_api.hpp"
#include "protocol/money.hpp"
#include "protocol/order/number.hpp"
#include "protocol/redact.hpp"
#include "protocol/till/hypercom/frame.hpp"
#include "protocol/till/hypercom/message.hpp"
#include "protocol/till/line/frame.hpp"
#include "protocol/till/line/text.hpp"
#include "protocol/till/qfpay_local/dollars.hpp"
#include "protocol/till/qfpay_local/frame.hpp"
#include "protocol/timestamp.hpp"
#include "tests/fuzz/script.hpp"

#include <cctype>

namespace ecr::fuzz {
namespace {

std::string fault_of_money(std::string_view text)
{
    if (const auto amount = parse_amount(text)) {
        const auto digits = text.substr(std::min(text.find_first_not_of('0'), text.size()));
        if (std::to_string(amount->minor_units()) != digits) return "another amount";
        for (const auto& currency : protocol::cloud::currencies()) {
            auto shown = protocol::cloud::for_people(*amount, currency.alphabetic);
            std::erase(shown, '.');
            if (shown.find(digits) == shown.npos) return "another amount for people";
        }
    }
    if (const auto amount = protocol::till::qfpay_local::parse_dollars(text)) {
        const auto point = text.find('.');
        const auto cents = point == text.npos ? std::string_view{} : text.substr(point + 1);
        auto digits = std::string{text.substr(0, point)} + std::string{cents};
        digits.append(2 - std::min<std::size_t>(cents.size(), 2), '0');
        digits.erase(0, std::min(digits.find_first_not_of('0'), digits.size()));
        if (std::to_string(amount->minor_units()) != digits) return "another amount in dollars";
        const auto again = protocol::till::qfpay_local::parse_dollars(for_people(*amount));
        if (!again || *again != *amount) return "dollars that cannot be read again";
    }
    return {};
}

std::string fault_of_time(std::string_view text, std::int64_t at_ms)
{
    if (const auto at = parse_cloud_time(text)) {
        const bool leap = text.ends_with("60");
        if (!leap && to_cloud_time(*at) != text) return "another time when it is written";
        if (!leap && cloud_day(*at).size() != 8) return "a day that is none";
    }
    // The years 1 to 9999, as the cloud may name them.
    constexpr std::int64_t span = 9'000LL * 365 * 24 * 3600 * 1000;
    const timestamp at{std::chrono::milliseconds{at_ms % span}};
    const auto seconds = std::chrono::floor<std::chrono::seconds>(at);
    const auto written = to_cloud_time(at);
    if (written.size() == 19 && written.front() != '-') {
        const auto read = parse_cloud_time(written);
        if (!read || *read != seconds) return "a time that cannot be read again";
    }
    const auto minute = cloud_minute_of_day(at);
    if (minute < 0 || minute >= 24 * 60) return "no minute of a day";
    const auto month = protocol::cloud::month_of(at);
    if (seconds < month.start || seconds > month.end) return "a month that it is not in";
    const auto windows = protocol::cloud::windows_for_order(at, at + std::chrono::hours{24 * 40});
    if (windows.empty() || windows.size() > 3 || windows.front() != month)
        return "no month to ask about";
    const auto night = protocol::refunds_possible_from(at);
    if (night && (*night < at || *night - at > std::chrono::minutes{61})) return "a longer night";
    return {};
}

std::string fault_of_redaction(std::string_view text)
{
    using namespace protocol;
    const auto clean = without_card_numbers(text);
    if (clean.size() != text.size()) return "another size without card numbers";
    if (without_card_numbers(clean) != clean) return "a card number is left";
    const auto masked = masked_card(text);
    if (masked.size() != text.size()) return "another size when masked";
    const auto digits = std::ranges::count_if(masked, [](char c) { return c >= '0' && c <= '9'; });
    if (digits > 10) return "more than the first six and the last four";
    return {};
}

std::string fault_of_texts(std::string_view text)
{
    namespace line = protocol::till::line;
    constexpr std::size_t size_max = 40;
    const auto clean = line::clean(text, size_max);
    if (clean.size() > size_max + 3) return "a text without a limit";
    if (line::fault_of(clean) != line::text_fault::none) return "a text that is not clean";
    const auto goods = protocol::cloud::clean_goods_name(text);
    if (goods.size() > protocol::cloud::goods_name_size_max) return "a name without a limit";
    if (protocol::cloud::clean_goods_name(goods) != goods) return "a name that changes again";
    if (protocol::fingerprint(text).find(text) != std::string::npos && text.size() > 3)
        return "a secret in its fingerprint";
    const auto* currency = protocol::cloud::find_currency(text);
    if (currency != nullptr && !protocol::cloud::same_currency(text, currency->numeric))
        return "a currency is another one";
    const auto code = protocol::cloud::response_code_of(text);
    using protocol::cloud::response_class;
    if (code.cls == response_class::final_success && text != "0000") return "success by chance";
    const auto* type = protocol::cloud::find_pay_type(text);
    if (type != nullptr && type->code != text) return "another pay type";
    return {};
}

/// Whatever is put into a frame comes out of it.
std::string fault_of_frames(std::string_view text)
{
    namespace till = protocol::till;
    if (!text.empty() && text.size() <= 999) {
        till::hypercom::frame_reader reader;
        const auto frame = till::hypercom::framed(text);
        std::string_view rest = frame;
        const auto event = reader.next(rest);
        // Too short for a header is no message.
        if (event && event->what == till::hypercom::frame_event::kind::frame &&
            event->message != text)
            return "another message in a hypercom frame";
        if (auto m = till::hypercom::parse_headers(text);
            m && till::hypercom::parse_fields(text, *m) && till::hypercom::to_bytes(*m) != text &&
            till::hypercom::size_of(*m) != till::hypercom::to_bytes(*m).size())
            return "another message when it is written";
    }
    if (!text.empty() && text.find_first_of("\x02\x03") == text.npos && text.size() <= 1000) {
        till::line::frame_reader reader;
        const auto frame = till::line::framed(text);
        std::string_view rest = frame;
        const auto event = reader.next(rest);
        if (!event || event->what != till::line::frame_event::kind::frame || event->text != text)
            return "another text in a frame";
    }
    till::qfpay_local::frame_reader reader;
    reader.feed(till::qfpay_local::framed(till::qfpay_local::frame_type::request, 5, text));
    std::string joined;
    while (const auto frame = reader.next()) {
        if (frame->bad) return "a bad frame of our own";
        joined += frame->piece;
        if (frame->data_size != text.size()) return "another size in a frame";
    }
    return joined == text ? "" : "other data in frames";
}

}  // namespace

std::string values(bytes input)
{
    script in{input};
    const auto at_ms = in.long_number();
    const auto text = in.rest();
    for (auto fault : {fault_of_money(text), fault_of_time(text, at_ms), fault_of_redaction(text),
                       fault_of_texts(text), fault_of_frames(text)})
        if (!fault.empty()) return fault;
    return {};
}

}  // namespace ecr::fuzz
