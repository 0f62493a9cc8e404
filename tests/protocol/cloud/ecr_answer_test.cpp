#include "protocol/cloud/ecr_api.hpp"

#include <gtest/gtest.h>

#include <optional>
#include <ostream>
#include <string>

namespace ecr::protocol::cloud {
namespace {

// An enquiry that worked, around a row of these fields.
std::string enquiry_of(const std::string& row_fields)
{
    return R"({"resperr": "Query success", "respcd": "0000", "respmsg": {)" + row_fields + "}}";
}

transaction_row row_of(const std::string& row_fields)
{
    return read_enquiry(enquiry_of(row_fields)).value().row.value();
}

// --- Amounts ----------------------------------------------------------------------------------

struct amount_case {
    std::string name;
    std::string json;
    std::optional<std::int64_t> value;

    friend void PrintTo(const amount_case& c, std::ostream* out) { *out << c.name; }
};

class EcrAmountTest : public testing::TestWithParam<amount_case> {};

TEST_P(EcrAmountTest, IsWholeOrNothing)
{
    for (const auto* name : {"txamt", "cancel", "allow_refund_amt", "billamt"}) {
        SCOPED_TRACE(name);
        const auto row = row_of('"' + std::string{name} + R"(": )" + GetParam().json);
        EXPECT_EQ(row.txamt, std::string{name} == "txamt" ? GetParam().value : std::nullopt);
        EXPECT_EQ(row.cancel, std::string{name} == "cancel" ? GetParam().value : std::nullopt);
        EXPECT_EQ(row.billamt, std::string{name} == "billamt" ? GetParam().value : std::nullopt);
        EXPECT_EQ(row.allow_refund_amt,
                  std::string{name} == "allow_refund_amt" ? GetParam().value : std::nullopt);
    }
}

// clang-format off
const amount_case amount_cases[] = {
    {"Integer",            "511",                      511},
    {"Text",               R"("511")",                 511},
    {"Zero",               "0",                        0},
    {"ZeroText",           R"("0")",                   0},
    {"WholeFloat",         "511.0",                    511},
    {"WholeFloatText",     R"("511.00")",              511},
    {"LeadingZeros",       R"("000511")",              511},
    {"BareLeadingZeros",   "000511",                   511},
    {"LargestInt64",       "9223372036854775807",      9223372036854775807},
    {"LargestInt64Text",   R"("9223372036854775807")", 9223372036854775807},
    {"AboveInt64",         "9223372036854775808",      std::nullopt},
    {"AboveInt64Text",     R"("9223372036854775808")", std::nullopt},
    {"TooBigForDouble",    "1" + std::string(400, '0'), std::nullopt},
    {"Negative",           "-511",                     std::nullopt},
    {"NegativeText",       R"("-511")",                std::nullopt},
    {"NegativeZero",       "-0",                       std::nullopt},
    {"Fraction",           "5.11",                     std::nullopt},
    {"FractionText",       R"("5.11")",                std::nullopt},
    {"SmallestFraction",   "511.0000000000000000001",  std::nullopt},
    {"PointOnly",          R"(".")",                   std::nullopt},
    {"PointFirst",         R"(".0")",                  std::nullopt},
    {"PointLast",          R"("511.")",                std::nullopt},
    {"TwoPoints",          R"("511.0.0")",             std::nullopt},
    {"Exponent",           "5e2",                      std::nullopt},
    {"ExponentText",       R"("5e2")",                 std::nullopt},
    {"FloatWithExponent",  "5.0e2",                    std::nullopt},
    {"Plus",               R"("+511")",                std::nullopt},
    {"BlankFirst",         R"(" 511")",                std::nullopt},
    {"BlankLast",          R"("511 ")",                std::nullopt},
    {"Grouped",            R"("1,511")",               std::nullopt},
    {"Hexadecimal",        R"("0x1FF")",               std::nullopt},
    {"Masked",             "5****1",                   std::nullopt},
    {"Letters",            R"("HKD")",                 std::nullopt},
    {"Empty",              R"("")",                    std::nullopt},
    {"Null",               "null",                     std::nullopt},
    {"Truth",              "true",                     std::nullopt},
    {"List",               "[511]",                    std::nullopt},
    {"Object",             R"({"value": 511})",        std::nullopt},
};
// clang-format on

INSTANTIATE_TEST_SUITE_P(Table, EcrAmountTest, testing::ValuesIn(amount_cases),
                         [](const auto& instance) { return instance.param.name; });

// --- Codes ------------------------------------------------------------------------------------

struct code_case {
    std::string name;
    std::string json;
    std::string code;

