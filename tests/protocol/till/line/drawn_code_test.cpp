// A code to show, and its drawing in rows.
#include "protocol/json.hpp"
#include "protocol/till/qr_drawing.hpp"
#include "tests/protocol/till/line/till.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

using namespace ecr;
using namespace ecr::protocol::till;
using namespace ecr::protocol::till::line;

namespace {

code_to_show code_of(std::string text, drawing draw, std::string tag = {})
{
    return {
        .tag = std::move(tag), .order = "A1", .text = std::move(text), .until = {}, .draw = draw};
}

/// RFC 4648. Empty when it is none.
std::string from_base64(const std::string& text)
{
    const std::string digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    std::string bytes;
    unsigned bits = 0;
    int held = 0;
    for (const char c : text) {
        if (c == '=') break;
        const auto value = digits.find(c);
        if (value == std::string::npos) return {};
        bits = bits << 6 | static_cast<unsigned>(value);
        held += 6;
        if (held < 8) continue;
        held -= 8;
        bytes += static_cast<char>(bits >> held & 0xff);
    }
    return bytes;
}

const std::string longest_of_qfpay = "https://qr.example/" + std::string(512 - 19, 'Q');

TEST(DrawnCodeTest, BlocksFollowTheCodeRowByRow)
{
    for (const auto& text : {std::string{"weixin://wxpay/bizpayurl?pr=1"}, longest_of_qfpay}) {
        till_end till;
        till.says("ping\n");
        till.is_told(1, code_of(text, drawing::blocks, "T"));
        const auto blocks = qr_blocks(text).value();
        std::string expected = "code tag=T order=A1 text=\"" + text +
                               "\" rows=" + std::to_string(blocks.size()) + "\n";
        for (const auto& row : blocks)
            expected += "row tag=T kind=qr line=\"" + row + "\"\n";
        EXPECT_EQ(till.hears(), expected);
    }
}

TEST(DrawnCodeTest, EscposComesInPartsThatMakeOneImage)
{
    for (const auto& text : {std::string{"weixin://wxpay/bizpayurl?pr=1"}, longest_of_qfpay}) {
        till_end till;
        till.says("{\"verb\":\"ping\"}\n");
        till.is_told(1, code_of(text, drawing::escpos, "{"));
        const auto lines = lines_of(till.hears());
        ASSERT_GE(lines.size(), 2U);
        EXPECT_LT(lines.size(), frame_queue_max) << "a framed link holds it whole";
        const auto code = parse_json(lines[0]).value();
        EXPECT_EQ(code["text"], text) << "never cut";
        EXPECT_EQ(code["rows"], lines.size() - 1);
        std::string image;
        for (std::size_t i = 1; i < lines.size(); ++i) {
            const auto row = parse_json(lines[i]).value();
            EXPECT_EQ(row["kind"], "escpos");
            EXPECT_EQ(row["part"], i);
            EXPECT_EQ(row["of"], lines.size() - 1);
            const auto data = row["data"].get<std::string>();
            EXPECT_LE(data.size(), 1000U);
            image += from_base64(data);
        }
        EXPECT_EQ(testing::PrintToString(image), testing::PrintToString(qr_escpos(text).value()));
    }
}

TEST(DrawnCodeTest, TheLastBytesOfAnImageSurvive)
{
    // Image sizes of every remainder by three, so that Base64 ends in each of its ways.
    bool seen[3] = {};
    for (std::size_t size = 1; size < 200; ++size) {
        const std::string text(size, 'x');
        const auto image = qr_escpos(text).value();
        seen[image.size() % 3] = true;
        till_end till;
        till.says("{\"verb\":\"ping\"}\n");
        till.is_told(1, code_of(text, drawing::escpos, "{"));
        std::string got;
        for (const auto& line : lines_of(till.hears()))
            got += from_base64(parse_json(line).value().value("data", ""));
        ASSERT_EQ(got, image) << size;
    }
    EXPECT_TRUE(seen[0] || seen[1]);
    EXPECT_TRUE(seen[2] || seen[1]);
}

TEST(DrawnCodeTest, ATextThatFitsNoCodeComesUndrawn)
{
    for (const auto draw : {drawing::blocks, drawing::escpos}) {
        till_end till;
        till.says("ping\n");
        till.is_told(1, code_of(std::string(3000, 'x'), draw));
        const auto lines = lines_of(till.hears());
        ASSERT_EQ(lines.size(), 1U);
        EXPECT_TRUE(lines[0].ends_with(" rows=0"));
    }
}

// On a slow link the drawing is a frame a row, behind the code whose arrival is what counts.
TEST(DrawnCodeTest, AFramedTillGetsARowAFrameAndOneReceipt)
{
    const std::string text = "weixin://wxpay/bizpayurl?pr=1";
    const auto rows = qr_blocks(text).value().size();
    till_end till{{.frames = framing::stx, .progress = false}};
    till.is_told(7, code_of(text, drawing::blocks));
    till.is_told(8, outcome{.tag = {}, .text = "Paid", .order = {}, .order_number = "A1"});
    for (std::size_t i = 0; i <= rows + 1; ++i) {
        const auto frame = till.hears();
        const auto* start = i == 0      ? "\x02"
                                          "code order=A1 "
                            : i <= rows ? "\x02"
                                          "row kind=qr "
                                        : "\x02"
                                          "result ";
        EXPECT_THAT(frame, testing::StartsWith(start)) << i;
        till.says("\x06");
    }
    EXPECT_EQ(till.hears(), "");
    ASSERT_EQ(till.out.receipts.size(), 2U);
    EXPECT_EQ(till.out.receipts[0].id, 7U);
    EXPECT_TRUE(till.out.receipts[0].delivered);
    EXPECT_EQ(till.out.receipts[1].id, 8U);
}

// What a till that reads nothing loses is the drawing, not the code and not the result.
TEST(DrawnCodeTest, AFullQueueDropsRowsAndKeepsTheCode)
{
    till_end till{{.frames = framing::stx}};
    till.is_told(1, code_of(longest_of_qfpay, drawing::escpos));
    till.is_told(2, code_of(longest_of_qfpay, drawing::escpos));
    for (reply_id id = 3; id < 3 + 60; ++id)
        till.is_told(id, outcome{.tag = {}, .text = "Paid", .order = {}, .order_number = "A1"});
    EXPECT_TRUE(till.out.receipts.empty()) << "neither a code nor a result was given up";
}

}  // namespace
