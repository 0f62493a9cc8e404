#include "protocol/cloud/trade_api.hpp"
#include "tests/protocol/cloud/data_file.hpp"

#include <gtest/gtest.h>

#include <ostream>
#include <string>
#include <vector>

/// What a damaged answer of /trade may be taken for: less than it said, never more.
namespace ecr::protocol::cloud {
namespace {

using namespace std::string_literals;

struct span {
    std::size_t begin = std::string::npos;
    std::size_t end = std::string::npos;  // one past the last byte

    [[nodiscard]] bool holds(std::size_t at) const { return begin <= at && at < end; }
};

// Where a pair stands: name, colon and value. In a list the envelope's code comes first and the
// row's last; a flat answer has one.
span pair_at(const std::string& body, std::size_t begin)
{
    if (begin == std::string::npos) return {};
    return {begin, body.find_first_of(",}", begin)};
}

// Those that mean something in JSON or in a number, and a few that mean nothing.
const std::string wrong_bytes = "\"\\{}[]:, 0129.*-ex\x00\x7f\xff"s;

struct sample {
    std::string name;
    std::string body;

    friend void PrintTo(const sample& s, std::ostream* out) { *out << s.name; }
};

std::vector<sample> samples()
{
    std::vector<sample> all;
    for (const auto* folder : {"seed_trade_samples", "own_trade_samples"})
        for (const auto& file : samples_in(folder)) {
            auto name = file.substr(file.find('/') + 1);
            name.erase(name.find('.'));
            std::erase(name, '_');
            all.push_back({(folder[0] == 's' ? "published" : "own") + name, data_file(file)});
        }
    return all;
}

class TradeMutationTest : public testing::TestWithParam<sample> {
protected:
    [[nodiscard]] const std::string& body() const { return GetParam().body; }

    // What a body with another byte at `at`, or without it, may say.
    void expect_no_more(const std::string& mutated, std::size_t at) const
    {
        if (original_list_.has_data)
            expect_no_longer_list(mutated, at);
        else
            expect_no_better_answer(mutated, at);
    }

private:
    void expect_no_better_answer(const std::string& mutated, std::size_t at) const
    {
        const auto answer = read_trade_answer(mutated);
        if (!answer) {
            EXPECT_EQ(answer.error(), errc::bad_json);
            return;
        }
        if (!first_code_.holds(at)) {
            EXPECT_EQ(answer->respcd, original_.respcd);
        }
        if (!amount_.holds(at)) {
            EXPECT_TRUE(answer->txamt == original_.txamt || !answer->txamt);
        }
    }

    void expect_no_longer_list(const std::string& mutated, std::size_t at) const
    {
        const auto list = read_trade_list(mutated);
        if (!list) {
            EXPECT_EQ(list.error(), errc::bad_json);
            return;
        }
        if (!first_code_.holds(at)) {
            EXPECT_EQ(list->respcd, original_list_.respcd);
        }
        ASSERT_LE(list->rows.size(), std::max<std::size_t>(original_list_.rows.size(), 1));
        if (list->rows.empty()) return;
        if (original_list_.rows.empty()) {  // "[]" became "[0]" or the like
            EXPECT_EQ(list->rows[0].respcd, "");
            return;
        }
        const auto& row = list->rows[0];
        const auto& original = original_list_.rows[0];
        if (!last_code_.holds(at)) {
            EXPECT_TRUE(row.respcd == original.respcd || row.respcd.empty()) << row.respcd;
        }
        if (!amount_.holds(at)) {
            EXPECT_TRUE(row.txamt == original.txamt || !row.txamt);
        }
    }

    const trade_answer original_ = read_trade_answer(body()).value();
    const trade_list original_list_ = read_trade_list(body()).value();
    const span first_code_ = pair_at(body(), body().find("\"respcd\""));
    const span last_code_ = pair_at(body(), body().rfind("\"respcd\""));
    const span amount_ = pair_at(body(), body().rfind("\"txamt\""));
};

TEST_P(TradeMutationTest, NoPieceOfAnAnswerIsAnAnswer)
{
    const auto whole = body().rfind('}');
    for (std::size_t size = 0; size <= whole; ++size) {
        const auto piece = std::string_view{body()}.substr(0, size);
        ASSERT_EQ(read_trade_answer(piece).error(), errc::bad_json) << size;
        ASSERT_EQ(read_trade_list(piece).error(), errc::bad_json) << size;
        ASSERT_EQ(read_settlement(piece).error(), errc::bad_json) << size;
    }
}

TEST_P(TradeMutationTest, NoOtherByteMakesAnAnswerSayMore)
{
    auto mutated = body();
    for (std::size_t at = 0; at < mutated.size(); ++at) {
        const char right = mutated[at];
        for (const char wrong : wrong_bytes) {
            if (wrong == right) continue;
            mutated[at] = wrong;
            expect_no_more(mutated, at);
        }
        ASSERT_FALSE(HasFailure()) << "byte " << at << " of " << body();
        mutated[at] = right;
    }
}

TEST_P(TradeMutationTest, NoMissingByteMakesAnAnswerSayMore)
{
    for (std::size_t at = 0; at < body().size(); ++at) {
        auto mutated = body();
        expect_no_more(mutated.erase(at, 1), at);
        ASSERT_FALSE(HasFailure()) << "byte " << at << " of " << body();
    }
}

// What the order of a settlement's fields is read with must not break where the other reader
// does not.
TEST_P(TradeMutationTest, ASettlementIsReadWhereAnAnswerIs)
{
    for (std::size_t at = 0; at < body().size(); ++at) {
        auto mutated = body();
        mutated[at] = ':';
        ASSERT_EQ(read_settlement(mutated).has_value(), read_trade_answer(mutated).has_value());
    }
}

INSTANTIATE_TEST_SUITE_P(Samples, TradeMutationTest, testing::ValuesIn(samples()),
                         [](const auto& instance) { return instance.param.name; });

}  // namespace
}  // namespace ecr::protocol::cloud
