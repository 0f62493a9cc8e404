// Every place where a connection can end: the way to the cloud and the till's link are cut at every
// record and between, closed, reset or silent, once and for good, while an order runs. The till,
// the journal and the cloud's ledger agree each time.
//
// ECR_EVERY_CUT=1 cuts at every byte, and in every manner at each place.
#include "tests/daemon/shop/cut_shop.hpp"
#include "tests/daemon/shop/failing_lookup.hpp"

#include <gtest/gtest.h>

#include <cstdlib>
#include <iostream>
#include <utility>

namespace ecr::test {
namespace {

constexpr ending every_ending[]{ending::closed, ending::reset, ending::silence};
constexpr std::size_t bytes_between = 64;      // of two cuts inside a record
constexpr std::size_t stories_of_a_shop = 25;  // then another one: what is watched slows it down

bool every_cut()
{
    const char* const set = std::getenv("ECR_EVERY_CUT");
    return set != nullptr && *set != '\0' && *set != '0';
}

/// One after the other, so that all come up with places that follow each other; or all at once.
void add(std::vector<cut>& all, cut where)
{
    const auto turn = all.size();
    for (std::size_t manner = 0; manner < 6; ++manner) {
        if (!every_cut() && manner != turn % 6) continue;
        where.how = every_ending[manner % 3];
        where.for_good = manner >= 3;
        all.push_back(where);
    }
}

/// The end of each TLS record and the bytes beside it, and every 64th byte of each way.
std::vector<cut> cuts_of(const cutting_relay& seen)
{
    std::vector<cut> all;
    for (const auto way : {heading::up, heading::down}) {
        for (std::size_t record = 0; record < seen.records(way); ++record)
            for (const int beyond : {-1, 0, 1})
                add(all, {.way = way, .record = record, .beyond = beyond});
        const auto step = every_cut() ? 1 : bytes_between;
        for (std::size_t after = 0; after < seen.passed(way); after += step)
            add(all, {.way = way, .after = after});
    }
    return all;
}

/// A shop in which not too much has happened yet.
class fresh_shop {
public:
    cut_shop& operator*()
    {
        if (!shop_ || ++stories_ > stories_of_a_shop) {
            shop_.reset();
            shop_ = std::make_unique<cut_shop>();
            stories_ = 1;
        }
        return *shop_;
    }

private:
    std::unique_ptr<cut_shop> shop_;
    std::size_t stories_ = 0;
};

std::string text_of(const std::vector<std::string>& problems)
{
    std::string all;
    for (const auto& each : problems)
        all += "\n  " + each;
    return all;
}

class SoakSocketCutTest : public testing::TestWithParam<story> {
protected:
    void report(const char* what, std::size_t planned, std::size_t cut_through) const
    {
        std::cout << name_of(GetParam()) << ": " << planned << " cuts of " << what << ", "
                  << cut_through << " of them came about\n";
    }
};

TEST_P(SoakSocketCutTest, TheWayToTheCloud)
{
    fresh_shop shops;
    const auto clean = (*shops).cut_cloud(GetParam(), std::nullopt);
    ASSERT_TRUE(clean.empty()) << text_of(clean);
    const auto cuts = cuts_of((*shops).way_to_cloud());
    ASSERT_GE(cuts.size(), 60U);
    std::size_t came_about = 0;
    for (const auto& where : cuts) {
        auto& s = *shops;
        const auto problems = s.cut_cloud(GetParam(), where);
        if (s.way_to_cloud().has_cut()) ++came_about;
        EXPECT_TRUE(problems.empty()) << where.text() << text_of(problems);
        if (HasFailure()) break;
    }
    report("the way to the cloud", cuts.size(), came_about);
    EXPECT_GE(came_about * 10, cuts.size() * 9);
}

/// Every byte of what the till says and of what it is told; every seventh but for payments.
TEST_P(SoakSocketCutTest, TheTillsLink)
{
    fresh_shop shops;
    const auto clean = (*shops).cut_till(GetParam(), std::nullopt);
    ASSERT_TRUE(clean.empty()) << text_of(clean);
    std::size_t planned = 0;
    std::size_t came_about = 0;
    const auto& seen = (*shops).way_to_till();
    for (const auto& [way, size] : {std::pair{heading::up, seen.passed(heading::up)},
                                    std::pair{heading::down, seen.passed(heading::down)}}) {
        ASSERT_GE(size, 40U);
        const std::size_t step = every_cut() || GetParam() == story::payment ? 1 : 7;
        for (std::size_t after = 0; after < size && !HasFailure(); after += step, ++planned) {
            const cut where{.way = way,
                            .after = after,
                            .how = every_ending[after % 2],
                            .for_good = after % 3 == 2};
            auto& s = *shops;
            const auto problems = s.cut_till(GetParam(), where);
            if (s.way_to_till().has_cut()) ++came_about;
            EXPECT_TRUE(problems.empty()) << where.text() << text_of(problems);
        }
    }
    report("the till's link", planned, came_about);
    EXPECT_GE(came_about * 10, planned * 9);
}

INSTANTIATE_TEST_SUITE_P(Stories, SoakSocketCutTest, testing::ValuesIn(every_story),
                         [](const auto& instance) { return name_of(instance.param); });

class UnreachableCloudTest : public testing::TestWithParam<story> {};

/// Nobody listens: nothing is sent, and every till is told that it may ring again.
TEST_P(UnreachableCloudTest, IsNotSentAndSaysSo)
{
    cut_shop s;
    s.way_to_cloud().begin();
    const auto problems =
        s.cut_cloud(GetParam(), cut{.way = heading::up, .how = ending::closed, .for_good = true});
    EXPECT_TRUE(problems.empty()) << text_of(problems);
    const bool refund = GetParam() == story::refund;
    EXPECT_EQ(s.truth().pushes().size(), refund ? 1U : 0U);
    const auto row = s.journal("A1");
    ASSERT_TRUE(row);
    EXPECT_EQ(row->state, GetParam() == story::refund ? row->state : "rejected");
}

/// The cloud's name is not known: at the first look only, or never again.
TEST_P(UnreachableCloudTest, ANameThatIsNotFoundIsNotSent)
{
    for (const bool for_good : {false, true}) {
        cut_shop s{"localhost"};
        (void)s.port_device();  // names are looked up in a thread, which virtual time waits for
        const auto problems = s.play(GetParam(), [&] { fail_lookups(for_good ? 1'000'000 : 1); });
        fail_lookups(0);
        EXPECT_TRUE(problems.empty()) << for_good << text_of(problems);
        EXPECT_GE(lookups_failed(), 1);
        const auto kept = s.journal("A1");
        ASSERT_TRUE(kept);
        if (for_good && GetParam() != story::refund) {
            EXPECT_EQ(s.truth().pushes().size(), 0U);
            EXPECT_EQ(kept->state, "rejected");
        }
    }
}

INSTANTIATE_TEST_SUITE_P(Stories, UnreachableCloudTest, testing::ValuesIn(every_story),
                         [](const auto& instance) { return name_of(instance.param); });

}  // namespace
}  // namespace ecr::test
