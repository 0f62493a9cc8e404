#include "protocol/cloud/trade_api.hpp"

#include <gtest/gtest.h>

#include <functional>
#include <ostream>

namespace ecr::protocol::cloud {
namespace {

constexpr bool taken = true;
constexpr bool refused = false;

const std::string syssn = "20240704000200020061752831";

trade_undo_request undo()
{
    return {.syssn = syssn,
            .out_trade_no = "BR-20240704-000003",
            .amount = money::of(2200).value(),
            .txdtm = "2024-07-04 15:14:25",
            .udid = ""};
}

trade_refund_request refund_of_100()
{
    return {.syssn = syssn,
            .out_trade_no = "BR-R-000001",
            .amount = money::of(100).value(),
            .at = parse_cloud_time("2024-07-04 15:20:00").value(),
            .udid = ""};
}

// One request, changed in one place.
template <class Request>
struct change_case {
    std::string name;
    bool accepted = false;
    std::function<void(Request&)> change;

    friend void PrintTo(const change_case& c, std::ostream* out) { *out << c.name; }
};

template <class Request>
void expect_answer(const Request& request, bool accepted)
{
    const auto sent = to_form(request);
    ASSERT_EQ(sent.has_value(), accepted);
    if (!accepted) {
        EXPECT_EQ(sent.error(), errc::bad_parameter);
    }
}

// --- Undo and refund --------------------------------------------------------------------------

TEST(TradeUndoTest, SendsBothIdsWhenBothAreKnown)
{
    const form expected{{"syssn", syssn},
                        {"out_trade_no", "BR-20240704-000003"},
                        {"txamt", "2200"},
                        {"txdtm", "2024-07-04 15:14:25"}};
    EXPECT_EQ(to_form(undo()).value(), expected);
}

using undo_change = change_case<trade_undo_request>;
class TradeUndoLimitTest : public testing::TestWithParam<undo_change> {};

TEST_P(TradeUndoLimitTest, IsKept)
{
    auto request = undo();
    GetParam().change(request);
    expect_answer(request, GetParam().accepted);
}

// clang-format off
const undo_change undo_changes[] = {
    {"OnlySyssn",     taken,   [](auto& u) { u.out_trade_no = ""; }},
    {"OnlyNumber",    taken,   [](auto& u) { u.syssn = ""; }},
    {"NoId",          refused, [](auto& u) { u.syssn = u.out_trade_no = ""; }},
    {"CommaInSyssn",  refused, [](auto& u) { u.syssn = "1,2"; }},
    {"CommaInNumber", refused, [](auto& u) { u.out_trade_no = "1,2"; }},
    {"TooLongSyssn",  refused, [](auto& u) { u.syssn = std::string(129, '1'); }},
    {"NoTime",        refused, [](auto& u) { u.txdtm = ""; }},
    {"OtherTime",     refused, [](auto& u) { u.txdtm = "20240704151425"; }},
    {"NoSuchDay",     refused, [](auto& u) { u.txdtm = "2023-02-29 00:00:00"; }},
    {"Device",        taken,   [](auto& u) { u.udid = "till-1"; }},
    {"TooLongDevice", refused, [](auto& u) { u.udid = std::string(41, 'd'); }},
};
// clang-format on

INSTANTIATE_TEST_SUITE_P(Table, TradeUndoLimitTest, testing::ValuesIn(undo_changes),
                         [](const auto& instance) { return instance.param.name; });

using refund_change = change_case<trade_refund_request>;
class TradeRefundLimitTest : public testing::TestWithParam<refund_change> {};

TEST_P(TradeRefundLimitTest, IsKept)
{
    auto request = refund_of_100();
    GetParam().change(request);
    expect_answer(request, GetParam().accepted);
}

// clang-format off
const refund_change refund_changes[] = {
    {"NoSyssn",       refused, [](auto& r) { r.syssn = ""; }},
    {"NoNumber",      refused, [](auto& r) { r.out_trade_no = ""; }},
    {"CommaInNumber", refused, [](auto& r) { r.out_trade_no = "1,2"; }},
    {"Device",        taken,   [](auto& r) { r.udid = "till-1"; }},
    {"TooLongDevice", refused, [](auto& r) { r.udid = std::string(41, 'd'); }},
};
// clang-format on

INSTANTIATE_TEST_SUITE_P(Table, TradeRefundLimitTest, testing::ValuesIn(refund_changes),
                         [](const auto& instance) { return instance.param.name; });

}  // namespace
}  // namespace ecr::protocol::cloud