    friend void PrintTo(const code_case& c, std::ostream* out) { *out << c.name << ": " << c.json; }
};

class EcrCodeTest : public testing::TestWithParam<code_case> {};

TEST_P(EcrCodeTest, IsReadOfARow)
{
    EXPECT_EQ(row_of(R"("respcd": )" + GetParam().json).respcd, GetParam().code);
}

// An answer without a code of its own is no answer.
TEST_P(EcrCodeTest, IsReadOfAnEnvelope)
{
    const auto body = R"({"respcd": )" + GetParam().json + R"(, "respmsg": ""})";
    const auto pushed = read_acknowledgement(body);
    const auto asked = read_enquiry(body);
    if (GetParam().code.empty()) {
        EXPECT_EQ(pushed.error(), errc::bad_json);
        EXPECT_EQ(asked.error(), errc::bad_json);
    } else {
        EXPECT_EQ(pushed.value().respcd, GetParam().code);
        EXPECT_EQ(asked.value().respcd, GetParam().code);
    }
}

// clang-format off
const code_case code_cases[] = {
    {"Text",            R"("1143")",    "1143"},
    {"Number",          "1143",         "1143"},
    {"BareZeros",       "0000",         "0000"},
    {"Zero",            "0",            "0000"},
    {"ShortNumber",     "42",           "0042"},
    {"LongNumber",      "10000",        "10000"},
    {"OneZeroAsText",   R"("0")",       "0"},
    {"ThreeBareZeros",  "000",          "000"},
    {"Float",           "0.0",          "0.0"},
    {"NegativeZero",    "-0",           "-0"},
    {"Negative",        "-1143",        "-1143"},
    {"Blank",           R"("0000 ")",   "0000 "},
    {"Letters",         R"("OK")",      "OK"},
    {"EmptyText",       R"("")",        ""},
    {"Null",            "null",         ""},
    {"List",            R"(["0000"])",  ""},
    {"Object",          R"({"a": "0000"})", ""},
    {"Truth",           "false",        "false"},
};
// clang-format on

INSTANTIATE_TEST_SUITE_P(Table, EcrCodeTest, testing::ValuesIn(code_cases),
                         [](const auto& instance) { return instance.param.name; });

// --- Text -------------------------------------------------------------------------------------

struct text_case {
    std::string name;
    std::string json;
    std::string text;

    friend void PrintTo(const text_case& c, std::ostream* out) { *out << c.name << ": " << c.json; }
};

class EcrTextTest : public testing::TestWithParam<text_case> {};

TEST_P(EcrTextTest, IsReadOfAnyScalar)
{
    EXPECT_EQ(row_of(R"("syssn": )" + GetParam().json).syssn, GetParam().text);
    EXPECT_EQ(row_of(R"("octopus_balance":)" + GetParam().json).octopus_balance, GetParam().text);
    EXPECT_EQ(row_of(R"("txcurrcd"  :  )" + GetParam().json + "\n").txcurrcd, GetParam().text);
}

// clang-format off
const text_case text_cases[] = {
    {"Text",          R"("2024")",                   "2024"},
    {"Escapes",       R"("\u7f36 \"x\" \\ 1")",      "\xE7\xBC\xB6 \"x\" \\ 1"},
    {"ColonInside",   R"("at: 0000, \": 0000")",     "at: 0000, \": 0000"},
    {"Number",        "344",                         "344"},
    {"LongNumber",    "20240704180500020000018000",  "20240704180500020000018000"},
    {"LeadingZeros",  "000001",                      "000001"},
    {"Float",         "12.30",                       "12.30"},
    {"Negative",      "-35",                         "-35"},
    {"Masked",        "113****619",                  "113****619"},
    {"Empty",         R"("")",                       ""},
    {"Null",          "null",                        ""},
    {"Truth",         "true",                        "true"},
    {"List",          R"(["a"])",                    ""},
    {"Object",        R"({"a": 1})",                 ""},
};
// clang-format on

INSTANTIATE_TEST_SUITE_P(Table, EcrTextTest, testing::ValuesIn(text_cases),
                         [](const auto& instance) { return instance.param.name; });

// --- Shapes -----------------------------------------------------------------------------------

struct shape_case {
    std::string name;
    std::string body;
    bool readable;
    bool with_row;

    friend void PrintTo(const shape_case& c, std::ostream* out) { *out << c.name; }
};

class EcrShapeTest : public testing::TestWithParam<shape_case> {};

TEST_P(EcrShapeTest, Decides)
{
    const auto& c = GetParam();
    const auto asked = read_enquiry(c.body);
    ASSERT_EQ(asked.has_value(), c.readable);
    EXPECT_EQ(read_acknowledgement(c.body).has_value(), c.readable);
    if (c.readable) {
        EXPECT_EQ(asked->row.has_value(), c.with_row);
    } else {
        EXPECT_EQ(asked.error(), errc::bad_json);
        EXPECT_EQ(read_acknowledgement(c.body).error(), errc::bad_json);
    }
}

const std::string deep = std::string(40, '[') + std::string(40, ']');

