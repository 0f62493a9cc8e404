#include "protocol/cloud/ecr_api.hpp"
#include "protocol/cloud/trade_api.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <ostream>

namespace ecr::protocol::cloud {
namespace {

struct endpoint_case {
    std::string_view ours;
    std::string printed;  // by QFPay's pages

    friend void PrintTo(const endpoint_case& c, std::ostream* out) { *out << c.printed; }
};

class EndpointTest : public testing::TestWithParam<endpoint_case> {};

TEST_P(EndpointTest, IsThatOfThePages)
{
    EXPECT_EQ(GetParam().ours, GetParam().printed);
}

// clang-format off
const endpoint_case endpoint_cases[] = {
    {payment_path,        "/ecr/v1/payment/async"},
    {refund_path,         "/ecr/v1/refund/async"},
    {cancel_path,         "/ecr/v1/cancel/async"},
    {receipt_path,        "/ecr/v1/print_receipt/async"},
    {summary_path,        "/ecr/v1/print_summary/async"},
    {query_path,          "/ecr/v1/query"},
    {trade_payment_path,  "/trade/v1/payment"},
    {trade_close_path,    "/trade/v1/close"},
    {trade_refund_path,   "/trade/v1/refund"},
    {trade_reversal_path, "/trade/v1/reversal"},
    {trade_query_path,    "/trade/v1/query"},
    {settlement_path,     "/settlement/v1/query"},
};
// clang-format on

INSTANTIATE_TEST_SUITE_P(Pages, EndpointTest, testing::ValuesIn(endpoint_cases),
                         [](const auto& instance) {
                             auto name = instance.param.printed;
                             std::erase_if(name, [](char c) { return c == '/' || c == '_'; });
                             return name;
                         });

}  // namespace
}  // namespace ecr::protocol::cloud
