// What the doctor says, in each language.
#include "daemon/doctor/finding.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <set>

namespace ecr::daemon::doctor {
namespace {

constexpr language languages[] = {language::en, language::zh_hans, language::zh_hant};

std::vector<symptom> all_symptoms()
{
    std::vector<symptom> all;
    for (std::size_t i = 0; i < symptoms_count; ++i)
        all.push_back(static_cast<symptom>(i));
    return all;
}

/// The numbers in braces. Anything else in braces is a failure.
std::set<char> places_in(std::string_view text)
{
    std::set<char> found;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] != '{') continue;
        EXPECT_TRUE(i + 2 < text.size() && text[i + 1] >= '0' && text[i + 1] <= '9' &&
                    text[i + 2] == '}')
            << text;
        if (i + 1 < text.size()) found.insert(text[i + 1]);
    }
    return found;
}

std::string printed(const testing::TestParamInfo<symptom>& instance)
{
    return std::string{name_of(instance.param)};
}

class DoctorTextTest : public testing::TestWithParam<symptom> {};

TEST_P(DoctorTextTest, IsSaidInEveryLanguage)
{
    for (const auto in : languages) {
        const auto& text = text_of(GetParam(), in);
        EXPECT_EQ(text.what, GetParam()) << tag_of(in);
        EXPECT_FALSE(text.reason.empty()) << tag_of(in);
    }
    EXPECT_NE(title_of(topic_of(GetParam()), language::en), "");
}

TEST_P(DoctorTextTest, ComesWithACureUnlessAllIsWell)
{
    const bool is_fine = verdict_of(GetParam()) == verdict::fine;
    for (const auto in : languages)
        EXPECT_EQ(text_of(GetParam(), in).cure.empty(), is_fine) << tag_of(in);
}

TEST_P(DoctorTextTest, ShowsTheSameValuesInEveryLanguage)
{
    const auto& english = text_of(GetParam(), language::en);
    for (const auto in : languages) {
        const auto& text = text_of(GetParam(), in);
        EXPECT_EQ(places_in(text.reason), places_in(english.reason)) << tag_of(in);
        EXPECT_EQ(places_in(text.cure), places_in(english.cure)) << tag_of(in);
    }
}

INSTANTIATE_TEST_SUITE_P(All, DoctorTextTest, testing::ValuesIn(all_symptoms()), printed);

TEST(DoctorTextTest, NamesOfSymptomsDiffer)
{
    std::set<std::string_view> names;
    for (const auto what : all_symptoms())
        EXPECT_TRUE(names.insert(name_of(what)).second) << name_of(what);
}

TEST(DoctorTextTest, ValuesAreFilledInAsTheyAre)
{
    const finding found{symptom::config_mistake, {"/etc/{1}", "12", "what {0} is"}};
    EXPECT_EQ(reason_of(found, language::en), "/etc/{1}, line 12: what {0} is");
    EXPECT_EQ(reason_of(found, language::zh_hans), "/etc/{1} 第 12 行：what {0} is");
}

TEST(DoctorTextTest, TheLanguageComesFromATagOrALocale)
{
    EXPECT_EQ(language_of_locale("zh-Hans"), language::zh_hans);
    EXPECT_EQ(language_of_locale("zh-Hant"), language::zh_hant);
    EXPECT_EQ(language_of_locale("zh_CN.UTF-8"), language::zh_hans);
    EXPECT_EQ(language_of_locale("zh_HK.UTF-8"), language::zh_hant);
    EXPECT_EQ(language_of_locale("zh_TW"), language::zh_hant);
    EXPECT_EQ(language_of_locale("C.UTF-8"), language::en);
    EXPECT_EQ(language_of_locale(""), language::en);
}

}  // namespace
}  // namespace ecr::daemon::doctor
