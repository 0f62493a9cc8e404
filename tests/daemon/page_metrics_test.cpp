// The text that Prometheus reads, to the letter. tests/page/ has promtool read the whole of it.
#include "daemon/page/metrics_text.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace ecr::daemon {
namespace {

using testing::HasSubstr;

TEST(MetricsTextTest, ASampleHasItsLabels)
{
    metrics_text out;
    out.family("orders", metrics_text::kind::gauge, "Orders.");
    out.sample(3, {{"state", "paid"}, {"till", "1"}});
    out.sample(0);
    EXPECT_EQ(out.take(),
              "# HELP ecrbridge_orders Orders.\n# TYPE ecrbridge_orders gauge\n"
              "ecrbridge_orders{state=\"paid\",till=\"1\"} 3\necrbridge_orders 0\n");
}

TEST(MetricsTextTest, AFractionIsExact)
{
    metrics_text out;
    out.family("x", metrics_text::kind::gauge, "X.");
    out.sample(-0.013);
    EXPECT_THAT(out.take(), HasSubstr("ecrbridge_x -0.013\n"));
}

TEST(MetricsTextTest, WhatALabelHoldsEndsNoLine)
{
    metrics_text out;
    out.family("x", metrics_text::kind::counter, "X.");
    out.sample(1, {{"link", "a\"b\\c\nd"}});
    EXPECT_THAT(out.take(), HasSubstr("ecrbridge_x{link=\"a\\\"b\\\\c\\nd\"} 1\n"));
}

TEST(MetricsTextTest, AHistogramIsCumulated)
{
    using std::chrono::milliseconds;
    duration_counts counts;
    for (const auto took : {0, 10, 11, 2'500, 900'000})
        counts.add(milliseconds{took});
    metrics_text out;
    out.family("t", metrics_text::kind::histogram, "T.");
    out.sample(counts, {{"kind", "payment"}});
    const auto text = out.take();
    EXPECT_THAT(text, HasSubstr("ecrbridge_t_bucket{kind=\"payment\",le=\"0.01\"} 2\n"));
    EXPECT_THAT(text, HasSubstr("ecrbridge_t_bucket{kind=\"payment\",le=\"0.025\"} 3\n"));
    EXPECT_THAT(text, HasSubstr("ecrbridge_t_bucket{kind=\"payment\",le=\"1\"} 3\n"));
    EXPECT_THAT(text, HasSubstr("ecrbridge_t_bucket{kind=\"payment\",le=\"2.5\"} 4\n"));
    EXPECT_THAT(text, HasSubstr("ecrbridge_t_bucket{kind=\"payment\",le=\"300\"} 4\n"));
    EXPECT_THAT(text, HasSubstr("ecrbridge_t_bucket{kind=\"payment\",le=\"+Inf\"} 5\n"));
    EXPECT_THAT(text, HasSubstr("ecrbridge_t_sum{kind=\"payment\"} 902.521\n"));
    EXPECT_THAT(text, HasSubstr("ecrbridge_t_count{kind=\"payment\"} 5\n"));
}

}  // namespace
}  // namespace ecr::daemon
