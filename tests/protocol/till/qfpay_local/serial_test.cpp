#include "protocol/json.hpp"
#include "protocol/till/qfpay_local/limits.hpp"
#include "tests/protocol/till/qfpay_local/till.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace ecr::protocol::till::qfpay_local {
namespace {

using namespace std::string_literals;
using testing::IsEmpty;
using testing::SizeIs;

std::string unhex(std::string_view digits)
{
    std::string bytes;
    for (std::size_t at = 0; at + 1 < digits.size(); at += 2)
        bytes += static_cast<char>(std::stoi(std::string{digits.substr(at, 2)}, nullptr, 16));
    return bytes;
}

std::string requesting(std::uint8_t ref, const std::string& pairs)
{
    return framed(frame_type::request, ref, request(pairs));
}

std::string ok(std::uint8_t ref)
{
    return framed(frame_type::ok, ref, {});
}

std::string error(std::uint8_t type, std::uint8_t ref)
{
    return framed(type, ref, {});
}

struct serial_test : testing::Test {
    till_end till{{.wraps = wrapping::serial}};

    /// Waits out the timer of that length, whatever its odd millisecond.
    void wait_out(std::chrono::milliseconds expected)
    {
        const auto timer = till.bridge->timer();
        ASSERT_TRUE(timer);
        EXPECT_EQ(*timer / 10, expected / 10);
        till.bridge->elapsed(till.out);
    }

