#include "tests/simulator/notification.hpp"

#include "protocol/cloud/signature.hpp"
#include "protocol/timestamp.hpp"
#include "tests/simulator/json_writer.hpp"
#include "tests/simulator/rows.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <utility>

namespace ecr::simulator {
namespace {

constexpr auto notice_names = std::to_array<std::pair<notice, std::string_view>>({
    {notice::plain, "plain"},
    {notice::late, "late"},
    {notice::twice, "twice"},
    {notice::forged, "forged"},
    {notice::altered_amount, "altered_amount"},
    {notice::reordered, "reordered"},
    {notice::unknown_type, "unknown_type"},
    {notice::unsigned_body, "unsigned"},
    {notice::style_2016, "style_2016"},
    {notice::lost, "lost"},
});

std::string sign(std::string_view body, std::string_view key)
{
    return protocol::cloud::body_signature(body, key, protocol::cloud::sign_algorithm::md5);
}

/// 32 hex digits, as QFPay makes them for a refund that has no number of ours.
std::string number_of_theirs(const transaction& entry)
{
    auto text = sign(entry.syssn, "number");
    std::ranges::transform(text, text.begin(), [](unsigned char c) { return std::tolower(c); });
    return text;
}

/// The texts that are the same in every style.
struct common_fields {
    std::string mchid;
    std::string txdtm;
    std::string txamt;
    std::string number;
};

std::string terminal_refund(const transaction& entry, const common_fields& same,
                            std::string_view type)
{
    json_writer body;
    body.add("status", "1").add("sysdtm", to_cloud_time(entry.sysdtm));
    body.add("txcurrcd", entry.txcurrcd).add("orig_out_trade_no", entry.original->out_trade_no);
    body.add("mchid", same.mchid).add("txdtm", same.txdtm).add("txamt", same.txamt);
    body.add("orig_syssn", entry.original->syssn).add("out_trade_no", same.number);
    body.add("syssn", entry.syssn).add("respcd", "0000").add("notify_type", type);
    return body.text();
}

std::string documented(const transaction& entry, const common_fields& same,
                       const settings& behaviour, std::string_view type)
{
    const auto& payment = entry.original ? *entry.original : entry;
    json_writer body;
    body.add("status", "1").add("pay_type", busicd_of(payment, behaviour));
    body.add("sysdtm", to_cloud_time(entry.sysdtm));
    body.add("paydtm", to_cloud_time(entry.paydtm.value_or(entry.sysdtm)));
    body.add("goods_name", entry.goods_name).add("txcurrcd", entry.txcurrcd);
    body.add("txdtm", same.txdtm).add("mchid", same.mchid).add("txamt", same.txamt);
    body.add("exchange_rate", "").add("chnlsn2", "").add("out_trade_no", same.number);
    body.add("syssn", entry.syssn).add("cash_fee_type", "").add("cancel", "0");
    body.add("respcd", "0000").add("goods_info", "").add("cash_fee", "0");
    body.add("notify_type", type).add("chnlsn", entry.chnlsn).add("cardcd", "");
    return body.text();
}

std::string of_2016(const transaction& entry, const common_fields& same, const settings& behaviour)
{
    json_writer body;
    body.add("mchid", same.mchid).add("syssn", entry.syssn);
    body.add("pay_type", busicd_of(entry, behaviour)).add("out_trade_no", same.number);
    body.add("txdtm", same.txdtm).add("txamt", same.txamt).add("udid", entry.udid);
    body.add("respcd", "0000").add("respmesg", "ok");
    return body.text();
}

}  // namespace

std::string_view name_of(notice value) noexcept
{
    for (const auto& [known, name] : notice_names)
        if (known == value) return name;
    return "?";
}

std::optional<notice> notice_of(std::string_view name) noexcept
{
    for (const auto& [value, known] : notice_names)
        if (known == name) return value;
    return std::nullopt;
}

notification notification_of(const transaction& entry, const settings& behaviour, notice kind)
{
    const bool on_terminal = entry.refund && !entry.by_trade;
    const bool as_cancel =
        on_terminal && behaviour.terminal_refund_notice == terminal_refund_notice::cancel;
    std::string type = as_cancel ? "cancel" : entry.refund ? "refund" : "payment";
    if (kind == notice::unknown_type) type = "instalment";
    common_fields same{
        .mchid = entry.mchid.empty() ? behaviour.mchid_value : entry.mchid,
        .txdtm = entry.txdtm.empty() ? to_cloud_time(entry.sysdtm) : entry.txdtm,
        .txamt = std::to_string(entry.amount_minor_units),
        .number = on_terminal ? number_of_theirs(entry) : entry.out_trade_no,
    };
    const auto write = [&] {
        if (kind == notice::style_2016) return of_2016(entry, same, behaviour);
        if (as_cancel) return terminal_refund(entry, same, type);
        return documented(entry, same, behaviour, type);
    };
    const auto& key = behaviour.notification_key;
    const auto right_key = key.empty() ? std::string{key_of(behaviour, entry.app_code)} : key;
    notification made{.notify_type = type, .out_trade_no = same.number, .body = write(), .sign{}};
    made.sign = sign(made.body, kind == notice::forged ? "not the key" : right_key);
    if (kind == notice::unsigned_body) made.sign.clear();
    if (kind == notice::altered_amount) {
        same.txamt = std::to_string(entry.amount_minor_units + 1);
        made.body = write();
    }
    return made;
}

}  // namespace ecr::simulator
