#include "tests/protocol/cloud/data_file.hpp"
#include "tests/protocol/cloud/trade_fields.hpp"

#include <gtest/gtest.h>

#include <ostream>

namespace ecr::protocol::cloud {
namespace {

// --- Flat answers -----------------------------------------------------------------------------

struct answer_case {
    std::string name;
    std::string file;
    wire_fields expected;
    std::string presented;

    friend void PrintTo(const answer_case& c, std::ostream* out) { *out << c.file; }
};

class TradeAnswerSampleTest : public testing::TestWithParam<answer_case> {};

TEST_P(TradeAnswerSampleTest, HoldsEveryField)
{
    const auto answer = read_trade_answer(data_file(GetParam().file + ".json"));
    ASSERT_TRUE(answer);
    EXPECT_EQ(fields_of(*answer), GetParam().expected);
    EXPECT_EQ(answer->presented(), GetParam().presented);
}

TEST_P(TradeAnswerSampleTest, IsNoList)
{
    const auto list = read_trade_list(data_file(GetParam().file + ".json"));
    ASSERT_TRUE(list);
    EXPECT_FALSE(list->has_data);
    EXPECT_TRUE(list->rows.empty());
}

const std::string masked(3, 'X');  // how the page hides a value

const answer_case published_answers[] = {
    {"WebPayment",
     "seed_trade_samples/web_payment",
     {{"sysdtm", "2016-12-16 15:53:18"},
      {"respmsg", "OK"},
      {"out_trade_no", masked},
      {"syssn", masked},
      {"respcd", "0000"},
      {"pay_url", masked}},
     masked},
    {"Payment",
     "seed_trade_samples/payment",
     {{"pay_type", "800208"},
      {"out_trade_no", "57003579"},
      {"cardcd", "oKeGJuIhEWuWZQPdXFBkXdgr5nLc"},
      {"txdtm", "2017-09-06 14:56:43"},
      {"txamt", "10"},
      {"respmsg", "ok"},
      {"sysdtm", "2017-09-06 14:56:43"},
      {"syssn", "201709060902990042326492"},
      {"txcurrcd", "HKD"},
      {"respcd", "0000"}},
     ""},
    {"Reversal",
     "seed_trade_samples/reversal",
     {{"sysdtm", "2017-09-06 15:00:35"},
      {"orig_syssn", "201709060902990042326492"},
      {"respmsg", "ok"},
      {"out_trade_no", "57003579"},
      {"syssn", "201709060902990042326548"},
      {"respcd", "0000"}},
     ""},
    {"Refund",
     "seed_trade_samples/refund",
     {{"txdtm", "2017-09-06 15:09:08"},
      {"txamt", "10"},
      {"respmsg", "ok"},
      {"out_trade_no", "98654216"},
      {"syssn", "201709060901990042326683"},
      {"respcd", "0000"},
      {"sysdtm", "2017-09-06 15:09:09"},
      {"orig_syssn", "201709060902990042326663"}},
     ""},
};

INSTANTIATE_TEST_SUITE_P(Published, TradeAnswerSampleTest, testing::ValuesIn(published_answers),
                         [](const auto& instance) { return instance.param.name; });

const answer_case own_answers[] = {
    {"CustomerCode",
     "own_trade_samples/payment_customer_code",
     {{"pay_type", "800208"},
      {"out_trade_no", "A1"},
      {"cardcd", "payer-id"},
      {"txdtm", "2024-07-04 14:56:43"},
      {"txamt", "10"},
      {"respmsg", "ok"},
      {"sysdtm", "2024-07-04 14:56:43"},
      {"syssn", "20240704090299004232649201"},
      {"txcurrcd", "HKD"},
      {"respcd", "0000"}},
     ""},
    {"MerchantCode",
     "own_trade_samples/payment_merchant_code",
     {{"surcharge_fee", "0"},
      {"qrcode", "https://qr.example/x"},
      {"pay_type", "800101"},
      {"surcharge_rate", "0"},
      {"resperr", "success"},
      {"txdtm", "2024-07-04 11:09:24"},
      {"out_trade_no", "A2"},
      {"syssn", "20240704066200020000976054"},
      {"sysdtm", "2024-07-04 11:09:27"},
      {"txcurrcd", "EUR"},
      {"udid", "dev1"},
      {"txamt", "1"},
      {"respcd", "0000"}},
     "https://qr.example/x"},
    {"Web",
     "own_trade_samples/payment_web",
     {{"sysdtm", "2024-07-04 15:53:18"},
      {"respmsg", "OK"},
      {"out_trade_no", "A4"},
      {"syssn", "20240704066200020000976055"},
      {"respcd", "0000"},
      {"pay_url", "https://pay.example/A4"}},
     "https://pay.example/A4"},
    {"Refund",
     "own_trade_samples/refund",
     {{"orig_syssn", "P"},
      {"sysdtm", "2024-07-04 11:11:23"},
      {"paydtm", "2024-07-04 11:11:26"},
      {"txdtm", "2024-07-04 11:10:38"},
      {"udid", "dev1"},
      {"txcurrcd", "EUR"},
      {"txamt", "10"},
      {"resperr", "success"},
      {"out_trade_no", "R1"},
      {"syssn", "Q"},
      {"respcd", "0000"},
      {"chnlsn", "C"}},
     ""},
    {"RefundPending",
     "own_trade_samples/refund_pending",
     {{"orig_syssn", "P"},
      {"resperr", "text(2999)"},
      {"txdtm", "2024-07-04 19:16:36"},
      {"txamt", "1"},
      {"out_trade_no", "R1"},
      {"syssn", "Q"},
      {"respcd", "2999"},
      {"sysdtm", "2024-07-04 19:16:21"}},
     ""},
    {"RefundDuplicate",
     "own_trade_samples/refund_duplicate",
     {{"respcd", "1251"},
      {"resperr", "Do not use duplicate out_trade_no for request(1251)"},
      {"respmsg", "out_trade_no is used"},
      {"orig_syssn", "P"}},
     ""},
    {"Reversal",
     "own_trade_samples/reversal",
     {{"surcharge_fee", "0"},
      {"resperr", "success"},
      {"txdtm", "2024-07-04 16:50:30"},
      {"syssn", "Q"},
      {"sysdtm", "2024-07-04 16:54:38"},
      {"txcurrcd", "EUR"},
      {"udid", "dev1"},
      {"txamt", "2500"},
      {"orig_syssn", "P"},
      {"surcharge_rate", "0"},
      {"respcd", "0000"}},
     ""},
};

INSTANTIATE_TEST_SUITE_P(Own, TradeAnswerSampleTest, testing::ValuesIn(own_answers),
                         [](const auto& instance) { return instance.param.name; });

// --- Lists ------------------------------------------------------------------------------------

struct list_case {
    std::string name;
    std::string file;
    std::vector<wire_fields> rows;

