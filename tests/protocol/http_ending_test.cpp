#include "protocol/http_ending.hpp"

#include <gtest/gtest.h>

#include <vector>

namespace ecr::protocol {
namespace {

struct ending_case {
    std::vector<std::string_view> codings;
    unsigned version;
    bool clear;
};

TEST(HttpEndingTest, IsClearWithoutACodingOrWithTheOneThatIsKnown)
{
    const ending_case cases[] = {
        {{}, 11, true},
        {{}, 10, true},
        {{"chunked"}, 11, true},
        {{"Chunked"}, 11, true},
        {{"chunked"}, 10, false},
        {{"chunked", "chunked"}, 11, false},
        {{"identity", "chunked"}, 11, false},
        {{"chunked, chunked"}, 11, false},
        {{"gzip, chunked"}, 11, false},
        {{"chunked;q=1"}, 11, false},
        {{"xchunked"}, 11, false},
        {{"identity"}, 11, false},
        {{""}, 11, false},
    };
    for (const auto& c : cases)
        EXPECT_EQ(is_clear({.transfer_encodings = c.codings, .version = c.version}), c.clear)
            << (c.codings.empty() ? "none" : c.codings.front()) << ' ' << c.version;
}

TEST(HttpEndingTest, AnExtensionHoldsNoLineEnd)
{
    EXPECT_TRUE(is_clear_extension(""));
    EXPECT_TRUE(is_clear_extension(";a=\"b\tc\""));
    EXPECT_FALSE(is_clear_extension(";a=\"\n\""));
    EXPECT_FALSE(is_clear_extension(";a\r"));
    EXPECT_FALSE(is_clear_extension({";\0", 2}));
}

TEST(HttpEndingTest, AFoldedLineIsFound)
{
    EXPECT_FALSE(has_folded_line("GET / HTTP/1.1\r\nA: b"));
    EXPECT_TRUE(has_folded_line("GET / HTTP/1.1\r\nA: b\r\n c"));
    EXPECT_TRUE(has_folded_line("GET / HTTP/1.1\r\nA: b\r\n\tc"));
}

}  // namespace
}  // namespace ecr::protocol
