#include "tests/simulator/settings.hpp"

#include <algorithm>
#include <charconv>
#include <functional>
#include <initializer_list>
#include <optional>

namespace ecr::simulator {
namespace {

struct setting_entry {
    std::string_view name;
    std::string allowed;
    std::function<std::string(const settings&)> get;
    std::function<bool(settings&, std::string_view)> set;  // false: bad value
};

template <class Enum>
setting_entry choice(std::string_view name, Enum settings::*member,
                     std::initializer_list<std::string_view> values)
{
    const std::vector<std::string_view> names{values};
    std::string allowed;
    for (const auto value : names)
        allowed.append(allowed.empty() ? "" : "|").append(value);
    const auto get = [member, names](const settings& s) {
        return std::string{names.at(static_cast<std::size_t>(s.*member))};
    };
    const auto set = [member, names](settings& s, std::string_view value) {
        const auto found = std::ranges::find(names, value);
        if (found == names.end()) return false;
        s.*member = static_cast<Enum>(found - names.begin());
        return true;
    };
    return {name, allowed, get, set};
}

setting_entry flag(std::string_view name, bool settings::*member)
{
    const auto get = [member](const settings& s) { return s.*member ? "true" : "false"; };
    const auto set = [member](settings& s, std::string_view value) {
        if (value != "true" && value != "false") return false;
        s.*member = value == "true";
        return true;
    };
    return {name, "true|false", get, set};
}

std::optional<std::int64_t> whole_number(std::string_view text, std::int64_t largest)
{
    std::int64_t value = 0;
    const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (failed != std::errc{} || end != text.data() + text.size()) return std::nullopt;
    if (value < 0 || value > largest) return std::nullopt;
    return value;
}

setting_entry duration(std::string_view name, milliseconds settings::*member)
{
    constexpr std::int64_t longest_ms = 7LL * 24 * 3600 * 1000;
    const auto get = [member](const settings& s) { return std::to_string((s.*member).count()); };
    const auto set = [member](settings& s, std::string_view value) {
        const auto ms = whole_number(value, longest_ms);
        if (ms) s.*member = milliseconds{*ms};
        return ms.has_value();
    };
    return {name, "milliseconds", get, set};
}

setting_entry offset(std::string_view name, milliseconds settings::*member)
{
    const auto way = duration(name, member);
    const auto set = [way, member](settings& s, std::string_view value) {
        const bool back = value.starts_with('-');
        if (!way.set(s, value.substr(back ? 1 : 0))) return false;
        if (back) s.*member = -(s.*member);
        return true;
    };
    return {name, "milliseconds", way.get, set};
}

setting_entry number(std::string_view name, std::int64_t settings::*member)
{
    const auto get = [member](const settings& s) { return std::to_string(s.*member); };
    const auto set = [member](settings& s, std::string_view value) {
        const auto parsed = whole_number(value, 1'000'000);
        if (parsed && *parsed > 0) s.*member = *parsed;
        return parsed && *parsed > 0;
    };
    return {name, "number", get, set};
}

setting_entry text(std::string_view name, std::string settings::*member)
{
    const auto get = [member](const settings& s) { return s.*member; };
    const auto set = [member](settings& s, std::string_view value) {
        if (value.size() > 256) return false;
        s.*member = value;
        return true;
    };
    return {name, "text", get, set};
}

setting_entry secret(std::string_view name, std::string settings::*member)
{
    auto entry = text(name, member);
    entry.get = [member](const settings& s) { return (s.*member).empty() ? "" : "(set)"; };
    return entry;
}

const std::vector<setting_entry>& entries()
{
    using s = settings;
    static const std::vector<setting_entry> all{
        choice("busy_enquiry", &s::busy_enquiry, {"not_found", "row_1143", "row_1145"}),
        choice("busy_push", &s::busy_push, {"refuse_1145", "queue_behind"}),
        choice("repeated_number", &s::repeated_number, {"refuse_1102", "accept_again"}),
        choice("refused_number", &s::refused_number, {"used_up", "free"}),
        choice("row_number", &s::row_number, {"empty_for_octopus", "echoed", "empty_always"}),
        choice("ended_unpaid", &s::ended_unpaid, {"row", "no_row"}),
        choice("refund_out_trade_no", &s::refund_out_trade_no,
               {"accepted", "refused_1103", "required_1103"}),
        choice("refund_already", &s::refund_already,
               {"code_1264", "code_1262", "code_1125", "code_1272"}),
        choice("refund_fall", &s::refund_fall, {"at_completion", "at_once_with_way_back"}),
        choice("refund_cancel_digit", &s::refund_cancel_digit, {"digit_3_or_5", "digit_1"}),
        choice("refund_blackout", &s::refund_blackout, {"code_1265", "code_1136"}),
        choice("fps_refund", &s::fps_refund, {"refused_1155", "accepted"}),
        choice("unbound_enquiry", &s::unbound_enquiry, {"code_1106", "works"}),
        choice("idle_cancel", &s::idle_cancel, {"code_0000", "code_1136"}),
        choice("timeout_starts", &s::timeout_starts, {"at_push", "when_shown"}),
        choice("offline_push", &s::offline_push, {"dropped_at_timeout", "shown_when_back"}),
        choice("sha256_response", &s::sha256_response, {"md5", "sha256"}),
        choice("sha256_request", &s::sha256_request, {"accepted", "refused_1108"}),
        choice("mchid", &s::mchid, {"ignored", "refused_1104", "required_1103"}),
        choice("cpm_reply", &s::cpm_reply, {"at_once", "waits_for_shopper", "pending"}),
        choice("trade_pending_code", &s::trade_pending_code, {"code_1143", "code_1145"}),
        choice("trade_code_field", &s::trade_code_field, {"qrcode", "code_url", "pay_url"}),
        choice("trade_expired_code", &s::trade_expired_code, {"code_1142", "code_1181"}),
        choice("trade_open_row", &s::trade_open_row, {"row_1143", "row_1145", "no_row"}),
        choice("trade_repeated_number", &s::trade_repeated_number, {"code_1251", "code_2011"}),
        choice("trade_currency_missing", &s::trade_currency_missing, {"refused_1103", "means_hkd"}),
        choice("undo_support", &s::undo_support, {"newz", "d24", "cam"}),
        choice("undo_unsupported", &s::undo_unsupported, {"code_1297", "no_syssn"}),
        choice("close_on_paid", &s::close_on_paid, {"refused_1260", "returns_money"}),
        choice("reversal_on_paid", &s::reversal_on_paid, {"refused", "returns_money"}),
        choice("undo_reply", &s::undo_reply, {"at_once", "pending_1143", "pending_1145"}),
        choice("trade_refund_reply", &s::trade_refund_reply,
               {"code_0000", "code_1143", "code_2999"}),
        choice("trade_window", &s::trade_window, {"code_1104", "first_month"}),
        choice("trade_times_with_ids", &s::trade_times_with_ids, {"respected", "ignored"}),
        choice("trade_bare_query", &s::trade_bare_query, {"current_month", "refused_1103"}),
        choice("trade_rows_currency", &s::trade_rows_currency, {"alpha", "empty"}),
        choice("notify_url_wins", &s::notify_url_wins, {"of_request", "of_setting"}),
        choice("terminal_refund_notice", &s::terminal_refund_notice, {"cancel", "refund"}),
        choice("settlement", &s::settlement, {"absent_1155", "present"}),
        flag("ecr_in_trade_lists", &s::ecr_in_trade_lists),
        flag("trade_in_ecr", &s::trade_in_ecr),
        flag("cancel_overtakes", &s::cancel_overtakes),
        flag("rate_limit_counts_429", &s::rate_limit_counts_429),
        flag("signs_responses", &s::signs_responses),
        flag("magic_amounts", &s::magic_amounts),
        flag("keep_alive", &s::keep_alive),
        duration("shopper_delay", &s::shopper_delay),
        duration("push_delay", &s::push_delay),
        duration("late_delay", &s::late_delay),
        duration("slow_result", &s::slow_result),
        duration("cpm_window", &s::cpm_window),
        duration("undo_delay", &s::undo_delay),
        duration("notify_delay", &s::notify_delay),
        offset("clock_offset", &s::clock_offset),
        duration("idle_close", &s::idle_close),
        number("requests_per_second", &s::requests_per_second),
        number("requests_per_minute", &s::requests_per_minute),
        text("notify_url", &s::notify_url),
        secret("notification_key", &s::notification_key),
        text("mchid_value", &s::mchid_value),
        text("card_busicd", &s::card_busicd),
        text("octopus_refund_code", &s::octopus_refund_code),
        text("processing_refund_code", &s::processing_refund_code),
        text("cardno", &s::cardno),
        text("opuser", &s::opuser),
        text("nickname", &s::nickname),
    };
    return all;
}

}  // namespace

std::string_view key_of(const settings& source, std::string_view app_code) noexcept
{
    if (app_code == source.app_code) return source.client_key;
    for (const auto& each : source.merchants)
        if (each.app_code == app_code) return each.client_key;
    return {};
}

std::string set_by_name(settings& target, std::string_view name, std::string_view value)
{
    const auto found = std::ranges::find(entries(), name, &setting_entry::name);
    if (found == entries().end()) return "no setting is called \"" + std::string{name} + "\"";
    if (found->set(target, value)) return {};
    return std::string{name} + " cannot be \"" + std::string{value} + "\"; it is one of " +
           found->allowed;
}

std::vector<named_setting> list_settings(const settings& source)
{
    std::vector<named_setting> list;
    for (const auto& entry : entries())
        list.push_back({entry.name, entry.get(source), entry.allowed});
    return list;
}

}  // namespace ecr::simulator