    friend void PrintTo(const list_case& c, std::ostream* out) { *out << c.file; }
};

class TradeListSampleTest : public testing::TestWithParam<list_case> {};

TEST_P(TradeListSampleTest, HoldsEveryRow)
{
    const auto list = read_trade_list(data_file(GetParam().file + ".json"));
    ASSERT_TRUE(list);
    EXPECT_EQ(list->respcd, "0000");
    EXPECT_EQ(list->page, 1);
    EXPECT_EQ(list->page_size, 10);
    EXPECT_TRUE(list->has_data);
    std::vector<wire_fields> rows;
    for (const auto& row : list->rows)
        rows.push_back(fields_of(row));
    EXPECT_EQ(rows, GetParam().rows);
}

wire_fields row_of_2017(const std::string& number, const std::string& syssn,
                        const std::string& sysdtm, const std::string& txdtm,
                        const std::string& cancel)
{
    return {{"pay_type", "800208"}, {"sysdtm", sysdtm}, {"order_type", "payment"},
            {"txdtm", txdtm},       {"txamt", "10"},    {"out_trade_no", number},
            {"syssn", syssn},       {"cancel", cancel}, {"respcd", "0000"},
            {"errmsg", "交易成功"}};
}

const std::string paid_at = "2017-09-06 14:56:43";

wire_fields refund_of_2017()
{
    auto row = row_of_2017("98654216", "201709060901990042326683", "2017-09-06 15:09:09",
                           "2017-09-06 15:09:08", "0");
    row["order_type"] = "refund";
    return row;
}

const list_case published_lists[] = {
    {"QueryPayment",
     "seed_trade_samples/query_payment",
     {row_of_2017("57003579", "201709060902990042326492", paid_at, paid_at, "0")}},
    {"QueryReversalOrig",
     "seed_trade_samples/query_reversal_orig",
     {row_of_2017("57003579", "201709060902990042326492", paid_at, paid_at, "1")}},
    {"QueryReversalNew", "seed_trade_samples/query_reversal_new", {}},
    {"QueryRefundOrig",
     "seed_trade_samples/query_refund_orig",
     {row_of_2017("98654216", "201709060902990042326663", "2017-09-06 15:07:47",
                  "2017-09-06 15:07:46", "2")}},
    {"QueryRefundNew", "seed_trade_samples/query_refund_new", {refund_of_2017()}},
};

INSTANTIATE_TEST_SUITE_P(Published, TradeListSampleTest, testing::ValuesIn(published_lists),
                         [](const auto& instance) { return instance.param.name; });

const list_case own_lists[] = {
    {"RefundPending",
     "own_trade_samples/query_refund_pending",
     {{{"syssn", "Q"},
       {"out_trade_no", "R1"},
       {"txcurrcd", "HKD"},
       {"origssn", "P"},
       {"pay_type", "805814"},
       {"order_type", "refund"},
       {"txdtm", "2024-07-04 11:03:40"},
       {"txamt", "26910"},
       {"sysdtm", "2024-07-04 19:03:40"},
       {"cancel", "0"},
       {"paydtm", "2024-07-04 19:03:40"},
       {"userid", "1000001"},
       {"respcd", "1143"},
       {"errmsg", "text(1143)"},
       {"clisn", "000003"},
       {"cardtp", "5"}}}},
    {"Closed",
     "own_trade_samples/query_closed",
     {{{"pay_type", "800201"},
       {"sysdtm", "2024-07-04 17:02:01"},
       {"order_type", "payment"},
       {"txcurrcd", "HKD"},
       {"txdtm", "2024-07-04 17:02:01"},
       {"txamt", "1"},
       {"out_trade_no", "A3"},
       {"syssn", "S"},
       {"cancel", "2"},
       {"respcd", "1142"}}}},
    {"Nothing", "own_trade_samples/query_nothing", {}},
};

INSTANTIATE_TEST_SUITE_P(Own, TradeListSampleTest, testing::ValuesIn(own_lists),
                         [](const auto& instance) { return instance.param.name; });

TEST(TradeSampleTest, EverySampleIsTestedHere)
{
    EXPECT_EQ(samples_in("seed_trade_samples").size(),
              std::size(published_answers) + std::size(published_lists));
    EXPECT_EQ(samples_in("own_trade_samples").size(),
              std::size(own_answers) + std::size(own_lists));
}

}  // namespace
}  // namespace ecr::protocol::cloud
