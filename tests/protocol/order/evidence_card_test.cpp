// The cloud masks card numbers. Should it once forget to, they end here.
#include "protocol/order/evidence.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace ecr::protocol {
namespace {

using testing::HasSubstr;
using testing::Not;

constexpr auto card = "4111111111111111";

cloud_reply answered(std::string body)
{
    return {.how = transport::answered, .http_status = 200, .body = std::move(body)};
}

order an_order()
{
    order o;
    o.out_trade_no = "A1";
    o.state = order_state::on_terminal;
    o.amount_minor_units = 110;
    return o;
}

std::string row_with(const std::string& cardno, const std::string& currency)
{
    return R"({"resperr": "", "respcd": "0000", "respmsg": {"out_trade_no": "A1", "syssn": "S1",)"
           R"( "tradetp": "payment", "respcd": "0000", "txamt": 110, "txcurrcd": ")" +
           currency + R"(", "cardno": ")" + cardno + R"("}})";
}

TEST(EvidenceCardTest, ARowKeepsSixAndFourDigits)
{
    const auto found = judge_enquiry(an_order(), answered(row_with(card, "344")), {});
    EXPECT_EQ(found.what, finding::paid);
    ASSERT_TRUE(found.facts);
    EXPECT_EQ(found.facts->card, "411111******1111");
}

TEST(EvidenceCardTest, AMaskedRowStaysAsItIs)
{
    const auto found = judge_enquiry(an_order(), answered(row_with("520000******1096", "344")), {});
    ASSERT_TRUE(found.facts);
    EXPECT_EQ(found.facts->card, "520000******1096");
}

TEST(EvidenceCardTest, AReasonHoldsNoCardNumber)
{
    const auto text =
        std::string{R"({"respcd": "1205", "resperr": "card )"} + card + R"( said no"})";
    EXPECT_THAT(judge_push(order_kind::payment, answered(text)).reason, Not(HasSubstr(card)));
    EXPECT_THAT(judge_enquiry(an_order(), answered(text), {}).reason, Not(HasSubstr(card)));
    const auto mismatch = judge_enquiry(an_order(), answered(row_with("", card)), {});
    EXPECT_EQ(mismatch.what, finding::mismatch);
    EXPECT_THAT(mismatch.reason, Not(HasSubstr(card)));
}

}  // namespace
}  // namespace ecr::protocol
