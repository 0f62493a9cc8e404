#include "protocol/cloud/signature.hpp"

#include "protocol/cloud/form.hpp"
#include "protocol/json.hpp"
#include "tests/protocol/cloud/data_file.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <ostream>
#include <string>
#include <vector>

namespace ecr::protocol::cloud {
namespace {

using enum sign_algorithm;

const json& vectors()
{
    static const auto all = parse_json(data_file("cloud_vectors.json")).value();
    return all;
}

std::string text_of(const json& entry, const char* name)
{
    return entry.at(name).get<std::string>();
}

// An entry of a list of vectors, called by its id.
struct signature_vector {
    json entry;

    friend void PrintTo(const signature_vector& v, std::ostream* out)
    {
        *out << text_of(v.entry, "id");
    }
};

std::vector<signature_vector> entries_of(const char* list)
{
    std::vector<signature_vector> entries;
    for (const auto& entry : vectors().at(list))
        entries.push_back({entry});
    return entries;
}

form parameters_of(const json& entry)
{
    form parameters;
    for (const auto& pair : entry.at("params"))
        parameters.emplace_back(pair.at(0).get<std::string>(), pair.at(1).get<std::string>());
    return parameters;
}

form without_empty(form parameters)
{
    std::erase_if(parameters, [](const auto& pair) { return pair.second.empty(); });
    return parameters;
}

// The string to sign, built in another way than the code under test builds it.
std::string canonical_of(form parameters)
{
    std::ranges::sort(parameters);  // names are unique, so the values do not matter
    std::string text;
    for (const auto& [name, value] : parameters)
        text += "&" + name + "=" + value;
    return text.empty() ? text : text.substr(1);
}

const json& request_vector(const std::string& id)
{
    const auto& all = vectors().at("request_signature");
    return *std::ranges::find_if(all, [&](const json& v) { return v.at("id") == id; });
}

std::string name_of_entry(const testing::TestParamInfo<signature_vector>& instance)
{
    auto id = text_of(instance.param.entry, "id");
    std::erase(id, '-');
    return id;
}

// --- Requests ---------------------------------------------------------------------------------

class RequestSignatureTest : public testing::TestWithParam<signature_vector> {};

TEST_P(RequestSignatureTest, EqualsTheVector)
{
    const auto& vector = GetParam().entry;
    const auto key = text_of(vector, "key");
    const auto parameters = parameters_of(vector);
    const auto sent = without_empty(parameters);

    // A vector that keeps an empty value is what a client signs that also sends it. We do neither,
    // so ours is the vector's rule applied to what is left.
    if (!vector.at("drop_empty").get<bool>() && sent != parameters) {
        EXPECT_EQ(canonical_of(parameters), text_of(vector, "canonical"));
        EXPECT_EQ(body_signature(text_of(vector, "canonical"), key, md5),
                  text_of(vector, "md5_upper"));
        EXPECT_NE(request_signature(parameters, key, md5), text_of(vector, "md5_upper"));
        EXPECT_EQ(request_signature(parameters, key, md5),
                  body_signature(canonical_of(sent), key, md5));
        EXPECT_EQ(request_signature(parameters, key, sha256),
                  body_signature(canonical_of(sent), key, sha256));
        return;
    }
    EXPECT_EQ(canonical_of(sent), text_of(vector, "canonical"));
    EXPECT_EQ(request_signature(parameters, key, md5), text_of(vector, "md5_upper"));
    EXPECT_EQ(request_signature(parameters, key, sha256), text_of(vector, "sha256_lower"));
}

TEST_P(RequestSignatureTest, ComparesInEitherCase)
{
    const auto& vector = GetParam().entry;
    EXPECT_TRUE(same_signature(text_of(vector, "md5_upper"), text_of(vector, "md5_lower")));
    EXPECT_TRUE(same_signature(text_of(vector, "sha256_upper"), text_of(vector, "sha256_lower")));
}

TEST_P(RequestSignatureTest, DoesNotDependOnTheOrderOfParameters)
{
    const auto key = text_of(GetParam().entry, "key");
    auto parameters = parameters_of(GetParam().entry);
    const auto expected = request_signature(parameters, key, md5);
    std::ranges::reverse(parameters);
    EXPECT_EQ(request_signature(parameters, key, md5), expected);
}

TEST_P(RequestSignatureTest, LeavesOutASignParameter)
{
    const auto key = text_of(GetParam().entry, "key");
    auto parameters = parameters_of(GetParam().entry);
    const auto expected = request_signature(parameters, key, md5);
    parameters.emplace_back("sign", "X");
    parameters.emplace_back("sign_type", "MD5");
    EXPECT_EQ(request_signature(parameters, key, md5), expected);
}

// The body a client sends beside the signature: the same parameters, percent-encoded.
TEST_P(RequestSignatureTest, GoesWithTheFormBody)
{
    const auto& vector = GetParam().entry;
    const auto parameters = parameters_of(vector);
    const auto decoded = decode_form(text_of(vector, "form_body"));
    ASSERT_TRUE(decoded);
    EXPECT_EQ(without_empty(*decoded), without_empty(parameters));
    EXPECT_EQ(encode_form(parameters), encode_form(*decoded));
    if (without_empty(*decoded) == *decoded) {
        EXPECT_EQ(encode_form(parameters), text_of(vector, "form_body"));
    }
}

INSTANTIATE_TEST_SUITE_P(Vectors, RequestSignatureTest,
                         testing::ValuesIn(entries_of("request_signature")), name_of_entry);

// --- Bodies -----------------------------------------------------------------------------------

class BodySignatureTest : public testing::TestWithParam<signature_vector> {};

TEST_P(BodySignatureTest, EqualsTheVector)
{
    const auto& vector = GetParam().entry;
    const auto body = text_of(vector, "body");
    const auto key = text_of(vector, "key");
    EXPECT_EQ(body.size(), vector.at("body_len").get<std::size_t>());
    if (vector.at("kind") == "notification-legacy") {  // sorted fields, which we do not follow
        EXPECT_EQ(body_signature(text_of(vector, "canonical"), key, md5),
                  text_of(vector, "md5_upper"));
        EXPECT_NE(body_signature(body, key, md5), text_of(vector, "md5_upper"));
        return;
    }
    EXPECT_EQ(body_signature(body, key, md5), text_of(vector, "md5_upper"));
}

INSTANTIATE_TEST_SUITE_P(Vectors, BodySignatureTest,
                         testing::ValuesIn(entries_of("body_signature")), name_of_entry);

TEST(BodySignatureTest, OfSha256IsLowerCaseHex)
{
    // FIPS 180-2, appendix B.1: "abc".
    EXPECT_EQ(body_signature("ab", "c", sha256),
              "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

// --- What must not be signed ------------------------------------------------------------------

class WrongSignatureTest : public testing::TestWithParam<signature_vector> {};

TEST_P(WrongSignatureTest, DiffersFromOurs)
{
    const auto& wrong = GetParam().entry;
    const auto& right = request_vector(text_of(wrong, "must_differ_from"));
    const auto ours = request_signature(parameters_of(right), text_of(right, "key"), md5);
    EXPECT_EQ(body_signature(text_of(wrong, "wrong_string"), "", md5), text_of(wrong, "md5_upper"));
    EXPECT_NE(ours, text_of(wrong, "md5_upper"));
    EXPECT_FALSE(same_signature(ours, text_of(wrong, "md5_upper")));
}

INSTANTIATE_TEST_SUITE_P(Vectors, WrongSignatureTest, testing::ValuesIn(entries_of("negative")),
                         name_of_entry);

// --- Comparing --------------------------------------------------------------------------------

struct comparison {
    std::string name;
    std::string a;
    std::string b;
    bool same;

    friend void PrintTo(const comparison& c, std::ostream* out) { *out << c.name; }
};

class SameSignatureTest : public testing::TestWithParam<comparison> {};

TEST_P(SameSignatureTest, Compares)
{
    EXPECT_EQ(same_signature(GetParam().a, GetParam().b), GetParam().same);
    EXPECT_EQ(same_signature(GetParam().b, GetParam().a), GetParam().same);
}

// clang-format off
const comparison comparisons[] = {
    // name              a           b           same
    {"Equal",            "3CB3AA9C", "3CB3AA9C", true},
    {"OtherCase",        "3CB3AA9C", "3cb3aa9c", true},
    {"FirstDiffers",     "3CB3AA9C", "4CB3AA9C", false},
    {"LastDiffers",      "3CB3AA9C", "3CB3AA9D", false},
    {"Prefix",           "3CB3AA9C", "3CB3AA9",  false},
    {"Empty",            "3CB3AA9C", "",         false},
    {"BothMissing",      "",         "",         false},
    {"OnlyLettersFold",  "0",        "\x10",     false},
    {"AtSignIsNoLetter", "@",        "`",        false},
    {"BracketIsNoLetter","[",        "{",        false},
};
// clang-format on

INSTANTIATE_TEST_SUITE_P(Table, SameSignatureTest, testing::ValuesIn(comparisons),
                         [](const auto& instance) { return instance.param.name; });

TEST(SameSignatureTest, FindsEverySingleDifference)
{
    const auto right = body_signature("body", "key", sha256);
    for (std::size_t i = 0; i < right.size(); ++i) {
        auto wrong = right;
        wrong[i] = wrong[i] == '0' ? '1' : '0';
        EXPECT_FALSE(same_signature(right, wrong)) << i;
    }
}

}  // namespace
}  // namespace ecr::protocol::cloud
