// Content to command: every function, every form of plain text, every cipher.
#include "protocol/till/qfpay_local/meaning.hpp"

#include "protocol/json.hpp"
#include "protocol/till/qfpay_local/dollars.hpp"
#include "protocol/till/qfpay_local/translator.hpp"
#include "tests/protocol/till/qfpay_local/till.hpp"

#include <gtest/gtest.h>

namespace ecr::protocol::till::qfpay_local {
namespace {

struct dollars_case {
    const char* text;
    std::int64_t minor_units;  // 0: bad; -1: too large
};

TEST(DollarsTest, AreDecimalText)
{
    constexpr dollars_case cases[] = {
        {"12.34", 1234},
        {"100", 10000},
        {"10.0", 1000},
        {"10.1", 1010},
        {"0.01", 1},
        {"0.10", 10},
        {"0.1", 10},
        {"4.35", 435},
        {"1.15", 115},
        {"1.005", 0},
        {"12.340", 0},
        {"-1", 0},
        {"+1", 0},
        {"1e2", 0},
        {"1E2", 0},
        {"", 0},
        {".", 0},
        {".5", 0},
        {"5.", 0},
        {"1.2.3", 0},
        {"1,000", 0},
        {" 1", 0},
        {"1 ", 0},
        {"0", 0},
        {"0.00", 0},
        {"0x1", 0},
        {"1.-1", 0},
        {"NaN", 0},
        {"21474836.47", 2147483647},
        {"21474836.48", -1},
        {"99999999999", -1},
        {"9999999999", -1},
        {"00000000000000000000001", -1},
    };
    for (const auto& c : cases) {
        const auto amount = parse_dollars(c.text);
        EXPECT_EQ(amount.has_value(), c.minor_units > 0) << c.text;
        if (amount)
            EXPECT_EQ(amount->minor_units(), c.minor_units) << c.text;
        else
            EXPECT_EQ(amount.error(), c.minor_units < 0 ? errc::amount_too_large : errc::bad_amount)
                << c.text;
    }
}

struct meaning_case {
    const char* name;
    const char* json;  // the content
    command means;
};

void PrintTo(const meaning_case& c, std::ostream* out)
{
    *out << c.name;
}

command of_verb(verb what)
{
    command c;
    c.what = what;
    return c;
}

command paying(const std::string& number)
{
    auto c = of_verb(verb::pay);
    c.order = number;
    c.amount = money::of(1234).value();
    c.via = channel::wx;
    return c;
}

command full_payment()
{
    auto c = paying("A1");
    c.via = channel::octopus;
    c.scan = scan_type::qrcode_pay;
    c.camera_id = 1;
    c.payment_timeout = std::chrono::seconds{90};
    return c;
}

command about(verb what, const std::string& of)
{
    auto c = of_verb(what);
    c.of = of;
    return c;
}

command refund_of_cents(std::int64_t cents)
{
    auto c = about(verb::refund, "20240704");
    c.amount = money::of(cents).value();
    return c;
}

const std::string long_number =
    "0f9b2c1e-8f5e-4a0e-9d0f-3f6c1f0a7b11--1234567--89" + std::string(79, 'x');

std::vector<meaning_case> meanings()
{
    static const auto long_json =
        R"({"amt":12.34,"channel":"wx","func_type":1001,"out_trade_no":")" + long_number + R"("})";
    // clang-format off
    return {
        {"Payment",          R"({"amt":12.34,"channel":"wx","func_type":1001,"out_trade_no":"A1"})", paying("A1")},
        {"LongNumber",       long_json.c_str(), paying(long_number)},
        {"NoNumber",         R"({"amt":12.34,"channel":"wx","func_type":1001})", paying("")},
        {"NullNumber",       R"({"amt":12.34,"channel":"wx","func_type":1001,"out_trade_no":null})", paying("")},
        {"TextsForNumbers",  R"({"amt":"12.34","channel":"wx","func_type":"1001","out_trade_no":"A1"})", paying("A1")},
        {"NumberForText",    R"({"amt":12.34,"channel":"wx","func_type":1001,"out_trade_no":123456789012345678901})", paying("123456789012345678901")},
        {"Everything",       R"({"amt":12.34,"camera_id":1,"channel":"octopus","func_type":1001,"moveToBack":1,"out_trade_no":"A1","payment_timeout":"90","scan_type":"QRCODE_PAY","wait_card_timeout":120})", full_payment()},
        {"OldFunctionName",  R"({"amt":12.34,"channel":"wx","funcType":1001,"mode":1,"out_trade_no":"A1"})", paying("A1")},
        {"Refund",           R"({"func_type":1002,"orderId":"20240704","refund_amount":"0.05"})", refund_of_cents(5)},
        {"RefundOfTheRest",  R"({"func_type":1002,"orderId":"20240704"})", about(verb::refund, "20240704")},
        {"RefundEmptyAmount", R"({"func_type":1002,"orderId":"20240704","refund_amount":""})", about(verb::refund, "20240704")},
        {"RefundModifiable", R"({"allow_modify_flag":1,"func_type":1002,"moveToBack":1,"orderId":"20240704","refund_amount":"10"})", refund_of_cents(1000)},
        {"Receipt",          R"({"func_type":3001,"orderId":"12345678"})", about(verb::receipt, "12345678")},
        {"Summary",          R"({"func_type":3002})", of_verb(verb::summary)},
        {"Enquiry",          R"({"func_type":4001,"orderId":"12345678"})", about(verb::query, "12345678")},
        {"EnquiryByNumber",  R"({"func_type":4001,"out_trade_no":"A1"})", about(verb::query, "A1")},
        {"EnquiryByBoth",    R"({"func_type":4001,"orderId":"S1","out_trade_no":"A1"})", about(verb::query, "S1")},
        {"Cancel",           R"({"func_type":5001})", of_verb(verb::cancel)},
    };
    // clang-format on
}

/// The four forms of the same content, with its digest.
std::vector<std::string> forms_of(const std::string& content_json)
{
    const auto content = parse_object(content_json).value();
    const auto digest = digest_of(content, key);
    const auto literal = to_text(json(content_json));
    auto unquoted = content_json;
    for (const auto& each : content) {
        const auto quoted = '"' + each.name + '"';
        unquoted.replace(unquoted.find(quoted), quoted.size(), each.name);
    }
    return {R"({"content":)" + content_json + R"(,"digest":")" + digest + R"("})",
            R"({"content":)" + literal + R"(,"digest":")" + digest + R"("})",
            R"({"content":)" + to_text(json(unquoted)) + R"(,"digest":")" + digest + R"("})",
            "{content:" + format_content(content) + ", digest:'" + digest + "'}"};
}

class MeaningTest : public testing::TestWithParam<meaning_case> {
protected:
    static void expect_command(const settings& how, const std::string& text,
                               std::optional<cipher> by)
    {
        translator translates{how};
        const auto request = translates.open(text);
        ASSERT_EQ(request.wrong, fault::none) << text;
        EXPECT_EQ(request.by, by);
        auto heard = translates.read(request, std::nullopt);
        ASSERT_TRUE(std::holds_alternative<command>(heard)) << text;
        auto got = std::get<command>(heard);
        EXPECT_FALSE(got.tag.empty());
        got.tag.clear();
        EXPECT_EQ(got, GetParam().means) << text;
    }
};

TEST_P(MeaningTest, IsTheSameInEveryFormUnderEveryCipher)
{
    for (const auto& text : forms_of(GetParam().json))
        for (const auto by : {cipher::aes256, cipher::aes128})
            expect_command({}, encrypted(text, by, key), by);
}

TEST_P(MeaningTest, IsTheSameWithoutEncryption)
{
    for (const auto& text : forms_of(GetParam().json)) {
        expect_command({.encryption = false}, text, std::nullopt);
        expect_command({.encryption = false}, encrypted(text, cipher::aes128, key), cipher::aes128);
    }
}

TEST_P(MeaningTest, PlainTextIsRefusedWhileEncryptionIsOn)
{
    for (const auto& text : forms_of(GetParam().json))
        EXPECT_EQ(translator{settings{}}.open(text).wrong, fault::decrypt);
}

INSTANTIATE_TEST_SUITE_P(Table, MeaningTest, testing::ValuesIn(meanings()),
                         [](const auto& instance) { return instance.param.name; });

struct refused_case {
    const char* content;
    const char* text;
};

TEST(RefusedContentTest, ProducesNoCommand)
{
    // clang-format off
    const refused_case cases[] = {
        {"func_type=9999",                                              "Unknown func_type"},
        {"func_type='1001 '",                                           "Unknown func_type"},
        {"func_type=1001.0",                                            "Unknown func_type"},
        {"funcType=1,amt=100,channel='wx',mode=1",                      "Unknown func_type"},
        {"amt=1",                                                       "func_type is missing"},
        {"func_type=1001,funcType=1002",                                "func_type and funcType differ"},
        {"func_type={a=1}",                                             "func_type must be a text or a number"},
        {"func_type=1001,channel='wx'",                                 "amt is missing"},
        {"func_type=1001,channel='wx',amt=0",                           "amt must be dollars such as 12.34, above zero"},
        {"func_type=1001,channel='wx',amt=-1",                          "amt must be dollars such as 12.34, above zero"},
        {"func_type=1001,channel='wx',amt=1e2",                         "amt must be dollars such as 12.34, above zero"},
        {"func_type=1001,channel='wx',amt=1.005",                       "amt must be dollars such as 12.34, above zero"},
        {"func_type=1001,channel='wx',amt=true",                        "amt must be a text or a number"},
        {"func_type=1001,channel='wx',amt=99999999999",                 "amt is too large"},
        {"func_type=1001,channel='cash',amt=1",                         "Unknown channel"},
        {"func_type=1001,channel='WX',amt=1",                           "Unknown channel"},
        {"func_type=1001,channel='wx',amt=1,scan_type='X'",             "scan_type must be QRCODE_PAY or SCAN_PAY"},
        {"func_type=1001,channel='wx',amt=1,camera_id=2",               "camera_id must be 0 to 1"},
        {"func_type=1001,channel='wx',amt=1,payment_timeout=0",         "payment_timeout must be 1 to 600"},
        {"func_type=1001,channel='wx',amt=1,payment_timeout=601",       "payment_timeout must be 1 to 600"},
        {"func_type=1001,channel='wx',amt=1,out_trade_no='a,b'",        "Bad out_trade_no"},
        {"func_type=1001,channel='wx',amt=1,out_trade_no='a b'",        "Bad out_trade_no"},
        {"func_type=1002",                                              "orderId is missing"},
        {"func_type=1002,orderId='a',refund_amount='0.001'",            "refund_amount must be dollars such as 12.34, above zero"},
        {"func_type=1002,orderId='a',allow_modify_flag=2",              "allow_modify_flag must be 0 to 1"},
        {"func_type=3001",                                              "orderId is missing"},
        {"func_type=4001,orderId='a,b'",                                "Bad orderId"},
    };
    // clang-format on
    for (const auto& c : cases) {
        translator translates{settings{}};
        auto heard = translates.read(translates.open(request(c.content)), std::nullopt);
        ASSERT_TRUE(std::holds_alternative<sealed_answer>(heard)) << c.content;
        const auto told = opened_answer(std::get<sealed_answer>(heard).text, cipher::aes256);
        EXPECT_EQ(told["respcd"], "4006") << c.content;
        EXPECT_EQ(told["resperr"], c.text) << c.content;
        EXPECT_EQ(told["data"], "");
    }
    const auto too_long = "func_type=1001,channel='wx',amt=1,out_trade_no='" + long_number + "y'";
    translator translates{settings{}};
    EXPECT_TRUE(std::holds_alternative<sealed_answer>(
        translates.read(translates.open(request(too_long)), std::nullopt)));
}

TEST(PathTest, MustNotContradictTheContent)
{
    const auto cancel = parse_object("{func_type=5001}").value();
    const auto nothing = parse_object("{}").value();
    EXPECT_TRUE(std::holds_alternative<asked>(meaning_of(cancel, function::cancel)));
    EXPECT_TRUE(std::holds_alternative<refusal>(meaning_of(cancel, function::summary)));
    EXPECT_TRUE(std::holds_alternative<asked>(meaning_of(nothing, function::summary)));
    EXPECT_TRUE(std::holds_alternative<refusal>(meaning_of(nothing, std::nullopt)));
}

TEST(TranslatorTest, NamesWhatIsWrongWithAKey)
{
    const translator good{settings{}};
    auto other_key = key;
    other_key[0] = 'a';
    const translator other{settings{.pos_key = other_key}};
    const auto text = request("func_type=5001");
    EXPECT_EQ(good.open(text).wrong, fault::none);
    EXPECT_EQ(other.open(text).wrong, fault::decrypt);
    EXPECT_EQ(translator{settings{.pos_key = "short"}}.open(text).wrong, fault::decrypt);

    // Encrypted with our key, digested with another.
    const auto mixed =
        encrypted("{content:{func_type=5001}, digest:'" +
                      digest_of(parse_object("{func_type=5001}").value(), other_key) + "'}",
                  cipher::aes128, key);
    EXPECT_EQ(good.open(mixed).wrong, fault::digest);
    EXPECT_EQ(good.open(mixed).by, cipher::aes128);
    EXPECT_EQ(good.open(encrypted("{content}", cipher::aes256, key)).wrong, fault::format);
    EXPECT_EQ(good.open(encrypted("hello", cipher::aes256, key)).wrong, fault::decrypt);
}

TEST(TranslatorTest, TheWrongCipherIsNeverTakenByAccident)
{
    const translator translates{settings{}};
    for (int i = 0; i < 2000; ++i) {
        const auto text =
            request("func_type=4001,orderId='" + std::to_string(i) + "'", cipher::aes128);
        const auto found = translates.open(text);
        ASSERT_EQ(found.wrong, fault::none) << i;
        ASSERT_EQ(found.by, cipher::aes128) << i;
    }
}

}  // namespace
}  // namespace ecr::protocol::till::qfpay_local
