// The doctor looks at ports and certificates: each check failing and passing, with real ones.
#include "daemon/certificate.hpp"
#include "daemon/link/pseudo_terminal.hpp"
#include "daemon/link/serial_port.hpp"
#include "doctor_patient.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>

#include <unistd.h>

namespace ecr::daemon::doctor {
namespace {

namespace fs = std::filesystem;
using boost::asio::ip::tcp;
using testing::ElementsAre;
using testing::HasSubstr;

class DoctorLinkTest : public PatientTest {
protected:
    DoctorLinkTest() { around_.dev = place_ / "dev"; }

    std::vector<std::string_view> look(link_config link, const running_bridge& bridge = {})
    {
        link.name = "lane";
        config settings;
        settings.links.push_back(std::move(link));
        look_at_links(settings, bridge, around_, found_);
        said_ = found_.empty() ? "" : reason_of(found_.back(), language::en);
        return found();
    }
    static link_config serial(const fs::path& device)
    {
        link_config link{.kind = link_kind::serial};
        link.device = device;
        return link;
    }
    static link_config pty(const fs::path& name)
    {
        link_config link{.kind = link_kind::pty};
        link.symlink = name;
        return link;
    }
    /// A listener of another program.
    tcp::acceptor taken_{io_, {boost::asio::ip::make_address("127.0.0.1"), 0}, false};
    [[nodiscard]] link_config taken() const
    {
        return {.kind = link_kind::tcp, .port = taken_.local_endpoint().port()};
    }

