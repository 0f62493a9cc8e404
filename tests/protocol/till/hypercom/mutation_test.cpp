#include "tests/protocol/till/hypercom/hypercom_till.hpp"
#include "tests/protocol/till/hypercom/random_till.hpp"

#include <gtest/gtest.h>

#include <random>

using namespace ecr::protocol::till::hypercom;

namespace {

constexpr int mutations = 20'000;

std::vector<std::string> good_messages()
{
    std::vector<std::string> all;
    for (const auto& frame : {sale_10, sale_1, test_d0, ping_ff, wallet_70, void_26,
                              request("27", {ten_dollars, {"R1", "A1"}, {"66", "N1"}}),
                              request("50"), request("71", {{"65", "000606"}}), request("72")})
        all.push_back(frame.substr(3, frame.size() - 5));
    return all;
}

void mutate(std::string& bytes, std::mt19937& random)
{
    const auto at = bytes.empty() ? 0 : random() % bytes.size();
    const auto c = static_cast<char>(random());
    switch (random() % 5) {
        case 0:
            if (!bytes.empty()) bytes[at] = c;
            break;
        case 1: bytes.insert(at, 1, c); break;
        case 2: bytes.erase(at, 1 + random() % 3); break;
        case 3: bytes.insert(at, bytes.substr(at, random() % 30)); break;
        default: bytes.resize(at); break;
    }
}

/// A few messages, some of them broken inside of a good frame, some with a broken frame.
std::string stream(std::mt19937& random)
{
    static const auto messages = good_messages();
    std::string bytes;
    for (auto left = 1 + random() % 4; left > 0; --left) {
        auto m = messages[random() % messages.size()];
        for (auto n = random() % 3; n > 0; --n)
            mutate(m, random);
        auto frame = framed(m);
        for (auto n = random() % 4 == 0 ? 2 : 0; n > 0; --n)
            mutate(frame, random);
        bytes += frame;
        if (random() % 2 == 0) bytes += ack;
        if (random() % 8 == 0) bytes += nak;
        if (random() % 8 == 0) bytes += frame;
    }
    return bytes;
}

TEST(HypercomMutationTest, NoBytesMakeItDoWhatItMustNot)
{
    for (std::uint32_t seed = 0; seed < mutations; ++seed) {
        std::mt19937 random{seed};
        ASSERT_EQ(play(stream(random), seed), "") << "seed " << seed;
    }
}

}  // namespace
