#include "protocol/cloud/region.hpp"

#include <gtest/gtest.h>

#include <ostream>

namespace ecr::protocol::cloud {
namespace {

struct region_case {
    std::string name;
    std::string base_url;
    bool settles;

    friend void PrintTo(const region_case& c, std::ostream* out) { *out << c.name; }
};

class RegionTest : public testing::TestWithParam<region_case> {};

TEST_P(RegionTest, HasTheHostOfTheContract)
{
    EXPECT_EQ(base_url_of(GetParam().name), GetParam().base_url);
}

TEST_P(RegionTest, IsNamedInMessages)
{
    EXPECT_NE((", " + region_names() + ",").find(", " + GetParam().name + ","), std::string::npos);
}

TEST_P(RegionTest, SaysWhetherMoneyArrives)
{
    for (const auto& each : regions()) {
        if (each.name == GetParam().name) {
            EXPECT_EQ(each.settles, GetParam().settles);
        }
    }
}

// clang-format off
const region_case region_cases[] = {
    {"hk",       "https://openapi-hk.qfapi.com",       true},
    {"hk-test",  "https://test-openapi-hk.qfapi.com",  false},
    {"sandbox",  "https://openapi-int.qfapi.com",      false},
    {"cn",       "https://openapi.qfpay.com",          true},
    {"cn-test",  "https://openapi-test.qfpay.com",     false},
    {"jp",       "https://openapi-jp.qfapi.com",       true},
    {"th",       "https://openapi-th.qfapi.com",       true},
    {"th-test",  "https://test-openapi-th.qfapi.com",  false},
    {"ae",       "https://openapi-db.qfapi.com",       true},
    {"ae-test",  "https://test-openapi-db.qfapi.com",  false},
    {"db",       "https://openapi-db.qfapi.com",       true},
    {"db-test",  "https://test-openapi-db.qfapi.com",  false},
    {"sg",       "https://openapi-sg.qfapi.com",       true},
    {"sg-test",  "https://test-openapi-sg.qfapi.com",  false},
    {"my",       "https://openapi-sg.qfapi.com",       true},
    {"my-test",  "https://test-openapi-sg.qfapi.com",  false},
    {"ca",       "https://openapi-sg.qfapi.com",       true},
    {"ca-test",  "https://test-openapi-sg.qfapi.com",  false},
    {"ph",       "https://openapi-sg.qfapi.com",       true},
    {"ph-test",  "https://test-openapi-sg.qfapi.com",  false},
    {"id",       "https://openapi-id.qfapi.com",       true},
    {"id-test",  "https://test-openapi-id.qfapi.com",  false},
    {"eur",      "https://openapi-eur.qfapi.com",      true},
    {"eur-test", "https://test-openapi-eur.qfapi.com", false},
};
// clang-format on

INSTANTIATE_TEST_SUITE_P(Contract, RegionTest, testing::ValuesIn(region_cases),
                         [](const auto& instance) {
                             auto name = instance.param.name;
                             std::erase(name, '-');
                             return name;
                         });

TEST(RegionTest, AllAreInTheTable)
{
    EXPECT_EQ(regions().size(), std::size(region_cases));
}

TEST(RegionTest, UnknownNamesHaveNone)
{
    for (const auto* name : {"", "HK", "hk ", "jp-test", "zz", "hk-"})
        EXPECT_EQ(base_url_of(name), std::nullopt) << name;
}

}  // namespace
}  // namespace ecr::protocol::cloud
