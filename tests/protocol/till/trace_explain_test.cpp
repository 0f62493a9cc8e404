// What a trace says about bytes, and how they are played again. Source: dialects.md.
#include "protocol/till/registry.hpp"
#include "protocol/till/trace_language.hpp"
#include "protocol/till/trace_record.hpp"

#include <gtest/gtest.h>

namespace ecr::protocol::till {
namespace {

constexpr auto key = qfpay_local::published_pos_key;

std::vector<trace_unit> cut(std::string_view language, heading way, std::string_view bytes)
{
    std::vector<trace_unit> units;
    const auto cutter = trace_language_of(language)->make_cutter(key);
    cutter->take(way, bytes, units);
    cutter->give_up(way, units);
    return units;
}

std::string explained(std::string_view language, heading way, std::string_view bytes)
{
    std::string all;
    for (const auto& unit : cut(language, way, bytes)) {
        for (const auto& line : trace_language_of(language)->explain(way, unit.bytes, unit.form))
            all += line + "|";
        all += '\n';
    }
    return all;
}

struct hex_case {
    const char* name;
    const char* language;
    heading way;
    const char* hex;
    const char* means;
};
void PrintTo(const hex_case& c, std::ostream* out)
{
    *out << c.name;
}

class TraceExplainHexTest : public testing::TestWithParam<hex_case> {};

TEST_P(TraceExplainHexTest, SaysWhatTheBytesMean)
{
    const auto& c = GetParam();
    const auto bytes = bytes_of_hex(c.hex);
    ASSERT_TRUE(bytes);
    EXPECT_EQ(explained(c.language, c.way, *bytes), c.means);
}

// clang-format off
const hex_case hex_cases[]{
    {"Sale", "hypercom", heading::from_till,
     "02003536303030303030303030313032303030301C343000123030303030303030313030301C0314",
     "STX|length 35|header 600000000010, request|transaction 20 sale|response code 00|more flag 0|"
     "field 40 amount = 000000001000|ETX|LRC 14 ok|\n"},
    {"WalletSale", "hypercom", heading::from_till,
     "02007336303030303030303030313037303030301C343000123030303030303030303030301C4131000230331C52310008504F5351523132331C523200065441424C45311C4A36000230341C0340",
     "STX|length 73|header 600000000010, request|transaction 70 wallet sale|response code 00|"
     "more flag 0|field 40 amount = 000000000000|field A1 wallet type = 03|"
     "field R1 reference 1 = POSQR123|field R2 reference 2 = TABLE1|field J6 bank id = 04|ETX|"
     "LRC 40 ok|\n"},
    {"WrongChecksum", "hypercom", heading::from_till,
     "02001836303030303030303030313144303030301C0344",
     "STX|length 18|header 600000000011, response|transaction D0 test|response code 00 ok|"
     "more flag 0|ETX|LRC 44 bad, should be 45|\n"},
    {"VersionByte", "hypercom", heading::from_till,
     "02002936303030303030303030013032363030301C363500063030303030361C032A",
     "STX|length 29|header 6000000000.0, request|transaction 26 void|response code 00|more flag 0|"
     "field 65 invoice = 000006|ETX|LRC 2A ok|\n"},
    {"AckAndNak", "hypercom", heading::to_till, "0615", "ACK|\nNAK|\n"},
    {"FrameBehindNoise", "hypercom", heading::from_till, "414243" "06",
     "not a whole frame: 3 bytes, long numbers masked|ABC|\nACK|\n"},
    {"CutFrame", "hypercom", heading::from_till, "0200353630",
     "not a whole frame: 5 bytes, long numbers masked|..560|\n"},
    {"Line", "line", heading::from_till, "70696e670d0a", "line  ping|end   CR LF|\n"},
    {"JsonLine", "line", heading::from_till, "7b2276657262223a2270696e67227d0a",
     "JSON  {\"verb\":\"ping\"}|end   LF|\n"},
    {"FramedLine", "line-stx", heading::from_till, "0270696e670313", "STX|line  ping|ETX|LRC   13 ok|\n"},
    {"FramedLineWrong", "line-stx", heading::from_till, "0270696e670300",
     "STX|line  ping|ETX|LRC   00 bad, should be 13|\n"},
    {"FramedAck", "line-stx", heading::to_till, "0615", "ACK|\nNAK|\n"},
    {"SerialFrame", "qfpay-local-serial", heading::to_till, "2f6e012001000b00002f6e",
     "frame type 20 ok|reference 01|data 0 bytes|\n"},
    {"SerialError", "qfpay-local-serial", heading::to_till, "2f6e01337f000b00002f6e",
     "frame type 33 not decrypted|reference 7f|data 0 bytes|\n"},
};
// clang-format on
INSTANTIATE_TEST_SUITE_P(All, TraceExplainHexTest, testing::ValuesIn(hex_cases),
                         [](const auto& each) { return std::string{each.param.name}; });

constexpr std::string_view cancel_aes256 =
    "XczeNuwMCct+IaXZ00lv7H3Q5alZd7lIXI7v3FixqikZe+SY96RBdR77gWNKpF6wtS9LI/"
    "nOPYn5xcIZMucdP9755TbhaqttSWuk2UsNOIg=";
constexpr std::string_view cancel_aes128 =
    "ktt3YZVbN4lUJ+OLP1jud9ihkpMyvKkNLHcsEsub3qYHV+X8hMel+g5HVYXeL+"
    "cqxADcUYpvWzJ4Tx2UDNa9X0fWWDH91a7g2MIxVU6FuC0=";
constexpr std::string_view cancel_text =
    "{content:{func_type=5001}, digest:'00000000000000000000000000000000'}";

TEST(TraceExplainTest, AnEncryptedRequestIsShownDecrypted)
{
    for (const auto& [text, form] : {std::pair{cancel_aes256, trace_form::aes256},
                                     std::pair{cancel_aes128, trace_form::aes128}}) {
        const auto units = cut("qfpay-local-tcp", heading::from_till, text);
        ASSERT_EQ(units.size(), 1U);
        EXPECT_EQ(units[0], (trace_unit{std::string{cancel_text}, form}));
    }
    EXPECT_EQ(explained("qfpay-local-tcp", heading::from_till, cancel_aes256),
              "encrypted on the link: aes256; this is the plain text|func_type 5001 cancel the "
              "running request|digest ok|text " +
                  std::string{cancel_text} + "|\n");
}

TEST(TraceExplainTest, AnHttpRequestIsShownDecrypted)
{
    const auto body = '"' + std::string{cancel_aes256} + '"';
    const auto request =
        "POST /api/pos/cancel_request HTTP/1.1\r\nHost: x\r\nCookie: id=77\r\n"
        "Content-Length: " +
        std::to_string(body.size()) + "\r\n\r\n" + body;
    const auto units = cut("qfpay-local-http", heading::from_till, request + request);
    ASSERT_EQ(units.size(), 2U);
    EXPECT_EQ(units[0].form, trace_form::aes256_quoted);
    EXPECT_EQ(units[0].bytes,
              "POST /api/pos/cancel_request HTTP/1.1\r\nHost: x\r\nCookie: xx=00\r\n"
              "Content-Length: " +
                  std::to_string(cancel_text.size()) + "\r\n\r\n" + std::string{cancel_text});
}

TEST(TraceExplainTest, WhatWasEncryptedIsSealedTheSameAgain)
{
    const auto& tcp = *trace_language_of("qfpay-local-tcp");
    EXPECT_EQ(tcp.sealed(cancel_text, trace_form::aes256, key), cancel_aes256);
    EXPECT_EQ(tcp.sealed(cancel_text, trace_form::aes128, key), cancel_aes128);
}

TEST(TraceExplainTest, EveryDialectBringsItsLanguages)
{
    for (const auto kind : {dialect_kind::line, dialect_kind::hypercom, dialect_kind::qfpay_local})
        for (const auto wraps : {qfpay_local::wrapping::http, qfpay_local::wrapping::tcp,
                                 qfpay_local::wrapping::serial})
            for (const auto frames : {line::framing::plain, line::framing::stx}) {
                dialect_settings how;
                how.line.frames = frames;
                how.qfpay_local.wraps = wraps;
                const auto cutter = make_dialect(kind, how)->make_cutter();
                ASSERT_NE(cutter, nullptr) << name_of(kind);
                EXPECT_NE(trace_language_of(cutter->language()), nullptr) << cutter->language();
            }
}

TEST(TraceExplainTest, RepliesOfOneKindHaveOneName)
{
    const auto& line = *trace_language_of("line");
    EXPECT_EQ(line.reply_kind("result order=A1 state=paid code=00 amount=110\r\n"),
              "result paid 00");
    EXPECT_EQ(line.reply_kind("{\"reply\":\"result\",\"state\":\"paid\",\"code\":\"00\"}\n"),
              "result paid 00");
    EXPECT_EQ(line.reply_kind("progress order=A1 stage=sending\n"), "");
    const auto& tcp = *trace_language_of("qfpay-local-tcp");
    EXPECT_EQ(tcp.reply_kind("{\"respcd\":\"6000\",\"data\":\"{\\\"respcd\\\":\\\"0000\\\"}\"}"),
              "respcd 6000");
}

TEST(TraceExplainTest, OtherNumbersTakeTheirPlaceUnderTheirNamesOnly)
{
    const auto& line = *trace_language_of("line");
    EXPECT_EQ(line.renumbered("pay order=110 amount=110\r\n", {{"110", "110-b"}}),
              "pay order=110-b amount=110\r\n");
    const auto& frames = *trace_language_of("hypercom");
    const auto asked =
        *bytes_of_hex("02002936303030303030303030013032363030301C363500063030303030361C032A");
    const auto other = frames.renumbered(asked, {{"000006", "000123"}});
    EXPECT_EQ(frames.numbers(other), (std::vector<trace_number>{{"65", "000123"}}));
    EXPECT_EQ(frames.explain(heading::from_till, other, trace_form::clear).back().substr(7), "ok");
}

TEST(TraceRecordTest, ALineSaysAllOfIt)
{
    const trace_record record{.at = timestamp{std::chrono::milliseconds{1'790'000'000'123}},
                              .link = "lan",
                              .connection = 7,
                              .till = "",
                              .language = "line",
                              .what = trace_event::from_till,
                              .form = "clear",
                              .bytes = std::string{"\x02pi\xffng\n"}};
    const auto line = to_trace_line(record);
    EXPECT_EQ(line, "2026-09-21T14:13:20.123Z lan 7 - line > clear 027069ff6e670a");
    EXPECT_EQ(parse_trace_line(line), record);
    for (std::size_t size = 0; size < line.size() - 14; ++size)
        EXPECT_FALSE(parse_trace_line(line.substr(0, size))) << size;
    EXPECT_FALSE(parse_trace_line("# " + line));
}

}  // namespace
}  // namespace ecr::protocol::till
