#include "protocol/cloud/ecr_api.hpp"
#include "tests/protocol/cloud/data_file.hpp"

#include <gtest/gtest.h>

#include <map>
#include <optional>
#include <ostream>
#include <string>

namespace ecr::protocol::cloud {
namespace {

using fields = std::map<std::string, std::string>;

std::string text_of(const std::optional<std::int64_t>& number)
{
    return number ? std::to_string(*number) : "";
}

// Every field of a row that holds something, by its name on the wire.
fields fields_of(const transaction_row& row)
{
    fields all{{"respcd", row.respcd},
               {"txamt", text_of(row.txamt)},
               {"txcurrcd", row.txcurrcd},
               {"syssn", row.syssn},
               {"out_trade_no", row.out_trade_no},
               {"origssn", row.origssn},
               {"tradetp", row.tradetp},
               {"busicd", row.busicd},
               {"origbusicd", row.origbusicd},
               {"sysdtm", row.sysdtm},
               {"server_time", row.server_time},
               {"cancel", text_of(row.cancel)},
               {"allow_refund_amt", text_of(row.allow_refund_amt)},
               {"billamt", text_of(row.billamt)},
               {"clisn", row.clisn},
               {"chnlsn", row.chnlsn},
               {"chnluserid", row.chnluserid},
               {"chnltermid", row.chnltermid},
               {"opuid", row.opuid},
               {"opuser", row.opuser},
               {"nickname", row.nickname},
               {"customer_source", row.customer_source},
               {"cardcd", row.cardcd},
               {"userid", row.userid},
               {"cardtype", row.cardtype},
               {"cardscheme", row.cardscheme},
               {"cardno", row.cardno},
               {"batchno", row.batchno},
               {"refno", row.refno},
               {"storeno", row.storeno},
               {"termno", row.termno},
               {"octopus_order_status", row.octopus_order_status},
               {"octopus_account_id", row.octopus_account_id},
               {"octopus_balance", row.octopus_balance},
               {"octopus_order_id", row.octopus_order_id},
               {"octopus_paydtm", row.octopus_paydtm},
               {"octopus_no", row.octopus_no}};
    std::erase_if(all, [](const auto& field) { return field.second.empty(); });
    return all;
}

// --- The published samples --------------------------------------------------------------------

struct push_case {
    std::string file;
    std::string respcd;
    std::string resperr;

    friend void PrintTo(const push_case& c, std::ostream* out) { *out << c.file; }
};

class PublishedPushTest : public testing::TestWithParam<push_case> {};

TEST_P(PublishedPushTest, ReadsTheAcknowledgement)
{
    const auto body = data_file("seed_ecr_samples/" + GetParam().file + ".json");
    const auto answer = read_acknowledgement(body);
    ASSERT_TRUE(answer);
    EXPECT_EQ(answer->respcd, GetParam().respcd);
    EXPECT_EQ(answer->resperr, GetParam().resperr);
}

TEST_P(PublishedPushTest, HoldsNoRow)
{
    const auto body = data_file("seed_ecr_samples/" + GetParam().file + ".json");
    const auto answer = read_enquiry(body);
    ASSERT_TRUE(answer);
    EXPECT_EQ(answer->respcd, GetParam().respcd);
    EXPECT_EQ(answer->resperr, GetParam().resperr);
    EXPECT_FALSE(answer->row);
}

const char* const unbound = "Termid 235C****503 is unbounded, please login MchntApp to bind it!";

// clang-format off
const push_case push_cases[] = {
    {"payment_success",       "0000", "Order push success"},
    {"payment_error",         "1106", unbound},
    {"refund_success",        "0000", "Refund push success"},
    {"refund_error",          "1136", "Transaction doesn't exist or now isn't in operation time"},
    {"cancel_success",        "0000", "Cancel push success"},
    {"cancel_error",          "1106", unbound},
    {"print_receipt_success", "0000", "Print receipt push success"},
    {"print_receipt_error",   "1136", "The order doesn't exist"},
    {"print_summary_success", "0000", "Print Summary push success"},
    {"print_summary_error",   "1106", unbound},
    {"query_failure",         "1136", "The order doesn't exist"},
};
// clang-format on

INSTANTIATE_TEST_SUITE_P(Samples, PublishedPushTest, testing::ValuesIn(push_cases),
                         [](const auto& instance) { return instance.param.file; });

fields published_card(const std::string& server_time, const std::string& syssn)
{
    return {{"server_time", server_time},
            {"chnluserid", "WP_202111_HKD_TEST"},
            {"cancel", "0"},
            {"cardscheme", "ECMC"},
            {"chnltermid", "1001619"},
            {"opuid", "0000"},
            {"out_trade_no", "202307260004"},
            {"syssn", syssn},
            {"tradetp", "payment"},
            {"sysdtm", "2024-06-27 15:16:35"},
            {"billamt", "0"},
            {"txcurrcd", "344"},
            {"allow_refund_amt", "511"},
            {"opuser", "Store Account"},
            {"nickname", "QFPay store"},
            {"cardno", "520000******1096"},
            {"userid", "113****619"},
            {"txamt", "511"},
            {"busicd", "802801"},
            {"clisn", "054995"},
            {"respcd", "0000"}};
}

const fields published_octopus{{"server_time", "2024-07-04 15:10:44"},
                               {"octopus_balance", "0.0"},
                               {"cancel", "0"},
                               {"opuid", "0000"},
                               {"syssn", "202406251******017879"},
                               {"tradetp", "payment"},
                               {"octopus_paydtm", "2024-06-25 15:58:00"},
                               {"sysdtm", "2024-06-25 15:57:38"},
                               {"billamt", "0"},
                               {"txcurrcd", "344"},
                               {"octopus_account_id", "380001612"},
                               {"allow_refund_amt", "100"},
                               {"opuser", "Store Account"},
                               {"nickname", "QFPay store"},
                               {"octopus_order_status", "SUCCESS"},
                               {"customer_source", "China Hong Kong"},
                               {"userid", "113****619"},
                               {"txamt", "100"},
                               {"busicd", "803708"},
                               {"clisn", "057458"},
                               {"respcd", "0000"},
                               {"chnlsn", "OEM20240625125042"}};

struct row_case {
    std::string name;
    std::string body;
    fields expected;

