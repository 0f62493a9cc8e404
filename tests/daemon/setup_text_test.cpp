#include "daemon/setup/setup_text.hpp"

#include "daemon/setup/setup_plan.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <iterator>
#include <ostream>
#include <sstream>

namespace ecr::daemon {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

std::vector<config_section> sections_in(const std::string& toml)
{
    config_report report;
    auto sections = read_sections(toml, report);
    EXPECT_EQ(report.to_text("x"), "");
    return sections.value_or(std::vector<config_section>{});
}

/// What a file says, without lines and explanations.
std::string meaning_of(std::string_view toml)
{
    std::string all;
    for (const auto& section : sections_in(std::string{toml})) {
        all += section.title() + "\n";
        auto settings = section.settings;
        std::ranges::sort(settings, {}, &config_setting::key);
        for (const auto& setting : settings)
            all += setting.key + " = " + toml_of(setting.value) + "\n";
    }
    return all;
}

std::string written(const std::string& toml)
{
    return setup_text(sample_config(), sections_in(toml));
}

const std::string small =
    "[bridge]\njournal = \"/j\"\n"
    "[cloud]\napp_code = \"A\"\nclient_key_file = \"/k\"\n"
    "[[terminal]]\nid = \"T1\"\n"
    "[[link]]\nname = \"a\"\ntype = \"tcp\"\nlisten = \"127.0.0.1:0\"\n";

TEST(SetupTextTest, TheSampleInTheProgramIsTheOneThatIsPackaged)
{
    std::ifstream in{std::string{ECR_SOURCE_DIR} + "/packaging/ecrbridged.toml"};
    const std::string file{std::istreambuf_iterator<char>{in}, {}};
    EXPECT_EQ(sample_config(), file);
}

TEST(SetupTextTest, SaysWhatWasChosenAndNothingElse)
{
    const auto made = meaning_of(written(small));
    EXPECT_THAT(made, HasSubstr("[cloud]\napp_code = \"A\"\nclient_key_file = \"/k\"\n[["));
    EXPECT_THAT(made, HasSubstr("[[terminal]]\nid = \"T1\"\n[[link]]\nlisten"));
    EXPECT_THAT(made, Not(HasSubstr("REPLACE")));
}

struct plan_case {
    std::string name;
    std::string adds;  // to `small`; or, when it begins with "=", is all of it

