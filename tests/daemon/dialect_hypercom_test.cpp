// Tills of the Hypercom family at a whole shop: real bytes over a real link, real money in the
// simulated cloud.
#include "tests/daemon/shop/dialect_shop.hpp"

#include <gtest/gtest.h>

namespace ecr::test {
namespace {

using simulator::act;
using simulator::fault;
using simulator::fault_kind;
using simulator::movements;
using simulator::shopper;
namespace hypercom = protocol::till::hypercom;

class HypercomLinkTest : public testing::TestWithParam<wire_kind> {};

TEST_P(HypercomLinkTest, APaidSaleCarriesItsInvoice)
{
    hypercom_shop s{GetParam()};
    auto till = s.till();
    const auto paid = s.sell(till, 1000);
    EXPECT_EQ(paid.code, "20");
    EXPECT_EQ(paid.status, "00");
    EXPECT_EQ(paid.field("40"), "000000001000");
    EXPECT_EQ(paid.field("65"), "000001");
    EXPECT_EQ(paid.field("16"), "T0000001");
    EXPECT_EQ(paid.field("01").size(), 6U);
    EXPECT_EQ(till.acks(), 1);
    EXPECT_EQ(s.world.truth().charged_in_all(), (movements{1, 1000}));
    EXPECT_EQ(s.sell(till, 1100).field("65"), "000002");
    EXPECT_EQ(till.broken(), 0);
}

TEST_P(HypercomLinkTest, ADeclinedSaleIsNotPaid)
{
    hypercom_shop s{GetParam()};
    s.world.cloud().plan(shopper{.does = act::declines});
    auto till = s.till();
    EXPECT_EQ(s.sell(till, 1000).status, "ND");
    EXPECT_EQ(s.world.truth().charged_in_all(), (movements{0, 0}));
}

TEST_P(HypercomLinkTest, AnExpiredSaleIsNotPaid)
{
    hypercom_shop s{GetParam()};
    s.world.cloud().plan(shopper{.does = act::walks_away});
    auto till = s.till();
    const auto expired = s.sell(till, 1000);
    EXPECT_EQ(expired.status, "ND");
    EXPECT_EQ(expired.field("02").substr(0, 16), "NOT PAID IN TIME");
}

TEST_P(HypercomLinkTest, ASaleInDoubtMustNotBeRungAgain)
{
    hypercom_shop s{GetParam()};
    s.world.cloud().plan(
        fault{.kind = fault_kind::row_respcd, .path = "query", .count = -1, .respcd = "1298"});
    auto till = s.till();
    const auto doubt = s.sell(till, 1000);
    EXPECT_EQ(doubt.status, "TO");
    EXPECT_EQ(doubt.field("02").substr(0, 17), "DO NOT RING AGAIN");
    s.world.cloud().clear_faults();
    s.world.pass(15min);
    const auto known = s.ask(till, "71", {{"65", doubt.field("65")}});
    EXPECT_EQ(known.status, "00");
    EXPECT_EQ(s.world.truth().charged_in_all(), (movements{1, 1000}));
}

TEST_P(HypercomLinkTest, AVoidGivesAllOfItBack)
{
    hypercom_shop s{GetParam()};
    auto till = s.till();
    s.sell(till, 700);
    const auto paid = s.sell(till, 1000);
    const auto undone = s.ask(till, "26", {{"65", paid.field("65")}});
    EXPECT_EQ(undone.status, "00");
    EXPECT_EQ(undone.field("65"), paid.field("65"));
    EXPECT_EQ(undone.field("40"), "000000001000");
    ASSERT_EQ(s.world.truth().movements_of_money().size(), 3U);
    EXPECT_TRUE(s.world.truth().movements_of_money().back().refund);
    EXPECT_EQ(s.world.truth().movements_of_money().back().amount_minor_units, 1000);
}

TEST_P(HypercomLinkTest, ARefundByReferenceGivesAPartBack)
{
    hypercom_shop s{GetParam(), [](auto& link) {
                        link.hypercom.refund = hypercom::refund_policy::by_reference;
                        link.hypercom.order_number = hypercom::reference_field::r1;
                    }};
    auto till = s.till();
    till.sell(1000, {{"R1", "SALE-1"}});
    ASSERT_EQ(s.answer(till).status, "00");
    const auto part =
        s.ask(till, "27", {{"40", "000000000300"}, {"R2", "SALE-1"}, {"R1", "REFUND-1"}});
    EXPECT_EQ(part.status, "00");
    EXPECT_EQ(s.world.truth().refunded("SALE-1"), (movements{1, 300}));
}

TEST_P(HypercomLinkTest, ATillThatWasSwitchedOffFindsItsSale)
{
    hypercom_shop s{GetParam()};
    s.world.cloud().plan(shopper{.after = 40s});
    {
        auto till = s.till();
        till.sell(1000);
        ASSERT_TRUE(s.pushed());
        till.hang_up();
    }
    s.world.pass(60s);
    auto till = s.till();
    const auto last = s.ask(till, "71");
    EXPECT_EQ(last.status, "00");
    EXPECT_EQ(last.field("65"), "000001");
    EXPECT_EQ(last.field("40"), "000000001000");
    EXPECT_EQ(s.world.truth().charged_in_all(), (movements{1, 1000}));
}

TEST_P(HypercomLinkTest, ASaleThatIsRungAgainAfterACrashIsTheEarlierOne)
{
    hypercom_shop s{GetParam()};
    s.world.cloud().plan(shopper{.after = 20s});
    {
        auto till = s.till();
        till.sell(1000);
        ASSERT_TRUE(s.pushed());
        s.world.restart();
    }
    auto till = s.till();
    const auto again = s.sell(till, 1000);
    EXPECT_EQ(again.status, "00");
    EXPECT_EQ(again.field("02").substr(0, 13), "EARLIER SALE:");
    EXPECT_EQ(again.field("65"), "000001");
    EXPECT_EQ(s.world.truth().charged_in_all(), (movements{1, 1000}));
}

TEST_P(HypercomLinkTest, ATillHearsBeforeItGivesUpAndTheSaleGoesOn)
{
    hypercom_shop s{GetParam(), [](auto& link) { link.patience = 30s; }};
    s.world.cloud().plan(shopper{.after = 60s});
    auto till = s.till();
    const auto began = s.world.time().now();
    const auto early = s.sell(till, 1000);
    EXPECT_EQ(early.status, "TO");
    EXPECT_EQ(early.field("02").substr(0, 13), "STILL RUNNING");
    EXPECT_EQ(early.field("65"), "000001");
    EXPECT_GE(s.world.time().now() - began, 30s);
    EXPECT_LE(s.world.time().now() - began, 32s);
    s.world.pass(60s);
    EXPECT_EQ(s.ask(till, "72", {{"65", "000001"}}).status, "00");
    EXPECT_EQ(till.responses().size(), 2U);
    EXPECT_EQ(s.world.truth().charged_in_all(), (movements{1, 1000}));
}

TEST_P(HypercomLinkTest, ASettlementTellsTheDay)
{
    hypercom_shop s{GetParam()};
    auto till = s.till();
    s.sell(till, 1000);
    const auto second = s.sell(till, 234);
    s.world.cloud().plan(shopper{.does = act::declines});
    s.sell(till, 500);
    s.ask(till, "26", {{"65", second.field("65")}});
    const auto totals = s.ask(till, "50");
    EXPECT_EQ(totals.status, "00");
    EXPECT_EQ(totals.field("02"), "SALES 2 12.34 REFUNDS 1 2.34            ");
    EXPECT_EQ(totals.field("40"), "000000001234");
    EXPECT_EQ(totals.field("50"), "261118");
    s.world.pass(24h);  // the next business day
    EXPECT_EQ(s.ask(till, "50").field("02").substr(0, 12), "SALES 0 0.00");
}

TEST_P(HypercomLinkTest, ATestOfTheLinkIsAnswered)
{
    hypercom_shop s{GetParam()};
    auto till = s.till();
    EXPECT_EQ(s.ask(till, "D0").status, "00");
    EXPECT_EQ(s.ask(till, "FF").status, "00");
}

TEST_P(HypercomLinkTest, NothingWrongReachesJournalOrCloud)
{
    hypercom_shop s{GetParam()};
    auto till = s.till();
    EXPECT_EQ(s.ask(till, "99").status, "NA");
    EXPECT_EQ(s.ask(till, "20").status, "ED");
    EXPECT_EQ(s.ask(till, "20", {{"40", "000000000000"}}).status, "ED");
    EXPECT_EQ(s.ask(till, "20", {{"40", "1.00"}}).status, "ED");
    EXPECT_EQ(s.ask(till, "70", {{"40", "000000000100"}, {"A1", "77"}}).status, "NA");
    EXPECT_EQ(s.ask(till, "26", {{"65", "000009"}}).status, "NA");
    EXPECT_EQ(s.ask(till, "27", {{"40", "000000000100"}, {"65", "000009"}}).status, "NA");
    auto damaged = hypercom_till::frame_of("20", {{"40", "000000000100"}});
    damaged.back() = static_cast<char>(damaged.back() ^ 1);
    till.send(damaged);
    EXPECT_TRUE(s.world.until([&] { return till.naks() == 1; }, 1min));
    EXPECT_EQ(s.world.truth().requests_in_all(), 0);
    EXPECT_EQ(s.world.orders_in_journal(), 0U);
    EXPECT_EQ(s.sell(till, 100).status, "00");  // and the link still works
}

TEST_P(HypercomLinkTest, AResultThatWasNeverSentIsNotTakenForReceived)
{
    hypercom_shop s{GetParam(), [](auto& link) { link.hypercom.acknowledges = false; }};
    s.world.cloud().plan(shopper{.after = 20s});
    auto till = s.till(false);
    till.sell(1000);
    ASSERT_TRUE(s.pushed());
    EXPECT_EQ(s.ask(till, "D0").status, "00");  // ends the exchange: the result is dropped
    s.world.pass(60s);
    EXPECT_EQ(s.ask(till, "D0").status, "00");  // the till is alive, and has not got it
    const auto again = s.sell(till, 1000);
    EXPECT_EQ(again.status, "00");
    EXPECT_EQ(again.field("02").substr(0, 13), "EARLIER SALE:");
    EXPECT_EQ(s.world.truth().charged_in_all(), (movements{1, 1000}));
}

TEST_P(HypercomLinkTest, ATillThatNeverAcknowledgesHasGotWhatItWentOnAfter)
{
    hypercom_shop s{GetParam(), [](auto& link) { link.hypercom.acknowledges = false; }};
    auto till = s.till(false);
    EXPECT_EQ(s.sell(till, 1000).status, "00");
    s.world.pass(10s);
    const auto next = s.sell(till, 1000);  // the next customer
    EXPECT_EQ(next.field("02").substr(0, 8), "APPROVED");
    EXPECT_EQ(s.world.truth().charged_in_all(), (movements{2, 2000}));
}

INSTANTIATE_TEST_SUITE_P(Wires, HypercomLinkTest,
                         testing::Values(wire_kind::tcp, wire_kind::tls, wire_kind::pty),
                         testing::PrintToStringParamName());

TEST(HypercomLinkRoomTest, ANewConnectionTakesThePlaceOfADeadOne)
{
    hypercom_shop s{wire_kind::tcp, [](auto& link) {
                        link.connections_max = 1;
                        link.till = "lane-1";
                    }};
    auto dead = s.till();
    dead.sell(1000);
    ASSERT_TRUE(s.pushed());
    auto till = s.till();
    const auto again = s.sell(till, 1000);
    EXPECT_EQ(again.status, "00");
    EXPECT_TRUE(dead.over());
    EXPECT_EQ(s.world.truth().charged_in_all(), (movements{1, 1000}));
}

TEST(HypercomLinkRoomTest, AStrangerIsNotLetIn)
{
    hypercom_shop s{wire_kind::tcp, [](auto& link) { link.allow = {"10.0.0.0/8"}; }};
    auto stranger = s.till();
    EXPECT_TRUE(s.world.until([&] { return stranger.over(); }, 1min));
    EXPECT_EQ(s.world.orders_in_journal(), 0U);
}

/// "lan" and T1 are the first merchant's, "port" and T2 the cafe's.
shop_plan two_merchants()
{
    const std::string code(32, 'C');
    const std::string key(32, '7');
    return {.bridge =
                [=](daemon::config& c) {
                    auto cafe = c.cloud;
                    cafe.name = "cafe";
                    cafe.app_code = code;
                    c.merchants = {cafe};
                    c.terminals[1].merchant = "cafe";
                    c.links[1].terminal = "T2";
                    c.links[1].merchant = "cafe";
                    c.links[1].till = "other";
                },
            .cloud =
                [=](simulator::settings& c) {
                    c.merchants = {{code, key}};
                }};
}

TEST(HypercomInvoiceTest, AnotherMerchantsInvoiceIsNotFound)
{
    hypercom_shop s{wire_kind::tcp, [](auto&) {}, two_merchants()};
    auto mine = s.till();
    hypercom_till cafe{s.world.wire_to_port()};
    const auto sold = s.sell(mine, 1000);
    ASSERT_EQ(sold.status, "00");
    ASSERT_EQ(s.sell(cafe, 300).field("65"), "000002");  // all are counted together
    const hypercom_till::fields of_mine{{"65", sold.field("65")}};
    EXPECT_EQ(s.ask(cafe, "26", of_mine).status, "NA");
    for (const auto* code : {"26", "71", "72", "73"}) {
        const auto refused = s.ask(cafe, code, of_mine);
        EXPECT_EQ(refused.field("02").substr(0, 19), "NO SUCH TRANSACTION") << code;
        EXPECT_EQ(refused.field("40"), "") << code;  // nor is its amount told
    }
    EXPECT_EQ(s.world.truth().movements_of_money().size(), 2U);
    EXPECT_EQ(s.ask(mine, "71", of_mine).status, "00");
    EXPECT_EQ(s.ask(mine, "26", of_mine).status, "00");
}

TEST(HypercomInvoiceTest, AnotherTillOfTheSameMerchantMayVoidASale)
{
    hypercom_shop s{wire_kind::tcp, [](auto& link) {
                        if (link.name == "port") link.till = "service-desk";
                    }};
    auto till = s.till();
    hypercom_till desk{s.world.wire_to_port()};
    const auto sold = s.sell(till, 1000);
    EXPECT_EQ(s.ask(desk, "26", {{"65", sold.field("65")}}).status, "00");
}

}  // namespace
}  // namespace ecr::test
