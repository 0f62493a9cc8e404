#include "tests/simulator/request_check.hpp"

#include "protocol/cloud/form.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <charconv>
#include <functional>

namespace ecr::simulator {
namespace {

using protocol::cloud::sign_algorithm;

// The simulator has limits of its own, not those of protocol/cloud: a mistake there must show here.
constexpr std::int64_t txamt_max = 2'147'483'647;  // Int(11), contract 13.27
constexpr std::int64_t timeout_max_s = 86'400;
constexpr std::int64_t payme_timeout_max_s = 120;
constexpr std::size_t number_size_max = 128;

bool is_timeout(std::string_view text)
{
    return number_within(text, 1, timeout_max_s).has_value();
}
bool is_zero_or_one(std::string_view text)
{
    return text == "0" || text == "1";
}
bool is_channel(std::string_view text)
{
    return protocol::channel_of(text).has_value();
}
bool is_scan_type(std::string_view text)
{
    return protocol::scan_type_of(text).has_value();
}

// clang-format off
const call_rules& parameters_of_calls()
{
    static const call_rules all{
        {"/ecr/v1/payment/async",
         {{"txamt",             true,  is_amount},
          {"termid",            true,  is_id},
          {"channel",           true,  is_channel},
          {"out_trade_no",      true,  is_id},
          {"scan_type",         true,  is_scan_type},
          {"camera_id",         false, is_zero_or_one},
          {"payment_timeout",   false, is_timeout}}},
        {"/ecr/v1/refund/async",
         {{"syssn",             true,  is_id},
          {"termid",            true,  is_id},
          {"txamt",             false, is_amount},
          {"allow_modify_flag", false, is_zero_or_one},
          {"out_trade_no",      false, is_id}}},
        {"/ecr/v1/cancel/async",
         {{"termid",            true,  is_id}}},
        {"/ecr/v1/print_receipt/async",
         {{"syssn",             true,  is_id},
          {"out_trade_no",      true,  is_id},
          {"termid",            true,  is_id}}},
        {"/ecr/v1/print_summary/async",
         {{"termid",            true,  is_id}}},
        {"/ecr/v1/query",
         {{"termid",            true,  is_id},
          {"syssn",             false, is_id},
          {"out_trade_no",      false, is_id}}},
    };
    return all;
}
// clang-format on

refusal bad_signature(std::string_view what)
{
    return {"1108", "Signature check failed: " + std::string{what}};
}

bool is_form(std::string_view content_type)
{
    const auto type = content_type.substr(0, content_type.find(';'));
    constexpr std::string_view wanted = "application/x-www-form-urlencoded";
    const auto same = [](char a, char b) {
        return std::tolower(static_cast<unsigned char>(a)) == b;
    };
    const auto end = type.find_last_not_of(' ');
    return end != std::string_view::npos &&
           std::ranges::equal(type.substr(0, end + 1), wanted, same);
}

std::optional<refusal> check_payment(const signed_request& request)
{
    const auto via = protocol::channel_of(request.at("channel"));
    const auto scan = protocol::scan_type_of(request.at("scan_type"));
    if (via == protocol::channel::fps && scan == protocol::scan_type::scan_pay)
        return bad("scan_type, fps has QRCODE_PAY only");
    const auto timeout = request.at("payment_timeout");
    if (via == protocol::channel::payme && !timeout.empty() &&
        !number_within(timeout, 1, payme_timeout_max_s))
        return bad("payment_timeout, payme has at most 120");
    return std::nullopt;
}

std::optional<refusal> check_open_questions(std::string_view path, const signed_request& request,
                                            const settings& behaviour)
{
    if (auto refused = check_mchid(request, behaviour)) return refused;
    if (path != "/ecr/v1/refund/async") return std::nullopt;
    const bool has_number = !request.at("out_trade_no").empty();
    if (behaviour.refund_out_trade_no == refund_out_trade_no::refused_1103 && has_number)
        return refusal{"1103", "Malformed request: out_trade_no is not expected"};
    if (behaviour.refund_out_trade_no == refund_out_trade_no::required_1103 && !has_number)
        return missing("out_trade_no");
    return std::nullopt;
}

}  // namespace

bool is_amount(std::string_view text)
{
    return number_within(text, 1, txamt_max).has_value();
}

bool is_id(std::string_view text)
{
    const auto allowed = [](char c) { return c > ' ' && c < '\x7f' && c != ','; };
    return text.size() <= number_size_max && std::ranges::all_of(text, allowed);
}

refusal missing(std::string_view name)
{
    return {"1103", "Malformed request: " + std::string{name} + " is missing"};
}

refusal bad(std::string_view name)
{
    return {"1104", "Bad parameter: " + std::string{name}};
}

std::string_view signed_request::at(std::string_view name) const
{
    const auto found = std::ranges::find(parameters, name,
                                         [](const auto& p) -> std::string_view { return p.first; });
    return found == parameters.end() ? std::string_view{} : std::string_view{found->second};
}

std::optional<std::int64_t> number_within(std::string_view text, std::int64_t least,
                                          std::int64_t most)
{
    const auto is_digit = [](char c) { return c >= '0' && c <= '9'; };
    if (text.empty() || text.size() > 11 || !std::ranges::all_of(text, is_digit))
        return std::nullopt;
    std::int64_t value = 0;
    std::from_chars(text.data(), text.data() + text.size(), value);
    if (value < least || value > most) return std::nullopt;
    return value;
}

std::optional<refusal> check_signature(const wire_request& request, const settings& behaviour,
                                       signed_request& out)
{
    // A GET has its parameters in the query string and no body that could have a type (13.24).
    const bool in_query = request.method == "GET";
    if (!in_query && !is_form(request.content_type))
        return bad_signature("Content-Type is not a form");
    const auto key = key_of(behaviour, request.app_code);
    if (key.empty()) return bad_signature("X-QF-APPCODE is unknown");
    out.app_code = request.app_code;
    if (request.sign.empty()) return bad_signature("X-QF-SIGN is missing");
    if (request.sign_type == "SHA256")
        out.algorithm = sign_algorithm::sha256;
    else if (request.sign_type.empty() || request.sign_type == "MD5")
        out.algorithm = sign_algorithm::md5;
    else
        return bad_signature("X-QF-SIGNTYPE is neither MD5 nor SHA256");
    if (out.algorithm == sign_algorithm::sha256 &&
        behaviour.sha256_request == sha256_request::refused_1108)
        return bad_signature("SHA256 is not accepted");

    const auto mark = request.target.find('?');
    const auto query = mark == std::string::npos ? "" : request.target.substr(mark + 1);
    auto parameters = protocol::cloud::decode_form(in_query ? query : request.body);
    if (!parameters) return refusal{"1103", "Malformed request: the body is no form"};
    auto to_sign = *parameters;
    std::erase_if(to_sign,
                  [](const auto& p) { return p.first == "sign" || p.first == "sign_type"; });
    const auto expected = protocol::cloud::request_signature(to_sign, key, out.algorithm);
    if (!protocol::cloud::same_signature(expected, request.sign))
        return bad_signature("X-QF-SIGN is wrong");
    out.parameters = std::move(*parameters);
    return std::nullopt;
}

std::optional<refusal> check_by_rules(const call_rules& rules, std::string_view path,
                                      const signed_request& request)
{
    const auto call = rules.find(path);
    if (call == rules.end()) return refusal{"1103", "Malformed request: no such call"};
    for (const auto& wanted : call->second) {
        const auto value = request.at(wanted.name);
        if (value.empty() && wanted.mandatory) return missing(wanted.name);
        if (!value.empty() && !wanted.good(value)) return bad(wanted.name);
    }
    return std::nullopt;
}

std::optional<refusal> check_mchid(const signed_request& request, const settings& behaviour)
{
    const bool sent = !request.at("mchid").empty();
    if (behaviour.mchid == mchid::refused_1104 && sent) return bad("mchid");
    if (behaviour.mchid == mchid::required_1103 && !sent) return missing("mchid");
    return std::nullopt;
}

std::optional<refusal> check_parameters(std::string_view path, const signed_request& request,
                                        const settings& behaviour)
{
    if (auto refused = check_by_rules(parameters_of_calls(), path, request)) return refused;
    if (path == "/ecr/v1/payment/async")
        if (auto refused = check_payment(request)) return refused;
    const bool names_none = request.at("syssn").empty() && request.at("out_trade_no").empty();
    if (path == "/ecr/v1/query" && names_none) return missing("syssn or out_trade_no");
    return check_open_questions(path, request, behaviour);
}

}  // namespace ecr::simulator