    friend void PrintTo(const plan_case& c, std::ostream* out) { *out << c.name; }
};

class SetupTextPlanTest : public testing::TestWithParam<plan_case> {
protected:
    [[nodiscard]] std::string toml() const
    {
        const auto& adds = GetParam().adds;
        return adds.starts_with('=') ? adds.substr(1) : small + adds;
    }
};

TEST_P(SetupTextPlanTest, IsReadWithoutAComplaintAndMeansTheSame)
{
    const auto text = written(toml());
    config_report report;
    EXPECT_TRUE(parse_config(text, report));
    EXPECT_EQ(report.to_text("x"), "");
    // The order of the file is the sample's; each table of the plan is in it as it was.
    const auto all = meaning_of(text);
    for (const auto& section : sections_in(toml())) {
        config_section only = section;
        const auto one = meaning_of(setup_text("[" + only.name + "]\n", {&only, 1}));
        const auto values = one.substr(one.find('\n') + 1);
        EXPECT_THAT(all, HasSubstr(section.title() + "\n" + values));
    }
}

TEST_P(SetupTextPlanTest, KeepsEveryExplanation)
{
    std::istringstream sample{std::string{sample_config()}};
    const auto text = written(toml());
    for (std::string line; std::getline(sample, line);)
        if (line.starts_with("# ") && line.find(" = ") == std::string::npos) {
            EXPECT_THAT(text, HasSubstr(line + "\n"));
        }
}

// clang-format off
const plan_case plan_cases[] = {
    {"Small",      ""},
    {"Values",     "[orders]\nwait_for_terminal = false\nqueue_max = 3\nqueue_wait_s = 1.5\n[log]\nlevel = \"debug\"\nfile = \"/x \\\"y\\\\z\"\n"},
    {"Terminals",  "[[terminal]]\nid = \"T2\"\nname = \"back\"\n[[terminal]]\nid = \"T3\"\n"},
    {"Links",      "[[link]]\nname = \"b\"\ntype = \"serial\"\ndevice = \"/dev/x\"\nbaud = 1200\n[[link]]\nname = \"c\"\ntype = \"pty\"\nsymlink = \"/y\"\n"},
    {"Merchants",  "[[merchant]]\nname = \"m\"\napp_code = \"B\"\nclient_key_file = \"/m\"\n[[merchant]]\nname = \"n\"\napp_code = \"C\"\nclient_key_file = \"/n\"\n"},
    {"SerialFirst", "=[bridge]\njournal = \"/j\"\n[cloud]\napp_code = \"A\"\nclient_key_credential = \"c\"\n[[terminal]]\nid = \"T\"\n[[link]]\nname = \"s\"\ntype = \"serial\"\ndevice = \"/dev/x\"\nbaud = 9600\nparity = \"odd\"\nframing = \"stx\"\n"},
    {"Hypercom",   "[[link]]\nname = \"h\"\ntype = \"tcp\"\nlisten = \"127.0.0.1:1\"\ndialect = \"hypercom\"\nacknowledges = false\nwallets = [\"01=alipay\", \"02=wx\"]\n"},
    {"Notify",     "[notifications]\nlisten = \"127.0.0.1:9180\"\nallow = [\"127.0.0.1\"]\n"},
    {"Alternatives", "=[bridge]\njournal = \"/j\"\n[cloud]\nregion = \"jp\"\ncurrency = \"JPY\"\napp_code = \"A\"\nclient_key_file = \"/k\"\nvalid_time_s = 600\n[[terminal]]\nid = \"T\"\n[[link]]\nname = \"a\"\ntype = \"tcp\"\nlisten = \"[::1]:0\"\nencoding = \"big5\"\ncamera = 1\nallow = []\n"},
};
// clang-format on

INSTANTIATE_TEST_SUITE_P(All, SetupTextPlanTest, testing::ValuesIn(plan_cases),
                         [](const auto& instance) { return instance.param.name; });

TEST(SetupTextTest, SettingsStandWhereTheyAreExplained)
{
    const auto text = written(small + "[log]\nlevel = \"debug\"\n");
    EXPECT_THAT(text, AllOf(HasSubstr("\"debug\": all.\nlevel = \"debug\"\n"),
                            HasSubstr("from QFPay.\napp_code = \"A\"\n")));
}

TEST(SetupTextTest, ExamplesStayExamples)
{
    const auto text = written(small + "[[link]]\nname = \"b\"\ntype = \"pty\"\nsymlink = \"/y\"\n");
    EXPECT_LT(text.find("symlink = \"/y\""), text.find("# A serial port, and a virtual one."));
    EXPECT_THAT(text, HasSubstr("# [[link]]\n# name = \"lane-1\"\n"));
}

// --- The plan behind it -----------------------------------------------------------------------

struct shorthand_case {
    std::string name;
    std::string (*put)(setup_plan&, std::string_view);
    std::string text;
    std::string becomes;  // without the header; "!": a complaint with the rest in it

