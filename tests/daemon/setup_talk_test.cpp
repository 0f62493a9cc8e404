#include "daemon/setup/setup_talk.hpp"

#include "daemon/setup/setup_text.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <ostream>
#include <string>
#include <utility>

namespace ecr::daemon {
namespace {

using testing::Contains;
using testing::HasSubstr;
using testing::IsEmpty;

using answers = std::vector<std::string>;

/// The cases have Linux's names of serial ports.
std::string named_as_here(std::string text)
{
#ifdef _WIN32
    for (const auto& [linux_name, here] :
         {std::pair<std::string, std::string>{"/dev/serial/by-id/usb-A", "COM3"},
          {"/dev/ttyS0", "COM4"},
          {"/dev/ttyUSB7", "COM17"}})
        if (const auto at = text.find(linux_name); at != std::string::npos)
            text.replace(at, linux_name.size(), here);
#endif
    return text;
}

/// Takes all answers, each of which has to be fine.
void say(setup_talk& talk, const answers& all)
{
    for (const auto& answer : all) {
        const auto question = talk.next();
        ASSERT_TRUE(question) << "nobody asked for '" << answer << "'";
        EXPECT_EQ(talk.answer(named_as_here(answer)), "") << question->text << " " << answer;
    }
}

/// The chosen settings as plain TOML, without the keys of the account.
std::string text_of(const setup_plan& plan)
{
    std::string text;
    for (const auto& section : plan.sections()) {
        if (section.name == "cloud") continue;
        text += section.title();
        for (const auto& setting : section.settings)
            text += " " + setting.key + "=" + toml_of(setting.value);
        text += "\n";
    }
    return text;
}

config_report problems_of(setup_plan plan)
{
    complete(plan, "/k", "/j");
    config_report report;
    (void)config_of(plan.sections(), report);
    return report;
}

const answers account = {"hk", "APP", "KEY", "md5", ""};
const answers one_terminal = {"T1", "front", "no"};

answers joined(std::initializer_list<answers> parts)
{
    answers all;
    for (const auto& part : parts)
        all.insert(all.end(), part.begin(), part.end());
    return all;
}

struct link_case {
    std::string name;
    answers said;  // about the link
    std::string becomes;

    friend void PrintTo(const link_case& c, std::ostream* out) { *out << c.name; }
};

class SetupLinkTest : public testing::TestWithParam<link_case> {};

TEST_P(SetupLinkTest, BecomesAConfigurationWithoutAComplaint)
{
    setup_talk talk{
        {},
        {.serial_ports = {named_as_here("/dev/serial/by-id/usb-A"), named_as_here("/dev/ttyS0")}}};
    say(talk, joined({account, one_terminal, GetParam().said, {"no"}}));
    EXPECT_FALSE(talk.next()) << talk.next()->text;
    EXPECT_EQ(text_of(talk.plan()),
              "[[terminal]] id=\"T1\" name=\"front\"\n" + named_as_here(GetParam().becomes) + "\n");
    EXPECT_EQ(problems_of(talk.plan()).to_text("x"), "");
}

// clang-format off
const link_case link_cases[] = {
    {"Proposals",  {"", "", "", "", "", ""},
     R"([[link]] name="shop" type="tcp" listen="127.0.0.1:9100" dialect="line" numbers="daily")"},
    {"Lan",        {"a", "tcp", "192.168.1.10:9200", "192.168.1.0/24, 10.0.0.7", "line", "unique", "wx"},
     R"([[link]] name="a" type="tcp" listen="192.168.1.10:9200" allow=["192.168.1.0/24", "10.0.0.7"] dialect="line" numbers="unique" channel="wx")"},
    {"LanAnybody", {"a", "1", "0.0.0.0:9200", "", "1", "3", ""},
     R"([[link]] name="a" type="tcp" listen="0.0.0.0:9200" dialect="line" numbers="none")"},
    {"SerialByNumber", {"a", "serial", "2", "", "line", "stx", "daily", "alipay"},
     R"([[link]] name="a" type="serial" device="/dev/ttyS0" baud=9600 data_bits=8 parity="none" stop_bits=1 dialect="line" framing="stx" numbers="daily" channel="alipay")"},
    {"SerialByName", {"a", "s", "/dev/ttyUSB7", "1200 7e2", "", "", "", ""},
     R"([[link]] name="a" type="serial" device="/dev/ttyUSB7" baud=1200 data_bits=7 parity="even" stop_bits=2 dialect="line" framing="plain" numbers="daily")"},
    {"Virtual",    {"pos", "pty", "", "line", "daily", ""},
     R"([[link]] name="pos" type="pty" symlink="/run/ecrbridge/tty-pos" dialect="line" numbers="daily")"},
    {"Hypercom",   {"old", "tcp", "", "hypercom", "", "card_payment"},
     R"([[link]] name="old" type="tcp" listen="127.0.0.1:9100" dialect="hypercom" numbers="none" channel="card_payment")"},
    {"HypercomSerial", {"old", "serial", "1", "9600 7E1", "hypercom", "", ""},
     R"([[link]] name="old" type="serial" device="/dev/serial/by-id/usb-A" baud=9600 data_bits=7 parity="even" stop_bits=1 dialect="hypercom" numbers="none")"},
    {"QfpayHttp",  {"erp", "tcp", "", "qfpay-local", "", ""},
     R"([[link]] name="erp" type="tcp" listen="127.0.0.1:9100" dialect="qfpay-local" wrapping="http")"},
    {"QfpayTcp",   {"erp", "tcp", "", "qfpay-local", "tcp", ""},
     R"([[link]] name="erp" type="tcp" listen="127.0.0.1:9100" dialect="qfpay-local" wrapping="tcp")"},
    {"QfpaySerial", {"erp", "serial", "1", "", "qfpay-local", ""},
     R"([[link]] name="erp" type="serial" device="/dev/serial/by-id/usb-A" baud=9600 data_bits=8 parity="none" stop_bits=1 dialect="qfpay-local" wrapping="serial")"},
    {"Fps",        {"", "", "", "", "", "fps"},
     R"([[link]] name="shop" type="tcp" listen="127.0.0.1:9100" dialect="line" numbers="daily" channel="fps" scan="QRCODE_PAY")"},
    {"Two",        {"", "", "", "", "", "", "yes", "", "pty", "", "", "", ""},
     R"([[link]] name="shop" type="tcp" listen="127.0.0.1:9100" dialect="line" numbers="daily")" "\n"
     R"([[link]] name="shop-2" type="pty" symlink="/run/ecrbridge/tty-shop-2" dialect="line" numbers="daily")"},
};
// clang-format on

INSTANTIATE_TEST_SUITE_P(All, SetupLinkTest, testing::ValuesIn(link_cases),
                         [](const auto& instance) { return instance.param.name; });

struct refused_case {
    std::string name;
    answers before;
    std::string said;
    std::string why;

