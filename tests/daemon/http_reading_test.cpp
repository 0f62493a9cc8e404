#include "daemon/http/http_reading.hpp"

#include "daemon/limits.hpp"

#include <gtest/gtest.h>

#include <ostream>

namespace ecr::daemon {
namespace {

/// Reads one request as a connection does that gets a byte at a time: what the parser has not taken
/// is given again with the next one.
std::optional<http_request> read_bytewise(std::string_view stream)
{
    http_parser parser;
    set_limits(parser, limits::http_body_size_max);
    parser.eager(true);
    std::string waiting;
    for (const char c : stream) {
        waiting += c;
        boost::system::error_code failed;
        waiting.erase(0, parser.put(boost::asio::buffer(waiting), failed));
        if (failed && failed != boost::beast::http::error::need_more) return std::nullopt;
        if (parser.is_done()) return request_of(parser.release(), {}, false);
    }
    return std::nullopt;
}

struct chunked_case {
    const char* name;
    const char* body;  // as it is sent
    const char* means;

    friend void PrintTo(const chunked_case& c, std::ostream* out) { *out << c.name; }
};

class HttpReadingChunksTest : public testing::TestWithParam<chunked_case> {};

TEST_P(HttpReadingChunksTest, MayComeByteByByte)
{
    const std::string head =
        "POST /qfpay/notify HTTP/1.1\r\nHost: b\r\nTransfer-Encoding: chunked\r\n\r\n";
    const auto request = read_bytewise(head + GetParam().body);
    ASSERT_TRUE(request);
    EXPECT_EQ(request->body, GetParam().means);
}

// clang-format off
const chunked_case chunked_cases[] = {
    // name          body                               means
    {"Nothing",      "0\r\n\r\n",                       ""},
    {"OnlyATrailer", "0\r\nX: y\r\n\r\n",               ""},
    {"LongZero",     "000;a=b\r\nX: y\r\n\r\n",         ""},
    {"OneChunk",     "2\r\n{}\r\n0\r\n\r\n",            "{}"},
    {"TwoChunks",    "1\r\n{\r\n1\r\n}\r\n0\r\nX: y\r\n\r\n", "{}"},
};
// clang-format on

INSTANTIATE_TEST_SUITE_P(Table, HttpReadingChunksTest, testing::ValuesIn(chunked_cases),
                         [](const auto& instance) { return instance.param.name; });

TEST(HttpReadingTest, AHeaderThatComesTwiceHasBothValues)
{
    const auto request = read_bytewise("GET /a?b HTTP/1.1\r\nX-A: 1\r\nx-a: 2\r\n\r\n");
    ASSERT_TRUE(request);
    EXPECT_EQ(request->header("x-a"), "1, 2");
    EXPECT_EQ(request->path(), "/a");
    EXPECT_EQ(request->query(), "b");
}

}  // namespace
}  // namespace ecr::daemon
