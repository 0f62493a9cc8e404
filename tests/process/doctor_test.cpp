// `ecrbridge doctor` as an installer runs it: before the bridge, and while it runs.
#include "protocol/json.hpp"
#include "shop.hpp"

#include <stdlib.h>

namespace ecr::process {
namespace {

namespace fs = std::filesystem;
using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

class DoctorTest : public ProcessTest {
protected:
    DoctorTest()
    {
        // On a disk: a journal in memory is what the doctor complains about.
        std::string name = std::string{ECR_BIN_DIR} + "/../doctor-XXXXXX";
        disk_ = ::mkdtemp(name.data());
        how_.journal = (disk_ / "journal.db").string();
    }
    ~DoctorTest() override
    {
        bridge_.reset();
        fs::remove_all(disk_);
    }
    /// Gives the exit status; said_ has the output.
    int doctor(std::vector<std::string> more = {})
    {
        more.insert(more.begin(), {"doctor", "--config", (folder_ / "bridge.toml").string()});
        bridge_process tool{{.arguments = std::move(more),
                             .environment = {{"LC_ALL", "C.UTF-8"}},
                             .program = "ecrbridge"}};
        const int status = tool.wait();
        said_ = tool.output();
        return status;
    }
    /// The symptoms of a report in JSON.
    [[nodiscard]] std::vector<std::string> symptoms() const
    {
        std::vector<std::string> all;
        const auto report = parse_json(said_);
        EXPECT_TRUE(report) << said_;
        if (report)
            for (const auto& check : report->at("checks"))
                all.push_back(check.at("symptom"));
        return all;
    }

    fs::path disk_;
    shop_config how_;
    std::string said_;
};

TEST_F(DoctorTest, BeforeTheBridgeIsStartedNothingIsWrong)
{
    write("bridge.toml", text_of(how_));
    EXPECT_EQ(doctor(), 0) << said_;
    EXPECT_THAT(said_, AllOf(HasSubstr("Terminal T1 is known to QFPay."), HasSubstr("WRONG: 0"),
                             HasSubstr("The bridge is not running."),
                             Not(HasSubstr(std::string{simulator::test_client_key}))));
    EXPECT_TRUE(fs::is_empty(disk_));
    EXPECT_EQ(cloud_.truth().pushes().size(), 0U);
}

TEST_F(DoctorTest, WhileItRunsTheBridgeIsNotDisturbed)
{
    start(how_);
    const auto port = std::to_string(bridge_->port("shop"));
    how_.link = "listen = \"127.0.0.1:" + port + "\"\n";
    write("bridge.toml", text_of(how_));
    auto till = new_till();
    till.say("pay order=A1 amount=110");
    EXPECT_EQ(doctor({"--json"}), 0) << said_;
    EXPECT_THAT(symptoms(), testing::IsSupersetOf({"bridge_runs", "port_of_bridge", "journal_fine",
                                                   "account_fine", "terminal_fine"}));
    EXPECT_THAT(till.end(), HasSubstr("state=paid"));
    EXPECT_THAT(new_till().ask("pay order=A2 amount=110"), HasSubstr("state=paid"));
}

TEST_F(DoctorTest, AWrongKeyIsWrongInTheLanguageAskedFor)
{
    write("client.key", "00000000000000000000000000000000\n");
    write("bridge.toml", text_of(how_));
    EXPECT_EQ(doctor({"--language", "zh-Hant"}), 1);
    EXPECT_THAT(said_, AllOf(HasSubstr("QFPay 拒絕"), HasSubstr("有問題: 1")));
    EXPECT_EQ(doctor({"--language", "zh-Hans"}), 1);
    EXPECT_THAT(said_, HasSubstr("QFPay 拒绝"));
    EXPECT_EQ(doctor(), 1);
    EXPECT_THAT(said_, HasSubstr("QFPay refuses"));
}

TEST_F(DoctorTest, AnUnboundTerminalIsNamed)
{
    write("bridge.toml", text_of(how_) + "[[terminal]]\nid = \"T9\"\n");
    EXPECT_EQ(doctor(), 1);
    EXPECT_THAT(said_, HasSubstr("Nobody is logged in at terminal T9"));
}

TEST_F(DoctorTest, OfflineQfpayIsNotAsked)
{
    cloud_.set_listening(false);
    write("bridge.toml", text_of(how_));
    EXPECT_EQ(doctor({"--offline", "--json"}), 0) << said_;
    EXPECT_THAT(symptoms(), Not(testing::Contains("way_closed")));
    EXPECT_EQ(doctor({"--json"}), 1);
    EXPECT_THAT(symptoms(), testing::Contains("way_closed"));
}

TEST_F(DoctorTest, WithoutAConfigurationItSaysWhatToDo)
{
    EXPECT_EQ(doctor(), 1);
    EXPECT_THAT(said_, AllOf(HasSubstr("There is no configuration"), HasSubstr("ecrbridge setup")));
}

}  // namespace
}  // namespace ecr::process