    std::string tag_of_payment(std::uint8_t ref)
    {
        till.says(requesting(ref, payment_pairs));
        EXPECT_EQ(till.hears(), ok(ref));
        return till.asks().at(0).tag;
    }
};

using SerialTest = serial_test;

// Source: dialects.md 1.4.
const std::string sample = unhex(
    "2f6e011001007f00747b22636f6e74656e74223a227b5c22616d745c223a3130302c5c226368616e6e656c5c223a"
    "5c2277785c222c5c2266756e63547970655c223a312c5c226d6f64655c223a317d222c22646967657374223a2232"
    "6630633436383365323561376239343037323635303333303730653930333422"
    "7d2f6e");

TEST(FrameTest, ThePublishedSampleIsAFrame)
{
    const auto frames = frames_in(sample);
    ASSERT_THAT(frames, SizeIs(1));
    EXPECT_EQ(frames[0].type, frame_type::request);
    EXPECT_EQ(frames[0].ref, 1);
    EXPECT_EQ(frames[0].data_size, 116U);
    EXPECT_EQ(frames[0].piece.size(), 116U);
    EXPECT_EQ(framed(frame_type::request, 1, frames[0].piece), sample);
    const auto content = parse_envelope(frames[0].piece);
    ASSERT_TRUE(content);
    EXPECT_EQ(format_content(content->content), "{amt=100,channel='wx',funcType=1,mode=1}");
}

TEST(FrameTest, AnEmptyAcknowledgementHasElevenBytes)
{
    EXPECT_EQ(ok(1), "\x2F\x6E\x01\x20\x01\x00\x0B\x00\x00\x2F\x6E"s);
}

TEST(FrameTest, MarksWithinTheDataDoNotEndIt)
{
    const auto data = "a/n/n\x01" + std::string{"\x10"} + "b/n";
    const auto frames = frames_in(framed(frame_type::request, 5, data));
    ASSERT_THAT(frames, SizeIs(1));
    EXPECT_EQ(frames[0].piece, data);
}

TEST(FrameTest, MoreThanOnePieceHasTheLengthOfTheWholeInEach)
{
    const std::string data(2500, 'x');
    const auto frames = frames_in(framed(frame_type::request, 9, data));
    ASSERT_THAT(frames, SizeIs(3));
    for (const auto& frame : frames) {
        EXPECT_EQ(frame.data_size, data.size());
        EXPECT_EQ(frame.ref, 9);
    }
    EXPECT_EQ(frames[0].piece.size(), 1024U);
    EXPECT_EQ(frames[2].piece.size(), 452U);
}

TEST_F(SerialTest, CutAnywhereAFrameIsServedOnce)
{
    const auto frame = requesting(3, payment_pairs);
    for (std::size_t at = 0; at <= frame.size(); ++at) {
        till_end one{{.wraps = wrapping::serial}};
        one.says(frame.substr(0, at));
        one.says(frame.substr(at));
        ASSERT_THAT(one.asks(), SizeIs(1)) << at;
        EXPECT_EQ(one.hears(), ok(3));
    }
    till.says(frame, 1);
    EXPECT_THAT(till.asks(), SizeIs(1));
}

TEST_F(SerialTest, TheResultIsAFrameOfOurOwn)
{
    const auto tag = tag_of_payment(7);
    till.is_told(progress{.tag = tag, .order = {}, .text = {}});
    EXPECT_THAT(till.receipts(), SizeIs(1));  // never sent, so never delivered
    till.is_told(outcome_in(order_state::paid, tag));
    const auto frames = frames_in(till.hears());
    ASSERT_THAT(frames, SizeIs(1));
    EXPECT_EQ(frames[0].type, frame_type::request);
    EXPECT_EQ(frames[0].ref, 1);
    EXPECT_EQ(opened_answer(frames[0].piece, cipher::aes256)["respcd"], "6000");
    EXPECT_THAT(till.receipts(), IsEmpty());
    till.says(ok(1));
    const auto receipts = till.receipts();
    ASSERT_THAT(receipts, SizeIs(1));
    EXPECT_EQ(receipts[0].id, 2U);
    EXPECT_TRUE(receipts[0].delivered);
    EXPECT_EQ(till.bridge->timer(), std::nullopt);
}

TEST_F(SerialTest, TheResultIsRepeatedAndThenGivenUp)
{
    const auto tag = tag_of_payment(1);
    till.is_told(outcome_in(order_state::paid, tag));
    const auto frame = till.hears();
    for (int tries = 1; tries < frame_tries_max; ++tries) {
        wait_out(frame_ack_wait);
        EXPECT_EQ(till.hears(), frame);
    }
    wait_out(frame_ack_wait);
    EXPECT_EQ(till.hears(), "");
    const auto receipts = till.receipts();
    ASSERT_THAT(receipts, SizeIs(1));
    EXPECT_FALSE(receipts[0].delivered);
}

TEST_F(SerialTest, AnErrorFromTheTillIsAnsweredWithTheSameFrame)
{
    const auto tag = tag_of_payment(1);
    till.is_told(outcome_in(order_state::paid, tag));
    const auto frame = till.hears();
    till.says(error(frame_type::bad_digest, 1));
    EXPECT_EQ(till.hears(), frame);
    till.says(error(frame_type::bad_digest, 2));  // not about ours
    EXPECT_EQ(till.hears(), "");
    till.says(ok(1));
    EXPECT_TRUE(till.receipts().at(0).delivered);
}

TEST_F(SerialTest, DoubledAndStrayAcknowledgementsMeanNothing)
{
    till.says(ok(1) + ok(1));
    const auto tag = tag_of_payment(1);
    till.is_told(outcome_in(order_state::paid, tag));
    till.hears();
    till.says(ok(2));
    EXPECT_THAT(till.receipts(), IsEmpty());
    till.says(ok(1) + ok(1));
    EXPECT_THAT(till.receipts(), SizeIs(1));
    // The next result has another ref, so a late 20 is not taken for its own.
    const auto second = tag_of_payment(2);
    till.is_told(outcome_in(order_state::paid, second));
    EXPECT_EQ(frames_in(till.hears()).at(0).ref, 2);
    till.says(ok(1));
    EXPECT_THAT(till.receipts(), IsEmpty());
}

TEST_F(SerialTest, OneResultAtATime)
{
    const auto first = tag_of_payment(1);
    const auto second = tag_of_payment(2);
    till.is_told(outcome_in(order_state::paid, first));
    EXPECT_THAT(frames_in(till.hears()), SizeIs(1));
    till.is_told(outcome_in(order_state::declined, second));
    EXPECT_EQ(till.hears(), "");
    till.says(ok(1));
    const auto frames = frames_in(till.hears());
    ASSERT_THAT(frames, SizeIs(1));
    EXPECT_EQ(frames[0].ref, 2);
    EXPECT_EQ(opened_answer(frames[0].piece, cipher::aes256)["respcd"], "6002");
}

TEST_F(SerialTest, ALongResultIsSentInFragments)
{
    till.says(requesting(1, "func_type=4001,orderId='1'"));
    till.hears();
    auto o = paid_order();
    o.facts.chnlsn = std::string(900, '7');
    till.is_told(outcome_of(o, till.asks().at(0).tag, false));
    const auto bytes = till.hears();
    const auto frames = frames_in(bytes);
    ASSERT_GT(frames.size(), 1U);
    std::string text;
    for (const auto& frame : frames)
        text += frame.piece;
    EXPECT_EQ(text.size(), frames[0].data_size);
    EXPECT_EQ(opened_answer(text, cipher::aes256)["respcd"], "6000");
    till.says(ok(1));
    EXPECT_TRUE(till.receipts().at(0).delivered);
}

TEST_F(SerialTest, ARepeatedRequestIsAcknowledgedAndNotServedAgain)
{
    const auto frame = requesting(4, payment_pairs);
    till.says(frame);
    till.says(frame);
    EXPECT_EQ(till.hears(), ok(4) + ok(4));
    const auto asked_for = till.asks();
    ASSERT_THAT(asked_for, SizeIs(1));
    // Nor while our result, which it may not have seen, is on its way.
    till.is_told(outcome_in(order_state::paid, asked_for[0].tag));
    till.hears();
    till.says(frame);
    EXPECT_EQ(till.hears(), ok(4));
    EXPECT_THAT(till.asks(), IsEmpty());
    // With the result acknowledged it is a new request.
    till.says(ok(1));
    till.says(frame);
    EXPECT_THAT(till.asks(), SizeIs(1));
}

TEST_F(SerialTest, TheSameFrameAfterAWhileIsANewRequest)
{
    const auto frame = requesting(4, "func_type=3002");
    till.says(frame);
    wait_out(frame_repeat_window);
    EXPECT_EQ(till.bridge->timer(), std::nullopt);
    till.says(frame);
    EXPECT_THAT(till.asks(), SizeIs(2));
}

TEST_F(SerialTest, TheSameRefWithOtherContentIsANewRequest)
{
    till.says(requesting(1, "func_type=3002"));
    till.says(requesting(1, payment_pairs));
    EXPECT_THAT(till.asks(), SizeIs(2));
    till.says(requesting(2, payment_pairs));
    EXPECT_THAT(till.asks(), SizeIs(1));
}

TEST_F(SerialTest, ErrorsAreNamedByType)
{
    auto other = key;
    other[0] = 'a';
    const auto say = [&](const std::string& data) {
        till.says(framed(frame_type::request, 9, data));
        EXPECT_THAT(till.asks(), IsEmpty());
        return till.hears();
    };
    EXPECT_EQ(say(encrypted(field_form("func_type=5001"), cipher::aes256, other)),
              error(frame_type::not_decrypted, 9));
    EXPECT_EQ(say("hello"), error(frame_type::not_decrypted, 9));
    EXPECT_EQ(say(""), error(frame_type::not_decrypted, 9));
    EXPECT_EQ(say(encrypted("{content:{func_type=5001}, digest:'00'}", cipher::aes256, key)),
              error(frame_type::bad_digest, 9));
    EXPECT_EQ(say(encrypted("{content:}", cipher::aes256, key)), error(frame_type::bad_data, 9));
    till.says(framed(0x11, 9, "x"));
    EXPECT_EQ(till.hears(), error(frame_type::unknown, 9));
    till.says(sample);  // plain text while encryption is on
    EXPECT_EQ(till.hears(), error(frame_type::not_decrypted, 1));
}

TEST_F(SerialTest, ARequestForSomethingWrongIsAResult)
{
    till.says(requesting(3, "func_type=1001,amt=0,channel='wx'"));
    const auto frames = frames_in(till.hears());
    ASSERT_THAT(frames, SizeIs(2));
    EXPECT_EQ(frames[0].type, frame_type::ok);
    EXPECT_EQ(frames[0].ref, 3);
    EXPECT_EQ(opened_answer(frames[1].piece, cipher::aes256)["respcd"], "4006");
    EXPECT_THAT(till.asks(), IsEmpty());
    till.says(ok(frames[1].ref));
    EXPECT_THAT(till.receipts(), IsEmpty());  // nobody upstairs sent that
}

TEST_F(SerialTest, WithoutEncryptionPlainTextIsServed)
{
    till_end one{{.wraps = wrapping::serial, .encryption = false}};
    one.says(framed(frame_type::request, 2, field_form("func_type=3002")));
    EXPECT_EQ(one.hears(), ok(2));
    one.is_told(done{.tag = one.asks().at(0).tag, .what = "summary", .text = {}, .fields = {}});
    EXPECT_EQ(opened_answer(frames_in(one.hears()).at(0).piece, {})["respcd"], "6000");
    one.says(sample);  // its digest was made with another key
    EXPECT_EQ(one.hears(), error(frame_type::bad_digest, 1));
}

TEST_F(SerialTest, NoiseAroundFramesIsPassedOver)
{
    const std::vector<std::string> noises{"\xff\x00\x01"s,
                                          "/",
                                          "/n",
                                          "/n/n",
                                          "/n/",
                                          "///n",
                                          "n/n\x02",
                                          std::string(3000, '/'),
                                          std::string(3000, '\x01')};
    for (const auto& noise : noises) {
        till_end one{{.wraps = wrapping::serial}};
        one.says(
            noise + requesting(1, payment_pairs) + noise + requesting(2, "func_type=5001") + noise,
            7);
        EXPECT_THAT(one.asks(), SizeIs(2)) << testing::PrintToString(noise.substr(0, 9));
        EXPECT_EQ(one.hears(), ok(1) + ok(2));
    }
}

TEST_F(SerialTest, ABadFrameIsRefusedAndTheNextOneFound)
{
    auto bad = requesting(5, payment_pairs);
    bad.back() = 'x';
    till.says(bad + requesting(6, payment_pairs));
    EXPECT_EQ(till.hears(), error(frame_type::bad_format, 5) + ok(6));
    EXPECT_THAT(till.asks(), SizeIs(1));
    for (const auto& header :
         {"\x2F\x6E\x01\x10\x05\x00\x0A\x00\x00"s, "\x2F\x6E\x01\x10\x05\x00\x0C\x00\x00"s,
          "\x2F\x6E\x01\x10\x05\x00\x0B\xFF\xFF"s}) {
        till.says(header);
        EXPECT_EQ(till.hears(), error(frame_type::bad_format, 5));
    }
    till.says("\x2F\x6E\x01\x10\x00\x00\x0B\x00\x00"s);  // no ref to answer with
    EXPECT_EQ(till.hears(), "");
}

TEST_F(SerialTest, AFrameThatStopsIsForgottenSilently)
{
    const auto frame = requesting(5, payment_pairs);
    for (std::size_t at = 3; at < frame.size(); ++at) {
        till_end one{{.wraps = wrapping::serial}};
        one.says(frame.substr(0, at));
        ASSERT_TRUE(one.bridge->timer()) << at;
        EXPECT_EQ(*one.bridge->timer() / 10, frame_byte_wait / 10);
        one.bridge->elapsed(one.out);
        EXPECT_EQ(one.bridge->timer(), std::nullopt) << at;
        EXPECT_EQ(one.hears(), "");
        one.says(frame);
        ASSERT_THAT(one.asks(), SizeIs(1)) << at;
        EXPECT_EQ(one.hears(), ok(5));
    }
}

TEST_F(SerialTest, AFrameWithinABrokenOneIsServedAfterASilence)
{
    // The header announces more than what comes: a frame hides in its data.
    till.says("\x2F\x6E\x01\x10\x05\x04\x00\x04\x00"s + requesting(6, payment_pairs));
    EXPECT_THAT(till.asks(), IsEmpty());
    wait_out(frame_byte_wait);
    EXPECT_THAT(till.asks(), SizeIs(1));
    EXPECT_EQ(till.hears(), ok(6));
}

const std::string long_pairs = payment_pairs + ",zz='" + std::string(2000, 'x') + "'";

TEST_F(SerialTest, FragmentsAreOneMessageAndAnsweredOnce)
{
    const auto bytes = requesting(8, long_pairs);
    ASSERT_GT(frames_in(bytes).size(), 2U);
    till.says(bytes, 100);
    EXPECT_THAT(till.asks(), SizeIs(1));
    EXPECT_EQ(till.hears(), ok(8));
    till.says(bytes);  // our 20 was lost
    EXPECT_THAT(till.asks(), IsEmpty());
    EXPECT_EQ(till.hears(), ok(8));
}

TEST_F(SerialTest, LateFragmentsAreRefusedUntilTheLineIsQuiet)
{
    const auto bytes = requesting(8, long_pairs);
    const auto first = bytes.substr(0, frame_piece_size + 11);
    const auto rest = bytes.substr(first.size());
    till.says(first);
    EXPECT_EQ(till.hears(), "");
    wait_out(frame_fragment_wait);
    till.says(rest);
    EXPECT_EQ(till.hears(),
              error(frame_type::bad_fragment, 8) + error(frame_type::bad_fragment, 8));
    EXPECT_THAT(till.asks(), IsEmpty());
    wait_out(frame_late_window);
    till.says(bytes);
    EXPECT_THAT(till.asks(), SizeIs(1));
    EXPECT_EQ(till.hears(), ok(8));
}

TEST_F(SerialTest, ALostFragmentLosesTheMessageAndNotTheNext)
{
    const auto bytes = requesting(8, long_pairs);
    till.says(bytes.substr(0, frame_piece_size + 11));
    till.says(requesting(9, payment_pairs));  // the till goes on
    EXPECT_EQ(till.hears(), ok(9));
    EXPECT_THAT(till.asks(), SizeIs(1));
    till.says(bytes);
    EXPECT_EQ(till.hears(), ok(8));
    EXPECT_THAT(till.asks(), SizeIs(1));
}

TEST_F(SerialTest, MoreThanWasAnnouncedIsRefused)
{
    const auto bytes = requesting(8, long_pairs);
    const auto first = bytes.substr(0, frame_piece_size + 11);
    till.says(first + first + first);
    EXPECT_EQ(till.hears(), error(frame_type::bad_fragment, 8));
    EXPECT_THAT(till.asks(), IsEmpty());
}

TEST_F(SerialTest, ATillThatReadsNoAnswersGetsNoMoreServed)
{
    int served = 0;
    for (int i = 1; i < 60; ++i) {
        till.says(requesting(static_cast<std::uint8_t>(i),
                             "func_type=1001,amt=0,channel='wx',n=" + std::to_string(i)));
        const auto frames = frames_in(till.hears());
        for (const auto& frame : frames)
            if (frame.type == frame_type::ok) ++served;
    }
    EXPECT_LT(served, 60);
    EXPECT_GE(served, static_cast<int>(frame_queue_max));
}

TEST_F(SerialTest, TooManyBadFramesEndIt)
{
    const auto tag = tag_of_payment(1);
    till.is_told(outcome_in(order_state::paid, tag));
    for (int i = 0; i < bad_requests_max; ++i)
        till.says(framed(frame_type::request, 9, "x" + std::to_string(i)));
    EXPECT_TRUE(till.out.hang_up);
    EXPECT_THAT(till.receipts(), SizeIs(1));
    till.is_told(outcome_in(order_state::paid, "9"));
    EXPECT_FALSE(till.receipts().at(0).delivered);
    EXPECT_EQ(till.bridge->timer(), std::nullopt);
}

}  // namespace
}  // namespace ecr::protocol::till::qfpay_local
