#include "tests/daemon/shop/case_shop.hpp"

#include "protocol/order/state.hpp"

#include <gtest/gtest.h>
#include <sqlite3.h>

namespace ecr::test {

const char* name_of(way w)
{
    switch (w) {
        case way::terminal: return "terminal";
        case way::scanned: return "scanned";
        case way::shown: return "shown";
    }
    return "?";
}

const char* push_path(way w)
{
    return w == way::terminal ? "/ecr/v1/payment/async" : "/trade/v1/payment";
}

const char* query_path(way w)
{
    return w == way::terminal ? "/ecr/v1/query" : "/trade/v1/query";
}

std::string command(way w, const std::string& order, const std::string& more)
{
    static int codes = 0;  // a customer's code is good for one payment
    const auto with = " order=" + order + " amount=500 " + more;
    switch (w) {
        case way::terminal: return "pay channel=wx" + with;
        case way::scanned:
            return "scan channel=alipay auth_code=28" + std::to_string(1'000'000'000 + ++codes) +
                   with;
        case way::shown: return "qr channel=wx" + with;
    }
    return {};
}

void expect_told(const std::string& line, const told& expected)
{
    EXPECT_EQ(value_of(line, "state"), expected.state) << line;
    EXPECT_EQ(value_of(line, "code"), expected.code) << line;
    EXPECT_EQ(value_of(line, "safe_to_retry"), expected.safe) << line;
}

void expect_end(shop& s, const std::string& order, const in_the_end& expected)
{
    const auto kept = s.journal(order);
    ASSERT_TRUE(kept) << order << " is not in the journal";
    EXPECT_EQ(kept->state, expected.state) << order;
    EXPECT_EQ(kept->needs, expected.needs) << order;
    EXPECT_EQ(s.truth().charged(order).count, expected.charges) << order;
    EXPECT_EQ(s.truth().times_pushed(order), expected.pushes) << order;
    EXPECT_EQ(s.truth().refunded(order).sum_minor_units, expected.refunded) << order;
}

std::string case_shop::pay(way w, const std::string& order, const std::string& more)
{
    say(command(w, order, more));
    return end_of(order);
}

std::string case_shop::refund(const std::string& number, const std::string& of, int amount,
                              const std::string& more)
{
    say("refund order=" + number + " of=" + of + " amount=" + std::to_string(amount) + ' ' + more);
    return end_of(number);
}

std::string case_shop::state(const std::string& order)
{
    const auto kept = journal(order);
    return kept ? kept->state : std::string{};
}

bool case_shop::until_state(const std::string& order, const std::string& wanted, milliseconds limit)
{
    return until([&] { return state(order) == wanted; }, limit);
}

bool case_shop::until_on_terminal()
{
    return until([&] { return till_->count("progress", "on_terminal") > 0; });
}

std::string case_shop::steps(const std::string& order)
{
    sqlite3* db = nullptr;
    sqlite3_open_v2(journal_file().string().c_str(), &db, SQLITE_OPEN_READONLY, nullptr);
    sqlite3_stmt* query = nullptr;
    sqlite3_prepare_v2(db,
                       "SELECT event FROM steps WHERE from_state <> to_state AND order_id = "
                       "(SELECT id FROM orders WHERE out_trade_no = ?1) ORDER BY id",
                       -1, &query, nullptr);
    sqlite3_bind_text(query, 1, order.c_str(), -1, SQLITE_STATIC);
    std::string all;
    while (sqlite3_step(query) == SQLITE_ROW) {
        const auto event = static_cast<protocol::order_event>(sqlite3_column_int(query, 0));
        all += (all.empty() ? "" : " ") + std::string{name_of(event)};
    }
    sqlite3_finalize(query);
    sqlite3_close(db);
    return all;
}

}  // namespace ecr::test
