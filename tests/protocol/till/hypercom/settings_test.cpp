#include "tests/protocol/till/hypercom/hypercom_till.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

using namespace ecr::protocol;
using namespace ecr::protocol::till::hypercom;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

namespace {

TEST(HypercomSettingsTest, TheDefaultsAreGood)
{
    EXPECT_THAT(faults_of({}), IsEmpty());
    EXPECT_THAT(faults_of({.terminal_id = "12345678",
                           .merchant_id = "123456789012345",
                           .merchant_name = std::string(69, 'x')}),
                IsEmpty());
}

TEST(HypercomSettingsTest, EachFaultIsNamed)
{
    EXPECT_THAT(faults_of({.repeat_after = std::chrono::milliseconds{499}}),
                ElementsAre(HasSubstr("repeat_after")));
    EXPECT_THAT(faults_of({.repeat_after = std::chrono::seconds{31}}),
                ElementsAre(HasSubstr("repeat_after")));
    EXPECT_THAT(faults_of({.response_tries = 0}), ElementsAre(HasSubstr("response_tries")));
    EXPECT_THAT(faults_of({.response_tries = 11}), ElementsAre(HasSubstr("response_tries")));
    EXPECT_THAT(faults_of({.terminal_id = "123456789"}), ElementsAre(HasSubstr("terminal_id")));
    EXPECT_THAT(faults_of({.merchant_id = "\x03"}), ElementsAre(HasSubstr("merchant_id")));
    EXPECT_THAT(faults_of({.merchant_name = std::string(70, 'x')}),
                ElementsAre(HasSubstr("merchant_name")));
    EXPECT_THAT(faults_of({.wallets = {{"1", channel::wx}}}), ElementsAre(HasSubstr("'1'")));
    EXPECT_THAT(faults_of({.wallets = {{"1 ", channel::wx}}}), ElementsAre(HasSubstr("'1 '")));
    EXPECT_THAT(faults_of({.wallets = {{"01", channel::wx}, {"01", channel::fps}}}),
                ElementsAre(HasSubstr("twice")));
}

TEST(HypercomSettingsTest, AllFaultsAreNamedAtOnce)
{
    EXPECT_EQ(faults_of({.response_tries = 0, .terminal_id = "123456789"}).size(), 2U);
}

}  // namespace
