#include "tests/simulator/trade_check.hpp"

#include "protocol/timestamp.hpp"
#include "tests/simulator/trade_pay_type.hpp"

#include <algorithm>

namespace ecr::simulator {
namespace {

constexpr std::size_t auth_code_size_max = 128;
constexpr std::size_t goods_name_size_max = 64;
constexpr std::size_t udid_size_max = 40;
constexpr std::size_t url_size_max = 512;
constexpr std::int64_t page_max = 1'000'000;
constexpr std::int64_t page_size_max = 100;

bool is_code(std::string_view text)
{
    return text.size() <= auth_code_size_max && is_id(text);
}
bool is_goods_name(std::string_view text)
{
    return text.size() <= goods_name_size_max;
}
bool is_udid(std::string_view text)
{
    return text.size() <= udid_size_max;
}
bool is_url(std::string_view text)
{
    return text.size() <= url_size_max &&
           (text.starts_with("http://") || text.starts_with("https://"));
}
bool is_time(std::string_view text)
{
    return parse_cloud_time(text).has_value();
}
bool is_day(std::string_view text)
{
    return text.size() == 8 && number_within(text, 19'700'101, 99'991'231).has_value();
}
bool is_pay_type(std::string_view text)
{
    return trade_pay_type_of(text) != nullptr;
}
/// Ids or pay types with commas between them.
bool is_list(std::string_view text)
{
    const auto allowed = [](char c) { return c > ' ' && c < '\x7f'; };
    return std::ranges::all_of(text, allowed);
}
bool is_respcd(std::string_view text)
{
    return text.size() == 4 && number_within(text, 0, 9'999).has_value();
}
bool is_page(std::string_view text)
{
    return number_within(text, 1, page_max).has_value();
}
bool is_page_size(std::string_view text)
{
    return number_within(text, 1, page_size_max).has_value();
}
/// Minutes.
bool is_expired_time(std::string_view text)
{
    return number_within(text, 5, 120).has_value();
}
/// Seconds, in multiples of five minutes.
bool is_valid_time(std::string_view text)
{
    const auto seconds = number_within(text, 300, 86'400);
    return seconds && *seconds % 300 == 0;
}
bool is_zone(std::string_view text)
{
    return text.size() == 5 && (text.front() == '+' || text.front() == '-') &&
           number_within(text.substr(1), 0, 1'400).has_value();
}
bool is_pay_tag(std::string_view text)
{
    return text == "ALIPAYHK" || text == "ALIPAYCN";
}

// clang-format off
const call_rules& parameters_of_calls()
{
    static const std::vector<parameter_rule> undo{
        {"txamt",        true,  is_amount},
        {"txdtm",        true,  is_time},
        {"syssn",        false, is_id},
        {"out_trade_no", false, is_id},
        {"udid",         false, is_udid}};
    static const call_rules all{
        {"/trade/v1/payment",
         {{"txamt",        true,  is_amount},
          {"txcurrcd",     false, is_trade_currency},
          {"pay_type",     true,  is_pay_type},
          {"out_trade_no", true,  is_id},
          {"txdtm",        true,  is_time},
          {"auth_code",    false, is_code},
          {"expired_time", false, is_expired_time},
          {"valid_time",   false, is_valid_time},
          {"goods_name",   false, is_goods_name},
          {"udid",         false, is_udid},
          {"notify_url",   false, is_url},
          {"return_url",   false, is_url},
          {"pay_tag",      false, is_pay_tag},
          {"txzone",       false, is_zone}}},
        {"/trade/v1/refund",
         {{"syssn",        true,  is_id},
          {"out_trade_no", true,  is_id},
          {"txamt",        true,  is_amount},
          {"txdtm",        true,  is_time},
          {"udid",         false, is_udid},
          {"txzone",       false, is_zone}}},
        {"/trade/v1/close", undo},
        {"/trade/v1/reversal", undo},
        {"/trade/v1/query",
         {{"syssn",        false, is_list},
          {"out_trade_no", false, is_list},
          {"pay_type",     false, is_list},
          {"respcd",       false, is_respcd},
          {"start_time",   false, is_time},
          {"end_time",     false, is_time},
          {"page",         false, is_page},
          {"page_size",    false, is_page_size},
          {"txzone",       false, is_zone}}},
        {"/settlement/v1/query",
         {{"date_start",   true,  is_day},
          {"date_end",     true,  is_day}}},
    };
    return all;
}
// clang-format on

std::optional<refusal> check_payment(const signed_request& request, const settings& behaviour)
{
    const auto& type = *trade_pay_type_of(request.at("pay_type"));
    if (type.mode == pay_mode::terminal) return bad("pay_type, filter error: terminals only");
    if (type.mode == pay_mode::customer_code && request.at("auth_code").empty())
        return missing("auth_code");
    if (type.code == "800207" && request.at("sub_openid").empty()) return missing("sub_openid");
    const bool in_app = type.code == "800210" || type.code == "801010" || type.code == "801110" ||
                        type.code == "801510" || type.code == "805810";
    if (in_app && request.at("goods_name").empty() && request.at("product_name").empty())
        return missing("goods_name");
    if (type.code == "801101" && number_within(request.at("txamt"), 1, 100))
        return bad("txamt, 801101 needs more than 1 HKD");
    const bool no_currency = request.at("txcurrcd").empty();
    if (no_currency && behaviour.trade_currency_missing == trade_currency_missing::refused_1103)
        return missing("txcurrcd");
    return std::nullopt;
}

std::optional<refusal> check_query(const signed_request& request, const settings& behaviour)
{
    const bool ids = !request.at("syssn").empty() || !request.at("out_trade_no").empty();
    const bool times = !request.at("start_time").empty() || !request.at("end_time").empty();
    if (!ids && !times && behaviour.trade_bare_query == trade_bare_query::refused_1103)
        return missing("syssn, out_trade_no or a time range");
    return std::nullopt;
}

}  // namespace

std::optional<refusal> check_trade_parameters(std::string_view path, const signed_request& request,
                                              const settings& behaviour)
{
    if (auto refused = check_by_rules(parameters_of_calls(), path, request)) return refused;
    if (auto refused = check_mchid(request, behaviour)) return refused;
    if (path == "/trade/v1/payment") return check_payment(request, behaviour);
    if (path == "/trade/v1/query") return check_query(request, behaviour);
    const bool undoes = path == "/trade/v1/close" || path == "/trade/v1/reversal";
    const bool names_none = request.at("syssn").empty() && request.at("out_trade_no").empty();
    if (undoes && names_none) return missing("syssn or out_trade_no");
    return std::nullopt;
}

}  // namespace ecr::simulator