    friend void PrintTo(const shorthand_case& c, std::ostream* out) { *out << c.name; }
};

class SetupShorthandTest : public testing::TestWithParam<shorthand_case> {};

TEST_P(SetupShorthandTest, BecomesSettings)
{
    const auto& c = GetParam();
    setup_plan plan;
    const auto problem = c.put(plan, c.text);
    if (c.becomes.starts_with('!')) {
        EXPECT_THAT(problem, AllOf(Not(""), HasSubstr(c.becomes.substr(1))));
        return;
    }
    EXPECT_EQ(problem, "");
    std::string all;
    for (const auto& section : plan.sections())
        for (const auto& setting : section.settings)
            all += setting.key + "=" + toml_of(setting.value) + " ";
    EXPECT_EQ(all, c.becomes);
}

// clang-format off
const shorthand_case shorthand_cases[] = {
    {"Tcp",          put_link,     "shop,tcp,127.0.0.1:9100",     R"(name="shop" type="tcp" listen="127.0.0.1:9100" )"},
    {"Ip6",          put_link,     "shop,tcp,[::1]:9100",         R"(name="shop" type="tcp" listen="[::1]:9100" )"},
    {"Serial",       put_link,     "a,serial,/dev/x,baud=1200,framing=stx", R"(name="a" type="serial" device="/dev/x" baud=1200 framing="stx" )"},
    {"Pty",          put_link,     "p,pty,/run/p,progress=false", R"(name="p" type="pty" symlink="/run/p" progress=false )"},
    {"Digits",       put_link,     "h,tcp,127.0.0.1:1,dialect=hypercom,order_number=66,patience_s=9", R"(name="h" type="tcp" listen="127.0.0.1:1" dialect="hypercom" order_number="66" patience_s=9 )"},
    {"Kind",         put_link,     "shop,udp,127.0.0.1:1",        "!shop,udp,127.0.0.1:1"},
    {"Place",        put_link,     "shop,tcp",                    "!NAME,KIND,WHERE"},
    {"Pair",         put_link,     "shop,tcp,127.0.0.1:1,wx",     "!'wx' is not KEY=VALUE"},
    {"Id",           put_terminal, "T1",                          R"(id="T1" )"},
    {"IdOfDigits",   put_terminal, "3600001",                     R"(id="3600001" )"},
    {"Named",        put_terminal, "T1,front",                    R"(id="T1" name="front" )"},
    {"Owned",        put_terminal, "T1,merchant=m",               R"(id="T1" merchant="m" )"},
    {"NamedOwned",   put_terminal, "T1,front,merchant=m",         R"(id="T1" name="front" merchant="m" )"},
    {"Setting",      put_setting,  "bridge.drain_s=1",            "drain_s=1 "},
    {"SettingText",  put_setting,  "log.file=/a=b",               R"(file="/a=b" )"},
    {"SettingOfDigits", put_setting, "cloud.mchid=123",           R"(mchid="123" )"},
    {"UnknownSetting", put_setting, "cloud.mchidd=123",           "mchidd=123 "},
    {"NoSection",    put_setting,  "drain_s=1",                   "!SECTION.KEY=VALUE"},
    {"NoValue",      put_setting,  "bridge.drain_s",              "!SECTION.KEY=VALUE"},
    {"OneOfMany",    put_setting,  "link.baud=1",                 "!--link"},
};
// clang-format on

INSTANTIATE_TEST_SUITE_P(All, SetupShorthandTest, testing::ValuesIn(shorthand_cases),
                         [](const auto& instance) { return instance.param.name; });

TEST(SetupPlanTest, CompletesWithTheServicesOwnPlaces)
{
    setup_plan plan;
    plan.put("cloud", "app_code", std::string{"A"});
    ASSERT_EQ(put_terminal(plan, "T1"), "");
    complete(plan, {}, "/var/lib/ecrbridge/journal.db");
    config_report report;
    const auto settings = config_of(plan.sections(), report);
    ASSERT_TRUE(settings) << report.to_text("x");
    EXPECT_EQ(settings->cloud.client_key_credential, "client-key");
    EXPECT_EQ(settings->links.at(0).port, 9100);
}

TEST(SetupPlanTest, ARefusedValueLeavesThePlanAsItWas)
{
    setup_plan plan;
    EXPECT_THAT(plan.try_put("cloud", "currency", std::string{"yen"}), HasSubstr("capital"));
    EXPECT_THAT(plan.try_put("cloud", "curency", std::string{"JPY"}), HasSubstr("did you mean"));
    EXPECT_EQ(plan.count("cloud"), 0U);
}

}  // namespace
}  // namespace ecr::daemon
