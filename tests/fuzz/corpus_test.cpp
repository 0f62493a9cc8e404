// Replays what the fuzzers have found, and the vectors they started from.
#include "tests/fuzz/target.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <ostream>
#include <vector>

namespace ecr::fuzz {

static void PrintTo(const target& t, std::ostream* out)
{
    *out << t.name;
}

namespace {

namespace fs = std::filesystem;

const fs::path corpus = fs::path{ECR_SOURCE_DIR} / "tests/fuzz/corpus";

std::vector<std::uint8_t> bytes_of(const fs::path& file)
{
    std::ifstream in{file, std::ios::binary};
    return {std::istreambuf_iterator<char>{in}, {}};
}

class FuzzCorpusTest : public testing::TestWithParam<target> {};

TEST_P(FuzzCorpusTest, BreaksNoPromise)
{
    const auto& [name, run] = GetParam();
    int files = 0;
    for (const auto& entry : fs::directory_iterator{corpus / name}) {
        SCOPED_TRACE(entry.path().filename().string());
        EXPECT_EQ(run(bytes_of(entry.path())), "");
        ++files;
    }
    EXPECT_GT(files, 0) << "no seeds";
}

TEST_P(FuzzCorpusTest, NothingIsAnInputToo)
{
    EXPECT_EQ(GetParam().run({}), "");
}

INSTANTIATE_TEST_SUITE_P(Targets, FuzzCorpusTest, testing::ValuesIn(targets()),
                         [](const auto& instance) {
                             std::string name{instance.param.name};
                             std::erase(name, '_');
                             return name;
                         });

TEST(FuzzTest, EveryFolderOfTheCorpusHasATarget)
{
    for (const auto& entry : fs::directory_iterator{corpus}) {
        const auto folder = entry.path().filename().string();
        EXPECT_TRUE(std::ranges::any_of(targets(), [&](const target& t) {
            return t.name == folder;
        })) << folder;
    }
}

TEST(FuzzTest, TheCorpusStaysSmall)
{
    std::uintmax_t size = 0;
    for (const auto& entry : fs::recursive_directory_iterator{corpus})
        if (entry.is_regular_file()) size += entry.file_size();
    EXPECT_LT(size, 1'000'000U);
}

}  // namespace
}  // namespace ecr::fuzz