    friend void PrintTo(const row_case& c, std::ostream* out) { *out << c.name; }
};

class EcrRowTest : public testing::TestWithParam<row_case> {};

TEST_P(EcrRowTest, HoldsEveryField)
{
    const auto answer = read_enquiry(GetParam().body);
    ASSERT_TRUE(answer);
    EXPECT_EQ(answer->respcd, "0000");
    EXPECT_EQ(answer->resperr, "Query success");
    ASSERT_TRUE(answer->row);
    EXPECT_EQ(fields_of(*answer->row), GetParam().expected);
}

const row_case published_rows[] = {
    {"Common", data_file("seed_ecr_samples/query_common.json"),
     published_card("2024-07-04 15:14:25", "2024062718******00018000")},
    {"Card", data_file("seed_ecr_samples/query_card.json"),
     published_card("2024-07-04 15:15:17", "202406271******00018000")},
    {"Octopus", data_file("seed_ecr_samples/query_octopus.json"), published_octopus},
};

INSTANTIATE_TEST_SUITE_P(Published, EcrRowTest, testing::ValuesIn(published_rows),
                         [](const auto& instance) { return instance.param.name; });

TEST(EcrSampleTest, EveryPublishedSampleIsTestedHere)
{
    EXPECT_EQ(published_samples().size(), std::size(push_cases) + std::size(published_rows));
}

// --- The same shapes on one line, as they come, and without the masks ---------------------------

const fields own_card{{"server_time", "2024-07-04 15:14:25"},
                      {"chnluserid", "WP_TEST_HKD"},
                      {"cancel", "0"},
                      {"cardscheme", "ECMC"},
                      {"chnltermid", "1000001"},
                      {"opuid", "0000"},
                      {"out_trade_no", "BR-20240704-000001"},
                      {"syssn", "20240704180500020000018000"},
                      {"tradetp", "payment"},
                      {"sysdtm", "2024-07-04 15:10:35"},
                      {"billamt", "0"},
                      {"txcurrcd", "344"},
                      {"allow_refund_amt", "511"},
                      {"opuser", "Store Account"},
                      {"nickname", "Test store"},
                      {"cardno", "520000******0000"},
                      {"userid", "1000001"},
                      {"txamt", "511"},
                      {"busicd", "802801"},
                      {"clisn", "000001"},
                      {"respcd", "0000"}};

const fields own_octopus{{"server_time", "2024-07-04 15:10:44"},
                         {"octopus_balance", "0.0"},
                         {"cancel", "0"},
                         {"opuid", "0000"},
                         {"syssn", "20240704154100020000017879"},
                         {"tradetp", "payment"},
                         {"octopus_paydtm", "2024-07-04 15:08:00"},
                         {"sysdtm", "2024-07-04 15:07:38"},
                         {"billamt", "0"},
                         {"txcurrcd", "344"},
                         {"octopus_account_id", "380000000"},
                         {"allow_refund_amt", "100"},
                         {"opuser", "Store Account"},
                         {"nickname", "Test store"},
                         {"octopus_order_status", "SUCCESS"},
                         {"customer_source", "China Hong Kong"},
                         {"userid", "1000001"},
                         {"txamt", "100"},
                         {"busicd", "803708"},
                         {"clisn", "000002"},
                         {"respcd", "0000"},
                         {"chnlsn", "OEM00000000000001"}};

const row_case own_rows[] = {
    {"Card", data_file("own_ecr_samples/query_card.json"), own_card},
    {"Octopus", data_file("own_ecr_samples/query_octopus.json"), own_octopus},
};

INSTANTIATE_TEST_SUITE_P(Own, EcrRowTest, testing::ValuesIn(own_rows),
                         [](const auto& instance) { return instance.param.name; });

}  // namespace
}  // namespace ecr::protocol::cloud
