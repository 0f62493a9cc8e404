#include "tests/simulator/test/trade_shop.hpp"

#include <gtest/gtest.h>

#include <chrono>

namespace ecr::simulator {
namespace {

timestamp at_qfpay(const std::string& text)
{
    return *parse_cloud_time(text);
}

planted_row row_of(const std::string& number, const std::string& time, int amount = 100)
{
    return {.out_trade_no = number, .sysdtm = at_qfpay(time), .amount_minor_units = amount};
}

std::string numbers_in(const json& answer)
{
    std::string text;
    for (const auto& row : answer.at("data"))
        text += (text.empty() ? "" : " ") + row.at("out_trade_no").get<std::string>();
    return text;
}

TEST(TradeQueryTest, FindsListsOfIds)
{
    trade_shop s;
    const auto first = s.trade_paid("A1");
    const auto second = s.trade_paid("A2");
    s.trade_paid("A3", 100, "800108");
    EXPECT_EQ(numbers_in(s.query({{"out_trade_no", "A1,A3,A9"}})), "A3 A1");
    EXPECT_EQ(numbers_in(s.query({{"syssn", first + "," + second}})), "A2 A1");
    EXPECT_EQ(numbers_in(s.query({{"syssn", first}, {"out_trade_no", "A2"}})), "");
    EXPECT_EQ(numbers_in(s.query({{"pay_type", "800108,800101"}})), "A3");
}

TEST(TradeQueryTest, FiltersByCode)
{
    trade_shop s;
    s.sim.plan_order("A1", {.does = act::declines, .respcd = "1201"});
    s.trade_pay("A1");
    s.trade_paid("A2");
    EXPECT_EQ(numbers_in(s.query({{"respcd", "1201"}})), "A1");
    EXPECT_EQ(numbers_in(s.query({{"respcd", "0000"}})), "A2");
}

TEST(TradeQueryTest, BothBoundsBelongToTheRange)
{
    trade_shop s;
    for (const auto time : {"2024-07-01 10:00:00", "2024-07-01 11:00:00", "2024-07-01 12:00:00"})
        s.sim.plant(row_of(std::string{time}.substr(11, 2), time));
    const auto within = [&](const char* from, const char* to) {
        return numbers_in(s.query({{"start_time", from}, {"end_time", to}}));
    };
    EXPECT_EQ(within("2024-07-01 10:00:00", "2024-07-01 12:00:00"), "12 11 10");
    EXPECT_EQ(within("2024-07-01 10:00:01", "2024-07-01 11:59:59"), "11");
}

TEST(TradeQueryTest, PagesAreCutFromTheNewest)
{
    trade_shop s;
    for (int i = 10; i < 35; ++i)
        s.sim.plant(row_of("P" + std::to_string(i), "2024-07-01 10:00:" + std::to_string(i)));
    EXPECT_EQ(s.query({}).at("data").size(), 10U);
    const auto second = s.query({{"page", "2"}, {"page_size", "3"}});
    EXPECT_EQ(numbers_in(second), "P31 P30 P29");
    EXPECT_EQ(second.at("page"), 2);
    EXPECT_EQ(second.at("page_size"), 3);
    EXPECT_EQ(s.query({{"page", "9"}, {"page_size", "3"}}).at("data").size(), 1U);
    EXPECT_EQ(s.query({{"page", "10"}, {"page_size", "3"}}).at("data").size(), 0U);
    EXPECT_EQ(s.query({{"page_size", "101"}}).at("respcd"), "1104");
}

TEST(TradeQueryTest, OneNumberMayHaveManyRows)
{
    trade_shop s;
    s.sim.plant(
        {.out_trade_no = "A1", .sysdtm = at_qfpay("2024-07-04 10:00:00"), .respcd = "1205"});
    const auto paid = s.sim.plant(row_of("A1", "2024-07-04 10:01:00"));
    ASSERT_TRUE(paid);
    EXPECT_EQ(s.row_states("A1"), "0000/0 1205/0");
    EXPECT_TRUE(s.sim.plant_again(*paid));
    EXPECT_EQ(s.row_states("A1"), "0000/0 0000/0 1205/0");
}

TEST(TradeQueryTest, PlantedRowsCanBeChangedAndTakenAway)
{
    trade_shop s;
    const auto one = s.sim.plant(row_of("A1", "2024-07-04 10:00:00", 500)).value();
    const auto other = s.sim.plant(row_of("A2", "2024-07-04 11:00:00", 500)).value();
    EXPECT_TRUE(s.sim.alter_amount(one, 499));
    EXPECT_EQ(s.rows("A1").at(0).at("txamt"), "499");
    EXPECT_TRUE(s.sim.unplant(other));
    EXPECT_EQ(s.row_states("A2"), "none");
    auto refund = row_of("R1", "2024-07-04 12:00:00", 99);
    refund.refund_of = one;
    EXPECT_TRUE(s.sim.plant(refund));
    EXPECT_EQ(s.row_states("A1"), "0000/5");
    EXPECT_EQ(s.rows("R1").at(0).at("order_type"), "refund");
    EXPECT_FALSE(s.sim.unplant("nobody"));
    EXPECT_FALSE(s.sim.alter_amount("nobody", 1));
    EXPECT_FALSE(s.sim.plant_again("nobody"));
    refund.refund_of = "nobody";
    EXPECT_FALSE(s.sim.plant(refund));
    EXPECT_EQ(s.sim.truth().charged_in_all().count, 0) << "nobody was charged here";
}

TEST(TradeQueryTest, TenThousandRowsAreReadPageByPage)
{
    trade_shop s{{.requests_per_second = 100'000, .requests_per_minute = 100'000}};
    const auto begin = at_qfpay("2024-05-01 00:00:00");
    for (int i = 0; i < 10'000; ++i)
        s.sim.plant({.out_trade_no = "N" + std::to_string(i),
                     .sysdtm = begin + i * 10min,
                     .amount_minor_units = 100 + i});
    const auto start = std::chrono::steady_clock::now();
    std::size_t rows = 0;
    for (int page = 1;; ++page) {
        const auto answer = s.query({{"start_time", "2024-05-01 00:00:00"},
                                     {"end_time", "2024-05-31 23:59:59"},
                                     {"page", std::to_string(page)},
                                     {"page_size", "100"}});
        if (answer.at("data").empty()) break;
        rows += answer.at("data").size();
    }
    EXPECT_EQ(rows, 31U * 24 * 6);
    EXPECT_EQ(numbers_in(s.query({{"out_trade_no", "N5000"},
                                  {"start_time", "2024-06-01 00:00:00"},
                                  {"end_time", "2024-06-30 23:59:59"}})),
              "N5000");
    EXPECT_LT(std::chrono::steady_clock::now() - start, 20s) << "seconds, sanitizers and all";
}

TEST(TradeQueryTest, FaultsChangeTheRow)
{
    struct fault_case {
        fault_kind kind;
        const char* field;
        std::string value;
    };
    const fault_case cases[] = {
        {fault_kind::wrong_amount, "txamt", "101"},
        {fault_kind::wrong_currency, "txcurrcd", "CNY"},
        {fault_kind::wrong_order, "out_trade_no", "OTHER-ORDER-1"},
        {fault_kind::row_respcd, "respcd", "1205"},
        {fault_kind::stale, "respcd", "1143"},
    };
    for (const auto& c : cases) {
        trade_shop s;
        s.trade_paid("A1");
        s.sim.plan(fault{.kind = c.kind, .path = "/trade/v1/query"});
        EXPECT_EQ(s.rows("A1").at(0).at(c.field), c.value);
        EXPECT_EQ(s.row_states("A1"), "0000/0");
    }
}

struct merchant_shop : trade_shop {
    static constexpr std::string_view code = "FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF";
    static constexpr std::string_view key = "EEEEEEEEEEEEEEEEEEEEEEEEEEEEEEEE";

    std::optional<test::http_answer> post_as_other(const std::string& path, const form& parameters)
    {
        auto request = signed_by(path, parameters);
        request.headers["X-QF-APPCODE"] = code;
        request.headers["X-QF-SIGN"] = protocol::cloud::request_signature(
            parameters, key, protocol::cloud::sign_algorithm::md5);
        return send(request);
    }
};

TEST(TradeQueryTest, MerchantsHaveBooksAndLimitsOfTheirOwn)
{
    merchant_shop s;
    const auto refused = s.post_as_other(trade_query_path, {});
    EXPECT_EQ(parse_json(refused->body)->at("respcd"), "1108");
    s.sim.add_merchant(std::string{merchant_shop::code}, std::string{merchant_shop::key});
    s.trade_paid("A1");
    const auto paid = s.post_as_other(trade_payment_path, trade_shop::payment_form("A1"));
    EXPECT_EQ(parse_json(paid->body)->at("respcd"), "0000") << "the number is free there";
    EXPECT_EQ(paid->headers.at("x-qf-sign"),
              protocol::cloud::body_signature(paid->body, merchant_shop::key,
                                              protocol::cloud::sign_algorithm::md5));
    const auto theirs = parse_json(s.post_as_other(trade_query_path, {})->body)->at("data");
    const auto ours = s.rows("A1");
    ASSERT_EQ(theirs.size(), 1U);
    ASSERT_EQ(ours.size(), 1U);
    EXPECT_NE(theirs.at(0).at("syssn"), ours.at(0).at("syssn"));

    s.pass(2min);
    s.sim.behaviour().requests_per_minute = 1;
    EXPECT_EQ(s.post(trade_query_path, {})->status, 200);
    EXPECT_EQ(s.post(trade_query_path, {})->status, 429);
    EXPECT_EQ(s.post_as_other(trade_query_path, {})->status, 200);
}

TEST(TradeQueryTest, TheDateIsTheClouds)
{
    trade_shop s;
    EXPECT_EQ(s.post(trade_query_path, {})->headers.at("date"), "Thu, 04 Jul 2024 07:00:00 GMT");
    ASSERT_EQ(set_by_name(s.sim.behaviour(), "clock_offset", "-90000"), "");
    EXPECT_EQ(s.post(trade_query_path, {})->headers.at("date"), "Thu, 04 Jul 2024 06:58:30 GMT");
}

test::http_request settlement_request(const form& parameters)
{
    test::http_request request{
        .method = "GET",
        .target = "/settlement/v1/query?" + protocol::cloud::encode_form(parameters)};
    request.headers = {
        {"X-QF-APPCODE", std::string{test_app_code}},
        {"X-QF-SIGN", protocol::cloud::request_signature(parameters, test_client_key,
                                                         protocol::cloud::sign_algorithm::md5)}};
    return request;
}

TEST(TradeQueryTest, SettlementAddsUpDays)
{
    trade_shop s{{.settlement = settlement::present}};
    s.sim.plant(row_of("A1", "2024-07-02 23:59:59", 500));
    const auto other = s.sim.plant(row_of("A2", "2024-07-03 00:00:00", 300)).value();
    s.sim.plant(row_of("A3", "2024-07-03 12:00:00", 200));
    auto refund = row_of("R1", "2024-07-03 13:00:00", 50);
    refund.refund_of = other;
    s.sim.plant(refund);
    const auto reply =
        s.send(settlement_request({{"date_start", "20240701"}, {"date_end", "20240703"}}));
    const auto days = parse_json(reply->body)->at("data");
    ASSERT_EQ(days.size(), 2U);
    EXPECT_EQ(days.at(0).at("settle_amount"), 500);
    EXPECT_EQ(days.at(1).at("payment_count"), 2);
    EXPECT_EQ(days.at(1).at("settle_amount"), 450);
}

TEST(TradeQueryTest, SettlementIsSignedInItsQueryString)
{
    trade_shop s{{.settlement = settlement::present}};
    auto request = settlement_request({{"date_start", "20240701"}, {"date_end", "20240703"}});
    request.target += "&mchid=M1";
    EXPECT_EQ(parse_json(s.send(request)->body)->at("respcd"), "1108");
    const form undated{{"date_start", "20240701"}};
    EXPECT_EQ(parse_json(s.send(settlement_request(undated))->body)->at("respcd"), "1103");
    request.method = "POST";
    EXPECT_EQ(s.send(request)->status, 405);
}

}  // namespace
}  // namespace ecr::simulator
