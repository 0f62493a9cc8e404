#include "protocol/cloud/notification.hpp"

#include "protocol/cloud/form.hpp"
#include "protocol/cloud/tolerant_json.hpp"
#include "protocol/json.hpp"

#include <algorithm>
#include <array>

namespace ecr::protocol::cloud {
namespace {

struct kind_name {
    std::string_view name;
    notify_kind kind;
};

// Source: contract 7.1. unfreeze, payment_token, subscription and whatever else is `other`.
constexpr auto kind_names = std::to_array<kind_name>({
    {"payment", notify_kind::payment},
    {"refund", notify_kind::refund},
    {"cancel", notify_kind::cancel},
    {"close", notify_kind::close},
});

// Source: contract 7.1, 7.2. respcd and the integers are read apart.
constexpr auto text_fields = std::to_array<text_field<notification>>({
    {"notify_type", &notification::notify_type},
    {"status", &notification::status},
    {"respmsg", &notification::respmsg},
    {"syssn", &notification::syssn},
    {"out_trade_no", &notification::out_trade_no},
    {"orig_syssn", &notification::orig_syssn},
    {"orig_out_trade_no", &notification::orig_out_trade_no},
    {"txcurrcd", &notification::txcurrcd},
    {"pay_type", &notification::pay_type},
    {"mchid", &notification::mchid},
    {"udid", &notification::udid},
    {"txdtm", &notification::txdtm},
    {"sysdtm", &notification::sysdtm},
    {"paydtm", &notification::paydtm},
    {"goods_name", &notification::goods_name},
    {"goods_info", &notification::goods_info},
    {"chnlsn", &notification::chnlsn},
    {"chnlsn2", &notification::chnlsn2},
    {"cardcd", &notification::cardcd},
    {"cash_fee", &notification::cash_fee},
    {"cash_fee_type", &notification::cash_fee_type},
    {"cash_refund_fee", &notification::cash_refund_fee},
    {"cash_refund_fee_type", &notification::cash_refund_fee_type},
    {"exchange_rate", &notification::exchange_rate},
    {"customer_source", &notification::customer_source},
    {"outcardnm", &notification::outcardnm},
});

/// The string that the sample program of 2017 signed: fields by name, empty ones kept. "" when the
/// body is no flat object; no vector says how it joined anything else.
std::string sorted_fields(std::string_view body)
{
    const auto object = parse_tolerantly(body);
    if (!object || !object->is_object()) return {};
    std::string text;
    for (const auto& [name, value] : object->items()) {  // json keeps its names sorted
        if (value.is_structured()) return {};
        if (!text.empty()) text += '&';
        text.append(name).append("=").append(text_of_value(value));
    }
    return text;
}

notify_kind kind_of(const notification& hint) noexcept
{
    // In 2016 there was one kind and no name for it.
    if (hint.notify_type.empty())
        return hint.respcd.empty() || hint.syssn.empty() ? notify_kind::other
                                                         : notify_kind::payment;
    for (const auto& [name, kind] : kind_names)
        if (name == hint.notify_type) return kind;
    return notify_kind::other;
}

std::string value_of(const form& parameters, std::string_view name)
{
    const auto found = std::ranges::find(parameters, name, &form::value_type::first);
    return found == parameters.end() ? std::string{} : found->second;
}

/// The first of two names that has a value.
std::string either_of(const form& parameters, std::string_view name, std::string_view other)
{
    auto value = value_of(parameters, name);
    return value.empty() ? value_of(parameters, other) : value;
}

}  // namespace

bool verify_notification(std::string_view body, std::string_view sign_header, std::string_view key,
                         notify_rule rule)
{
    if (key.empty()) return false;
    if (rule == notify_rule::raw_body)
        return same_signature(body_signature(body, key, sign_algorithm::md5), sign_header);
    const auto fields = sorted_fields(body);
    return !fields.empty() &&
           same_signature(body_signature(fields, key, sign_algorithm::md5), sign_header);
}

result<notification> read_notification(std::string_view body)
{
    const auto object = parse_tolerantly(body);
    if (!object || !object->is_object()) return errc::bad_json;
    notification hint;
    hint.respcd = code_in(*object);
    hint.txamt = integer_in(*object, "txamt");
    hint.cancel = integer_in(*object, "cancel");
    read_texts(*object, text_fields, hint);
    // The page of 2016 writes both of these so; its Chinese twin and every sample do not.
    if (hint.respmsg.empty()) hint.respmsg = text_in(*object, "respmesg");
    if (hint.mchid.empty()) hint.mchid = text_in(*object, "Mchid");
    hint.kind = kind_of(hint);
    return hint;
}

std::vector<match_id> notification::match_order_ids() const
{
    std::vector<match_id> ids;
    const auto add = [&](match_by by, const std::string& id) {
        const match_id each{by, id};
        if (!id.empty() && std::ranges::find(ids, each) == ids.end()) ids.push_back(each);
    };
    add(match_by::syssn, orig_syssn);
    add(match_by::out_trade_no, orig_out_trade_no);
    add(match_by::out_trade_no, out_trade_no);
    add(match_by::syssn, syssn);
    return ids;
}

result<return_redirect> read_return_redirect(std::string_view query_string)
{
    if (query_string.starts_with('?')) query_string.remove_prefix(1);
    const auto parameters = decode_form(query_string);
    if (!parameters) return parameters.error();
    return return_redirect{
        .out_trade_no = value_of(*parameters, "out_trade_no"),
        .syssn = value_of(*parameters, "syssn"),
        .respcd = value_of(*parameters, "respcd"),
        .respmsg = either_of(*parameters, "respmsg", "respmesg"),
        .pay_type = value_of(*parameters, "pay_type"),
        .txamt = value_of(*parameters, "txamt"),
        .txdtm = value_of(*parameters, "txdtm"),
        .mchid = either_of(*parameters, "mchid", "Mchid"),
        .udid = value_of(*parameters, "udid"),
    };
}

}  // namespace ecr::protocol::cloud
