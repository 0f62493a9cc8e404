// House rules that a compiler cannot check. Reads our own sources; see README, "Folders".
#include "tests/tidy/house_rules.hpp"
#include "tests/tidy/source_text.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <ostream>
#include <sstream>
#include <stdexcept>

namespace ecr::tidy {
namespace {

namespace fs = std::filesystem;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

const fs::path top{ECR_SOURCE_DIR};

std::string text_of(const fs::path& file)
{
    std::ifstream in{file, std::ios::binary};
    if (!in) throw std::runtime_error{"cannot read " + file.string()};
    return {std::istreambuf_iterator<char>{in}, {}};
}

std::vector<std::string> sources_in(const std::string& folder)
{
    std::vector<std::string> paths;
    for (const auto& entry : fs::recursive_directory_iterator{top / folder}) {
        const auto extension = entry.path().extension();
        if (entry.is_regular_file() && (extension == ".cpp" || extension == ".hpp"))
            paths.push_back(fs::relative(entry.path(), top).generic_string());
    }
    return paths;
}

// --- Our sources ------------------------------------------------------------------------------

class TidyFolderTest : public testing::TestWithParam<std::string> {};

TEST_P(TidyFolderTest, KeepsTheHouseRules)
{
    const auto sources = sources_in(GetParam());
    EXPECT_GT(sources.size(), 10U) << "is this the right folder?";
    for (const auto& path : sources)
        for (const auto& violation : violations_of(path, text_of(top / path)))
            ADD_FAILURE() << violation;
}

INSTANTIATE_TEST_SUITE_P(Folders, TidyFolderTest,
                         testing::Values("daemon", "protocol", "store", "tests"),
                         [](const auto& instance) { return instance.param; });

TEST(TidyTest, TheTopHoldsTheFoldersOfTheDesign)
{
    std::vector<std::string> ignored;
    std::istringstream lines{text_of(top / ".gitignore")};
    for (std::string line; std::getline(lines, line);) {
        std::erase(line, '/');
        ignored.push_back(line);
    }
    std::vector<std::string> folders;
    for (const auto& entry : fs::directory_iterator{top})
        if (entry.is_directory()) folders.push_back(entry.path().filename().string());
    EXPECT_THAT(unknown_folders(folders, ignored), IsEmpty());
    EXPECT_THAT(folders, testing::IsSupersetOf(
                             {"daemon", "packaging", "protocol", "store", "systemd", "tests"}));
}

// --- The checker itself: each rule is broken once, on purpose ---------------------------------

struct planted_case {
    const char* name;
    const char* path;
    std::string text;
    const char* complaint;  // "": allowed

