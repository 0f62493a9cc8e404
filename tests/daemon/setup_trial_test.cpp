#include "daemon/setup/setup_trial.hpp"

#include "daemon/link/pseudo_terminal.hpp"
#include "daemon/setup/serial_ports.hpp"
#include "tests/support/temporary_folder.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <ostream>

namespace ecr::daemon {
namespace {

namespace fs = std::filesystem;
using enum trial_verdict;
using protocol::transport;
using testing::ElementsAre;
using testing::HasSubstr;

struct answer_case {
    const char* name;
    protocol::cloud_reply reply;
    trial_verdict verdict;
    const char* text;

    friend void PrintTo(const answer_case& c, std::ostream* out) { *out << c.name; }
};

class SetupAnswerTest : public testing::TestWithParam<answer_case> {};

TEST_P(SetupAnswerTest, ProvesSoMuch)
{
    const auto& c = GetParam();
    const auto found = judge_trial("T1", c.reply);
    EXPECT_EQ(found.verdict, c.verdict) << found.text;
    EXPECT_THAT(found.text, HasSubstr(c.text));
}

protocol::cloud_reply answered(const std::string& body, unsigned status = 200)
{
    return {.how = transport::answered, .http_status = status, .body = body, .detail = {}};
}

protocol::cloud_reply code(const std::string& respcd)
{
    return answered(R"({"resperr":"Words of QFPay","respcd":")" + respcd + R"(","respmsg":""})");
}

protocol::cloud_reply badly_signed()
{
    auto reply = code("1136");
    reply.bad_signature = true;
    return reply;
}

// clang-format off
const answer_case answer_cases[] = {
    {"NotFound",     code("1136"),  fine,   "signature is accepted"},
    {"Found",        code("0000"),  fine,   "signature is accepted"},
    {"Signature",    code("1108"),  wrong,  "client key"},
    {"SignatureText", code("1108"), wrong,  "Words of QFPay"},
    {"Unbound",      code("1106"),  unsure, "logged in"},
    {"Unknown",      code("9876"),  fine,   "9876"},
    {"BadSignature", badly_signed(), unsure, "does not fit the key"},
    {"Html",         answered("<html>", 403), unsure, "HTTP 403"},
    {"NotSent",      {.how = transport::not_sent, .detail = "no such host"},  unsure, "no such host"},
    {"NoAnswer",     {.how = transport::no_answer, .detail = "timed out"},    unsure, "timed out"},
};
// clang-format on

INSTANTIATE_TEST_SUITE_P(All, SetupAnswerTest, testing::ValuesIn(answer_cases),
                         [](const auto& instance) { return instance.param.name; });

TEST(SetupClockTest, AClockThatGoesWrongIsNamed)
{
    using namespace std::chrono_literals;
    EXPECT_FALSE(judge_clock(0s));
    EXPECT_FALSE(judge_clock(-29s));
    EXPECT_THAT(judge_clock(31s)->text, HasSubstr("31 s behind"));
    EXPECT_THAT(judge_clock(-3600s)->text, HasSubstr("3600 s ahead"));
}

class SetupLinkTrialTest : public testing::Test {
protected:
    static trial_finding tried(link_config link)
    {
        link.name = "a";
        config settings;
        settings.links = {std::move(link)};
        const auto found = try_links(settings);
        EXPECT_EQ(found.size(), 1U);
        EXPECT_EQ(found.at(0).what, "link a");
        return found.at(0);
    }
    static link_config pty_at(const fs::path& name)
    {
        link_config link{.kind = link_kind::pty};
        link.symlink = name;
        return link;
    }
    static link_config serial_at(const fs::path& device)
    {
        link_config link{.kind = link_kind::serial};
        link.device = device;
        return link;
    }

