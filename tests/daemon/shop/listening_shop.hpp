#pragma once

#include "daemon/notify/notification_desk.hpp"
#include "protocol/cloud/signature.hpp"
#include "tests/daemon/shop/shop.hpp"
#include "tests/support/https_client.hpp"
#include "tests/support/virtual_time.hpp"

#include <gtest/gtest.h>
#include <sqlite3.h>

#include <fstream>
#include <sstream>

namespace ecr::test {

inline std::string signature(const std::string& body, const std::string& key)
{
    return protocol::cloud::body_signature(body, key, protocol::cloud::sign_algorithm::md5);
}

/// A shop that listens for notifications.
class listening_shop : public shop {
public:
    explicit listening_shop(
        std::function<void(daemon::config&)> bridge = [](auto&) {},
        std::function<void(simulator::settings&)> cloud = [](auto&) {})
        : shop{{.bridge =
                    [bridge](daemon::config& c) {
                        c.notifications.address = "127.0.0.1";
                        bridge(c);
                    },
                .cloud = cloud}}
    {}

    http_answer send(const http_request& request)
    {
        std::optional<http_answer> answer;
        const auto port = bridge().notifications()->port();
        boost::asio::co_spawn(io(), send_plain(port, request),
                              [&](std::exception_ptr failed, http_answer got) {
                                  if (!failed) answer = std::move(got);
                              });
        EXPECT_TRUE(until([&] { return answer.has_value(); }, 1min));
        return answer.value_or(http_answer{});
    }

    http_answer post(const std::string& body, const std::string& sign,
                     const std::string& path = "/qfpay/notify")
    {
        return send({.target = path,
                     .headers = {{"Content-Type", "application/json"}, {"X-QF-SIGN", sign}},
                     .body = body});
    }

    /// As QFPay would say it, with the key of this shop.
    http_answer notify(const std::string& fields)
    {
        const auto body = "{\"status\": \"1\", \"respcd\": \"0000\", " + fields + "}";
        return post(body, signature(body, cloud().behaviour().client_key));
    }

    int enquiries() { return truth().requests("/ecr/v1/query"); }
    daemon::notification_counts counts() { return bridge().notifications()->counts(); }

    /// "KIND|ORDER|TIMES" of everything kept, and the bodies apart.
    std::vector<std::string> kept(
        const char* columns = "kind || '|' || order_number || '|' || times")
    {
        sqlite3* db = nullptr;
        sqlite3_open_v2(journal_file().string().c_str(), &db, SQLITE_OPEN_READONLY, nullptr);
        sqlite3_stmt* query = nullptr;
        const auto sql = std::string{"SELECT "} + columns + " FROM notifications ORDER BY id";
        sqlite3_prepare_v2(db, sql.c_str(), -1, &query, nullptr);
        std::vector<std::string> rows;
        while (sqlite3_step(query) == SQLITE_ROW)
            rows.emplace_back(reinterpret_cast<const char*>(sqlite3_column_text(query, 0)));
        sqlite3_finalize(query);
        sqlite3_close(db);
        return rows;
    }

    std::string journal_bytes()
    {
        std::ostringstream all;
        all << std::ifstream{journal_file(), std::ios::binary}.rdbuf()
            << std::ifstream{journal_file().string() + "-wal", std::ios::binary}.rdbuf();
        return all.str();
    }
};

/// The fields of a notification of a payment of 5.00.
inline std::string payment(const std::string& order, const std::string& syssn = "20261118S1")
{
    return "\"notify_type\": \"payment\", \"syssn\": \"" + syssn + "\", \"out_trade_no\": \"" +
           order + "\", \"txamt\": \"500\", \"txcurrcd\": \"HKD\"";
}

}  // namespace ecr::test
