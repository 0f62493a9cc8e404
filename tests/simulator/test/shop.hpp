#pragma once

#include "protocol/cloud/form.hpp"
#include "protocol/cloud/signature.hpp"
#include "protocol/json.hpp"
#include "tests/simulator/cloud.hpp"
#include "tests/support/https_client.hpp"
#include "tests/support/virtual_time.hpp"

#include <boost/asio/io_context.hpp>

#include <chrono>
#include <optional>
#include <string>
#include <utility>

namespace ecr::simulator {

using protocol::cloud::form;
using namespace std::chrono_literals;

inline constexpr const char* payment_path = "/ecr/v1/payment/async";
inline constexpr const char* refund_path = "/ecr/v1/refund/async";
inline constexpr const char* cancel_path = "/ecr/v1/cancel/async";
inline constexpr const char* receipt_path = "/ecr/v1/print_receipt/async";
inline constexpr const char* summary_path = "/ecr/v1/print_summary/async";
inline constexpr const char* query_path = "/ecr/v1/query";

/// 2024-07-04 15:00:00 at QFPay.
inline const timestamp opening{std::chrono::sys_days{std::chrono::year{2024} / 7 / 4} + 7h};

/// A cloud, its clock, and a client that signs: all in one thread.
struct shop {
    explicit shop(settings initial = {}, timestamp start = opening)
        : clock{start}, sim{io.get_executor(), clock, with_terminals(std::move(initial))}
    {
        sim.start();
        client = std::make_unique<test::https_client>(io.get_executor(), sim.port(), sim.ca_pem());
    }

    static settings with_terminals(settings initial)
    {
        initial.terminals = {{"T1", true}, {"T2", true}, {"T9", false}};
        return initial;
    }

    /// A request as a right client makes it.
    test::http_request signed_by(
        const std::string& path, const form& parameters,
        protocol::cloud::sign_algorithm algorithm = protocol::cloud::sign_algorithm::md5) const
    {
        test::http_request request{.target = path};
        request.headers = {
            {"Content-Type", "application/x-www-form-urlencoded"},
            {"X-QF-APPCODE", std::string{test_app_code}},
            {"X-QF-SIGN",
             protocol::cloud::request_signature(parameters, test_client_key, algorithm)},
        };
        if (algorithm == protocol::cloud::sign_algorithm::sha256)
            request.headers["X-QF-SIGNTYPE"] = "SHA256";
        request.body = protocol::cloud::encode_form(parameters);
        return request;
    }

    /// Sends; nothing when there is no answer within `limit` of virtual time.
    std::optional<test::http_answer> send(test::http_request request, milliseconds limit = 50s)
    {
        return test::run_task(io, clock, client->send(std::move(request)), limit);
    }
    std::optional<test::http_answer> post(const std::string& path, const form& parameters,
                                          milliseconds limit = 50s)
    {
        return send(signed_by(path, parameters), limit);
    }

    /// The JSON of a call; a null when there was none.
    json call(const std::string& path, const form& parameters)
    {
        const auto answer = post(path, parameters);
        if (!answer || answer->failed) return {};
        return parse_json(answer->body).value_or(json{});
    }
    std::string respcd(const std::string& path, const form& parameters)
    {
        return call(path, parameters).value("respcd", "no answer");
    }

    std::string pay(const std::string& order, int amount = 100, const std::string& channel = "wx",
                    const std::string& termid = "T1", const std::string& scan = "SCAN_PAY")
    {
        return respcd(payment_path, {{"txamt", std::to_string(amount)},
                                     {"termid", termid},
                                     {"channel", channel},
                                     {"out_trade_no", order},
                                     {"scan_type", scan}});
    }
    std::string cancel(const std::string& termid = "T1")
    {
        return respcd(cancel_path, {{"termid", termid}});
    }
    std::string refund(const std::string& syssn, const std::string& amount = "",
                       const std::string& number = "", const std::string& termid = "T1")
    {
        return respcd(refund_path, {{"syssn", syssn},
                                    {"termid", termid},
                                    {"txamt", amount},
                                    {"allow_modify_flag", "0"},
                                    {"out_trade_no", number}});
    }
    json ask(const std::string& order, const std::string& termid = "T1")
    {
        return call(query_path, {{"out_trade_no", order}, {"termid", termid}});
    }
    json ask_syssn(const std::string& syssn, const std::string& termid = "T1")
    {
        return call(query_path, {{"syssn", syssn}, {"termid", termid}});
    }
    /// What an enquiry says about an order, as "1136" or "row 1143".
    std::string state(const std::string& order)
    {
        const auto answer = ask(order);
        if (!answer.is_object()) return "no answer";
        const auto& row = answer.at("respmsg");
        if (row.is_object()) return "row " + row.at("respcd").get<std::string>();
        return answer.at("respcd").get<std::string>();
    }
    /// Pays an order to its end. Returns its syssn.
    std::string paid(const std::string& order, int amount = 100, const std::string& channel = "wx")
    {
        const auto scan = channel == "fps" ? "QRCODE_PAY" : "SCAN_PAY";
        if (pay(order, amount, channel, "T1", scan) != "0000") return "push refused";
        pass(10s);
        for (const auto& fact : sim.truth().movements_of_money())
            if (fact.out_trade_no == order) return fact.syssn;
        return "not paid";
    }
    void pass(milliseconds duration) { test::run_for(io, clock, duration); }

    daemon::virtual_clock clock;  // outlives what the io_context holds
    boost::asio::io_context io{1};
    cloud sim;
    std::unique_ptr<test::https_client> client;
};

}  // namespace ecr::simulator
