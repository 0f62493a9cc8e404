// The doctor looks at files, disk, journal and service: each check failing and passing.
#include "doctor_patient.hpp"
#include "store/journal.hpp"
#include "store/migrations.hpp"
#include "tests/store/other_program.hpp"
#include "tests/store/sample_order.hpp"

#include <cstdlib>
#include <linux/magic.h>
#include <unistd.h>

namespace ecr::daemon::doctor {
namespace {

namespace fs = std::filesystem;
using testing::ElementsAre;
using testing::HasSubstr;

class DoctorMachineTest : public PatientTest {
protected:
    std::string config_text(const std::string& more = {}, const std::string& code = "CODE")
    {
        return "[bridge]\njournal = '" + (place_ / "journal.db").string() +
               "'\n[cloud]\napp_code = '" + code + "'\nclient_key_file = '" +
               (place_ / "client.key").string() +
               "'\n[[terminal]]\nid = 'T1'\n[[link]]\nname = 'shop'\ntype = 'tcp'\n"
               "listen = '127.0.0.1:0'\n" +
               more;
    }
    std::vector<std::string_view> read_config(const std::string& text)
    {
        (void)look_at_config(write("bridge.toml", text), found_);
        return found();
    }
    std::vector<std::string_view> secrets(const std::string& text)
    {
        config_report report;
        const auto settings = parse_config(text, report);
        EXPECT_TRUE(settings) << report.to_text("x");
        if (settings) keys_ = look_at_secrets(*settings, place_ / "bridge.toml", found_);
        return found();
    }
    std::vector<std::string_view> journal()
    {
        look_at_journal(place_ / "journal.db", found_);
        return found();
    }
    std::vector<std::string_view> disk()
    {
        config settings;
        settings.journal = place_ / "not/yet/there/journal.db";
        look_at_disk(settings, around_, found_);
        // Where the tests have their files is in memory on most machines.
        std::erase_if(found_, [](const auto& f) { return f.what == symptom::disk_volatile; });
        return found();
    }
    /// With a systemctl that says this.
    std::vector<std::string_view> service(const std::string& said, const running_bridge& bridge,
                                          link_kind kind = link_kind::tcp)
    {
        around_.systemd = place_.path();
        around_.systemctl = write("systemctl", "#!/bin/sh\ncat <<E\n" + said + "\nE\n", 0700);
        config settings;
        settings.links.push_back({.name = "lane", .kind = kind});
        look_at_service(settings, bridge, around_, found_);
        return found();
    }

