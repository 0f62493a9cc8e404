// Texts in other bytes than ASCII: sizes are counted in them, and so are length and LRC.
#include "protocol/till/hypercom/response.hpp"
#include "tests/protocol/till/hypercom/hypercom_till.hpp"

#include <gtest/gtest.h>

#include <random>

namespace ecr::protocol::till::hypercom {
namespace {

const std::string milk_tea = "\xE5\xA5\xB6\xE8\x8C\xB6";
const std::string xu_gong_gai = "\xE8\xA8\xB1\xE5\x8A\x9F\xE8\x93\x8B";  // 許功蓋

/// The fields of the one frame in `bytes`, its ACK before it.
message response_in(std::string bytes)
{
    EXPECT_EQ(bytes.substr(0, 1), ack);
    bytes.erase(0, 1);
    const auto size = unpacked(std::string_view{bytes}.substr(1, 2)).value_or(0);
    EXPECT_EQ(framed(bytes.substr(3, size)), bytes);
    auto m = parse_headers(std::string_view{bytes}.substr(3, size)).value();
    EXPECT_TRUE(parse_fields(std::string_view{bytes}.substr(3, size), m));
    return m;
}

message answer_to_ping(const settings& how, const std::string& text)
{
    till_end till{how};
    till.says(test_d0);
    const auto asked = till.one_command();
    till.is_told(
        1, problem{.tag = asked.tag, .order = {}, .code = result_code::refused, .text = text});
    return response_in(till.hears());
}

TEST(HypercomEncodingTest, TextsAreOfTheirSizeInTheTillsBytes)
{
    const auto text_of = [](text_encoding encoding) {
        const auto m = answer_to_ping({.encoding = encoding}, milk_tea + "!");
        return m.fields.at(0).data;
    };
    const auto padded = [](std::string text) {
        text.resize(text_size, ' ');
        return text;
    };
    EXPECT_EQ(text_of(text_encoding::gbk), padded("\xC4\xCC\xB2\xE8!"));
    EXPECT_EQ(text_of(text_encoding::big5), padded("\xA5\xA4\xAF\xF9!"));
    EXPECT_EQ(text_of(text_encoding::utf8), padded(milk_tea + "!"));
    EXPECT_EQ(text_of(text_encoding::ascii), padded("?\?!"));
}

TEST(HypercomEncodingTest, ATextIsCutBetweenCharacters)
{
    std::string long_text = "a";
    for (int i = 0; i < 20; ++i)
        long_text += milk_tea;
    const auto m = answer_to_ping({.encoding = text_encoding::gbk}, long_text);
    const auto& data = m.fields.at(0).data;
    ASSERT_EQ(data.size(), text_size);
    EXPECT_EQ(data.substr(37), "\xC4\xCC ");
}

TEST(HypercomEncodingTest, TheMerchantsNameMayBeChinese)
{
    const settings how{.merchant_name = xu_gong_gai, .encoding = text_encoding::big5};
    EXPECT_TRUE(faults_of(how).empty());
    const auto m = answer_to_ping(how, "x");
    EXPECT_EQ(std::string{m.value("D0")}, "\xB3\x5C\xA5\x5C\xBB\x5C");
}

TEST(HypercomEncodingTest, ANameThatCannotBeWrittenOrIsTooLongIsRefused)
{
    const auto fault = [](text_encoding encoding, const std::string& name) {
        const auto all = faults_of({.merchant_name = name, .encoding = encoding});
        return all.empty() ? std::string{} : all.front();
    };
    std::string long_name;
    for (int i = 0; i < 35; ++i)
        long_name += "\xE5\xA5\xB6";
    EXPECT_EQ(fault(text_encoding::ascii, milk_tea),
              "merchant_name must be at most 69 printable ASCII characters");
    EXPECT_EQ(fault(text_encoding::gbk, long_name),
              "merchant_name must be at most 69 bytes of printable text in gbk");
    EXPECT_EQ(fault(text_encoding::gbk, "\xE2\x98\x83"),
              "merchant_name must be at most 69 bytes of printable text in gbk");
    EXPECT_EQ(fault(text_encoding::gbk, "a\nb"),
              "merchant_name must be at most 69 bytes of printable text in gbk");
    EXPECT_EQ(fault(text_encoding::gbk, long_name.substr(0, 102)), "");
}

TEST(HypercomEncodingTest, AReferenceComesBackAsItCameUnlessItIsBroken)
{
    const auto echoed = [](const std::string& sent) {
        till_end till{{.encoding = text_encoding::gbk}};
        till.says(request("D0", {{"R2", sent}}));
        const auto asked = till.one_command();
        till.is_told(1, problem{.tag = asked.tag, .order = {}, .code = {}, .text = "x"});
        return std::string{response_in(till.hears()).value("R2")};
    };
    EXPECT_EQ(echoed("\xDF\x5C\xC4\xCC"), "\xDF\x5C\xC4\xCC");
    EXPECT_EQ(echoed("T\xFF"
                     "5\xC4"),
              "T?5?");
    EXPECT_EQ(echoed("T\x03"
                     "5"),
              "T?5");
}

TEST(HypercomEncodingTest, ANumberThatIsNoAsciiIsRefused)
{
    till_end till{{.order_number = reference_field::r1, .encoding = text_encoding::gbk}};
    till.says(request("20", {ten_dollars, {"R1", "\xC4\xCC"}}));
    EXPECT_TRUE(till.commands().empty());
    EXPECT_EQ(response_in(till.hears()).status, "ED");
}

// Any text, any encoding: a sound frame, whose data and lengths hold no byte that means something.
TEST(HypercomEncodingMutationTest, NoTextBreaksAFrame)
{
    std::mt19937 random{1};
    for (int i = 0; i < 10'000; ++i) {
        std::string text(random() % 60, '\0');
        for (char& c : text)
            c = static_cast<char>(random());
        const auto encoding = static_cast<text_encoding>(i % 5);
        const settings how{.merchant_name = i % 2 == 0 ? text : to_utf8(text, encoding),
                           .encoding = encoding};
        const auto m = answer_to_ping(how, i % 3 == 0 ? text : to_utf8(text, encoding));
        for (const auto& f : m.fields) {
            for (const char c : f.data)
                ASSERT_GE(static_cast<unsigned char>(c), 0x20) << i;
            ASSERT_EQ(from_utf8(to_utf8(f.data, encoding), encoding), f.data) << i;
            ASSERT_FALSE(looks_like_etx(f.data.size())) << i;
        }
    }
}

}  // namespace
}  // namespace ecr::protocol::till::hypercom
