// Nothing secret is written down or said, whatever happens: a whole session, then a search.
#include "shop.hpp"

#include <algorithm>
#include <cctype>

namespace ecr::process {
namespace {

using simulator::fault;
using simulator::fault_kind;
using testing::HasSubstr;
using testing::Not;

constexpr auto card_number = "5200828282828210";
constexpr auto token = "open-sesame-4711";
constexpr auto wrong_token = "sesame-open-1174";
constexpr auto auth_code = "134857903088557123";
constexpr auto wrong_key = "FFEEDDCCBBAA99887766554433221100";

simulator::settings forgetful_cloud()
{
    auto behaviour = ProcessTest::quick_cloud();
    behaviour.cardno = card_number;
    return behaviour;
}

std::string in_case(std::string text, int (*change)(int))
{
    std::ranges::transform(text, text.begin(),
                           [&](unsigned char c) { return static_cast<char>(change(c)); });
    return text;
}

class SecretTest : public ProcessTest {
protected:
    SecretTest() : ProcessTest{forgetful_cloud()} {}

    void start_with_secrets(const std::string& key = {})
    {
        const auto file = write("token", std::string{token} + "\n");
        start({.cloud = "answer_timeout_s = 0.3\n",
               .key = key,
               .link = "token_file = \"" + file + "\"\nchannel = \"card_payment\"\n",
               .log = "level = \"debug\"\nfile = \"" + (folder_ / "bridge.log").string() + "\"\n"});
    }

    till greeted_till()
    {
        auto lane = new_till();
        lane.ask("hello till=lane-1 token=" + std::string{wrong_token});
        lane.ask("hello till=lane-1 token=" + std::string{token});
        return lane;
    }

    /// Everything that goes right, and much that goes wrong.
    void work_a_day()
    {
        start_with_secrets();
        auto lane = greeted_till();
        const auto code = " auth_code=" + std::string{auth_code};
        EXPECT_EQ(value_of(lane.ask("pay order=A1 amount=100"), "state"), "paid");
        const auto refund = lane.ask("refund order=R1 of=A1 amount=100");
        const bool refused_at_night = value_of(refund, "code") == "35";  // 23:30 to 00:30, UTC+8
        EXPECT_TRUE(value_of(refund, "state") == "refunded" || refused_at_night) << refund;
        for (const auto& line :
             {"scan order=A2 amount=1.00" + code, "pay order=A2 amount=100" + code,
              "pay order=A2 amount=100 token=" + std::string{token},
              "hello tokn=" + std::string{token},
              "{\"verb\":\"pay\",\"auth_code\":\"" + std::string{auth_code},
              "pay order=A2 amount=1 card=" + std::string{card_number}})
            EXPECT_EQ(value_of(lane.ask(line), "code"), "30") << line;
        // The code is for the cloud, and for nobody else.
        EXPECT_EQ(value_of(lane.ask("scan order=S1 amount=100" + code), "state"), "paid");
        for (const auto* line :
             {"query order=A1", "show order=S1", "last", "receipt of=A1", "summary", "orders",
              "show order=A1", "status order=A1", "terminals", "help"})
            EXPECT_EQ(value_of(lane.ask(line), "code"), "00") << line;
        EXPECT_EQ(value_of(lane.ask("scan amount=100" + code), "code"), "10");  // used before
        cloud_.plan(simulator::shopper{.does = simulator::act::declines});
        EXPECT_EQ(value_of(lane.ask("pay order=A3 amount=100"), "code"), "10");
        for (const auto kind : {fault_kind::garbage, fault_kind::html, fault_kind::status,
                                fault_kind::no_answer, fault_kind::wrong_signature})
            cloud_.plan(fault{.kind = kind, .path = "query"});
        cloud_.plan(fault{.kind = fault_kind::wrong_signature, .path = "payment"});
        EXPECT_EQ(value_of(lane.ask("pay order=A4 amount=100"), "state"), "paid");
        said_ += lane.all();
        EXPECT_EQ(bridge_->stop(), 0);
        said_ += bridge_->output();
    }

    /// The same with a key that QFPay does not know, and with checks.
    void work_with_mistakes()
    {
        start_with_secrets(write("wrong.key", wrong_key));
        auto lane = greeted_till();
        const auto reply = lane.ask("pay order=B1 amount=100");
        EXPECT_EQ(value_of(reply, "code"), "13") << reply;
        EXPECT_THAT(reply, HasSubstr("1108"));
        said_ += lane.all();
        EXPECT_EQ(bridge_->stop(), 0);
        said_ += bridge_->output();
        for (const auto& text :
             {text_of({}),
              text_of(
                  {.cloud = "client_key = \"" + std::string{simulator::test_client_key} + "\"\n"}),
              text_of({.link = "token = \"" + std::string{token} + "\"\n"})}) {
            const auto check = run(text, {.arguments = {"--check-config"}});
            check->wait();
            said_ += check->output();
        }
    }

    std::string said_;
};

TEST_F(SecretTest, NoneIsWrittenOrSaid)
{
    work_a_day();
    work_with_mistakes();
    auto all = said_ + read("bridge.log");
    for (const auto* file : {"journal.db", "journal.db-wal"})
        all += read(file);
    ASSERT_THAT(all, HasSubstr("order.step"));         // the log was there
    ASSERT_THAT(all, HasSubstr("520082******8210"));   // the card is, masked
    ASSERT_THAT(read("journal.db"), HasSubstr("A4"));  // and so was the journal

    const auto signatures = cloud_.truth().signatures();
    ASSERT_GT(signatures.size(), 10U);
    std::vector<std::string> secrets{std::string{simulator::test_client_key},
                                     wrong_key,
                                     token,
                                     wrong_token,
                                     auth_code,
                                     card_number};
    secrets.insert(secrets.end(), signatures.begin(), signatures.end());
    for (const auto& secret : secrets)
        for (const auto& spelling : {secret, in_case(secret, [](int c) { return std::toupper(c); }),
                                     in_case(secret, [](int c) { return std::tolower(c); })})
            EXPECT_EQ(all.find(spelling), std::string::npos) << spelling;
}

TEST_F(SecretTest, ALogThatCannotBeWrittenStopsNoSale)
{
    start({.log = "file = \"/dev/full\"\n"});
    EXPECT_EQ(value_of(new_till().ask("pay order=A1 amount=100 channel=wx"), "state"), "paid");
    EXPECT_EQ(bridge_->stop(), 0);
}

}  // namespace
}  // namespace ecr::process
