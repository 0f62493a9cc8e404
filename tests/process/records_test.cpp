// `ecrbridge export`, `prune` and `support` beside a bridge that runs.
#include "protocol/json.hpp"
#include "shop.hpp"
#include "store/lock_file.hpp"
#include "tests/store/sample_order.hpp"

#include <cstdlib>
#include <fstream>
#include <sstream>

namespace ecr::process {
namespace {

namespace fs = std::filesystem;
using testing::AllOf;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

class RecordsTest : public ProcessTest {
protected:
    /// Runs it to its end. Gives the exit status; said_ has the output.
    int tool(std::vector<std::string> arguments)
    {
        arguments.insert(arguments.end(), {"--config", (folder_ / "bridge.toml").string()});
        bridge_process running{{.arguments = std::move(arguments), .program = "ecrbridge"}};
        const int status = running.wait();
        said_ = running.output();
        return status;
    }
    [[nodiscard]] std::string in_folder(const std::string& name) const
    {
        return (folder_ / name).string();
    }
    void sell()
    {
        auto till = new_till();
        ASSERT_THAT(till.ask("pay order=A1 amount=110"), HasSubstr("state=paid"));
        cloud_.plan(simulator::shopper{.does = simulator::act::declines});
        ASSERT_THAT(till.ask("pay order=A2 amount=2550"), HasSubstr("state=declined"));
    }

