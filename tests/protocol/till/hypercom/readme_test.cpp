// The transcript in the dialect's README is what happens.
#include "tests/protocol/till/hypercom/hypercom_till.hpp"

#include <gtest/gtest.h>

#include <fstream>

using namespace ecr::protocol::till;
using namespace ecr::protocol::till::hypercom;

namespace {

class HypercomReadmeTest : public hypercom_test {};

TEST_F(HypercomReadmeTest, TheTranscriptIsTrue)
{
    std::ifstream readme{ECR_SOURCE_DIR "/protocol/till/hypercom/README.md"};
    bool inside = false;
    int exchanged = 0;
    for (std::string line; std::getline(readme, line);) {
        if (line.starts_with("```")) inside = line == "```hex";
        if (!inside || line.starts_with("```")) continue;
        auto hex = line.substr(2);
        std::erase(hex, ' ');
        const auto bytes = from_hex(hex);
        ++exchanged;
        if (line.front() == '>') {
            says(bytes);
            continue;
        }
        ASSERT_EQ(line.front(), '<');
        if (out.bytes.empty() && !out.commands.empty())
            is_told(1, done{.tag = one_command().tag, .what = "ping"});
        EXPECT_EQ(hears(), bytes) << line;
    }
    EXPECT_EQ(exchanged, 6);
    EXPECT_EQ(hears(), "");
    EXPECT_EQ(receipts(), "1+");
}

}  // namespace
