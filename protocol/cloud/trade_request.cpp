#include "protocol/cloud/currency.hpp"
#include "protocol/cloud/ecr_api.hpp"
#include "protocol/cloud/parameter.hpp"
#include "protocol/cloud/query_window.hpp"
#include "protocol/cloud/trade_api.hpp"

#include <boost/url/parse.hpp>
#include <boost/url/url_view.hpp>

#include <algorithm>

namespace ecr::protocol::cloud {
namespace {

constexpr std::string_view official_account = "800207";  // WeChat JSAPI

bool is_text(std::string_view text, std::size_t size_max) noexcept
{
    const auto printable = [](char c) { return c >= ' ' && c < '\x7f'; };
    return text.size() <= size_max && std::ranges::all_of(text, printable);
}

/// Empty, or a whole web address.
bool is_url(std::string_view text, std::size_t size_max)
{
    if (text.empty()) return true;
    if (text.size() > size_max) return false;
    const auto url = boost::urls::parse_uri({text.data(), text.size()});
    return url && (url->scheme() == "https" || url->scheme() == "http") &&
           !url->encoded_host().empty();
}

/// QFPay calls on these two ports only. Source: contract 7.1.
bool is_notify_url(std::string_view text)
{
    if (!is_url(text, notify_url_size_max)) return false;
    if (text.empty()) return true;
    const auto url = boost::urls::parse_uri({text.data(), text.size()});
    return url->port().empty() || url->port() == "80" || url->port() == "443";
}

/// Customer codes need the shopper's code. With any other type it would be money expected from a
/// shopper who is not asked for it.
bool has_its_auth_code(const trade_payment_request& request, pay_mode mode) noexcept
{
    if (mode != pay_mode::customer_code) return request.auth_code.empty();
    return is_id(request.auth_code, auth_code_size_max);
}

bool has_its_openid(const trade_payment_request& request) noexcept
{
    if (request.sub_openid.empty()) return request.pay_type != official_account;
    const auto* type = find_pay_type(request.pay_type);
    return (type->mode == "jsapi" || type->mode == "mini") &&
           is_id(request.sub_openid, sub_openid_size_max);
}

bool has_fitting_expiry(const trade_payment_request& request, pay_mode mode) noexcept
{
    if (request.expired_time && request.valid_time) return false;
    if (const auto wait = request.expired_time)
        return has_expired_time(request.pay_type) && *wait >= expired_time_min &&
               *wait <= expired_time_max;
    if (const auto wait = request.valid_time)
        return mode != pay_mode::customer_code && *wait >= valid_time_step &&
               *wait <= expired_time_max && *wait % valid_time_step == std::chrono::seconds::zero();
    return true;
}

bool has_fitting_options(const trade_payment_request& request, pay_mode mode)
{
    const bool tag = request.pay_tag.empty() ||
                     (mode != pay_mode::customer_code &&
                      (request.pay_tag == "ALIPAYHK" || request.pay_tag == "ALIPAYCN"));
    const bool named_twice = !request.goods_name.empty() && !request.product_name.empty();
    return tag && !named_twice && (request.limit_pay.empty() || request.limit_pay == "no_credit") &&
           (request.txzone.empty() || request.txzone == "+0800") &&
           is_text(request.udid, udid_size_max) && is_notify_url(request.notify_url) &&
           is_url(request.return_url, return_url_size_max);
}

void add(form& parameters, const char* name, std::string value)
{
    if (!value.empty()) parameters.emplace_back(name, std::move(value));
}

bool are_ids(const std::vector<std::string>& ids, std::size_t size_max)
{
    return ids.size() <= query_ids_max &&
           std::ranges::all_of(ids, [&](const auto& id) { return is_id(id, size_max); });
}

// A pay type that nobody may ask for may still be asked about.
bool are_pay_types(const std::vector<std::string>& codes)
{
    return codes.size() <= query_ids_max &&
           std::ranges::all_of(codes, [](const auto& code) { return find_pay_type(code); });
}

std::string joined(const std::vector<std::string>& ids)
{
    std::string list;
    for (const auto& id : ids)
        list.append(list.empty() ? "" : ",").append(id);
    return list;
}

bool is_digits(std::string_view text, std::size_t size) noexcept
{
    const auto digit = [](char c) { return c >= '0' && c <= '9'; };
    return text.size() == size && std::ranges::all_of(text, digit);
}

bool is_day(std::string_view text)
{
    if (!is_digits(text, 8)) return false;
    const std::string day{text};
    const auto time = day.substr(0, 4) + '-' + day.substr(4, 2) + '-' + day.substr(6) + " 00:00:00";
    return parse_cloud_time(time).has_value();
}

}  // namespace

result<form> to_form(const trade_payment_request& request)
{
    const auto* currency = find_currency(request.currency);
    if (!is_out_trade_no(request.out_trade_no) || !is_usable(request.pay_type) || !currency)
        return errc::bad_parameter;
    const auto mode = mode_of(*find_pay_type(request.pay_type));
    if (!has_its_auth_code(request, mode) || !has_its_openid(request) ||
        !has_fitting_expiry(request, mode) || !has_fitting_options(request, mode))
        return errc::bad_parameter;

    form parameters{{"txamt", amount_text(request.amount)},
                    {"txcurrcd", std::string{currency->alphabetic}},
                    {"pay_type", request.pay_type},
                    {"out_trade_no", request.out_trade_no},
                    {"txdtm", to_cloud_time(request.at)}};
    add(parameters, "auth_code", request.auth_code);
    if (request.expired_time)
        add(parameters, "expired_time", std::to_string(request.expired_time->count()));
    if (request.valid_time)
        add(parameters, "valid_time", std::to_string(request.valid_time->count()));
    add(parameters, "goods_name", clean_goods_name(request.goods_name));
    add(parameters, "product_name", clean_goods_name(request.product_name));
    add(parameters, "udid", request.udid);
    add(parameters, "notify_url", request.notify_url);
    add(parameters, "return_url", request.return_url);
    add(parameters, "pay_tag", request.pay_tag);
    add(parameters, "limit_pay", request.limit_pay);
    add(parameters, "sub_openid", request.sub_openid);
    add(parameters, "txzone", request.txzone);
    return parameters;
}

result<form> to_form(const trade_undo_request& request)
{
    if (request.syssn.empty() && request.out_trade_no.empty()) return errc::bad_parameter;
    if (!request.syssn.empty() && !is_syssn(request.syssn)) return errc::bad_parameter;
    if (!request.out_trade_no.empty() && !is_out_trade_no(request.out_trade_no))
        return errc::bad_parameter;
    if (!parse_cloud_time(request.txdtm) || !is_text(request.udid, udid_size_max))
        return errc::bad_parameter;

    form parameters;
    add(parameters, "syssn", request.syssn);
    add(parameters, "out_trade_no", request.out_trade_no);
    add(parameters, "txamt", amount_text(request.amount));
    add(parameters, "txdtm", request.txdtm);
    add(parameters, "udid", request.udid);
    return parameters;
}

result<form> to_form(const trade_refund_request& request)
{
    if (!is_syssn(request.syssn) || !is_out_trade_no(request.out_trade_no) ||
        !is_text(request.udid, udid_size_max))
        return errc::bad_parameter;

    form parameters{{"syssn", request.syssn},
                    {"out_trade_no", request.out_trade_no},
                    {"txamt", amount_text(request.amount)},
                    {"txdtm", to_cloud_time(request.at)}};
    add(parameters, "udid", request.udid);
    return parameters;
}

result<form> to_form(const trade_query_request& request)
{
    if (!are_ids(request.syssns, syssn_size_max) ||
        !are_ids(request.out_trade_nos, out_trade_no_size_max) || !are_pay_types(request.pay_types))
        return errc::bad_parameter;
    if (!request.respcd.empty() && !is_digits(request.respcd, 4)) return errc::bad_parameter;
    if (request.end < request.start || !in_one_month(request.start, request.end))
        return errc::bad_parameter;
    if (request.page < 1 || request.page_size < 1 || request.page_size > page_size_max)
        return errc::bad_parameter;

    form parameters;
    add(parameters, "syssn", joined(request.syssns));
    add(parameters, "out_trade_no", joined(request.out_trade_nos));
    add(parameters, "pay_type", joined(request.pay_types));
    add(parameters, "respcd", request.respcd);
    add(parameters, "start_time", to_cloud_time(request.start));
    add(parameters, "end_time", to_cloud_time(request.end));
    add(parameters, "page", std::to_string(request.page));
    add(parameters, "page_size", std::to_string(request.page_size));
    return parameters;
}

result<form> to_form(const settlement_request& request)
{
    if (!is_day(request.date_start) || !is_day(request.date_end) ||
        request.date_end < request.date_start)
        return errc::bad_parameter;
    const auto method = request.paymethod;
    if (method && *method != 2 && *method != 3) return errc::bad_parameter;

    form parameters{{"date_start", request.date_start}, {"date_end", request.date_end}};
    if (method) parameters.emplace_back("paymethod", std::to_string(*method));
    return parameters;
}

}  // namespace ecr::protocol::cloud