    friend void PrintTo(const refused_case& c, std::ostream* out) { *out << c.name; }
};

class SetupRefusalTest : public testing::TestWithParam<refused_case> {};

TEST_P(SetupRefusalTest, IsExplainedAndAskedAgain)
{
    setup_talk talk{{}, {.serial_ports = {named_as_here("/dev/ttyS0")}}};
    say(talk, GetParam().before);
    const auto question = talk.next();
    ASSERT_TRUE(question);
    EXPECT_THAT(talk.answer(GetParam().said), HasSubstr(GetParam().why));
    EXPECT_EQ(talk.next()->text, question->text);
}

const answers known = joined({account, one_terminal});

// clang-format off
const refused_case refused_cases[] = {
    {"Region",       {},                                            "mars",           "'mars' is not one of ae"},
    {"Http",         {},                                            "http://host",    "must be https://"},
    {"Currency",     {"jp"},                                        "yen",            "three capital letters"},
    {"NoCurrency",   {"jp"},                                        "",               "three capital letters"},
    {"AppCode",      {"hk"},                                        " ",              "must not be empty"},
    {"NoKey",        {"hk", "APP"},                                 "",               "must not be empty"},
    {"KeyOfTwo",     {"hk", "APP"},                                 "A B",            "blanks"},
    {"Signature",    {"hk", "APP", "K"},                            "sha1",           "must be one of md5, sha256"},
    {"NoTerminal",   account,                                       "",               "must not be empty"},
    {"SameTerminal", joined({account, {"T1", "", "yes"}}),          "T1",             "'T1' is taken already"},
    {"NameIsId",     joined({account, {"T1", "", "yes", "T2"}}),    "T1",             "'T1' is taken already"},
    {"MoreOrNot",    joined({account, {"T1", ""}}),                 "perhaps",        "must be one of yes, no"},
    {"LinkName",     known,                                         "my shop",        "must be 1 to 20"},
    {"SameLink",     joined({known, answers(6, ""), {"yes"}}),      "shop",           "is taken by another link"},
    {"Kind",         joined({known, {""}}),                         "usb",            "must be one of tcp, serial, pty"},
    {"Number4",      joined({known, {""}}),                         "4",              "must be one of tcp, serial, pty"},
    {"Host",         joined({known, {"", "tcp"}}),                  "localhost:9100", "is not an address"},
    {"Port",         joined({known, {"", "tcp"}}),                  "127.0.0.1",      "must be an address and a port"},
    {"SamePort",     joined({known, answers(6, ""), {"yes", "b", "tcp"}}), "127.0.0.1:9100", "is taken by another link"},
    {"Network",      joined({known, {"", "tcp", "0.0.0.0:1"}}),     "shop",           "neither an address nor a network"},
    {"PortNumber",   joined({known, {"", "serial"}}),               "2",              "no port of that number"},
    {"PortNone",     joined({known, {"", "serial"}}),               "0",              "no port of that number"},
    {"ComPort",      joined({known, {"", "serial"}}),               "COM1",           "must begin with /"},
    {"Wire",         joined({known, {"", "serial", ""}}),           "fast",           "must be like 9600 8N1"},
    {"WireParity",   joined({known, {"", "serial", ""}}),           "9600 8X1",       "parity: '' is not one of"},
    {"WireBits",     joined({known, {"", "serial", ""}}),           "9600 9N1",       "data_bits: must be"},
    {"WireMore",     joined({known, {"", "serial", ""}}),           "9600 8N1 rts",   "must be like 9600 8N1"},
    {"Symlink",      joined({known, {"", "pty"}}),                  "tty",            "must begin with /"},
    {"Channel",      joined({known, {"", "", "", "", ""}}),         "wechat",         "'wechat' is not one of"},
};
// clang-format on

INSTANTIATE_TEST_SUITE_P(All, SetupRefusalTest, testing::ValuesIn(refused_cases),
                         [](const auto& instance) { return instance.param.name; });

TEST(SetupTalkTest, WhatIsKnownIsNotAskedFor)
{
    setup_plan plan;
    for (const auto* key : {"region", "app_code", "signature", "mchid"})
        plan.put("cloud", key, std::string{"hk"});
    ASSERT_EQ(put_terminal(plan, "T1"), "");
    ASSERT_EQ(put_link(plan, "shop,tcp,127.0.0.1:9100"), "");
    const setup_talk talk{plan, {.key_is_given = true}};
    EXPECT_FALSE(talk.next()) << talk.next()->text;
}

TEST(SetupTalkTest, AVirtualPortIsOfferedWhereThereAreSome)
{
    for (const bool there : {true, false}) {
        setup_talk talk{{}, {.virtual_ports = there}};
        say(talk, joined({account, one_terminal, {""}}));
        ASSERT_TRUE(talk.next());
        EXPECT_EQ(talk.next()->choices.size(), there ? 3U : 2U);
        EXPECT_EQ(talk.answer("pty"), there ? "" : "must be one of tcp, serial, or its number");
    }
}

TEST(SetupTalkTest, AStoredKeyMayStay)
{
    setup_talk talk{{}, {.key_is_stored = true}};
    say(talk, {"hk", "APP", ""});
    EXPECT_EQ(talk.client_key(), "");
}

TEST(SetupTalkTest, TheKeyIsSecretAndInNoSetting)
{
    setup_talk talk{{}, {}};
    say(talk, {"hk", "APP"});
    EXPECT_TRUE(talk.next()->secret);
    say(talk, {" S3CRET\r", "sha256", "", "T1", "", ""});
    EXPECT_EQ(talk.client_key(), "S3CRET");
    EXPECT_EQ(talk.plan().text("cloud", "signature"), "sha256");
    EXPECT_THAT(setup_text(sample_config(), talk.plan().sections()),
                testing::Not(HasSubstr("S3CRET")));
}

TEST(SetupTalkTest, AnotherCountrySaysItsCurrency)
{
    setup_talk talk{{}, {}};
    say(talk, {"jp", "JPY", "APP"});
    EXPECT_EQ(talk.plan().text("cloud", "currency"), "JPY");
}

TEST(SetupTalkTest, AnAddressAsksWhomToTrust)
{
    setup_talk talk{{}, {}};
    say(talk, {"https://localhost:8443", "/srv/ca.pem", "", "APP"});
    EXPECT_EQ(talk.plan().text("cloud", "url"), "https://localhost:8443");
    EXPECT_EQ(talk.plan().text("cloud", "ca_file"), "/srv/ca.pem");
    EXPECT_EQ(talk.plan().text("cloud", "currency"), "HKD");
}

TEST(SetupTalkTest, SeveralTerminalsAreChosenFrom)
{
    setup_talk talk{{}, {}};
    say(talk, joined({account, {"T1", "front", "y", "T2", "", "n"}, {"", "", "", "", ""}}));
    EXPECT_THAT(talk.next()->notes, Contains(HasSubstr("T1  front")));
    EXPECT_THAT(talk.answer("back"), HasSubstr("no [[terminal]]"));
    say(talk, {"T2", "", "n"});
    EXPECT_EQ(talk.plan().text("link", "terminal"), "T2");
    EXPECT_THAT(problems_of(talk.plan()).problems, IsEmpty());
}

TEST(SetupTalkTest, AMachineWithoutPortsSaysSo)
{
    setup_talk talk{{}, {}};
    say(talk, joined({known, {"", "serial"}}));
    EXPECT_THAT(talk.next()->notes, Contains(HasSubstr("has none now")));
    EXPECT_THAT(talk.answer(""), HasSubstr("must begin with /"));
}

}  // namespace
}  // namespace ecr::daemon
