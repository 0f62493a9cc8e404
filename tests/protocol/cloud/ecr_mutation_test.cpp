#include "protocol/cloud/ecr_api.hpp"
#include "tests/protocol/cloud/data_file.hpp"

#include <gtest/gtest.h>

#include <ostream>
#include <string>
#include <vector>

/// What a damaged answer may be taken for: less than it said, never more.
namespace ecr::protocol::cloud {
namespace {

using namespace std::string_literals;

struct span {
    std::size_t begin = std::string::npos;
    std::size_t end = std::string::npos;  // one past the last byte

    [[nodiscard]] bool holds(std::size_t at) const { return begin <= at && at < end; }
};

// Where the pair stands that is the last of that name: name, colon and value.
span last_pair(const std::string& body, const std::string& name)
{
    const auto begin = body.rfind('"' + name + '"');
    if (begin == std::string::npos) return {};
    return {begin, body.find_first_of(",}", begin)};
}

span first_pair(const std::string& body, const std::string& name)
{
    const auto begin = body.find('"' + name + '"');
    return {begin, body.find_first_of(",}", begin)};
}

std::string replaced(std::string body, const span& where, const std::string& text)
{
    return body.replace(where.begin, where.end - where.begin, text);
}

// Every byte into a short body; into a long one those that mean something in JSON or in a number,
// and a few that mean nothing, so that the test stays short.
std::string wrong_bytes(std::size_t body_size)
{
    if (body_size > 200) return "\"\\{}[]:, 019.*-ex\x00\x7f\xff"s;
    std::string all;
    for (int byte = 0; byte < 256; ++byte)
        all += static_cast<char>(byte);
    return all;
}

struct sample {
    std::string name;
    std::string body;

    friend void PrintTo(const sample& s, std::ostream* out) { *out << s.name; }
};

std::string test_name(std::string file)
{
    file.erase(0, file.find('/') + 1).erase(file.find('.'));
    std::erase(file, '_');
    return file;
}

// Every published sample, and every row of them as an order that is not paid.
std::vector<sample> samples()
{
    std::vector<sample> all;
    auto names = published_samples();
    names.insert(names.end(),
                 {"own_ecr_samples/query_card.json", "own_ecr_samples/query_octopus.json"});
    for (const auto& name : names) {
        const auto body = data_file(name);
        const auto origin = name.starts_with("own") ? "own" : "published";
        all.push_back({origin + test_name(name), body});
        if (!read_enquiry(body).value().row) continue;
        const auto code = last_pair(body, "respcd");
        all.push_back(
            {origin + test_name(name) + "1143", replaced(body, code, R"("respcd": "1143")")});
        all.push_back(
            {origin + test_name(name) + "Bare1142", replaced(body, code, R"("respcd": 1142)")});
    }
    return all;
}

class EcrMutationTest : public testing::TestWithParam<sample> {
protected:
    [[nodiscard]] const std::string& body() const { return GetParam().body; }

    // What a body with another byte at `at` may say.
    void expect_no_more(const std::string& mutated, std::size_t at) const
    {
        const auto answer = read_enquiry(mutated);
        if (!answer) {
            EXPECT_EQ(answer.error(), errc::bad_json);
            return;
        }
        if (!original_.row) {
            EXPECT_FALSE(answer->row);
        }
        if (!first_code_.holds(at)) {
            EXPECT_EQ(answer->respcd, original_.respcd);
        }
        if (!answer->row || !original_.row) return;
        const auto& row = *answer->row;
        if (!last_code_.holds(at)) {
            EXPECT_TRUE(row.respcd == original_.row->respcd || row.respcd.empty()) << row.respcd;
        }
        if (!amount_.holds(at)) {
            EXPECT_TRUE(row.txamt == original_.row->txamt || !row.txamt) << *row.txamt;
        }
    }

private:
    const enquiry_answer original_ = read_enquiry(body()).value();
    const span first_code_ = first_pair(body(), "respcd");
    const span last_code_ = last_pair(body(), "respcd");
    const span amount_ = last_pair(body(), "txamt");
};

TEST_P(EcrMutationTest, NoPieceOfAnAnswerIsAnAnswer)
{
    const auto whole = body().rfind('}');
    for (std::size_t size = 0; size <= whole; ++size) {
        const auto piece = std::string_view{body()}.substr(0, size);
        ASSERT_EQ(read_enquiry(piece).error(), errc::bad_json) << size;
        ASSERT_EQ(read_acknowledgement(piece).error(), errc::bad_json) << size;
    }
}

TEST_P(EcrMutationTest, NoOtherByteMakesAnAnswerSayMore)
{
    auto mutated = body();
    for (std::size_t at = 0; at < mutated.size(); ++at) {
        const char right = mutated[at];
        for (const char wrong : wrong_bytes(body().size())) {
            if (wrong == right) continue;
            mutated[at] = wrong;
            expect_no_more(mutated, at);
        }
        ASSERT_FALSE(HasFailure()) << "byte " << at << " of " << body();
        mutated[at] = right;
    }
}

TEST_P(EcrMutationTest, NoMissingByteMakesAnAnswerSayMore)
{
    for (std::size_t at = 0; at < body().size(); ++at) {
        auto mutated = body();
        expect_no_more(mutated.erase(at, 1), at);
        ASSERT_FALSE(HasFailure()) << "byte " << at << " of " << body();
    }
}

INSTANTIATE_TEST_SUITE_P(Samples, EcrMutationTest, testing::ValuesIn(samples()),
                         [](const auto& instance) { return instance.param.name; });

}  // namespace
}  // namespace ecr::protocol::cloud
