#include "protocol/json.hpp"

#include <gtest/gtest.h>

namespace ecr::test {
namespace {

using namespace std::string_view_literals;

TEST(ParseJsonTest, WhatFollowsANulIsNotPassedOver)
{
    EXPECT_TRUE(parse_json(R"({"respcd":"0000"})"sv));
    EXPECT_TRUE(parse_json("{\"respcd\":\"0000\"}\r\n"sv));
    EXPECT_FALSE(parse_json("{\"respcd\":\"0000\"}\0"sv));
    EXPECT_FALSE(parse_json("{\"respcd\":\"0000\"}\0{\"respcd\":\"1136\"}"sv));
    EXPECT_FALSE(parse_json("\0{}"sv));
    EXPECT_TRUE(parse_json(R"({"text":"\u0000"})"sv));
}

}  // namespace
}  // namespace ecr::test
