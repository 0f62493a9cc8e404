#include "tests/store/story.hpp"

#include "tests/store/other_program.hpp"
#include "tests/store/sample_order.hpp"

#include <gtest/gtest.h>

#include <array>
#include <limits>

namespace ecr::store {
namespace {

using namespace protocol;

constexpr std::size_t verbs_per_order = 4;
constexpr auto states = std::to_array<order_state>(
    {order_state::accepted, order_state::sending, order_state::on_terminal, order_state::paid});
constexpr auto events = std::to_array<order_event>(
    {order_event::learn, order_event::send, order_event::push, order_event::pay});
static_assert(states.size() == verbs_per_order && events.size() == verbs_per_order);

[[nodiscard]] std::string number_of(std::size_t order)
{
    return "A" + std::to_string(order);
}

[[nodiscard]] timestamp time_of(std::size_t verb)
{
    return at(static_cast<std::int64_t>(verb));
}

void expect_history(journal& in, std::size_t order, std::size_t steps)
{
    const auto history = in.steps_of(number_of(order));
    ASSERT_TRUE(history.has_value()) << history.error().message();
    ASSERT_EQ(history->size(), steps) << number_of(order);
    for (std::size_t i = 0; i < steps; ++i) {
        const auto from = i == 0 ? states[0] : states[i - 1];
        const order_step expected{from, events[i], states[i], std::string{name_of(events[i])},
                                  time_of(order * verbs_per_order + i)};
        EXPECT_EQ((*history)[i], expected) << number_of(order) << " step " << i;
    }
}

}  // namespace

error_code perform(journal& on, std::size_t n)
{
    const auto number = number_of(n / verbs_per_order);
    const auto verb = n % verbs_per_order;
    if (verb == 0) return on.add(new_order(number, time_of(n)), name_of(events[0]));
    const transition step{states[verb - 1], events[verb], states[verb]};
    return on.advance(number, step, name_of(events[verb]), time_of(n));
}

std::size_t verbs_kept(const std::filesystem::path& path)
{
    return static_cast<std::size_t>(ask(path, "SELECT count(*) FROM steps"));
}

void expect_story(journal& in, std::size_t kept)
{
    EXPECT_EQ(in.integrity().value(), "");
    const auto orders = in.list({.limit = std::numeric_limits<int>::max()});
    ASSERT_TRUE(orders.has_value()) << orders.error().message();
    ASSERT_EQ(orders->size(), (kept + verbs_per_order - 1) / verbs_per_order);
    for (std::size_t i = 0; i < orders->size(); ++i) {
        const auto& order = (*orders)[orders->size() - 1 - i];  // the list is newest first
        const auto steps = std::min(verbs_per_order, kept - i * verbs_per_order);
        ASSERT_EQ(order.out_trade_no, number_of(i));
        ASSERT_EQ(order.state, states[steps - 1]) << order.out_trade_no;
        ASSERT_EQ(order.sent_at.has_value(), steps > 1) << order.out_trade_no;
        ASSERT_EQ(order.final_at.has_value(), steps == verbs_per_order) << order.out_trade_no;
        // Of old orders the last look was as good as this one.
        if (i + 8 > orders->size()) expect_history(in, i, steps);
    }
}

}  // namespace ecr::store
