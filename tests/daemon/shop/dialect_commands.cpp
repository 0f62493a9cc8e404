#include "tests/daemon/shop/dialect_commands.hpp"

namespace ecr::test {

std::vector<hypercom_command> every_hypercom_command()
{
    return {{"20", {{"40", "000000000100"}}, "00"},
            {"56", {{"40", "000000000200"}}, "00"},
            {"70", {{"40", "000000000300"}, {"A1", "01"}}, "00"},
            {"71", {}, "00"},
            {"72", {{"65", "000001"}}, "00"},
            {"73", {{"65", "000002"}}, "00"},
            {"26", {{"65", "000002"}}, "00"},
            {"27", {{"40", "000000000100"}, {"65", "000003"}}, "00"},
            {"50", {}, "00"},
            {"D0", {}, "00"},
            {"FF", {}, "00"},
            {"99", {}, "NA"}};
}

void refunds_by_reference(daemon::link_config& link)
{
    link.hypercom.refund = protocol::till::hypercom::refund_policy::by_reference;
}

std::vector<qfpay_local_till::content> every_qfpay_request()
{
    return {{{"func_type", "1001"}, {"amt", "5"}, {"out_trade_no", "\"A1\""}},
            {{"func_type", "4001"}, {"out_trade_no", "\"A1\""}},
            {{"func_type", "3001"}, {"orderId", "\"A1\""}},
            {{"func_type", "3002"}},
            {{"func_type", "1002"}, {"orderId", "\"A1\""}, {"refund_amount", "\"2\""}}};
}

}  // namespace ecr::test
