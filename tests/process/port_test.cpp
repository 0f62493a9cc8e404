// Tills on serial ports and virtual ports.
#include "shop.hpp"

#include <array>
#include <cstdlib>
#include <fcntl.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

namespace ecr::process {
namespace {

namespace fs = std::filesystem;
using testing::AllOf;
using testing::HasSubstr;
using testing::StartsWith;

class PortTest : public ProcessTest {
protected:
    [[nodiscard]] std::string port() const { return (folder_ / "port").string(); }

    /// A configuration with one more link.
    [[nodiscard]] shop_config with_link(const std::string& lines) const
    {
        return {.links =
                    "[[link]]\nname = \"lane\"\nchannel = \"wx\"\nterminal = \"T2\"\n"
                    "payment_timeout_s = 2\n" +
                    lines};
    }
    [[nodiscard]] shop_config virtual_port(const std::string& more = {}) const
    {
        return with_link("type = \"pty\"\nsymlink = \"" + port() + "\"\n" + more);
    }
    [[nodiscard]] shop_config serial_port(const std::string& more = {}) const
    {
        return with_link("type = \"serial\"\ndevice = \"" + port() + "\"\n" + more);
    }

    /// A serial device as good as any: the till holds the other end of its wire.
    [[nodiscard]] till plug_in() const
    {
        const int master = ::posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC);
        EXPECT_EQ(::grantpt(master), 0);
        EXPECT_EQ(::unlockpt(master), 0);
        std::array<char, 64> name{};
        EXPECT_EQ(::ptsname_r(master, name.data(), name.size()), 0);
        fs::remove(port());
        fs::create_symlink(name.data(), port());
        return till::at_descriptor(master);
    }
};

TEST_F(PortTest, ATillPaysThroughAVirtualPort)
{
    start(virtual_port());
    bridge_->line_with("port.open");
    {
        till lane{fs::path{port()}};
        const auto reply = lane.ask("pay order=A1 amount=100");
        EXPECT_EQ(value_of(reply, "state"), "paid");
        EXPECT_EQ(value_of(reply, "terminal"), "T2");
    }
    const auto device = fs::read_symlink(port());
    till again{fs::path{port()}};  // tills open and close as they like
    EXPECT_EQ(value_of(again.ask("status order=A1"), "state"), "paid");
    EXPECT_EQ(fs::read_symlink(port()), device);
    EXPECT_EQ(bridge_->stop(), 0);
    EXPECT_FALSE(fs::is_symlink(port()));
}

TEST_F(PortTest, TheNameOfAVirtualPortSurvivesAKill)
{
    start(virtual_port());
    bridge_->line_with("port.open");
    bridge_->signal(SIGKILL);
    bridge_->wait();
    EXPECT_TRUE(fs::is_symlink(port()));
    start(virtual_port());
    bridge_->line_with("port.open");
    EXPECT_EQ(value_of(till{fs::path{port()}}.ask("ping"), "code"), "00");
}

TEST_F(PortTest, AFramedTillPays)
{
    start(virtual_port("framing = \"stx\"\nprogress = false\n"));
    bridge_->line_with("port.open");
    till lane{fs::path{port()}};
    lane.say_frame("pay order=A1 amount=100");
    EXPECT_EQ(lane.bytes(1), "\x06");
    const auto reply = lane.hear_frame();
    EXPECT_THAT(reply, StartsWith("result order=A1 state=paid code=00"));
    // The frame was acknowledged, so the bridge knows that the till has its result.
    bridge_->line_with("order.step");
    EXPECT_EQ(cloud_.truth().charged("A1").count, 1);
}

TEST_F(PortTest, ADamagedFrameIsRefusedAndTheNextServed)
{
    start(virtual_port("framing = \"stx\"\n"));
    bridge_->line_with("port.open");
    till lane{fs::path{port()}};
    lane.send(std::string{"\x02ping\x03\x00", 7});
    EXPECT_EQ(lane.bytes(1), "\x15");
    lane.say_frame("ping");
    EXPECT_EQ(lane.bytes(1), "\x06");
    EXPECT_THAT(lane.hear_frame(), HasSubstr("pong"));
}

TEST_F(PortTest, ExclusiveUseEndsWithTheTillThatAskedForIt)
{
    start(virtual_port());
    bridge_->line_with("port.open");
    const int descriptor = ::open(port().c_str(), O_RDWR | O_NOCTTY | O_CLOEXEC);
    ASSERT_EQ(::ioctl(descriptor, TIOCEXCL), 0);
    auto lane = till::at_descriptor(descriptor);
    EXPECT_EQ(value_of(lane.ask("ping"), "code"), "00");
    int exclusive = 1;
    ASSERT_EQ(::ioctl(descriptor, TIOCGEXCL, &exclusive), 0);
    EXPECT_EQ(exclusive, 0);  // root may open it anyway; other tills can, now
}

TEST_F(PortTest, ATillPaysThroughASerialDevice)
{
    auto lane = plug_in();
    start(serial_port());
    bridge_->line_with("port.open");
    EXPECT_EQ(value_of(lane.ask("pay order=A1 amount=100"), "state"), "paid");
}

TEST_F(PortTest, ADeviceThatVanishesIsTakenUpAgain)
{
    auto lane = plug_in();
    start(serial_port());
    bridge_->line_with("port.open");
    EXPECT_EQ(value_of(lane.ask("ping"), "code"), "00");

    const auto from = bridge_->output().size();
    fs::remove(port());
    lane.leave();
    EXPECT_THAT(bridge_->line_with("port.lost", from), HasSubstr("serial " + port()));
    EXPECT_THAT(bridge_->line_with("port.missing", from),
                AllOf(HasSubstr("there is no " + port()), HasSubstr("is it plugged in?")));
    auto other = new_till();
    EXPECT_EQ(value_of(other.ask("pay order=A1 amount=100"), "state"), "paid");

    auto back = plug_in();
    bridge_->line_with("port.open", from);
    EXPECT_EQ(value_of(back.ask("pay order=B1 amount=100"), "state"), "paid");
}

TEST_F(PortTest, ADeviceThatVanishesWhileAnOrderRunsLosesNothing)
{
    cloud_.plan(simulator::shopper{.after = std::chrono::milliseconds{200}});
    auto lane = plug_in();
    start(serial_port());
    bridge_->line_with("port.open");
    lane.say("pay order=A1 amount=100");
    EXPECT_NE(lane.next("progress order=A1 stage=on_terminal"), till::closed_word);
    const auto from = bridge_->output().size();
    lane.leave();
    bridge_->line_with("port.lost", from);
    auto back = plug_in();
    bridge_->line_with("port.open", from);
    const auto reply = back.ask("pay order=A1 amount=100");
    EXPECT_EQ(value_of(reply, "state"), "paid");
    EXPECT_EQ(cloud_.truth().times_pushed("A1"), 1);
}

TEST_F(PortTest, ADeviceInUseIsSaid)
{
    auto lane = plug_in();
    start(serial_port());
    bridge_->line_with("port.open");
    auto second = serial_port();
    second.journal = (folder_ / "second.db").string();
    const auto other = run(text_of(second));
    EXPECT_THAT(other->line_with("port.missing"), HasSubstr("in use by another program"));
    EXPECT_EQ(value_of(lane.ask("ping"), "code"), "00");
}

class OddRateTest : public PortTest, public testing::WithParamInterface<const char*> {};

TEST_P(OddRateTest, IsTaken)
{
    auto lane = plug_in();
    start(serial_port(GetParam()));
    bridge_->line_with("port.open");
    EXPECT_EQ(value_of(lane.ask("ping"), "code"), "00");
}

INSTANTIATE_TEST_SUITE_P(All, OddRateTest,
                         testing::Values("baud = 300\n", "baud = 12345\n", "baud = 250000\n",
                                         "baud = 3999999\n",
                                         "baud = 9600\ndata_bits = 7\nparity = \"even\"\n",
                                         "baud = 31250\nparity = \"odd\"\nstop_bits = 2\n"));

}  // namespace
}  // namespace ecr::process
