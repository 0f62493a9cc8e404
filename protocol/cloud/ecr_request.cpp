#include "protocol/cloud/ecr_api.hpp"
#include "protocol/cloud/parameter.hpp"

#include <string>

namespace ecr::protocol::cloud {
namespace {

bool is_termid(std::string_view text) noexcept
{
    return is_id(text, termid_size_max);
}

bool is_known(channel via) noexcept
{
    return channel_of(name_of(via)).has_value();
}

// FPS has a code to show and none to scan (contract 3.1).
bool is_possible(scan_type scan, channel via) noexcept
{
    if (!scan_type_of(name_of(scan))) return false;
    return via != channel::fps || scan == scan_type::qrcode_pay;
}

bool is_timeout(std::chrono::seconds wait, channel via) noexcept
{
    const auto max = via == channel::payme ? payme_timeout_max : payment_timeout_max;
    return wait > std::chrono::seconds::zero() && wait <= max;
}

}  // namespace

bool is_out_trade_no(std::string_view text) noexcept
{
    return is_id(text, out_trade_no_size_max);
}

result<form> to_form(const payment_request& request)
{
    const auto camera = request.camera_id.value_or(0);
    if (!is_out_trade_no(request.out_trade_no) || !is_termid(request.termid) ||
        !is_known(request.via) || !is_possible(request.scan, request.via) ||
        !is_timeout(request.payment_timeout, request.via) || camera < 0 || camera > 1)
        return errc::bad_parameter;

    form parameters{{"txamt", amount_text(request.amount)},
                    {"termid", request.termid},
                    {"channel", std::string{name_of(request.via)}},
                    {"out_trade_no", request.out_trade_no}};
    if (request.camera_id) parameters.emplace_back("camera_id", std::to_string(camera));
    parameters.emplace_back("scan_type", name_of(request.scan));
    parameters.emplace_back("payment_timeout", std::to_string(request.payment_timeout.count()));
    return parameters;
}

result<form> to_form(const refund_request& request)
{
    if (!is_syssn(request.syssn) || !is_termid(request.termid)) return errc::bad_parameter;
    if (!request.out_trade_no.empty() && !is_out_trade_no(request.out_trade_no))
        return errc::bad_parameter;

    form parameters{{"syssn", request.syssn},
                    {"termid", request.termid},
                    {"txamt", amount_text(request.amount)},
                    {"allow_modify_flag", request.allow_modify ? "1" : "0"}};
    if (!request.out_trade_no.empty())
        parameters.emplace_back("out_trade_no", request.out_trade_no);
    return parameters;
}

result<form> to_form(const cancel_request& request)
{
    if (!is_termid(request.termid)) return errc::bad_parameter;
    return form{{"termid", request.termid}};
}

result<form> to_form(const receipt_request& request)
{
    if (!is_syssn(request.syssn) || !is_out_trade_no(request.out_trade_no) ||
        !is_termid(request.termid))
        return errc::bad_parameter;
    return form{{"syssn", request.syssn},
                {"out_trade_no", request.out_trade_no},
                {"termid", request.termid}};
}

result<form> to_form(const summary_request& request)
{
    if (!is_termid(request.termid)) return errc::bad_parameter;
    return form{{"termid", request.termid}};
}

result<form> to_form(const query_request& request)
{
    if (!is_termid(request.termid)) return errc::bad_parameter;
    // The syssn is found for ever, the out_trade_no for two months (contract 8.2).
    if (!request.syssn.empty()) {
        if (!is_syssn(request.syssn)) return errc::bad_parameter;
        return form{{"termid", request.termid}, {"syssn", request.syssn}};
    }
    if (!is_out_trade_no(request.out_trade_no)) return errc::bad_parameter;
    return form{{"termid", request.termid}, {"out_trade_no", request.out_trade_no}};
}

}  // namespace ecr::protocol::cloud