    std::vector<merchant_secrets> keys_;
};

// --- Configuration ------------------------------------------------------------------------------

TEST_F(DoctorMachineTest, AGoodConfigurationIsFine)
{
    EXPECT_THAT(read_config(config_text()), ElementsAre("config_fine"));
}

TEST_F(DoctorMachineTest, AMissingConfigurationIsNamed)
{
    EXPECT_FALSE(look_at_config(place_ / "none.toml", found_));
    EXPECT_THAT(cure_of(found_.at(0), language::en), HasSubstr("ecrbridge setup"));
    EXPECT_THAT(found(), ElementsAre("config_missing"));
}

TEST_F(DoctorMachineTest, AFolderIsNoConfiguration)
{
    EXPECT_FALSE(look_at_config(place_.path(), found_));
    EXPECT_THAT(found(), ElementsAre("config_unreadable"));
}

TEST_F(DoctorMachineTest, EveryMistakeHasItsLine)
{
    write("bridge.toml", config_text("chanel = 'wx'\nidle_timeout_s = -1\n"));
    EXPECT_FALSE(look_at_config(place_ / "bridge.toml", found_));
    EXPECT_THAT(reason_of(found_.at(0), language::en), HasSubstr("line 12: "));
    EXPECT_THAT(reason_of(found_.at(0), language::zh_hant), HasSubstr("第 12 行："));
    EXPECT_THAT(found(), ElementsAre("config_mistake", "config_mistake"));
}

TEST_F(DoctorMachineTest, TheSampleIsNoConfigurationYet)
{
    EXPECT_THAT(read_config(config_text({}, "REPLACE-WITH-YOUR-APP-CODE")),
                ElementsAre("config_sample"));
}

TEST_F(DoctorMachineTest, TerminalsDoNotWorkWithTestSystems)
{
    auto text = config_text();
    text.replace(text.find("[cloud]"), 7, "[cloud]\nregion = 'hk-test'");
    EXPECT_THAT(read_config(text), ElementsAre("config_test_host"));
}

TEST_F(DoctorMachineTest, ThePublishedPosKeyIsWrong)
{
    const std::string till = "dialect = 'qfpay-local'\nwrapping = 'tcp'\n";
    EXPECT_THAT(read_config(config_text(till)), ElementsAre("config_fine", "pos_key_published"));
    const auto key = write("pos.key", "00112233445566778899AABBCCDDEEFF\n");
    const auto own = till + "pos_key_file = '" + key + "'\n";
    EXPECT_THAT(read_config(config_text(own)), ElementsAre("config_fine", "pos_key_own"));
    EXPECT_THAT(read_config(config_text(own + "encryption = 'auto'\n")),
                ElementsAre("config_fine", "pos_key_own", "pos_key_plain"));
}

// --- Secrets ------------------------------------------------------------------------------------

TEST_F(DoctorMachineTest, AKeyThatOnlyItsOwnerCanReadIsFine)
{
    write("client.key", "SECRET\n");
    EXPECT_THAT(secrets(config_text()), ElementsAre("secret_fine"));
    EXPECT_EQ(keys_.at(0).client_key, "SECRET");
}

TEST_F(DoctorMachineTest, AMissingKeyIsNamed)
{
    EXPECT_THAT(secrets(config_text()), ElementsAre("secret_missing"));
}

TEST_F(DoctorMachineTest, AKeyThatOthersCanReadIsWrong)
{
    write("client.key", "SECRET\n", 0644);
    EXPECT_THAT(secrets(config_text()), ElementsAre("secret_open"));
    EXPECT_EQ(keys_.at(0).client_key, "");
}

TEST_F(DoctorMachineTest, AnEmptyKeyIsWrong)
{
    write("client.key", "\n");
    EXPECT_THAT(secrets(config_text()), ElementsAre("secret_fault"));
}

TEST_F(DoctorMachineTest, TheServicesKeyIsReadWhereRootKeepsIt)
{
    ::unsetenv("CREDENTIALS_DIRECTORY");
    auto text = config_text("token_file = '/run/credentials/ecrbridged.service/keys_shop'\n");
    const auto at = text.find("client_key_file");
    text.replace(at, text.find('\n', at) - at, "client_key_credential = 'client-key'");
    EXPECT_THAT(secrets(text), ElementsAre("secret_missing", "secret_missing"));
    write("client.key", "SECRET\n");
    write("keys/shop", "word\n");
    EXPECT_THAT(secrets(text), ElementsAre("secret_fine", "secret_fine"));
    EXPECT_EQ(keys_.at(0).client_key, "SECRET");
}

TEST_F(DoctorMachineTest, ACredentialOfAnotherNameCannotBeSeen)
{
    ::unsetenv("CREDENTIALS_DIRECTORY");
    auto text = config_text();
    const auto at = text.find("client_key_file");
    text.replace(at, text.find('\n', at) - at, "client_key_credential = 'qfpay'");
    EXPECT_THAT(secrets(text), ElementsAre("secret_unseen"));
}

// --- Disk ---------------------------------------------------------------------------------------

TEST_F(DoctorMachineTest, RoomOnTheDiskIsMeasured)
{
    around_.room_short_mib = 0;
    around_.room_full_mib = 0;
    EXPECT_THAT(disk(), ElementsAre("disk_fine"));
    constexpr auto more_than_there_is = std::uint64_t{1} << 50U;
    around_.room_short_mib = more_than_there_is;
    EXPECT_THAT(disk(), ElementsAre("disk_short"));
    around_.room_full_mib = more_than_there_is;
    EXPECT_THAT(disk(), ElementsAre("disk_full"));
}

TEST_F(DoctorMachineTest, ADiskThatCannotBeWrittenIsWrong)
{
    config settings;
    settings.journal = "/proc/journal.db";  // no disk, and never writable
    look_at_disk(settings, around_, found_);
    around_.room_full_mib = 0;
    around_.room_short_mib = 0;
    EXPECT_THAT(found(), testing::Contains(testing::AnyOf("disk_readonly", "disk_full")));
}

TEST_F(DoctorMachineTest, MemoryAndNetworkDrivesAreNoDisks)
{
    const auto what = [](long type) {
        const auto bad = judge_file_system("j", type);
        return bad ? name_of(bad->what) : "";
    };
    EXPECT_EQ(what(TMPFS_MAGIC), "disk_volatile");
    EXPECT_EQ(what(RAMFS_MAGIC), "disk_volatile");
    EXPECT_EQ(what(NFS_SUPER_MAGIC), "disk_network");
    EXPECT_EQ(what(static_cast<long>(CIFS_SUPER_MAGIC)), "disk_network");
    EXPECT_EQ(what(EXT4_SUPER_MAGIC), "");
    EXPECT_EQ(what(BTRFS_SUPER_MAGIC), "");
}

// --- Journal and log ----------------------------------------------------------------------------

TEST_F(DoctorMachineTest, AJournalIsReadWhileABridgeWritesIt)
{
    store::journal open{place_ / "journal.db"};
    ASSERT_FALSE(open.add(store::new_order("A1"), ""));
    look_at_journal(place_ / "journal.db", found_);
    EXPECT_THAT(reason_of(found_.at(0), language::en), HasSubstr("1 orders, 1 of them open"));
    EXPECT_THAT(found(), ElementsAre("journal_fine"));
    ASSERT_FALSE(open.add(store::new_order("A2"), ""));
}

TEST_F(DoctorMachineTest, AJournalThatIsNotThereYetIsFine)
{
    EXPECT_THAT(journal(), ElementsAre("journal_none"));
    EXPECT_TRUE(fs::is_empty(place_.path()));
}

TEST_F(DoctorMachineTest, AJournalWithoutAFolderIsWrong)
{
    look_at_journal(place_ / "none/journal.db", found_);
    EXPECT_THAT(found(), ElementsAre("journal_no_folder"));
}

TEST_F(DoctorMachineTest, APathThroughAFileCannotBeSeen)
{
    write("file", "");
    look_at_journal(place_ / "file/journal.db", found_);
    EXPECT_THAT(found(), ElementsAre("journal_unseen"));
}

TEST_F(DoctorMachineTest, ADamagedJournalIsWrong)
{
    {
        store::journal fresh{place_ / "journal.db"};
        for (int i = 0; i < 200; ++i)
            ASSERT_FALSE(fresh.add(store::new_order("A" + std::to_string(i)), ""));
    }
    std::fstream file{place_ / "journal.db", std::ios::in | std::ios::out | std::ios::binary};
    file.seekp(3 * 4096);
    file << std::string(4096, '\x5a');
    file.close();
    EXPECT_THAT(journal(), ElementsAre("journal_damaged"));
}

TEST_F(DoctorMachineTest, AnotherProgramsFileIsNoJournal)
{
    write("journal.db", std::string(4096, 'x'));
    EXPECT_THAT(journal(), ElementsAre("journal_damaged"));
}

TEST_F(DoctorMachineTest, AJournalOfALaterVersionIsLeftAlone)
{
    {
        const store::journal fresh{place_ / "journal.db"};
    }
    const auto next = std::to_string(store::schema_version() + 1);
    const auto later =
        "PRAGMA user_version = " + next + "; UPDATE readable_by SET schema = " + next;
    ASSERT_FALSE(store::tamper(place_ / "journal.db", later.c_str()));
    EXPECT_THAT(journal(), ElementsAre("journal_too_new"));
}

TEST_F(DoctorMachineTest, OrdersThatWaitForSomebodyAreCounted)
{
    store::journal open{place_ / "journal.db"};
    auto order = store::new_order("A1");
    order.needs = protocol::attention::mismatch;
    ASSERT_FALSE(open.add(order, ""));
    EXPECT_THAT(journal(), ElementsAre("journal_fine", "journal_attention"));
}

TEST_F(DoctorMachineTest, ALogThatCanBeWrittenIsFine)
{
    look_at_log({.file = place_ / "bridge.log"}, {}, found_);
    EXPECT_THAT(found(), ElementsAre("log_fine"));
    look_at_log({.file = place_ / "none/bridge.log"}, {}, found_);
    EXPECT_THAT(found(), ElementsAre("log_denied"));
    look_at_log({.file = {}}, {}, found_);
    EXPECT_THAT(found(), ElementsAre());
}

// --- Bridge, service, clock ---------------------------------------------------------------------

TEST_F(DoctorMachineTest, ABridgeIsKnownByItsLock)
{
    const auto journal = place_ / "journal.db";
    EXPECT_FALSE(bridge_of(journal, "/proc").pid);
    {
        const store::journal running{journal};
        EXPECT_EQ(bridge_of(journal, "/proc").pid, ::getpid());
    }
    EXPECT_FALSE(bridge_of(journal, "/proc").pid);
}

TEST_F(DoctorMachineTest, AServiceThatStartsByItselfIsFine)
{
    EXPECT_THAT(service("LoadState=loaded\nUnitFileState=enabled\nActiveState=active", {.pid = 7}),
                ElementsAre("bridge_runs", "service_fine"));
    EXPECT_THAT(service("LoadState=loaded\nUnitFileState=disabled\nActiveState=inactive", {}),
                ElementsAre("bridge_rests", "service_disabled"));
    EXPECT_THAT(service("LoadState=loaded\nUnitFileState=enabled\nActiveState=failed\n"
                        "Result=exit-code",
                        {}),
                ElementsAre("bridge_rests", "service_failed"));
    EXPECT_THAT(service("LoadState=not-found", {}), ElementsAre("bridge_rests", "service_absent"));
}

TEST_F(DoctorMachineTest, TheServiceNeedsARightToSerialPorts)
{
    const auto enabled = "LoadState=loaded\nUnitFileState=enabled\nActiveState=active";
    around_.serial_drop_in = place_ / "serial.conf";
    EXPECT_THAT(service(enabled, {.pid = 7}, link_kind::serial),
                ElementsAre("bridge_runs", "serial_not_for_service", "service_fine"));
    write("serial.conf", "");
    EXPECT_THAT(service(enabled, {.pid = 7}, link_kind::serial),
                ElementsAre("bridge_runs", "service_fine"));
}

TEST_F(DoctorMachineTest, SomethingMustSetTheClock)
{
    around_.clock_unset = [] { return 1; };
    look_at_time_service(around_, found_);
    EXPECT_THAT(found(), ElementsAre("clock_unsynchronised"));
    around_.clock_unset = [] { return 0; };
    look_at_time_service(around_, found_);
    EXPECT_THAT(found(), ElementsAre());
}

}  // namespace
}  // namespace ecr::daemon::doctor
