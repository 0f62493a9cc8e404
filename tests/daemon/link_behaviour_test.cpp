// What all links have in common, whatever their tills speak: how they start, how they end, and what
// an installer is told about them.
#include "tests/daemon/shop/dialect_shop.hpp"
#include "tests/support/private_text.hpp"

#include <boost/system/system_error.hpp>
#include <gtest/gtest.h>

#include <fstream>

namespace ecr::test {
namespace {

using simulator::movements;
using simulator::shopper;

class StoppedLinkTest : public testing::TestWithParam<wire_kind> {};

TEST_P(StoppedLinkTest, ATillWithACommandInHandHearsTheEndOfIt)
{
    hypercom_shop s{GetParam()};
    s.world.cloud().plan(shopper{.after = 5s});
    auto till = s.till();
    till.sell(500);
    ASSERT_TRUE(s.pushed());
    s.world.restart_gently();
    EXPECT_EQ(s.answer(till, 1s).status, "00");
    if (GetParam() == wire_kind::pty) return;
    EXPECT_TRUE(s.world.until([&] { return till.over(); }, 10s));
    EXPECT_TRUE(till.over_in_order());  // TLS: by a close_notify
}

TEST_P(StoppedLinkTest, ATillThatCannotBeWaitedForHearsNotToRingAgain)
{
    hypercom_shop s{GetParam()};
    s.world.cloud().plan(shopper{.after = 100s});  // longer than the drain
    auto till = s.till();
    till.sell(500);
    ASSERT_TRUE(s.pushed());
    s.world.restart_gently();
    EXPECT_EQ(s.answer(till, 1s).status, "TO");
    if (GetParam() != wire_kind::pty) {
        EXPECT_TRUE(s.world.until([&] { return till.over(); }, 10s));
        EXPECT_TRUE(till.over_in_order());
    }
    s.world.pass(2min);
    auto again = s.till();
    EXPECT_EQ(s.ask(again, "71").status, "00");
    EXPECT_EQ(s.world.truth().charged_in_all(), (movements{1, 500}));
}

INSTANTIATE_TEST_SUITE_P(Wires, StoppedLinkTest,
                         testing::Values(wire_kind::tcp, wire_kind::tls, wire_kind::pty),
                         testing::PrintToStringParamName());

TEST(TlsLinkTest, EachTillTakesOnePlace)
{
    hypercom_shop s{wire_kind::tls, [](auto& link) {
                        link.connections_max = 2;
                        link.till.clear();
                    }};
    auto one = s.till();
    auto other = s.till();
    for (int round = 0; round < 2; ++round) {
        EXPECT_EQ(s.ask(one, "D0").status, "00");
        EXPECT_EQ(s.ask(other, "D0").status, "00");
    }
    auto third = s.till();  // of the same address, and nobody has been silent for long
    EXPECT_TRUE(s.world.until([&] { return third.over(); }, 1min));
    EXPECT_FALSE(one.over());
    EXPECT_FALSE(other.over());
}

class PosKeyTest : public testing::Test {
protected:
    PosKeyTest() { write_private(file_, own_key + '\n'); }

    [[nodiscard]] link_change with_file() const
    {
        return [this](daemon::link_config& link) { link.pos_key_file = file_; };
    }

    void set_mode(unsigned mode) const
    {
        std::filesystem::permissions(file_, static_cast<std::filesystem::perms>(mode));
    }

    const std::string own_key = "0123456789abcdef0123456789ABCDEF";
    certificate_folder folder_;
    std::filesystem::path file_ = folder_.path / "pos.key";
};

TEST_F(PosKeyTest, AKeyOfOnesOwnIsReadFromAFileThatOnlyTheBridgeMayRead)
{
    const log_catcher log;
    set_mode(0600);
    qfpay_shop s{wire_kind::http, with_file()};
    auto till = s.till(own_key);
    EXPECT_EQ(s.pay(till, "5", "A1").respcd, "6000");
    auto stranger = s.till();  // with the published one
    stranger.pay("5", "A2");
    EXPECT_EQ(s.answer(stranger).respcd, "5001");
    EXPECT_EQ(log.count("link.published_key"), 0);
    EXPECT_EQ(log.text().find(own_key), std::string::npos);
}

TEST_F(PosKeyTest, AFileThatOthersMayReadIsRefused)
{
    for (const auto mode : {0640U, 0604U, 0644U}) {
        set_mode(mode);
        const log_catcher log;
        EXPECT_THROW((qfpay_shop{wire_kind::http, with_file()}), boost::system::system_error);
        EXPECT_EQ(log.count("pos.key can be read by others: chmod 600 it"), 1) << mode;
    }
}

TEST_F(PosKeyTest, AFileWithoutAKeyIsRefused)
{
    set_mode(0600);
    std::ofstream{file_} << "not a key\n";
    EXPECT_THROW((qfpay_shop{wire_kind::http, with_file()}), boost::system::system_error);
}

TEST_F(PosKeyTest, ThePublishedKeyIsWarnedAbout)
{
    const log_catcher log;
    qfpay_shop s{wire_kind::http};
    EXPECT_EQ(log.count("link.published_key"), 2);  // both links
    EXPECT_EQ(log.text().find("f46b1f08"), std::string::npos);
}

class SilentPortTest : public testing::Test {
protected:
    const log_catcher log;
    shop s{{.bridge = [](daemon::config& c) {
        for (auto& link : c.links)
            link.idle_timeout = milliseconds{60'000};
    }}};
};

TEST_F(SilentPortTest, ASilentTillIsSeenOnceAndWhenItIsBack)
{
    s.pass(50s);
    EXPECT_EQ(log.count("port.silent"), 0);
    s.pass(10min);
    EXPECT_EQ(log.count("port.silent"), 1);
    EXPECT_EQ(log.count("port.heard"), 0);
    const auto till = s.port_till();
    EXPECT_EQ(value_of(s.ask(*till, "ping"), "code"), "00");
    EXPECT_EQ(log.count("port.heard"), 1);
    s.pass(10min);
    EXPECT_EQ(log.count("port.silent"), 2);
    EXPECT_EQ(log.count("silent_s=60"), 2);
    EXPECT_EQ(log.count("port.lost"), 0);  // nobody else could use it
}

TEST_F(SilentPortTest, ATillThatWaitsForItsResultIsNotSilent)
{
    s.cloud().plan(shopper{.after = 100s});
    const auto till = s.port_till();
    till->say("pay order=A1 amount=500");
    EXPECT_EQ(value_of(s.result_of(*till, "A1"), "state"), "paid");
    EXPECT_EQ(log.count("port.silent"), 0);
}

}  // namespace
}  // namespace ecr::test
