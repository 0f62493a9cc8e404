// The fuzzer's script, played with 20,000 mutated inputs: the same ones in every run.
#include "tests/protocol/till/qfpay_local/byte_script.hpp"

#include <gtest/gtest.h>

#include <array>
#include <random>

namespace ecr::protocol::till::qfpay_local {
namespace {

constexpr int inputs = 20'000;

using script = std::vector<std::uint8_t>;

/// On every wrapping, a few good messages each: answered, cut, waited for, repeated; and as bytes.
std::vector<script> seeds()
{
    const auto& messages = good_messages();
    std::vector<script> all;
    for (const auto how : std::to_array<std::uint8_t>({0, 1, 2, 0x10, 0x11, 0x12, 0x21})) {
        for (std::size_t first = 0; first < messages.size(); ++first) {
            script s{how};
            for (const auto jump : {0U, 1U, 7U}) {
                const auto message = static_cast<std::uint8_t>((first + jump) % messages.size());
                s.insert(s.end(), {3, message, 2, static_cast<std::uint8_t>(message * 4)});
                s.insert(s.end(), {7, message, 20, 1, 3, message, 2, 3, 2, 1, 1});
            }
            all.push_back(std::move(s));
            const auto piece = std::string_view{messages[first]}.substr(0, 256);
            script raw{how, 0, static_cast<std::uint8_t>(piece.size() - 1)};
            raw.insert(raw.end(), piece.begin(), piece.end());
            raw.insert(raw.end(), {2, 16, 1});
            all.push_back(std::move(raw));
        }
    }
    return all;
}

script mutated(script s, std::mt19937& random)
{
    const auto below = [&](std::size_t most) { return random() % most; };
    const auto times = 1 + below(8);
    for (std::size_t i = 0; i < times && !s.empty(); ++i) {
        const auto at = static_cast<std::ptrdiff_t>(below(s.size()));
        switch (below(4)) {
            case 0: s[static_cast<std::size_t>(at)] = static_cast<std::uint8_t>(random()); break;
            case 1: s.erase(s.begin() + at); break;
            case 2: s.insert(s.begin() + at, static_cast<std::uint8_t>(random())); break;
            default: s.resize(static_cast<std::size_t>(at)); break;
        }
    }
    return s;
}

TEST(MutationTest, NoScriptBreaksAPromise)
{
    const auto good = seeds();
    for (const auto& s : good)
        ASSERT_EQ(byte_script{s}.played(), "");
    std::mt19937 random{1};  // its sequence is fixed by the standard
    for (int i = 0; i < inputs; ++i) {
        const auto s = mutated(good[static_cast<std::size_t>(i) % good.size()], random);
        ASSERT_EQ(byte_script{s}.played(), "") << "input " << i;
    }
}

}  // namespace
}  // namespace ecr::protocol::till::qfpay_local