    std::string said_;
};

TEST_F(RecordsTest, ColumnsAreStable)
{
    start();
    sell();
    EXPECT_EQ(tool({"export", in_folder("orders.csv")}), 0) << said_;
    const auto text = read("orders.csv");
    EXPECT_THAT(text, StartsWith("created,order,out_trade_no,type,till,terminal,merchant,route,"
                                 "channel,pay_type,amount,currency,amount_minor_units,state,code,"
                                 "syssn,of,card,card_scheme,attention,reason,sent,ended,"
                                 "delivered,resolved_paid,late\r\n"));
    EXPECT_THAT(text, AllOf(HasSubstr(",A1,"), HasSubstr(",wx,,1.10,HKD,110,paid,0000,"),
                            HasSubstr(",25.50,HKD,2550,declined,")));
    EXPECT_EQ(std::ranges::count(text, '\n'), 3);
    EXPECT_THAT(said_, HasSubstr("2 order(s)"));
}

TEST_F(RecordsTest, AsJsonWithHistories)
{
    start();
    sell();
    EXPECT_EQ(tool({"--json", "export", in_folder("orders.json"), "--history"}), 0) << said_;
    const auto all = parse_json(read("orders.json"));
    ASSERT_TRUE(all && all->size() == 2U);
    EXPECT_EQ(all->at(0).at("state"), "paid");
    EXPECT_EQ(all->at(0).at("history").back().at("to"), "paid");
    EXPECT_EQ(tool({"export", in_folder("none.csv"), "--day", "2001-01-01"}), 0);
    EXPECT_EQ(std::ranges::count(read("none.csv"), '\n'), 1);
}

TEST_F(RecordsTest, AFullDiskIsNoWholeExport)
{
    start();
    sell();
    EXPECT_EQ(tool({"export", "/dev/full"}), 3);
    EXPECT_THAT(said_, HasSubstr("not all"));
    EXPECT_EQ(tool({"export", in_folder("none/orders.csv")}), 2);
}

TEST_F(RecordsTest, AJournalThatCannotBeReadLeavesTheLastExport)
{
    write("bridge.toml", text_of({}));
    write("journal.db", "no journal");
    write("orders.csv", "of yesterday");
    EXPECT_EQ(tool({"export", in_folder("orders.csv")}), 2) << said_;
    EXPECT_EQ(read("orders.csv"), "of yesterday");
    EXPECT_FALSE(fs::exists(folder_ / "orders.csv.new"));
}

TEST_F(RecordsTest, AnExportTakesThePlaceOfTheLastOne)
{
    start();
    sell();
    write("orders.csv", "of yesterday");
    fs::permissions(folder_ / "orders.csv", fs::perms::owner_read | fs::perms::owner_write);
    fs::create_symlink("orders.csv", folder_ / "latest.csv");
    EXPECT_EQ(tool({"export", in_folder("latest.csv")}), 0) << said_;
    EXPECT_TRUE(fs::is_symlink(folder_ / "latest.csv"));
    EXPECT_EQ(std::ranges::count(read("orders.csv"), '\n'), 3);
    EXPECT_EQ(fs::status(folder_ / "orders.csv").permissions(),
              fs::perms::owner_read | fs::perms::owner_write);
    EXPECT_FALSE(fs::exists(folder_ / "orders.csv.new"));
}

TEST_F(RecordsTest, AnExportIsNotWrittenOverTheJournal)
{
    start();
    sell();
    fs::create_hard_link(folder_ / "journal.db", folder_ / "orders.csv");
    for (const auto* name : {"journal.db", "./journal.db-wal", "journal.db-shm", "orders.csv"}) {
        EXPECT_EQ(tool({"export", in_folder(name)}), 2) << name;
        EXPECT_THAT(said_, HasSubstr("is the journal, or a part of it"));
    }
    EXPECT_EQ(tool({"export", store::lock_path_of(folder_ / "journal.db").string()}), 2);
    EXPECT_EQ(tool({"verify"}), 0) << said_;
}

TEST_F(RecordsTest, WhatTheOperatorSaidAndWhatCameLateStaysKnown)
{
    using enum protocol::order_event;
    using protocol::attention;
    write("bridge.toml", text_of({}));
    {
        store::journal all{folder_ / "journal.db"};
        const auto word = [&](const std::string& number, std::optional<bool> paid) {
            const auto now = (*all.find(number))->state;
            return all.advance(number, *protocol::decide(now, resolve), "seen", store::at(20),
                               {.settled = attention::late, .resolved_paid = paid});
        };
        for (const auto* number : {"IN-TIME", "LATE", "YES", "NO"})
            ASSERT_FALSE(all.add(store::new_order(number), ""));
        ASSERT_FALSE(store::walk(all, "IN-TIME", {send, push, pay}));
        ASSERT_FALSE(store::walk(all, "LATE", {send, push, expire, pay}));
        ASSERT_FALSE(word("LATE", std::nullopt));  // off the operator's list
        for (const auto* number : {"YES", "NO"})
            ASSERT_FALSE(store::walk(all, number, {send, doubt, give_up}));
        ASSERT_FALSE(word("YES", true));
        ASSERT_FALSE(word("NO", false));
        ASSERT_FALSE(store::walk(all, "YES", {pay}, store::at(30)));
    }
    EXPECT_EQ(tool({"export", in_folder("orders.csv")}), 0) << said_;
    std::istringstream lines{read("orders.csv")};
    std::vector<std::string> ends;
    for (std::string line; std::getline(lines, line);)
        ends.push_back(line.substr(line.rfind(',', line.rfind(',') - 1)));
    EXPECT_THAT(ends, testing::ElementsAre(",resolved_paid,late\r", ",,no\r", ",,yes\r",
                                           ",yes,no\r", ",no,no\r"));
    EXPECT_EQ(tool({"--json", "export", in_folder("orders.json")}), 0) << said_;
    const auto rows = parse_json(read("orders.json"));
    ASSERT_TRUE(rows && rows->size() == 4U);
    EXPECT_EQ(rows->at(1).at("late"), "yes");
    EXPECT_EQ(rows->at(3).at("resolved_paid"), "no");
}

TEST_F(RecordsTest, NoCellIsAFormula)
{
    write("bridge.toml", text_of({}));
    {
        store::journal all{folder_ / "journal.db"};
        auto order = store::new_order("A1");
        order.till = "=1+1";
        order.till_order = "\t=2";
        order.terminal = "\r@x";
        ASSERT_FALSE(all.add(order, "-3"));
    }
    EXPECT_EQ(tool({"export", in_folder("orders.csv")}), 0) << said_;
    EXPECT_THAT(read("orders.csv"),
                AllOf(HasSubstr(",'\t=2,A1,payment,'=1+1,\"'\r@x\","), HasSubstr(",'-3,")));
}

TEST_F(RecordsTest, OrdersOfTodayAreNotForgotten)
{
    start();
    sell();
    EXPECT_EQ(tool({"prune", "--keep-days", "62"}), 0) << said_;
    EXPECT_THAT(said_, HasSubstr("Forgotten: 0 order(s)"));
    EXPECT_EQ(tool({"prune", "--keep-days", "30"}), 2);
    EXPECT_THAT(new_till().ask("status order=A1"), HasSubstr("state=paid"));
}

// Its newest orders are years older than the clock of this machine says.
TEST_F(RecordsTest, AClockThatIsYearsAheadMakesNoOrderOld)
{
    using enum protocol::order_event;
    write("bridge.toml", text_of({}));
    {
        store::journal all{folder_ / "journal.db"};
        for (const auto* number : {"A1", "A2"}) {
            ASSERT_FALSE(all.add(store::new_order(number), ""));
            ASSERT_FALSE(store::walk(all, number, {send, push, pay}));
        }
    }
    EXPECT_EQ(tool({"prune", "--keep-days", "62"}), 0) << said_;
    EXPECT_THAT(said_, HasSubstr("Forgotten: 0 order(s)"));
}

TEST_F(RecordsTest, ABundleHoldsWhatHelpsAndNoSecret)
{
    shop_config how;
    how.log += "file = \"" + in_folder("bridge.log") + "\"\n";
    how.link = "trace = \"" + in_folder("shop.trace") + "\"\n";
    how.links = "[page]\nlisten = \"127.0.0.1:0\"\ntoken_file = \"" +
                write("page.token", "page-token-that-nobody-knows\r\n") + "\"\n";
    start(how);
    sell();
    // What somebody may have pasted anywhere.
    const std::string key{simulator::test_client_key};
    std::ofstream{in_folder("bridge.log"), std::ios::app} << "pasted " << key
                                                          << " 4761739001010119\n"
                                                          << "page%2Dtoken%2dthat-nobody-knows "
                                                             "\\u0070age-token-that-nobody-knows\n";
    std::ofstream{in_folder("bridge.toml"), std::ios::app} << "# " << key << "\n";

    EXPECT_EQ(tool({"support", in_folder("help.tar.gz")}), 0) << said_;
    EXPECT_THAT(said_, AllOf(HasSubstr("log/bridge.log"), HasSubstr("trace/shop/shop.trace"),
                             Not(HasSubstr("not in it"))));
    ASSERT_EQ(
        std::system(("tar -xzf " + in_folder("help.tar.gz") + " -C " + folder_.string()).c_str()),
        0);
    std::string all;
    std::size_t files = 0;
    for (const auto& each : fs::recursive_directory_iterator{folder_ / "ecrbridge-support"}) {
        if (!each.is_regular_file()) continue;
        ++files;
        all += read(each.path().lexically_relative(folder_).string());
    }
    EXPECT_EQ(files, 6U);
    EXPECT_THAT(all, AllOf(Not(HasSubstr(key)), Not(HasSubstr("4761739001010119")),
                           Not(HasSubstr(std::string{simulator::test_app_code}))));
    EXPECT_THAT(read("ecrbridge-support/config.toml"),
                AllOf(HasSubstr("[cloud]"), HasSubstr("name = \"shop\"")));
    EXPECT_THAT(read("ecrbridge-support/log/bridge.log"),
                AllOf(HasSubstr("pasted (hidden) "), HasSubstr("\n(hidden) (hidden)\n"),
                      Not(HasSubstr("nobody"))));
    const auto orders = parse_json(read("ecrbridge-support/orders.json"));
    ASSERT_TRUE(orders);
    EXPECT_EQ(orders->size(), 2U);
    EXPECT_EQ(parse_json(read("ecrbridge-support/doctor.json"))->contains("checks"), true);

    // It is there already, and may have been sent.
    EXPECT_EQ(tool({"support", in_folder("help.tar.gz")}), 2);
}

TEST_F(RecordsTest, ASecretThatCannotBeLookedForIsSaid)
{
    shop_config how;
    how.link = "token_file = \"" + in_folder("gone.token") + "\"\n";
    how.links =
        "[[link]]\nname = \"b\"\ntype = \"tcp\"\nlisten = \"127.0.0.1:0\"\n"
        "token_file = \"" +
        write("b.token", "short", 0644) + "\"\n";
    write("bridge.toml", text_of(how));
    EXPECT_EQ(tool({"support", in_folder("help.tar.gz")}), 3) << said_;
    EXPECT_THAT(said_,
                AllOf(HasSubstr("COULD NOT BE HIDDEN"), HasSubstr("link shop: token: cannot"),
                      HasSubstr("link b: token: "), HasSubstr("too short to look for")));
}

TEST_F(RecordsTest, ABrokenConfigurationIsWhatSupportWantsToSee)
{
    write("bridge.toml", "[bridge]\nclient_key = \"SECRET\"\n# SECRET\n[cloud\n");
    // Its secrets are not known.
    EXPECT_EQ(tool({"support", in_folder("help.tar.gz")}), 3) << said_;
    ASSERT_EQ(
        std::system(("tar -xzf " + in_folder("help.tar.gz") + " -C " + folder_.string()).c_str()),
        0);
    EXPECT_THAT(read("ecrbridge-support/config.toml"), Not(HasSubstr("SECRET")));
    write("bridge.toml", "[bridge]\nclient_key = \"SECRET\"\n");
    EXPECT_EQ(tool({"support", in_folder("more.tar.gz")}), 3) << said_;
    ASSERT_EQ(
        std::system(("tar -xzf " + in_folder("more.tar.gz") + " -C " + folder_.string()).c_str()),
        0);
    EXPECT_THAT(read("ecrbridge-support/config.toml"),
                AllOf(Not(HasSubstr("SECRET")), HasSubstr("client_key = \"(hidden")));
}

}  // namespace
}  // namespace ecr::process
