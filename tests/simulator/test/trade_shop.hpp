#pragma once

#include "tests/simulator/test/shop.hpp"

#include <string>
#include <vector>

namespace ecr::simulator {

inline constexpr const char* trade_payment_path = "/trade/v1/payment";
inline constexpr const char* trade_refund_path = "/trade/v1/refund";
inline constexpr const char* trade_close_path = "/trade/v1/close";
inline constexpr const char* trade_reversal_path = "/trade/v1/reversal";
inline constexpr const char* trade_query_path = "/trade/v1/query";

/// A shop that talks to /trade/v1 as well.
struct trade_shop : shop {
    using shop::shop;

    static form payment_form(const std::string& number, int amount = 100,
                             const std::string& pay_type = "800208")
    {
        form parameters{{"txamt", std::to_string(amount)},
                        {"txcurrcd", "HKD"},
                        {"pay_type", pay_type},
                        {"out_trade_no", number},
                        {"txdtm", "2024-07-04 15:00:00"}};
        const bool by_code = pay_type.ends_with("08") || pay_type == "800228";
        if (by_code) parameters.emplace_back("auth_code", "13" + number);
        return parameters;
    }
    json trade_pay(const std::string& number, int amount = 100,
                   const std::string& pay_type = "800208")
    {
        return call(trade_payment_path, payment_form(number, amount, pay_type));
    }
    json trade_refund(const std::string& syssn, const std::string& number, int amount = 100)
    {
        return call(trade_refund_path, {{"syssn", syssn},
                                        {"out_trade_no", number},
                                        {"txamt", std::to_string(amount)},
                                        {"txdtm", "2024-07-04 15:00:10"}});
    }
    json undo(const char* path, const std::string& number, int amount = 100)
    {
        return call(path, {{"out_trade_no", number},
                           {"txamt", std::to_string(amount)},
                           {"txdtm", "2024-07-04 15:00:00"}});
    }
    json query(const form& parameters) { return call(trade_query_path, parameters); }
    json rows(const std::string& number) { return query({{"out_trade_no", number}}).at("data"); }
    /// "0000/0": code and cancel digit of each row of a number, the newest first.
    std::string row_states(const std::string& number)
    {
        std::string text;
        for (const auto& row : rows(number))
            text += (text.empty() ? "" : " ") + row.at("respcd").get<std::string>() + "/" +
                    row.at("cancel").get<std::string>();
        return text.empty() ? "none" : text;
    }
    /// Pays with a customer's code. Returns the syssn.
    std::string trade_paid(const std::string& number, int amount = 100,
                           const std::string& pay_type = "800208")
    {
        const auto reply = trade_pay(number, amount, pay_type);
        pass(10s);
        return reply.value("syssn", "none");
    }
};

}  // namespace ecr::simulator
