#include "daemon/service/service_manager.hpp"

#include "tests/support/datagram_box.hpp"
#include "tests/support/temporary_folder.hpp"

#include <gmock/gmock.h>

#include <cstdlib>

namespace ecr::daemon {
namespace {

using namespace std::chrono_literals;
using testing::Optional;

class ServiceManagerTest : public testing::Test {
protected:
    ~ServiceManagerTest() override
    {
        for (const auto* name : {"NOTIFY_SOCKET", "WATCHDOG_USEC", "WATCHDOG_PID"})
            ::unsetenv(name);
    }

    service_manager started(const std::string& patience = {}, const std::string& watched = {})
    {
        ::setenv("NOTIFY_SOCKET", systemd_.path().c_str(), 1);
        if (!patience.empty()) ::setenv("WATCHDOG_USEC", patience.c_str(), 1);
        if (!watched.empty()) ::setenv("WATCHDOG_PID", watched.c_str(), 1);
        return service_manager::from_environment();
    }

    test::temporary_folder place_;
    test::datagram_box systemd_{place_.path() / "notify"};
};

TEST_F(ServiceManagerTest, SaysWhatSdNotifySays)
{
    auto manager = started();
    manager.ready("Ready. Links: 1.");
    EXPECT_THAT(systemd_.next(1s), Optional(std::string{"READY=1\nSTATUS=Ready. Links: 1."}));
    manager.feed();
    EXPECT_THAT(systemd_.next(1s), Optional(std::string{"WATCHDOG=1"}));
    manager.status("two\nlines");
    EXPECT_THAT(systemd_.next(1s), Optional(std::string{"STATUS=two lines"}));
    manager.stopping("Stopping.", 80s);
    EXPECT_THAT(
        systemd_.next(1s),
        Optional(std::string{"STOPPING=1\nSTATUS=Stopping.\nEXTEND_TIMEOUT_USEC=80000000"}));
}

TEST_F(ServiceManagerTest, TheSameSentenceIsSaidOnce)
{
    auto manager = started();
    manager.ready("a");
    manager.status("a");
    manager.status("b");
    manager.status("b");
    manager.status("a");
    EXPECT_THAT(systemd_.next(1s), Optional(std::string{"READY=1\nSTATUS=a"}));
    EXPECT_THAT(systemd_.next(1s), Optional(std::string{"STATUS=b"}));
    EXPECT_THAT(systemd_.next(1s), Optional(std::string{"STATUS=a"}));
    EXPECT_EQ(systemd_.next(1ms), std::nullopt);
}

TEST_F(ServiceManagerTest, AnAbstractNameIsReached)
{
    // Not of the file system: the number keeps two test programs apart.
    const auto name = "ecr-test-" + std::to_string(::getpid());
    sockaddr_un here{};
    here.sun_family = AF_UNIX;
    name.copy(here.sun_path + 1, name.size());
    const int box = ::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    const auto size = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + 1 + name.size());
    ASSERT_EQ(::bind(box, reinterpret_cast<const sockaddr*>(&here), size), 0);
    ::setenv("NOTIFY_SOCKET", ("@" + name).c_str(), 1);
    service_manager::from_environment().feed();
    std::array<char, 64> got{};
    EXPECT_EQ(::recv(box, got.data(), got.size(), MSG_DONTWAIT), 10);
    EXPECT_STREQ(got.data(), "WATCHDOG=1");
    ::close(box);
}

TEST_F(ServiceManagerTest, ChildrenDoNotInheritIt)
{
    (void)started("1000000");
    EXPECT_EQ(std::getenv("NOTIFY_SOCKET"), nullptr);
    EXPECT_EQ(std::getenv("WATCHDOG_USEC"), nullptr);
}

TEST_F(ServiceManagerTest, NobodyIsToldNothing)
{
    auto nobody = service_manager::from_environment();
    EXPECT_FALSE(nobody.present());
    EXPECT_EQ(nobody.patience(), std::nullopt);
    nobody.ready("a");
    nobody.feed();
}

TEST_F(ServiceManagerTest, AManagerThatIsGoneIsNoFault)
{
    ::setenv("NOTIFY_SOCKET", (place_.path() / "nobody").c_str(), 1);
    auto manager = service_manager::from_environment();
    manager.ready("a");
    manager.feed();
}

struct watchdog_case {
    std::string name, patience, watched;
    std::optional<std::chrono::milliseconds> expected;

    friend void PrintTo(const watchdog_case& c, std::ostream* out) { *out << c.name; }
};

class WatchdogSettingTest : public ServiceManagerTest,
                            public testing::WithParamInterface<watchdog_case> {};

TEST_P(WatchdogSettingTest, IsReadAsSystemdMeansIt)
{
    EXPECT_EQ(started(GetParam().patience, GetParam().watched).patience(), GetParam().expected);
}

// clang-format off
const watchdog_case watchdog_cases[] = {
    {"None",         "",         "",                           std::nullopt},
    {"Seconds",      "60000000", "",                           60s},
    {"Ours",         "60000000", std::to_string(::getpid()),   60s},
    {"Anothers",     "60000000", "1",                          std::nullopt},
    {"RoundedUp",    "1",        "",                           1ms},
    {"Nonsense",     "soon",     "",                           std::nullopt},
    {"WithATail",    "60s",      "",                           std::nullopt},
    {"Zero",         "0",        "",                           std::nullopt},
    {"Negative",     "-5",       "",                           std::nullopt},
};
// clang-format on
INSTANTIATE_TEST_SUITE_P(Settings, WatchdogSettingTest, testing::ValuesIn(watchdog_cases),
                         [](const auto& instance) { return instance.param.name; });

}  // namespace
}  // namespace ecr::daemon
