#include "tests/protocol/till/hypercom/hypercom_till.hpp"

#include <gtest/gtest.h>

using namespace ecr::protocol::till::hypercom;

namespace {

using kind = frame_event::kind;

std::string names_of(std::string_view bytes, std::size_t piece, bool then_silence)
{
    frame_reader reader;
    std::string seen;
    const auto note = [&](const frame_event& e) {
        switch (e.what) {
            case kind::frame: seen += "F" + std::to_string(e.message.size()); break;
            case kind::bad: seen += "B"; break;
            case kind::ack: seen += "A"; break;
            case kind::nak: seen += "N"; break;
            case kind::flood: seen += "X"; break;
        }
    };
    for (std::size_t at = 0; at < bytes.size(); at += piece) {
        auto part = bytes.substr(at, piece);
        while (const auto e = reader.next(part))
            note(*e);
        EXPECT_TRUE(part.empty());
    }
    for (int i = 0; then_silence && i < 10 && reader.inside(); ++i)
        if (const auto e = reader.expire()) note(*e);
    EXPECT_FALSE(then_silence && reader.inside());
    return seen;
}

std::string with(std::string bytes, std::size_t at, char c)
{
    bytes.at(at) = c;
    return bytes;
}

struct stream_case {
    const char* name;
    std::string bytes;
    const char* events;
    bool then_silence = false;

    friend void PrintTo(const stream_case& c, std::ostream* out) { *out << c.name; }
};

// clang-format off
const stream_case stream_cases[] = {
    {"Sale",               sale_10,                                          "F35"},
    {"SaleWithMoreFlag",   sale_1,                                           "F35"},
    {"Test",               test_d0,                                          "F18"},
    {"Ping",               ping_ff,                                          "F18"},
    {"Wallet",             wallet_70,                                        "F73"},
    {"Void",               void_26,                                          "F29"},
    {"TestMisprinted",     misprinted_d0,                                    "B"},
    {"VoidMisprinted",     misprinted_26,                                    "B"},
    {"NoiseAround",        "x\xff\r\n" + sale_10 + "yy" + void_26 + "\n",      "F35F29"},
    {"AckAndNakBetween",   ack + sale_10 + nak + ack + void_26 + ack,         "AF35NAF29A"},
    {"WrongLrc",           with(sale_10, sale_10.size() - 1, 'x'),           "B"},
    {"WrongByte",          with(sale_10, 30, '9'),                           "B"},
    {"NoEtx",              with(sale_10, sale_10.size() - 2, 'x'),           "B"},
    {"LengthTooSmall",     with(sale_10, 2, 0x34),                           "B"},
    {"LengthTooBig",       with(sale_10, 2, 0x36),                           "B", true},
    {"LengthMuchTooBig",   with(sale_10, 1, 0x09),                           "B", true},
    {"LengthNoDigits",     with(sale_10, 2, 0x3A),                           "B"},
    {"LengthZero",         std::string("\x02\0\0\x03\x03", 5),               "B"},
    {"LengthAboveLimit",   std::string("\x02\x20\x49zz", 5),                 "B"},
    {"CutOff",             sale_10.substr(0, 20),                            "B", true},
    {"LoneStx",            "\x02",                                           "",  true},
    {"HalfALength",        std::string("\x02\0", 2),                         "",  true},
    {"StxInTheNoise",      "\x02" + sale_10,                                 "F35", true},
    {"StxsInTheNoise",     "\x02\x02\x02" + sale_10 + "\x02",                "F35", true},
    {"HeadInTheNoise",     std::string("\x02\0\x20", 3) + void_26 + "xxxx",    "F29", true},
    {"CutOffThenWhole",    sale_10.substr(0, 20) + sale_10,                  "F35", true},
    {"BrokenThenWhole",    with(wallet_70, 70, '!') + wallet_70,             "BF73"},
    {"AckInABrokenFrame",  with(sale_10, 30, 0x06),                          "B"},
};
// clang-format on

class FrameTest : public testing::TestWithParam<stream_case> {};

TEST_P(FrameTest, IsTheSameInPiecesOfAnySize)
{
    const auto& c = GetParam();
    for (std::size_t piece = 1; piece <= c.bytes.size(); ++piece)
        EXPECT_EQ(names_of(c.bytes, piece, c.then_silence), c.events) << "pieces of " << piece;
}

INSTANTIATE_TEST_SUITE_P(Table, FrameTest, testing::ValuesIn(stream_cases),
                         [](const auto& instance) { return instance.param.name; });

TEST(FrameLimitTest, TheLargestMessageIsTaken)
{
    EXPECT_EQ(names_of(framed(std::string(message_size_max, 'x')), 100, false), "F2048");
    EXPECT_EQ(names_of(framed(std::string(message_size_max + 1, 'x')), 100, true), "B");
}

TEST(FrameLimitTest, BrokenFramesWithoutEndAreAFlood)
{
    std::string bytes;
    while (bytes.size() < 2 * dropped_size_max)
        bytes += std::string(
            "\x02\x00\x05"
            "abcde!!",
            10);
    EXPECT_NE(names_of(bytes, 4096, false).find('X'), std::string::npos);
}

TEST(FrameLimitTest, NothingOfALongNoiseIsKept)
{
    EXPECT_EQ(names_of(std::string(1'000'000, 'x') + sale_10, 1000, false), "F35");
}

TEST(PackedTest, DigitsGoThereAndBack)
{
    EXPECT_EQ(packed(35, 2), std::string("\0\x35", 2));
    EXPECT_EQ(packed(9999, 2), "\x99\x99");
    EXPECT_EQ(unpacked(std::string_view("\x12\x34", 2)), 1234U);
    EXPECT_EQ(unpacked("\x1A"), std::nullopt);
    EXPECT_EQ(unpacked("\xA1"), std::nullopt);
}

}  // namespace
