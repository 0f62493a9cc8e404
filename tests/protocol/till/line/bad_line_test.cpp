#include "tests/protocol/till/line/till.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <ostream>

using namespace ecr::protocol::till;
using namespace ecr::protocol::till::line;
using testing::HasSubstr;

namespace {

struct bad_case {
    std::string name;
    std::string line;
    std::string given_back;  // between the word and the code
    std::string text;        // the sentence, as it stands on the wire

    friend void PrintTo(const bad_case& c, std::ostream* out) { *out << c.name << ": " << c.line; }
};

class BadLineTest : public testing::TestWithParam<bad_case> {};

TEST_P(BadLineTest, IsAnsweredWithOneErrorHoweverTheBytesArrive)
{
    const auto& c = GetParam();
    const bool json = c.line.starts_with('{');
    const auto expected =
        json ? "{\"reply\":\"error\"," + c.given_back +
                   "\"code\":\"30\",\"safe_to_retry\":true,\"text\":\"" + c.text + "\"}\n"
             : "error " + c.given_back + "code=30 safe_to_retry=yes text=\"" + c.text + "\"\n";

    const auto wire = c.line + "\n";
    for (std::size_t piece = 1; piece <= wire.size(); ++piece) {
        SCOPED_TRACE("piece size " + std::to_string(piece));
        till_end till;
        till.says(wire, piece);
        ASSERT_EQ(till.hears(), expected);
        ASSERT_TRUE(till.out.commands.empty());
        ASSERT_FALSE(till.out.hang_up);
        till.says("ping\n");
        ASSERT_EQ(till.out.commands.size(), 1U) << "the link lives on";
    }
}

const std::string long_value(300, 'x');

// clang-format off
const bad_case bad_cases[] = {
    // name              line                                        given back      text
    {"UnknownVerb",      "frobnicate order=A1",                      "order=A1 ",    R"(Unknown verb 'frobnicate': send help for the list)"},
    {"NearVerb",         "pya order=A1 amount=1",                    "order=A1 ",    R"(Unknown verb 'pya': did you mean pay?)"},
    {"NearVerb2",        "refnud of=1 amount=1",                     "",             R"(Unknown verb 'refnud': did you mean refund?)"},
    {"OtherVerb",        "sale amount=1",                            "",             R"(Unknown verb 'sale': did you mean pay?)"},
    {"NoVerb",           "order=A1 amount=1",                        "",             R"(A line starts with a verb such as pay, not with 'order=a1')"},
    {"UnknownKey",       "pay order=A1 amount=1 colour=red",         "order=A1 ",    R"(Unknown key colour='red')"},
    {"NearKey",          "pay order=A1 amout=110",                   "order=A1 ",    R"(Unknown key amout='110': did you mean amount?)"},
    {"OtherKey",         "pay amt=110",                              "",             R"(Unknown key amt='110': did you mean amount?)"},
    {"SecretInBadKey",   "hello tokn=hunter2",                       "",             R"(Unknown key tokn=***: did you mean token?)"},
    {"CardInBadKey",     "pay amount=1 pan=4111111111111111",        "",             R"(Unknown key pan=***)"},
    {"Doubled",          "pay amount=1 amount=2",                    "",             R"(Doubled key amount='2': give it once)"},
    {"DoubledOrder",     "pay order=A1 amount=1 order=A2",           "",             R"(Doubled key order='A2': give it once)"},
    {"NotForThisVerb",   "refund of=A1 amount=1 order=R1 timeout=5", "order=R1 ",    R"(timeout='5' does not belong to refund. Usage: refund of= amount=|all= [order=] [terminal=] [via=] [wait=])"},
    {"NotForHello",      "ping token=hunter2",                       "",             R"(token=*** does not belong to ping. Usage: ping)"},
    {"NoAmount",         "pay order=A1",                             "order=A1 ",    "pay needs amount=. Usage: pay amount= [order=] [channel=] [scan=] [camera=] [timeout=] [terminal=] [new=]"},
    {"NoOf",             "refund order=R1 amount=5",                 "order=R1 ",    "refund needs of=. Usage: refund of= amount=|all= [order=] [terminal=] [via=] [wait=]"},
    {"NoOrder",          "status tag=4",                             "tag=4 ",       "status needs order=. Usage: status order="},
    {"NeitherOrder",     "query",                                    "",             "query needs an order. Usage: query order=|of= [terminal=]"},
    {"BothOrders",       "query order=A1 of=A2",                     "order=A1 ",    "Only one of these is allowed. Usage: query order=|of= [terminal=]"},
    {"Decimal",          "pay order=A1 amount=1.10",                 "order=A1 ",    R"(Amounts are whole minor units: write 110 for 1.10; this was amount='1.10')"},
    {"DecimalComma",     "pay amount=1,10",                          "",             R"(Amounts are whole minor units: write 110 for 1.10; this was amount='1,10')"},
    {"ZeroAmount",       "pay amount=0",                             "",             R"(Bad value amount='0': it must be whole minor units from 1 to 2147483647, such as 110 for 1.10)"},
    {"Negative",         "pay amount=-5",                            "",             R"(Bad value amount='-5': it must be whole minor units from 1 to 2147483647, such as 110 for 1.10)"},
    {"TooMuch",          "pay amount=2147483648",                    "",             R"(Bad value amount='2147483648': it must be whole minor units from 1 to 2147483647, such as 110 for 1.10)"},
    {"Overflow",         "pay amount=99999999999999999999",          "",             R"(Bad value amount='99999999999999999999': it must be whole minor units from 1 to 2147483647, such as 110 for 1.10)"},
    {"Dollars",          "pay amount=$5",                            "",             R"(Bad value amount='$5': it must be whole minor units from 1 to 2147483647, such as 110 for 1.10)"},
    {"CommaInOrder",     "pay order=A,1 amount=1",                   "",             R"(Bad value order='A,1': it must be 1 to 64 of A-Z a-z 0-9 - _ . # / | * : (no comma, no blank))"},
    {"BlankInOrder",     "pay order=\"A 1\" amount=1",               "",             R"(Bad value order='A 1': it must be 1 to 64 of A-Z a-z 0-9 - _ . # / | * : (no comma, no blank))"},
    {"EmptyOrder",       "pay order= amount=1",                      "",             R"(Bad value order='': it must be 1 to 64 of A-Z a-z 0-9 - _ . # / | * : (no comma, no blank))"},
    {"EmptyQuotes",      "pay order=\"\" amount=1",                  "",             R"(Bad value order='': it must be 1 to 64 of A-Z a-z 0-9 - _ . # / | * : (no comma, no blank))"},
    {"LongOrder",        "pay amount=1 order=" + long_value,         "",             R"(Bad value order=')" + std::string(48, 'x') + R"(...': it must be 1 to 64 of A-Z a-z 0-9 - _ . # / | * : (no comma, no blank))"},
    {"Channel",          "pay amount=1 channel=bitcoin",             "",             R"(Bad value channel='bitcoin': it must be one of card_payment, wx, alipay, payme, union, fps, octopus, unionpay_card, amex_card)"},
    {"NearChannel",      "pay amount=1 channel=octupus",             "",             R"(Bad value channel='octupus': it must be one of card_payment, wx, alipay, payme, union, fps, octopus, unionpay_card, amex_card. Did you mean octopus?)"},
    {"Ambiguous",        "pay amount=1 channel=cup",                 "",             R"(Bad value channel='cup': it must be one of card_payment, wx, alipay, payme, union, fps, octopus, unionpay_card, amex_card)"},
    {"Scan",             "pay amount=1 scan=QR",                     "",             R"(Bad value scan='QR': it must be QRCODE_PAY (or mpm) or SCAN_PAY (or cpm))"},
    {"Camera",           "pay amount=1 camera=2",                    "",             R"(Bad value camera='2': it must be 0 (back) or 1 (front))"},
    {"Timeout",          "pay amount=1 timeout=2m",                  "",             R"(Bad value timeout='2m': it must be seconds from 1 to 3600)"},
    {"TimeoutZero",      "pay amount=1 timeout=0",                   "",             R"(Bad value timeout='0': it must be seconds from 1 to 3600)"},
    {"TillName",         "hello till=\"Till 1\"",                    "",             R"(Bad value till='Till 1': it must be 1 to 20 of A-Z a-z 0-9 _ -)"},
    {"TillNameLong",     "hello till=123456789012345678901",         "",             R"(Bad value till='123456789012345678901': it must be 1 to 20 of A-Z a-z 0-9 _ -)"},
    {"EmptyToken",       "hello token=",                             "",             "Bad value token=***: it must be 1 to 128 printable characters"},
    {"New",              "pay amount=1 new=maybe",                   "",             R"(Bad value new='maybe': it must be yes or no)"},
    {"NewWithNumber",    "pay amount=1 new=yes order=A1",            "order=A1 ",    R"(new=yes is for a pay without order=: order='A1' says already which sale it is)"},
    {"NewScan",          "scan amount=1 auth_code=1 new=yes order=A1", "order=A1 ",  R"(new=yes is for a scan without order=: order='A1' says already which sale it is)"},
    {"NoAuthCode",       "scan order=A1 amount=1",                   "order=A1 ",    "scan needs auth_code=. Usage: scan amount= auth_code= [order=] [channel=] [timeout=] [new=] [pay_type=] [currency=] [goods=]"},
    {"ScanOnTerminal",   "scan amount=1 terminal=T auth_code=77",    "",             R"(terminal='T' does not belong to scan. Usage: scan amount= auth_code= [order=] [channel=] [timeout=] [new=] [pay_type=] [currency=] [goods=])"},
    {"NeitherSum",       "refund of=A1",                             "",             "refund needs amount= or all=yes. Usage: refund of= amount=|all= [order=] [terminal=] [via=] [wait=]"},
    {"BothSums",         "refund of=A1 amount=1 all=yes",            "",             "Only one of these is allowed. Usage: refund of= amount=|all= [order=] [terminal=] [via=] [wait=]"},
    {"NotAll",           "refund of=A1 all=no",                      "",             R"(Bad value all='no': it must be yes; for another sum write amount= in its place)"},
    {"JsonNotAll",       R"({"verb":"refund","of":"A1","all":false})", "",           R"(Bad value all='false': it must be yes; for another sum write amount= in its place)"},
    {"AllOfPay",         "pay all=yes amount=1",                     "",             R"(all='yes' does not belong to pay. Usage: pay amount= [order=] [channel=] [scan=] [camera=] [timeout=] [terminal=] [new=])"},
    {"Via",              "refund of=A1 amount=1 via=dircet",         "",             R"(Bad value via='dircet': it must be terminal or direct. Did you mean direct?)"},
    {"Wait",             "refund of=A1 amount=1 wait=1h",            "",             R"(Bad value wait='1h': it must be yes or no)"},
    {"Draw",             "qr amount=1 draw=png",                     "",             R"(Bad value draw='png': it must be blocks, escpos or none)"},
    {"PayType",          "qr amount=1 pay_type=80020",               "",             R"(Bad value pay_type='80020': it must be six digits, such as 800208)"},
    {"Currency",         "qr amount=1 currency=HK$",                 "",             R"(Bad value currency='HK$': it must be an ISO 4217 currency, such as HKD)"},
    {"CurrencyNumber",   "qr amount=1 currency=344",                 "",             R"(Bad value currency='344': it must be an ISO 4217 currency, such as HKD)"},
    {"Goods",            "qr amount=1 goods=" + long_value,          "",             R"(Bad value goods=')" + std::string(48, 'x') + R"(...': it must be 1 to 64 printable characters)"},
    {"CloseNothing",     "close",                                    "",             "close needs an order. Usage: close order=|of="},
    {"CloseBoth",        "close of=A1 order=A1",                     "order=A1 ",    "Only one of these is allowed. Usage: close order=|of="},
    {"ReverseNothing",   "reverse tag=9",                            "tag=9 ",       "reverse needs an order. Usage: reverse order=|of="},
    {"NoDay",            "reconcile",                                "",             "reconcile needs from=. Usage: reconcile from= [to=] [merchant=]"},
    {"NoSuchDay",        "reconcile from=2026-02-29",                "",             R"(Bad value from='2026-02-29': it must be a day such as 2026-11-21)"},
    {"NoSuchMonth",      "settlement from=20261301",                 "",             R"(Bad value from='20261301': it must be a day such as 2026-11-21)"},
    {"HalfADay",         "rebuild from=2026-1121",                   "",             R"(Bad value from='2026-1121': it must be a day such as 2026-11-21)"},
    {"OtherDay",         "rebuild from=21/11/2026",                  "",             R"(Bad value from='21/11/2026': it must be a day such as 2026-11-21)"},
    {"DayOfLetters",     "rebuild from=2026112x",                    "",             R"(Bad value from='2026112x': it must be a day such as 2026-11-21)"},
    {"BackInTime",       "reconcile from=20261121 to=2026-11-20",    "",             "to= is before from=: the last day comes after the first"},
    {"NoReason",         "resolve order=A1 paid=yes",                "order=A1 ",    "resolve needs text=. Usage: resolve order= text= [paid=]"},
    {"EmptyReason",      "resolve order=A1 text=\"  \"",             "order=A1 ",    R"(Bad value text='  ': it must be 1 to 256 printable characters that say why)"},
    {"LongReason",       "resolve order=A1 text=" + long_value,      "order=A1 ",    R"(Bad value text=')" + std::string(48, 'x') + R"(...': it must be 1 to 256 printable characters that say why)"},
    {"Paid",             "resolve order=A1 paid=maybe text=x",       "order=A1 ",    R"(Bad value paid='maybe': it must be yes or no)"},
    {"EmptyCode",        "scan amount=1 auth_code=",                 "",             "Bad value auth_code=***: it must be 1 to 128 printable characters, as the scanner read them"},
    {"State",            "orders state=refunded",                    "",             R"(Bad value state='refunded': it must be one of accepted, sending, on_terminal, in_doubt, paid, declined, cancelled, expired, rejected, unresolved, resolved)"},
    {"Columns",          "receipt of=A1 columns=33",                 "",             R"(Bad value columns='33': it must be 32, 40 or 48)"},
    {"Limit",            "orders limit=501",                         "",             R"(Bad value limit='501': it must be a number from 1 to 500)"},
    {"Tag",              "ping tag={1",                              "",             R"(Bad value tag='{1': it must be 1 to 64 of A-Z a-z 0-9 - _ . # / | * :)"},
    {"NoEquals",         "pay order=A1 amount 110",                  "order=A1 ",    R"('amount' is not key=value; there are no blanks around the =)"},
    {"BlankAroundEquals","pay amount = 110 order=A1",                "order=A1 ",    R"('amount' is not key=value; there are no blanks around the =)"},
    {"OnlyEquals",       "pay =110",                                 "",             R"('=' is not key=value; there are no blanks around the =)"},
    {"OpenQuote",        "pay order=A1 amount=1 terminal=\"C1",      "order=A1 ",    R"(The quote after 'terminal=' is never closed)"},
    {"OpenEscape",       "pay amount=1 terminal=\"C1\\",             "",             R"(The quote after 'terminal=' is never closed)"},
    {"BadEscape",        "pay amount=1 terminal=\"C\\1\"",           "",             R"('terminal' contains a backslash: between quotes write \\\\)"},
    {"AfterQuote",       "pay terminal=\"C1\"amount=1",              "",             R"(A blank is missing after the closing quote of 'terminal')"},
    {"QuoteInside",      "pay amount=1 terminal=C\"1\"",             "",             R"(terminal='C\"1\"': quotes go around the whole value)"},
    {"Nul",              std::string("pay order=A1\0 amount=1", 22), "",             "The line contains a control character"},
    {"Escape",           "pay amount=1 order=A1 terminal=\x1B[2J",   "order=A1 ",    "The line contains a control character"},
    {"Delete",           "pay amount=1\x7F",                         "",             "The line contains a control character"},
    {"LoneCr",           "ping\rpay amount=1",                       "",             "The line contains a control character"},
    {"C1Control",        "pay amount=1 terminal=\xC2\x85",           "",             "The line contains a control character"},
    {"LineSeparator",    "pay amount=1 terminal=\xE2\x80\xA8",       "",             "The line contains a control character"},
    {"TabInQuotes",      "pay amount=1 terminal=\"a\tb\"",           "",             R"(Bad value terminal='a b': it must be 1 to 64 printable characters)"},
    {"Latin1",           "pay amount=1 order=A1 terminal=caf\xE9",   "order=A1 ",    "The line is not UTF-8 text: the link's encoding says what else it may be"},
    {"Overlong",         "pay amount=1 terminal=\xC0\xAF",           "",             "The line is not UTF-8 text: the link's encoding says what else it may be"},
    {"Surrogate",        "pay amount=1 terminal=\xED\xA0\x80",       "",             "The line is not UTF-8 text: the link's encoding says what else it may be"},
    {"Gbk",              "summary terminal=\xCA\xD5",                "",             "The line is not UTF-8 text: the link's encoding says what else it may be"},
    {"Garbage",          "\x80\xFF\xFE",                             "",             "The line is not UTF-8 text: the link's encoding says what else it may be"},
    {"JsonDecimal",      R"({"verb":"pay","order":"A1","amount":1.1})", R"("order":"A1",)", R"(Amounts are whole minor units: write 110 for 1.10; this was amount='1.1')"},
    {"JsonPointZero",    R"({"verb":"pay","amount":110.0})",         "",             R"(Amounts are whole minor units: write 110 for 1.10; this was amount='110.0')"},
    {"JsonExponent",     R"({"verb":"pay","amount":11e1})",          "",             R"(Amounts are whole minor units: write 110 for 1.10; this was amount='110.0')"},
    {"JsonText",         R"({"verb":"pay","amount":"1.10"})",        "",             R"(Amounts are whole minor units: write 110 for 1.10; this was amount='1.10')"},
    {"JsonNull",         R"({"verb":"pay","amount":1,"order":null})", "",            R"(Bad value order='null': it must be 1 to 64 of A-Z a-z 0-9 - _ . # / | * : (no comma, no blank))"},
    {"JsonTrueOrder",    R"({"verb":"pay","amount":1,"order":true})", "",            R"(Bad value order='true': it must be 1 to 64 of A-Z a-z 0-9 - _ . # / | * : (no comma, no blank))"},
    {"JsonNested",       R"({"verb":"pay","amount":{"a":[1]}})",     "",             R"(Bad value amount='{\"a\":[1]}': it must be whole minor units from 1 to 2147483647, such as 110 for 1.10)"},
    {"JsonLongNumber",   R"({"verb":"receipt","of":20240704000200020093755542})", "", R"(Bad value of='2.024070400020002e+25': it must be 1 to 128 of A-Z a-z 0-9 - _ . # / | * : (no comma, no blank), long numbers between quotes)"},
    {"JsonDoubled",      R"({"verb":"pay","amount":1,"amount":2})",  "",             R"(Doubled key amount='2': give it once)"},
    {"JsonDoubledCase",  R"({"verb":"pay","amount":1,"Amount":2})",  "",             R"(Doubled key amount='2': give it once)"},
    {"JsonVerbTwice",    R"({"verb":"pay","cmd":"refund"})",         "",             R"(The verb is given twice, the second time as 'refund')"},
    {"JsonNoVerb",       R"({"order":"A1"})",                        R"("order":"A1",)", R"(The verb is missing: write for example \"verb\":\"pay\")"},
    {"JsonVerbNumber",   R"({"verb":7,"tag":"x"})",                  R"("tag":"x",)", R"(The verb must be text such as \"pay\", and is '7')"},
    {"JsonEmptyVerb",    R"({"verb":""})",                           "",             R"(The verb must be text such as \"pay\", and is '')"},
    {"JsonBroken",       R"({"verb":"pay")",                         "",             "The line is not a JSON object"},
    {"JsonTwo",          R"({"verb":"ping"}{"verb":"ping"})",        "",             "The line is not a JSON object"},
    {"JsonDeep",         "{\"verb\":" + std::string(40, '['),        "",             "The line is not a JSON object"},
    {"JsonEscapedLf",    R"({"verb":"pay","amount":1,"order":"A\r\nok"})", "",       R"(Bad value order='A  ok': it must be 1 to 64 of A-Z a-z 0-9 - _ . # / | * : (no comma, no blank))"},
    {"JsonLfInVerb",     R"({"verb":"a\nresult code=00"})",          "",             R"(A line starts with a verb such as pay, not with 'a result code=00')"},
    {"JsonLfInKey",      R"({"verb":"pay","a\nb":"\u0000"})",        "",             R"(Unknown key a b=' ')"},
    {"JsonUnknownKey",   R"({"verb":"pay","amout":110})",            "",             R"(Unknown key amout='110': did you mean amount?)"},
    {"JsonLatin1",       "{\"verb\":\"caf\xE9\"}",                   "",             "The line is not UTF-8 text: the link's encoding says what else it may be"},
};
// clang-format on

INSTANTIATE_TEST_SUITE_P(Lines, BadLineTest, testing::ValuesIn(bad_cases),
                         [](const auto& instance) { return instance.param.name; });

// What the till's scanner has read must not come back in an error: replies are logged. A scanner
// types wherever the cursor happens to be, so it is not only found where it belongs.
TEST(BadLinesTest, ACustomersCodeIsNeverRepeated)
{
    const std::string code = "134857903088557555";
    for (const auto& line : {
             "scan amount=x auth_code=" + code,
             "scan amount=1 auth_code=" + code + " auth_code=" + code,
             "scan amount=1 auth_code=" + code + std::string(150, '7'),
             "scan amount=1 auth_code=" + code + "\"",
             "scan amount=1 auth_code=\"" + code,
             "scan amount=1 auth_code=\"" + code + "\\x\"",
             "scan amount=1 auth_code=\"" + code + "\"7",
             "scan amount=1 auth_code= " + code,
             "scan amount=1 auth_code = " + code,
             "scan amount=1 auth_code=1 " + code,
             "scan amount=1 " + code,
             "scan amount=1 authcode=" + code,
             "scan amount=1 auth-code=" + code,
             "scan amount=1 barcode=" + code,
             "pay amount=1 auth_code=" + code,
             "auth_code=" + code + " amount=1",
             code,
             "scan " + code + " amount=1",
             R"({"verb":"scan","amount":1,"auth_code":{"a":")" + code + R"("}})",
             R"({"verb":"scan","amount":1,"auth_code":)" + code + code + code + "}",
             R"({"verb":")" + code + R"("})",
             R"({"verb":)" + code + "}",
             R"({"verb":"scan","cmd":")" + code + R"("})",
         }) {
        SCOPED_TRACE(line);
        till_end till;
        till.says(line + "\n");
        const auto answer = till.hears();
        EXPECT_EQ(answer.find("13485"), std::string::npos) << answer;
        EXPECT_EQ(answer.find("88557555"), std::string::npos) << answer;
    }
}

// A short code has no look of its own: its key is what tells.
TEST(BadLinesTest, NeitherIsAShortSecretBehindItsKey)
{
    for (const std::string line : {
             "scan amount=1 auth_code=ab\"hunter",
             "hello token=ab\"hunter",
             "hello tokne=ab\"hunter",
             "hello token= hunter",
             "hello token=my hunter",
             "token=hunter",
             "passcode=hunter",
         }) {
        SCOPED_TRACE(line);
        till_end till;
        till.says(line + "\n");
        const auto answer = till.hears();
        EXPECT_THAT(answer, testing::StartsWith("error "));
        EXPECT_EQ(answer.find("hunter"), std::string::npos) << answer;
    }
}

TEST(BadLinesTest, MoreKeysThanAnyCommandHasAreNotEvenLookedAt)
{
    std::string line = "pay";
    for (std::size_t i = 0; i <= parameters_max; ++i)
        line += " k" + std::to_string(i) + "=1";
    till_end till;
    till.says(line + "\n");
    EXPECT_THAT(till.hears(), HasSubstr("The line has more than 32 keys"));
}

TEST(BadLinesTest, AHundredInARowAreEnough)
{
    till_end till;
    for (int i = 1; i < bad_lines_max; ++i)
        till.says("what?\n");
    ASSERT_FALSE(till.out.hang_up);
    ASSERT_EQ(lines_of(till.hears()).size(), static_cast<std::size_t>(bad_lines_max) - 1);

    till.says("what?\nwhat?\nping\n");
    EXPECT_TRUE(till.out.hang_up);
    EXPECT_EQ(lines_of(till.hears()).size(), 1U);
    EXPECT_TRUE(till.out.commands.empty());
}

TEST(BadLinesTest, AGoodOneEndsTheRow)
{
    till_end till;
    for (int i = 1; i < 3 * bad_lines_max; ++i)
        till.says(i % 50 == 0 ? "ping\n" : "what?\n");
    EXPECT_FALSE(till.out.hang_up);
}

}  // namespace