    test::temporary_folder place_;
};

TEST_F(SetupLinkTrialTest, AFreePortIsFine)
{
    EXPECT_EQ(tried({.kind = link_kind::tcp}).verdict, fine);
}

TEST_F(SetupLinkTrialTest, APortInUseIsNoProof)
{
    boost::asio::io_context io;
    const boost::asio::ip::tcp::acceptor taken{
        io, {boost::asio::ip::make_address("127.0.0.1"), 0}, false};
    const auto found = tried({.kind = link_kind::tcp, .port = taken.local_endpoint().port()});
    EXPECT_EQ(found.verdict, unsure);
    EXPECT_THAT(found.text, HasSubstr("in use"));
}

TEST_F(SetupLinkTrialTest, AnAddressOfAnotherMachineIsWrong)
{
    const auto found = tried({.kind = link_kind::tcp, .address = "192.0.2.1"});
    EXPECT_EQ(found.verdict, wrong);
    EXPECT_THAT(found.text, HasSubstr("no address of this machine"));
}

TEST_F(SetupLinkTrialTest, AMissingSerialPortMayCome)
{
    EXPECT_EQ(tried(serial_at(place_ / "ttyUSB0")).verdict, unsure);
}

TEST_F(SetupLinkTrialTest, AFileIsNoSerialPort)
{
    std::ofstream{place_ / "file"} << "x";
    EXPECT_EQ(tried(serial_at(place_ / "file")).verdict, wrong);
}

TEST_F(SetupLinkTrialTest, ASerialPortIsOpened)
{
    const pseudo_terminal port{place_ / "port"};
    EXPECT_EQ(tried(serial_at(port.device())).verdict, fine);
}

TEST_F(SetupLinkTrialTest, AVirtualPortLeavesNothingBehind)
{
    EXPECT_EQ(tried(pty_at(place_ / "tty-pos")).verdict, fine);
    EXPECT_TRUE(fs::is_empty(place_.path()));
}

TEST_F(SetupLinkTrialTest, TheVirtualPortOfARunningBridgeStays)
{
    const pseudo_terminal running{place_ / "tty-pos"};
    EXPECT_EQ(tried(pty_at(place_ / "tty-pos")).verdict, fine);
    EXPECT_EQ(fs::read_symlink(place_ / "tty-pos"), running.device());
}

TEST_F(SetupLinkTrialTest, AFileInTheWayOfAVirtualPortIsWrong)
{
    std::ofstream{place_ / "tty-pos"} << "x";
    EXPECT_EQ(tried(pty_at(place_ / "tty-pos")).verdict, wrong);
}

TEST_F(SetupLinkTrialTest, AFolderThatTheServiceMakesMayCome)
{
    EXPECT_EQ(tried(pty_at(place_ / "run/tty-pos")).verdict, unsure);
}

// --- Which ports there are --------------------------------------------------------------------

class SerialPortsTest : public testing::Test {
protected:
    void device(const std::string& name) { std::ofstream{place_ / "dev" / name} << ""; }
    void link(const std::string& name, const std::string& device)
    {
        fs::create_directories((place_ / "dev" / name).parent_path());
        fs::create_symlink(place_ / "dev" / device, place_ / "dev" / name);
    }
    void uart(const std::string& name, int type)
    {
        fs::create_directories(place_ / "sys/class/tty" / name);
        std::ofstream{place_ / "sys/class/tty" / name / "type"} << type << "\n";
    }
    [[nodiscard]] std::vector<std::string> found() const
    {
        auto names = serial_ports(place_ / "dev", place_ / "sys");
        for (auto& name : names)
            name = fs::path{name}.lexically_relative(place_ / "dev").string();
        return names;
    }

    test::temporary_folder place_;
};

TEST_F(SerialPortsTest, NamesThatStayComeFirst)
{
    fs::create_directories(place_ / "dev");
    for (const auto* name : {"ttyUSB0", "ttyUSB1", "ttyS0", "ttyS1", "ttyAMA0", "tty0"})
        device(name);
    link("serial/by-id/usb-FTDI-A1", "ttyUSB0");
    link("serial/by-path/pci-1", "ttyUSB0");
    link("serial/by-path/pci-2", "ttyUSB1");
    link("serial/by-id/usb-gone", "ttyUSB9");
    uart("ttyS0", 4);
    uart("ttyS1", 0);
    uart("ttyAMA0", 32);
    uart("tty0", 1);
    EXPECT_THAT(found(), ElementsAre("serial/by-id/usb-FTDI-A1", "serial/by-path/pci-2", "ttyAMA0",
                                     "ttyS0"));
}

TEST_F(SerialPortsTest, AMachineWithoutAnyHasNone)
{
    EXPECT_THAT(found(), testing::IsEmpty());
}

}  // namespace
}  // namespace ecr::daemon
