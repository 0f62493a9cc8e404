#include "protocol/till/qfpay_local/cipher.hpp"

#include "tests/protocol/till/qfpay_local/till.hpp"

#include <gtest/gtest.h>

namespace ecr::protocol::till::qfpay_local {
namespace {

struct vector_case {
    const char* name;
    cipher by;
    const char* plain;
    const char* base64;
};

void PrintTo(const vector_case& c, std::ostream* out)
{
    *out << c.name;
}

// Source: dialects.md 1.1, own vectors.
constexpr vector_case vectors[] = {
    {"Cancel256", cipher::aes256,
     "{content:{func_type=5001}, digest:'77760CAFEE81DC33C720C90B75787B5F'}",
     "XczeNuwMCct+IaXZ00lv7H3Q5alZd7lIXI7v3FixqikZe+SY96RBdR77gWNKpF6wtS9LI/nOPYn5xcIZMucdP9755Tbh"
     "aqttSWuk2UsNOIg="},
    {"Cancel128", cipher::aes128,
     "{content:{func_type=5001}, digest:'77760CAFEE81DC33C720C90B75787B5F'}",
     "ktt3YZVbN4lUJ+OLP1jud9ihkpMyvKkNLHcsEsub3qYHV+X8hMel+g5HVYXeL+cqxADcUYpvWzJ4Tx2UDNa9X0fWWDH9"
     "1a7g2MIxVU6FuC0="},
    {"Summary256", cipher::aes256,
     "{content:{func_type=3002}, digest:'94774CD60380323A62FF2EE19EBAB313'}",
     "XczeNuwMCct+IaXZ00lv7MlXjcdC/iw7MjSbTn1042TpL4hc2KiisqGRpfpLV6gVU06WnyL5gABTdz7SpeFzwexVKxVD"
     "+V4M1Q87vkkilqU="},
};

class CipherVectorTest : public testing::TestWithParam<vector_case> {};

TEST_P(CipherVectorTest, EncryptsToIt)
{
    EXPECT_EQ(encrypted(GetParam().plain, GetParam().by, key), GetParam().base64);
}

TEST_P(CipherVectorTest, DecryptsFromIt)
{
    EXPECT_EQ(decrypted(GetParam().base64, GetParam().by, key), GetParam().plain);
}

TEST_P(CipherVectorTest, TheOtherCipherDoesNotFit)
{
    const auto other = GetParam().by == cipher::aes256 ? cipher::aes128 : cipher::aes256;
    EXPECT_NE(decrypted(GetParam().base64, other, key), GetParam().plain);
}

TEST_P(CipherVectorTest, ItsDigestIsThatOfItsContent)
{
    const auto parsed = parse_envelope(GetParam().plain);
    ASSERT_TRUE(parsed);
    EXPECT_EQ(digest_of(parsed->content, key), parsed->digest);
}

INSTANTIATE_TEST_SUITE_P(Own, CipherVectorTest, testing::ValuesIn(vectors),
                         [](const auto& instance) { return instance.param.name; });

TEST(CipherTest, EverySizeComesBack)
{
    for (const auto by : {cipher::aes256, cipher::aes128})
        for (std::size_t size = 0; size < 100; ++size) {
            const std::string text(size, 'x');
            EXPECT_EQ(decrypted(encrypted(text, by, key), by, key), text) << size;
            EXPECT_TRUE(may_be_whole(encrypted(text, by, key))) << size;
        }
}

TEST(CipherTest, WhatIsNotBase64OfBlocksIsNothing)
{
    const std::string good = vectors[0].base64;
    const auto with = [&](std::size_t at, char c) {
        auto text = good;
        text[at] = c;
        return text;
    };
    for (const auto& text :
         {std::string{}, std::string{"="}, std::string{"===="}, std::string{"AAAA"}, good.substr(1),
          good.substr(0, good.size() - 1), good + "\n", " " + good, with(5, '-'), with(5, '='),
          with(5, '\0'), with(good.size() - 1, 'A'), with(good.size() - 2, '=')})
        EXPECT_EQ(decrypted(text, cipher::aes256, key), std::nullopt) << text;
}

TEST(CipherTest, AnotherKeyDoesNotDecrypt)
{
    auto other = key;
    other[0] = 'a';
    const auto text = decrypted(vectors[0].base64, cipher::aes256, other);
    EXPECT_TRUE(!text || *text != vectors[0].plain);
}

TEST(CipherTest, OnlyThirtyTwoHexadecimalDigitsAreAKey)
{
    EXPECT_TRUE(is_pos_key(key));
    EXPECT_TRUE(is_pos_key("F46B1F08BEC1F39104792CC79EC9AACD"));
    for (const auto* text :
         {"", "f46b", "f46b1f08bec1f39104792cc79ec9aacg", "f46b1f08bec1f39104792cc79ec9aacd0"}) {
        EXPECT_FALSE(is_pos_key(text)) << text;
        EXPECT_EQ(decrypted(vectors[0].base64, cipher::aes256, text), std::nullopt);
    }
}

}  // namespace
}  // namespace ecr::protocol::till::qfpay_local