    std::string said_;

private:
    static inline boost::asio::io_context io_;
};

// --- TCP ----------------------------------------------------------------------------------------

TEST_F(DoctorLinkTest, AFreePortIsFine)
{
    auto link = taken();
    taken_.close();
    EXPECT_THAT(look(link), ElementsAre("port_free"));
}

TEST_F(DoctorLinkTest, AnotherProgramsPortIsWrong)
{
    EXPECT_THAT(look(taken()), ElementsAre("port_taken"));
}

TEST_F(DoctorLinkTest, TheBridgesOwnPortIsFine)
{
    EXPECT_THAT(look(taken(), {.pid = 7}), ElementsAre("port_of_bridge"));
}

TEST_F(DoctorLinkTest, ABridgeThatDoesNotListenIsNoticed)
{
    auto link = taken();
    taken_.close();
    EXPECT_THAT(look(link, {.pid = 7}), ElementsAre("port_not_open"));
}

TEST_F(DoctorLinkTest, AnAddressOfAnotherMachineIsWrong)
{
    EXPECT_THAT(look({.kind = link_kind::tcp,
                      .address = "192.0.2.1",
                      .port = 9100,
                      .allow = {"192.0.2.0/24"}}),
                ElementsAre("port_not_ours"));
}

// Of such an address there is one on each network: which is meant, it does not say.
TEST_F(DoctorLinkTest, AnAddressThatCannotBeListenedAtIsWrong)
{
    const link_config half{.kind = link_kind::tcp, .address = "fe80::1", .allow = {"fe80::/10"}};
    EXPECT_THAT(look(half), ElementsAre("port_fault"));
    EXPECT_THAT(said_, HasSubstr("cannot be opened"));
}

TEST_F(DoctorLinkTest, LowPortsAreNotForTheBridgesUser)
{
    around_.proc = place_ / "proc";
    EXPECT_THAT(look({.kind = link_kind::tcp, .port = 80}), ElementsAre("port_privileged"));
    write("proc/sys/net/ipv4/ip_unprivileged_port_start", "0\n");
    EXPECT_THAT(look({.kind = link_kind::tcp, .port = 0}), ElementsAre("port_free"));
}

TEST_F(DoctorLinkTest, APortThatAnybodyReachesIsNoticed)
{
    EXPECT_THAT(look({.kind = link_kind::tcp, .address = "0.0.0.0"}),
                ElementsAre("port_exposed", "port_free"));
    EXPECT_THAT(look({.kind = link_kind::tcp, .address = "0.0.0.0", .allow = {"10.0.0.0/8"}}),
                ElementsAre("port_free"));
    EXPECT_THAT(look({.kind = link_kind::tcp, .address = "::"}),
                ElementsAre("port_exposed", testing::_));
}

TEST_F(DoctorLinkTest, ThePortsOfPageAndNotificationsAreLookedAtToo)
{
    config settings;
    settings.page.on = true;
    settings.page.port = settings.notifications.port = taken().port;
    settings.notifications.address = "192.0.2.1";
    look_at_links(settings, {}, around_, found_);
    ASSERT_EQ(found_.size(), 2U);
    EXPECT_THAT(reason_of(found_.front(), language::en), HasSubstr("[notifications]"));
    EXPECT_THAT(reason_of(found_.back(), language::en), HasSubstr("[page]"));
    EXPECT_THAT(found(), ElementsAre("port_not_ours", "port_taken"));
}

TEST_F(DoctorLinkTest, APageThatIsOffHasNoPort)
{
    config settings;
    settings.page.port = taken().port;
    look_at_links(settings, {}, around_, found_);
    EXPECT_THAT(found(), ElementsAre());
}

// --- Serial -------------------------------------------------------------------------------------

TEST_F(DoctorLinkTest, ASerialPortIsOpened)
{
    const pseudo_terminal port{place_ / "port"};
    EXPECT_THAT(look(serial(port.device())), ElementsAre("serial_fine"));
}

TEST_F(DoctorLinkTest, TheBridgesSerialPortIsLeftAlone)
{
    const pseudo_terminal port{place_ / "port"};
    const auto opened = open_serial_port(port.device(), {});
    EXPECT_THAT(look(serial(port.device()), {.pid = 7}), ElementsAre("serial_of_bridge"));
}

TEST_F(DoctorLinkTest, APortThatAnotherProgramHasIsBusy)
{
    const pseudo_terminal port{place_ / "port"};
    const auto opened = open_serial_port(port.device(), {});
    ASSERT_TRUE(opened.port) << opened.problem;
    EXPECT_THAT(look(serial(port.device())), ElementsAre("serial_busy"));
}

TEST_F(DoctorLinkTest, AMissingSerialPortIsWrong)
{
    EXPECT_THAT(look(serial(place_ / "till-1")), ElementsAre("serial_missing"));
}

TEST_F(DoctorLinkTest, APortThatIsNotForThisUserIsWrong)
{
    const pseudo_terminal port{place_ / "port"};
    fs::permissions(port.device(), fs::perms::none);
    const auto user = ::geteuid();
    const uid_t nobody = 65'534;  // root may open everything
    ASSERT_EQ(::seteuid(user == 0 ? nobody : user), 0);
    const auto found = look(serial(port.device()));
    ASSERT_EQ(::seteuid(user), 0);
    EXPECT_THAT(found, ElementsAre("serial_denied"));
}

TEST_F(DoctorLinkTest, AFileIsNoSerialPort)
{
    EXPECT_THAT(look(serial(write("file", "x"))), ElementsAre("serial_fault"));
    EXPECT_THAT(said_, HasSubstr("is not a serial port"));
}

TEST_F(DoctorLinkTest, ANameThatMovesIsNoticed)
{
    const pseudo_terminal port{place_ / "port"};
    fs::create_directories(around_.dev / "serial/by-id");
    fs::create_symlink(port.device(), around_.dev / "ttyUSB0");
    EXPECT_THAT(look(serial(around_.dev / "ttyUSB0")),
                ElementsAre("serial_fine", "serial_unstable"));
    const auto better = around_.dev / "serial/by-id/usb-FTDI-A1";
    fs::create_symlink(port.device(), better);
    (void)look(serial(around_.dev / "ttyUSB0"));
    EXPECT_THAT(said_, HasSubstr("ttyUSB0 may be another"));
    EXPECT_THAT(look(serial(better)), ElementsAre("serial_fine"));
}

// --- Virtual ports ------------------------------------------------------------------------------

TEST_F(DoctorLinkTest, AVirtualPortLeavesNothingBehind)
{
    EXPECT_THAT(look(pty(place_ / "tty-pos")), ElementsAre("pty_fine"));
    EXPECT_TRUE(fs::is_empty(place_.path()));
}

TEST_F(DoctorLinkTest, TheVirtualPortOfABridgeStays)
{
    const pseudo_terminal running{place_ / "tty-pos"};
    EXPECT_THAT(look(pty(place_ / "tty-pos"), {.pid = 7}), ElementsAre("pty_fine"));
    EXPECT_EQ(fs::read_symlink(place_ / "tty-pos"), running.device());
}

TEST_F(DoctorLinkTest, AFileInTheWayOfAVirtualPortIsWrong)
{
    EXPECT_THAT(look(pty(write("tty-pos", "x"))), ElementsAre("pty_in_the_way"));
}

TEST_F(DoctorLinkTest, AVirtualPortNeedsItsFolder)
{
    EXPECT_THAT(look(pty(place_ / "none/tty-pos")), ElementsAre("pty_no_folder"));
}

TEST_F(DoctorLinkTest, TheFolderOfTheServiceIsMadeWhenItStarts)
{
    if (fs::exists("/run/ecrbridge")) GTEST_SKIP() << "the service runs on this machine";
    EXPECT_THAT(look(pty("/run/ecrbridge/tty-pos")), ElementsAre("pty_later"));
}

TEST_F(DoctorLinkTest, ANameThatIsTooLongCannotBeMade)
{
    EXPECT_THAT(look(pty(place_ / std::string(255, 'x'))), ElementsAre("pty_fault"));
}

// --- Certificates -------------------------------------------------------------------------------

class DoctorCertificateTest : public PatientTest {
protected:
    std::vector<std::string_view> look(long valid_s)
    {
        const auto made = make_server_certificate("Shop", {"bridge.shop"},
                                                  {.from_s = -3 * 86'400, .to_s = valid_s});
        return look(write("cert.pem", made.chain), write("key.pem", made.key));
    }
    std::vector<std::string_view> look(const std::string& certificate, const std::string& key)
    {
        config settings;
        settings.links.push_back({.name = "lan"});
        settings.links[0].certificate_file = certificate;
        settings.links[0].certificate_key_file = key;
        look_at_certificates(settings, time_, around_, found_);
        return found();
    }

    real_clock time_;
};

TEST_F(DoctorCertificateTest, AFreshOneIsFine)
{
    EXPECT_THAT(look(90 * 86'400), ElementsAre("certificate_fine"));
}

TEST_F(DoctorCertificateTest, OneThatEndsThisMonthIsNoticed)
{
    EXPECT_THAT(look(20 * 86'400), ElementsAre("certificate_ends_soon"));
}

TEST_F(DoctorCertificateTest, OneThatHasEndedIsWrong)
{
    EXPECT_THAT(look(-86'400), ElementsAre("certificate_ended"));
}

TEST_F(DoctorCertificateTest, AnotherOnesKeyIsWrong)
{
    const auto one = make_server_certificate("Shop", {"a.shop"}, {.to_s = 86'400});
    const auto other = make_server_certificate("Shop", {"b.shop"}, {.to_s = 86'400});
    EXPECT_THAT(look(write("cert.pem", one.chain), write("key.pem", other.key)),
                ElementsAre("certificate_fault"));
    EXPECT_THAT(look((place_ / "none.pem").string(), write("key.pem", other.key)),
                ElementsAre("certificate_fault"));
}

}  // namespace
}  // namespace ecr::daemon::doctor