// clang-format off
const shape_case shape_cases[] = {
    {"RespmsgEmptyText",  R"({"respcd": "1136", "respmsg": ""})",                   true,  false},
    {"RespmsgMissing",    R"({"respcd": "1136"})",                                  true,  false},
    {"RespmsgNull",       R"({"respcd": "1136", "respmsg": null})",                 true,  false},
    {"RespmsgText",       R"({"respcd": "0000", "respmsg": "{\"respcd\": 0}"})",  true,  false},
    {"RespmsgList",       R"({"respcd": "0000", "respmsg": [{"respcd": "0000"}]})", true,  false},
    {"RespmsgNumber",     R"({"respcd": "0000", "respmsg": 0})",                    true,  false},
    {"RespmsgObject",     R"({"respcd": "0000", "respmsg": {"respcd": "1143"}})",   true,  true},
    {"RespmsgNoFields",   R"({"respcd": "0000", "respmsg": {}})",                   true,  true},
    {"UnknownFields",     R"({"respcd": "0000", "x": [1, {"y": 2.5}], "z": null})", true,  false},
    {"NothingBetween",    R"({"respcd":"0000","respmsg":{"txamt":1}})",             true,  true},
    {"BareCodes",         R"({"respcd":0000,"respmsg":{"respcd":0000}})",           true,  true},
    {"ByteOrderMark",     "\xEF\xBB\xBF{\"respcd\": \"0000\"}",                     true,  false},
    {"Empty",             "",                                                       false, false},
    {"Blank",             " \r\n",                                                  false, false},
    {"Html",              "<html><body>502 Bad Gateway</body></html>",              false, false},
    {"NoObject",          R"("0000")",                                              false, false},
    {"List",              R"([{"respcd": "0000"}])",                                false, false},
    {"Null",              "null",                                                   false, false},
    {"NoCode",            R"({"resperr": "", "respmsg": {"respcd": "0000"}})",  false, false},
    {"NoEnd",             R"({"respcd": "0000", "respmsg": {"respcd": "0000"})",    false, false},
    {"TwoAnswers",        R"({"respcd": "0000"}{"respcd": "0000"})",                false, false},
    {"BareWord",          R"({"respcd": OK})",                                      false, false},
    {"BareName",          R"({respcd: "0000"})",                                    false, false},
    {"NotUtf8",           "{\"respcd\": \"0000\", \"resperr\": \"\xB6\xA9\"}",      false, false},
    {"TooDeep",           R"({"respcd": "0000", "x": )" + deep + "}",               false, false},
    {"EndsInEscape",      R"({"respcd": "0000\)",                                   false, false},
};
// clang-format on

INSTANTIATE_TEST_SUITE_P(Table, EcrShapeTest, testing::ValuesIn(shape_cases),
                         [](const auto& instance) { return instance.param.name; });

TEST(EcrAnswerTest, TheCodeOfTheEnquiryIsNotTheCodeOfTheRow)
{
    const auto answer = read_enquiry(enquiry_of(R"("respcd": "1143")")).value();
    EXPECT_EQ(answer.respcd, "0000");
    EXPECT_EQ(answer.row.value().respcd, "1143");
}

TEST(EcrAnswerTest, ARowWithoutACodeBorrowsNoneFromTheEnvelope)
{
    EXPECT_EQ(row_of(R"("txamt": 511)").respcd, "");
}

TEST(EcrAnswerTest, TheTimeMayBeCalledSystemAsInTheTable)
{
    EXPECT_EQ(row_of(R"("system": "2024-07-04 15:10:35")").sysdtm, "2024-07-04 15:10:35");
    EXPECT_EQ(row_of(R"("sysdtm": "a", "system": "b")").sysdtm, "a");
}

// --- Currencies -------------------------------------------------------------------------------

struct currency_case {
    std::string a;
    std::string b;
    bool same;

    friend void PrintTo(const currency_case& c, std::ostream* out) { *out << c.a << " " << c.b; }
};

class SameCurrencyTest : public testing::TestWithParam<currency_case> {};

TEST_P(SameCurrencyTest, Compares)
{
    EXPECT_EQ(same_currency(GetParam().a, GetParam().b), GetParam().same);
    EXPECT_EQ(same_currency(GetParam().b, GetParam().a), GetParam().same);
}

// clang-format off
const currency_case currency_cases[] = {
    {"HKD", "344", true},  {"AED", "784", true},  {"CNY", "156", true},  {"EUR", "978", true},
    {"IDR", "360", true},  {"JPY", "392", true},  {"MMK", "104", true},  {"MYR", "458", true},
    {"SGD", "702", true},  {"THB", "764", true},  {"USD", "840", true},  {"CAD", "124", true},
    {"AUD", "036", true},  {"RMB", "156", true},  {"RMB", "CNY", true},  {"AUD", "36", true},
    {"hkd", "344", true},  {"Hkd", "HKD", true},  {"344", "344", true},  {"HKD", "HKD", true},
    {"HKD", "156", false}, {"HKD", "CNY", false}, {"344", "156", false}, {"HKD", "", false},
    {"344", "", false},    {"344", "34", false},  {"344", "0344", false}, {"HKD", "HKD ", false},
    {"XYZ", "XYZ", true},  {"XYZ", "xyz", false}, {"XYZ", "344", false}, {"999", "999", true},
};
// clang-format on

INSTANTIATE_TEST_SUITE_P(Table, SameCurrencyTest, testing::ValuesIn(currency_cases));

}  // namespace
}  // namespace ecr::protocol::cloud