    friend void PrintTo(const planted_case& c, std::ostream* out) { *out << c.name; }
};

class TidyPlantedTest : public testing::TestWithParam<planted_case> {};

TEST_P(TidyPlantedTest, IsSeenOnlyWhereItIsWrong)
{
    const auto& c = GetParam();
    const auto found = violations_of(c.path, c.text);
    if (*c.complaint == '\0')
        EXPECT_THAT(found, IsEmpty());
    else
        EXPECT_THAT(found, ElementsAre(HasSubstr(c.complaint)));
}

std::string blanks(std::size_t count)
{
    return std::string(count, 'x');
}

std::string repeated(std::string_view text, int times)
{
    std::string out;
    for (int i = 0; i < times; ++i)
        out += text;
    return out;
}

// clang-format off
const planted_case planted_cases[] = {
    // name                   file                       text                                                  complaint
    {"Nothing",               "protocol/a.cpp",          "int a = 1;\n",                                       ""},
    {"ProtocolStore",         "protocol/a.cpp",          "#include \"store/journal.hpp\"\n",                   "protocol knows no store"},
    {"ProtocolDaemon",        "protocol/a/b.cpp",        "  #  include \"daemon/app.hpp\"\n",                  "protocol knows no daemon"},
    {"ProtocolAsio",          "protocol/a.cpp",          "#include <boost/asio/awaitable.hpp>\n",              "no sockets"},
    {"ProtocolFiles",         "protocol/a.cpp",          "#include <fstream>\n",                               "no files"},
    {"ProtocolThread",        "protocol/a.cpp",          "#include <thread>\n",                                "no threads"},
    {"ProtocolDigest",        "protocol/a.cpp",          "#include <openssl/evp.h>\n",                         "digests"},
    {"ProtocolSignature",     "protocol/cloud/signature.cpp", "#include <openssl/evp.h>\n",                    ""},
    {"ProtocolClock",         "protocol/a.cpp",          "auto t = std::chrono::system_clock::now();\n",       "time of day"},
    {"StoreDaemon",           "store/a.cpp",             "#include \"daemon/clock.hpp\"\n",                    "store knows no daemon"},
    {"StoreProtocol",         "store/a.cpp",             "#include \"protocol/money.hpp\"\n",                  ""},
    {"StoreJson",             "store/a.cpp",             "#include \"protocol/json.hpp\"\n",                   "no JSON"},
    {"StoreClock",            "store/a.cpp",             "auto t = steady_clock::now();\n",                    "time of day"},
    {"StoreSqlite",           "store/a.cpp",             "#include <sqlite3.h>\n",                             ""},
    {"DaemonSqlite",          "daemon/a.cpp",            "#include <sqlite3.h>\n",                             "SQL stays"},
    {"DaemonSql",             "daemon/a.cpp",            "f(\"SELECT a FROM b\");\n",                          "SQL stays"},
    {"DaemonStore",           "daemon/a.cpp",            "#include \"store/journal.hpp\"\n",                   ""},
    {"DaemonTests",           "daemon/a.cpp",            "#include \"tests/simulator/cloud.hpp\"\n",           "includes no test"},
    {"DaemonRehearsal",       "daemon/rehearsal/a.cpp",  "#include \"tests/simulator/cloud.hpp\"\n",           ""},
    {"DaemonRehearsalTest",   "daemon/rehearsal/a.cpp",  "#include \"tests/support/https_client.hpp\"\n",      "includes no test"},
    {"DaemonSerial",          "daemon/link/a.cpp",       "#include <termios.h>\n",                             ""},
    {"DaemonClock",           "daemon/a.cpp",            "auto t = std::chrono::steady_clock::now();\n",       "injected"},
    {"DaemonClockItself",     "daemon/clock.cpp",        "auto t = std::chrono::steady_clock::now();\n",       ""},
    {"ClockInAComment",       "daemon/a.cpp",            "// not steady_clock::now\nint a;\n",                 ""},
    {"ClockInAText",          "daemon/a.cpp",            "auto t = \"steady_clock::now\";\n",                  ""},
    {"ClockInATest",          "tests/daemon/a.cpp",      "auto t = steady_clock::now();\n",                    ""},
    {"IncludeInAComment",     "protocol/a.cpp",          "/*\n#include \"daemon/app.hpp\"\n*/\n",              ""},
    {"NeighbourInclude",      "daemon/a.cpp",            "#include \"app.hpp\"\n",                             "top folder"},
    {"TestOfProtocol",        "tests/protocol/a.cpp",    "#include \"daemon/app.hpp\"\n",                      "what they test"},
    {"TestOfStore",           "tests/store/a.cpp",       "#include \"daemon/app.hpp\"\n",                      "what they test"},
    {"TestOfDaemon",          "tests/daemon/a.cpp",      "#include \"store/journal.hpp\"\n",                   ""},
    {"JsonInAHeader",         "daemon/a.hpp",            "#pragma once\n#include <nlohmann/json.hpp>\n",       "too heavy"},
    {"OurJsonInAHeader",      "daemon/a.hpp",            "#pragma once\n#include \"protocol/json.hpp\"\n",     "too heavy"},
    {"ForwardInAHeader",      "daemon/a.hpp",            "#pragma once\n#include <nlohmann/json_fwd.hpp>\n",   ""},
    {"BeastInAHeader",        "daemon/a.hpp",            "#pragma once\n#include <boost/beast/http.hpp>\n",    "too heavy"},
    {"OpensslInAHeader",      "daemon/a.hpp",            "#pragma once\n#include <openssl/ssl.h>\n",           "too heavy"},
    {"BeastInASource",        "daemon/a.cpp",            "#include <boost/beast/http.hpp>\n",                  ""},
    {"NoPragma",              "daemon/a.hpp",            "int a;\n",                                           "#pragma once"},
    {"PragmaInAComment",      "daemon/a.hpp",            "// #pragma once\nint a;\n",                          "#pragma once"},
    {"HundredColumns",        "daemon/a.cpp",            blanks(100) + "\n",                                   ""},
    {"TooManyColumns",        "daemon/a.cpp",            blanks(101) + "\n",                                   ":1: longer than 100"},
    {"ColumnsNotBytes",       "daemon/a.cpp",            "// " + repeated("…", 97) + "\n",                     ""},
    {"LastLineCounts",        "tests/daemon/a.cpp",      "int a;\n" + blanks(101),                             ":2: longer than 100"},
    {"AlignedTable",          "daemon/a.cpp",            "// clang-format off\n" + blanks(140) + "\n// clang-format on\n", ""},
    {"AfterTheTable",         "daemon/a.cpp",            "// clang-format off\n// clang-format on\n" + blanks(140) + "\n", ":3: longer"},
    {"FourHundredLines",      "store/a.cpp",             repeated("int a;\n", 400),                            ""},
    {"TooManyLines",          "store/a.cpp",             repeated("int a;\n", 401),                            "400 lines"},
    {"LongTest",              "tests/store/a.cpp",       repeated("int a;\n", 401),                            ""},
    {"UsingNamespace",        "daemon/a.cpp",            "using namespace std;\n",                             "using namespace"},
    {"UsingNamespaceNested",  "daemon/a.cpp",            "using namespace boost::asio;\n",                     "using namespace"},
    {"UsingLiterals",         "daemon/a.cpp",            "using namespace std::chrono_literals;\n",            ""},
    {"UsingNamespaceInTest",  "tests/daemon/a.cpp",      "using namespace std;\n",                             ""},
    {"TodoWithoutNumber",     "store/a.cpp",             "int a;  // TODO: later\n",                           "TODO names its issue"},
    {"TodoWithName",          "store/a.cpp",             "int a;  // TODO(me) later\n",                        "TODO names its issue"},
    {"TodoWithNumber",        "store/a.cpp",             "int a;  // TODO(#12) later\n",                       ""},
    {"Fixme",                 "tests/store/a.cpp",       "int a;  // FIXME\n",                                 "unfinished"},
    {"ThreeX",                "store/a.cpp",             "int a;  // XXX\n",                                   "unfinished"},
    {"NameOfATemporaryFile",  "store/a.cpp",             "auto a = \"ecr-XXXXXX\";\n",                         ""},
    {"Detached",              "tests/daemon/a.cpp",      "co_spawn(a, b, asio::detached);\n",                  "task_group"},
    {"BracesInAwait",         "daemon/a.cpp",            "co_await f({1, 2});\n",                              "braced temporary"},
    {"BracesOverLines",       "daemon/a.cpp",            "int a;\nco_await f(\n    {1, 2});\n",                ":2: GCC 12 miscompiles a braced"},
    {"NamesInAwait",          "daemon/a.cpp",            "co_await f(a, {.b = 1});\n",                         "braced temporary"},
    {"NamesLater",            "daemon/a.cpp",            "co_await f(a);\ng({.b = 1});\n",                     ""},
    {"LambdaInAwait",         "daemon/a.cpp",            "co_await f([&](int a) { return a; });\n",            ""},
    {"AwaitAfterAnd",         "daemon/a.cpp",            "if (a && co_await f()) g();\n",                      "may not be reached"},
    {"AwaitAfterOr",          "daemon/a.cpp",            "if (a ||\n    co_await f()) g();\n",                 ":2: GCC 12 miscompiles a co_await"},
    {"AwaitInAChoice",        "daemon/a.cpp",            "auto b = a ? co_await f() : c;\n",                   "may not be reached"},
    {"AwaitBeforeAnd",        "daemon/a.cpp",            "if (co_await f() && a) g();\n",                      ""},
};
// clang-format on

INSTANTIATE_TEST_SUITE_P(Table, TidyPlantedTest, testing::ValuesIn(planted_cases),
                         [](const auto& instance) { return instance.param.name; });

TEST(TidyTest, ANewFolderAtTheTopIsSeen)
{
    EXPECT_THAT(unknown_folders({"daemon", "utils", ".git", "build"}, {"build"}),
                ElementsAre("utils"));
}

TEST(TidyTest, EveryViolationOfAFileIsReported)
{
    const auto found =
        violations_of("protocol/a.hpp", "#include <thread>\nusing namespace std;\n// FIXME\n");
    EXPECT_THAT(found, ElementsAre("protocol/a.hpp:1: <thread>: protocol knows no threads",
                                   "protocol/a.hpp:1: no #pragma once",
                                   "protocol/a.hpp:2: using namespace outside of tests",
                                   HasSubstr("protocol/a.hpp:3: unfinished")));
}

TEST(TidyTest, TextsAreNotCode)
{
    const auto lines =
        lines_of("a = R\"x(b \" // c\n)x\"; // d\ne = 'f' + \"\\\"g\" + 1'000; /* h */ i\n");
    ASSERT_EQ(lines.size(), 3U);
    EXPECT_EQ(lines[0].code, "a = \"\"");
    EXPECT_EQ(lines[0].with_texts, "a = R\"x(b \" // c");
    EXPECT_EQ(lines[1].code, "; ");
    EXPECT_EQ(lines[2].code, "e = '' + \"\" + 1'000;  i");
    EXPECT_EQ(lines[2].raw, "e = 'f' + \"\\\"g\" + 1'000; /* h */ i");
}

}  // namespace
}  // namespace ecr::tidy
