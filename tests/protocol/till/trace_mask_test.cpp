// No secret gets into a trace, however it is written and wherever the link cuts it.
#include "protocol/till/qfpay_local/cipher.hpp"
#include "protocol/till/qfpay_local/qfpay_local_dialect.hpp"
#include "protocol/till/trace_language.hpp"

#include <gtest/gtest.h>

namespace ecr::protocol::till {
namespace {

constexpr auto key = qfpay_local::published_pos_key;

std::string kept(std::string_view language, std::string_view bytes, std::size_t piece)
{
    std::vector<trace_unit> units;
    const auto cutter = trace_language_of(language)->make_cutter(key);
    for (std::size_t at = 0; at < bytes.size(); at += piece)
        cutter->take(heading::from_till, bytes.substr(at, piece), units);
    cutter->give_up(heading::from_till, units);
    std::string all;
    for (const auto& unit : units)
        all += unit.bytes;
    return all;
}

struct masked_case {
    const char* name;
    const char* written;
    const char* kept;
};
void PrintTo(const masked_case& c, std::ostream* out)
{
    *out << c.name;
}

class TraceMaskLineTest : public testing::TestWithParam<masked_case> {};

TEST_P(TraceMaskLineTest, HidesWhatIsSecretInPlace)
{
    const auto& c = GetParam();
    for (const std::size_t piece : {1U, 2U, 7U, 4096U})
        EXPECT_EQ(kept("line", c.written, piece), c.kept) << piece;
    const std::string framed = '\x02' + std::string{c.written} + "\x03L";
    const auto clean = kept("line-stx", framed, 3);
    EXPECT_EQ(clean.substr(1, clean.size() - 3), c.kept);
}

// clang-format off
const masked_case masked_cases[]{
    {"Harmless",     "pay order=A1001 amount=110 channel=wx", "pay order=A1001 amount=110 channel=wx"},
    {"LongNumbers",  "receipt of=20240704000200020093755542", "receipt of=20240704000200020093755542"},
    {"AuthCode",     "scan amount=110 auth_code=134857903088557555", "scan amount=110 auth_code=130000000000000000"},
    {"Quoted",       "scan auth_code=\"134857903088557555\" amount=1", "scan auth_code=\"130000000000000000\" amount=1"},
    {"InAnyCase",    "SCAN AUTH_CODE=134857903088557555", "SCAN AUTH_CODE=130000000000000000"},
    {"InGroups",     "scan auth_code=1348 5790 3088 order=A1", "scan auth_code=1300 0000 0000 order=A1"},
    {"BlanksAround", "scan auth_code = 134857903088557555", "scan auth_code = 130000000000000000"},
    {"BehindQuote",  "scan auth_code=\"1348\"57903088557555 tag=a", "scan auth_code=\"1300\"00000000000000 tag=a"},
    {"NoEndOfQuote", "scan auth_code=\"1348 5790", "scan auth_code=\"1300x0000"},
    {"WrongName",    "scan authcode=134857903088557555", "scan authcode=130000000000000000"},
    {"NoName",       "scan 134857903088557555", "scan 130000000000000000"},
    {"NoNameGroups", "scan 1348 5790 3088 5575 55", "scan 1300 0000 0000 0000 00"},
    {"InGoods",      "pay amount=1 goods=134857903088557555", "pay amount=1 goods=130000000000000000"},
    {"Token",        "hello token=s3cr,et} till=T1", "hello token=x0xxxxxx till=T1"},
    {"TokenQuoted",  "hello token=\"a \\\"b\" till=T1", "hello token=\"xxxxx\" till=T1"},
    {"Json",         "{\"verb\":\"scan\",\"auth_code\":\"134857903088557555\",\"amount\":110}",
                     "{\"verb\":\"scan\",\"auth_code\":\"130000000000000000\",\"amount\":110}"},
    {"JsonNumber",   "{\"auth_code\": 134857903088557555, \"amount\":110}", "{\"auth_code\": 130000000000000000, \"amount\":110}"},
    {"JsonEscape",   "{\"auth\\u005fcode\":\"134857903088557555\"}", "{\"auth\\u005fcode\":\"130000000000000000\"}"},
    {"JsonToken",    "{\"verb\":\"hello\",\"token\":\"s3 \\\" x\",\"till\":\"T1\"}", "{\"verb\":\"hello\",\"token\":\"x0xxxxx\",\"till\":\"T1\"}"},
    {"Card",         "pay order=A1 amount=1 tag=4111111111111111", "pay order=A1 amount=1 tag=411111******1111"},
};
// clang-format on
INSTANTIATE_TEST_SUITE_P(All, TraceMaskLineTest, testing::ValuesIn(masked_cases),
                         [](const auto& each) { return std::string{each.param.name}; });

TEST(TraceMaskTest, FieldsOfACardAreHiddenWithARightChecksum)
{
    const auto& frames = *trace_language_of("hypercom");
    const std::string message = std::string{"6000000000102000001"}.substr(0, 12) + "2000" +
                                "0\x1C" +
                                std::string{
                                    "30\x00\x16"
                                    "4111111111111111\x1C"
                                    "31\x00\x04"
                                    "2912\x1C",
                                    30};
    std::string frame{'\x02', '\x00', '\x48'};
    frame += message + '\x03';
    ASSERT_EQ(message.size(), 48U);
    char sum = 0;
    for (std::size_t i = 1; i < frame.size(); ++i)
        sum = static_cast<char>(sum ^ frame[i]);
    frame += sum;
    for (const std::size_t piece : {1U, 5U, 100U}) {
        const auto clean = kept("hypercom", frame, piece);
        const auto said = frames.explain(heading::from_till, clean, trace_form::clear);
        std::string all;
        for (const auto& line : said)
            all += line + '|';
        EXPECT_NE(all.find("30 card number = 411111******1111|field 31 expiry = 0000|ETX|LRC"),
                  std::string::npos)
            << all;
        EXPECT_TRUE(all.ends_with(" ok|")) << all;
    }
}

TEST(TraceMaskTest, ACutFrameHidesItsLongNumbers)
{
    const auto clean = kept("hypercom", std::string{"\x02\x00\x48", 3} + "41111111111", 4);
    EXPECT_EQ(clean.substr(3), "41000000000");
}

TEST(TraceMaskTest, KeysAndDigestsOfQfpayLocalAreHidden)
{
    const auto text = "{\"content\":{\"func_type\":1001,\"pos_key\":\"" + std::string{key} +
                      "\",\"memo\":\"" + std::string{key} +
                      "\",\"auth_code\":\"134857903088557555\"},"
                      "\"digest\":\"77760CAFEE81DC33C720C90B75787B5F\"}";
    for (const auto& written :
         {text, qfpay_local::encrypted(text, qfpay_local::cipher::aes256, key)})
        for (const std::size_t piece : {1U, 50U, 4096U}) {
            const auto clean = kept("qfpay-local-tcp", written, piece);
            EXPECT_EQ(clean.size(), text.size());
            EXPECT_NE(clean.find("\"func_type\":1001"), std::string::npos) << clean;
            EXPECT_EQ(clean.find(key.substr(0, 8)), std::string::npos) << clean;
            EXPECT_EQ(clean.find("77760CAF"), std::string::npos) << clean;
            EXPECT_EQ(clean.find("134857"), std::string::npos) << clean;
        }
}

TEST(TraceMaskTest, CiphertextOfAnotherKeyIsNotKept)
{
    const auto other =
        qfpay_local::encrypted("{content:{func_type=5001}, digest:'x'}",
                               qfpay_local::cipher::aes256, "0123456789abcdef0123456789abcdef");
    const auto clean = kept("qfpay-local-tcp", other, 9);
    EXPECT_EQ(clean.find_first_not_of("x0+/="), std::string::npos) << clean;
    EXPECT_FALSE(clean.empty());
}

TEST(TraceMaskTest, AnEndlessLineIsNotKept)
{
    const auto clean = kept("line", std::string(100'000, '7') + "\nping\n", 1000);
    EXPECT_LT(clean.size(), 5000U);
    EXPECT_EQ(clean.find('7'), std::string::npos);
    EXPECT_TRUE(clean.ends_with("ping\n"));
}

}  // namespace
}  // namespace ecr::protocol::till
