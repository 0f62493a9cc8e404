#include "protocol/till/qr_drawing.hpp"

#include "protocol/errc.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <qrcodegen/qrcodegen.hpp>

using namespace ecr;
using namespace ecr::protocol::till;

namespace {

/// Dark modules, [y][x], without a margin.
using matrix = std::vector<std::vector<bool>>;

matrix matrix_of(const std::string& text)
{
    const auto code = qrcodegen::QrCode::encodeText(text.c_str(), qrcodegen::QrCode::Ecc::MEDIUM);
    const auto size = static_cast<std::size_t>(code.getSize());
    matrix dark(size, std::vector<bool>(size));
    for (std::size_t y = 0; y < size; ++y)
        for (std::size_t x = 0; x < size; ++x)
            dark[y][x] = code.getModule(static_cast<int>(x), static_cast<int>(y));
    return dark;
}

/// Takes a margin away that must be light, all around.
matrix without_margin(const matrix& drawn, std::size_t margin, std::size_t size)
{
    matrix dark(size, std::vector<bool>(size));
    for (std::size_t y = 0; y < drawn.size(); ++y)
        for (std::size_t x = 0; x < drawn[y].size(); ++x) {
            const bool inside =
                y >= margin && x >= margin && y < margin + size && x < margin + size;
            if (inside)
                dark[y - margin][x - margin] = drawn[y][x];
            else
                EXPECT_FALSE(drawn[y][x]) << "dark in the margin at " << x << "," << y;
        }
    return dark;
}

matrix read_blocks(const std::vector<std::string>& rows)
{
    matrix drawn;
    for (const auto& row : rows) {
        std::vector<bool> upper;
        std::vector<bool> lower;
        for (std::size_t at = 0; at < row.size();) {
            const auto size = row[at] == ' ' ? 1U : 3U;
            const auto character = row.substr(at, size);
            at += size;
            EXPECT_THAT(character, testing::AnyOf(" ", "▀", "▄", "█"));
            upper.push_back(character == "▀" || character == "█");
            lower.push_back(character == "▄" || character == "█");
        }
        drawn.push_back(std::move(upper));
        drawn.push_back(std::move(lower));
    }
    return drawn;
}

struct raster {
    std::size_t row_size = 0;
    std::size_t width = 0;  // dots
    std::size_t height = 0;
    matrix dark;
};

/// Source: ESC/POS, GS v 0: 1D 76 30 m xL xH yL yH and the rows, most significant bit left.
raster read_escpos(const std::string& image)
{
    raster read;
    const auto byte = [&](std::size_t at) { return static_cast<unsigned char>(image.at(at)); };
    EXPECT_EQ(image.substr(0, 4), std::string("\x1dv0\0", 4));
    read.row_size = byte(4) + 256U * byte(5);
    read.height = byte(6) + 256U * byte(7);
    EXPECT_EQ(image.size(), 8 + read.row_size * read.height) << "not a byte more or less";
    for (std::size_t y = 0; y < read.height; ++y) {
        std::vector<bool> row;
        for (std::size_t x = 0; x < read.row_size * 8; ++x)
            row.push_back((byte(8 + y * read.row_size + x / 8) >> (7 - x % 8) & 1) != 0);
        read.dark.push_back(std::move(row));
    }
    return read;
}

/// Every module is a square of `scale` equal dots; what the last byte has beyond them is light.
matrix shrunk(const raster& image, std::size_t scale)
{
    const auto modules = image.height / scale;
    EXPECT_EQ(image.height % scale, 0U);
    matrix small(modules, std::vector<bool>(modules));
    for (std::size_t y = 0; y < image.height; ++y)
        for (std::size_t x = 0; x < image.row_size * 8; ++x) {
            if (x >= modules * scale) {
                EXPECT_FALSE(image.dark[y][x]);
                continue;
            }
            const bool first = x % scale == 0 && y % scale == 0;
            if (first) small[y / scale][x / scale] = image.dark[y][x];
            EXPECT_EQ(image.dark[y][x], small[y / scale][x / scale]);
        }
    return small;
}

const std::vector<std::string>& texts()
{
    static const std::vector<std::string> all{"1",
                                              "weixin://wxpay/bizpayurl?pr=NwY5Mz9",
                                              "https://qr.alipay.com/bax03112xyz?a=\"b\"&c=\\d",
                                              "00020101021226350012hk.com.hkicl0103",
                                              "https://example/" + std::string(496, 'Z'),
                                              "收款码",
                                              std::string(2331, 'x')};
    return all;
}

TEST(QrDrawingTest, BlocksAreTheModulesOfTheCode)
{
    for (const auto& text : texts()) {
        SCOPED_TRACE(text.size());
        const auto expected = matrix_of(text);
        const auto rows = qr_blocks(text).value();
        const auto drawn = read_blocks(rows);
        for (const auto& row : drawn)
            ASSERT_EQ(row.size(), expected.size() + 4);
        EXPECT_EQ(rows.size(), (expected.size() + 4 + 1) / 2);
        EXPECT_EQ(without_margin(drawn, 2, expected.size()), expected);
    }
}

TEST(QrDrawingTest, EscposIsTheModulesOfTheCodeAtEveryScale)
{
    for (const auto& text : texts())
        for (const int dots : {1, 2, 3, 6, 8, 50}) {
            SCOPED_TRACE(std::to_string(text.size()) + " bytes, modules of " +
                         std::to_string(dots));
            const auto expected = matrix_of(text);
            const auto image = read_escpos(qr_escpos(text, dots).value());
            const auto modules = expected.size() + 8;
            const auto scale = std::min(static_cast<std::size_t>(dots), 384 / modules);
            ASSERT_EQ(image.height, modules * scale);
            EXPECT_LE(image.row_size, 48U) << "384 dots";
            EXPECT_EQ(image.row_size, (modules * scale + 7) / 8);
            EXPECT_EQ(without_margin(shrunk(image, scale), 4, expected.size()), expected);
        }
}

/// Source: ISO/IEC 18004, 6.3.3: dark ring, light ring, dark square of three.
void expect_finder(const matrix& dark, std::size_t left, std::size_t top)
{
    for (std::size_t y = 0; y < 7; ++y)
        for (std::size_t x = 0; x < 7; ++x) {
            const bool ring = x == 0 || y == 0 || x == 6 || y == 6;
            const bool core = x >= 2 && x <= 4 && y >= 2 && y <= 4;
            EXPECT_EQ(dark[top + y][left + x], ring || core) << x << "," << y;
        }
}

/// The level of error correction out of the format bits, by the standard and not by the library.
/// Source: ISO/IEC 18004, 7.9: bits 14 and 13, masked with 10; 00 is M, 01 L, 10 H, 11 Q.
unsigned level_of(const matrix& dark)
{
    const unsigned bits =
        static_cast<unsigned>(dark[8][0]) << 1 | static_cast<unsigned>(dark[8][1]);
    return bits ^ 0b10U;
}

TEST(QrDrawingTest, AScannerFindsItsMarks)
{
    for (const auto& text : texts()) {
        const auto size = matrix_of(text).size();
        const auto dark = without_margin(read_blocks(qr_blocks(text).value()), 2, size);
        expect_finder(dark, 0, 0);
        expect_finder(dark, size - 7, 0);
        expect_finder(dark, 0, size - 7);
        for (std::size_t i = 8; i < size - 8; ++i) {  // the timing patterns
            EXPECT_EQ(dark[6][i], i % 2 == 0);
            EXPECT_EQ(dark[i][6], i % 2 == 0);
        }
        EXPECT_TRUE(dark[size - 8][8]) << "the dark module";
        EXPECT_NE(level_of(dark), 0b01U) << "better than the lowest level";
    }
}

TEST(QrDrawingTest, WhatFitsNoCodeIsAnError)
{
    for (const auto& text : {std::string{}, std::string(2332, 'x'), std::string(100'000, '1')}) {
        EXPECT_EQ(qr_blocks(text).error(), errc::bad_parameter) << text.size();
        EXPECT_EQ(qr_escpos(text, 3).error(), errc::bad_parameter) << text.size();
    }
    for (const int dots : {0, -1})
        EXPECT_EQ(qr_escpos("x", dots).error(), errc::bad_parameter);
}

}  // namespace
