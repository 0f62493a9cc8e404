#include "protocol/order/state.hpp"

#include <gtest/gtest.h>

#include <array>
#include <ostream>
#include <set>
#include <sstream>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace ecr::protocol {
namespace {

// The promises about money (order numbers, "unknown is not failed", "paid wins"), written out by
// hand a second time. A change of the table has to be made here too, on purpose.
// clang-format off
const char* const table = R"(
    state        send     withdraw   not_sent  refuse    push         doubt
    accepted     sending  cancelled  rejected  -         -            -
    sending      -        -          rejected  rejected  on_terminal  in_doubt
    on_terminal  -        -          -         -         -            in_doubt
    in_doubt     -        -          -         rejected  -            -
    paid         -        -          -         -         -            -
    declined     -        -          -         -         -            -
    cancelled    -        -          -         -         -            -
    expired      -        -          -         -         -            -
    rejected     -        -          -         -         -            -
    unresolved   -        -          -         -         -            -
    resolved     -        -          -         -         -            -

    state        pay   decline   cancel     expire   give_up     learn        resolve
    accepted     paid  -         -          -        -           accepted     -
    sending      paid  declined  -          -        -           sending      -
    on_terminal  paid  declined  cancelled  expired  -           on_terminal  -
    in_doubt     paid  declined  cancelled  expired  unresolved  in_doubt     resolved
    paid         -     -         -          -        -           paid         paid
    declined     paid  -         -          -        -           declined     declined
    cancelled    paid  -         -          -        -           cancelled    cancelled
    expired      paid  -         -          -        -           expired      expired
    rejected     paid  -         -          -        -           rejected     rejected
    unresolved   paid  declined  cancelled  -        -           unresolved   resolved
    resolved     paid  -         -          -        -           resolved     resolved
)";
// clang-format on

std::vector<std::string> words_of(const std::string& line)
{
    std::istringstream text{line};
    std::vector<std::string> words;
    for (std::string word; text >> word;)
        words.push_back(word);
    return words;
}

struct step_case {
    std::string from;
    std::string on;
    std::string to;  // "-": not allowed

    friend void PrintTo(const step_case& c, std::ostream* out)
    {
        *out << c.from << " --" << c.on << "-> " << c.to;
    }
};

std::vector<step_case> steps_of_table()
{
    std::istringstream text{table};
    std::vector<std::string> events;
    std::vector<step_case> steps;
    for (std::string line; std::getline(text, line);) {
        const auto words = words_of(line);
        if (words.empty()) continue;
        if (words.at(0) == "state") {
            events = {words.begin() + 1, words.end()};
            continue;
        }
        for (std::size_t i = 0; i < events.size(); ++i)
            steps.push_back({words.at(0), events[i], words.at(i + 1)});
    }
    return steps;
}

const auto all_states = [] {
    std::vector<order_state> all;
    for (std::size_t i = 1; i <= order_state_count; ++i)
        all.push_back(static_cast<order_state>(i));
    return all;
}();

const auto all_events = [] {
    std::vector<order_event> all;
    for (std::size_t i = 0; i < order_event_count; ++i)
        all.push_back(static_cast<order_event>(i));
    return all;
}();

order_event event_of(const std::string& name)
{
    for (const auto event : all_events)
        if (name_of(event) == name) return event;
    throw std::invalid_argument{"no event " + name};
}

class OrderStateTest : public testing::TestWithParam<step_case> {};

TEST_P(OrderStateTest, StepsAsTheTableSays)
{
    const auto from = order_state_of(GetParam().from);
    const auto on = event_of(GetParam().on);
    const auto step = decide(from, on);
    if (GetParam().to == "-") {
        EXPECT_EQ(step.error(), errc::illegal_transition);
    } else {
        EXPECT_EQ(step.value(), (transition{from, on, order_state_of(GetParam().to)}));
    }
}

INSTANTIATE_TEST_SUITE_P(Table, OrderStateTest, testing::ValuesIn(steps_of_table()),
                         [](const auto& instance) {
                             auto name = instance.param.from + "On" + instance.param.on;
                             std::erase(name, '_');
                             return name;
                         });

TEST(OrderStateTest, TheTableHoldsEveryPairOnce)
{
    std::set<std::pair<std::string, std::string>> pairs;
    for (const auto& step : steps_of_table())
        pairs.emplace(step.from, step.on);
    EXPECT_EQ(steps_of_table().size(), order_state_count * order_event_count);
    EXPECT_EQ(pairs.size(), order_state_count * order_event_count);
}

TEST(OrderStateTest, WhatIsOutsideTheEnumsIsIllegal)
{
    const auto beyond_states = static_cast<order_state>(order_state_count + 1);
    const auto beyond_events = static_cast<order_event>(order_event_count);
    EXPECT_EQ(decide(order_state{}, order_event::pay).error(), errc::illegal_transition);
    EXPECT_EQ(decide(beyond_states, order_event::pay).error(), errc::illegal_transition);
    EXPECT_EQ(decide(order_state::sending, beyond_events).error(), errc::illegal_transition);
}

// --- Names ------------------------------------------------------------------------------------

TEST(OrderStateTest, NamesOfStatesRoundTrip)
{
    std::set<std::string_view> names;
    for (const auto state : all_states) {
        EXPECT_EQ(order_state_of(name_of(state)), state) << name_of(state);
        names.insert(name_of(state));
    }
    EXPECT_EQ(names.size(), order_state_count);
}

TEST(OrderStateTest, NamesOfEventsAreTheirOwn)
{
    std::set<std::string_view> names;
    for (const auto event : all_events)
        names.insert(name_of(event));
    EXPECT_EQ(names.size(), order_event_count);
    EXPECT_FALSE(names.contains("?"));
}

TEST(OrderStateTest, OfAnyOtherNameIsNone)
{
    for (const auto* name : {"", "?", "Paid", "paid ", "refunded"})
        EXPECT_EQ(order_state_of(name), order_state{}) << name;
}

TEST(OrderStateTest, OutsideTheEnumHasNoName)
{
    EXPECT_EQ(name_of(order_state{}), "?");
    EXPECT_EQ(name_of(static_cast<order_state>(order_state_count + 1)), "?");
    EXPECT_EQ(name_of(static_cast<order_event>(order_event_count)), "?");
}

// The journal holds these numbers.
TEST(OrderStateTest, NumbersNeverChange)
{
    const std::array<std::string_view, order_state_count> names{
        "accepted",  "sending", "on_terminal", "in_doubt",   "paid",    "declined",
        "cancelled", "expired", "rejected",    "unresolved", "resolved"};
    for (std::size_t i = 0; i < names.size(); ++i)
        EXPECT_EQ(static_cast<std::size_t>(order_state_of(names[i])), i + 1) << names[i];
}

// --- Ends -------------------------------------------------------------------------------------

TEST(OrderStateTest, FinalStatesAreThoseATillIsToldAsAnEnd)
{
    const std::set<std::string> final{"paid",    "declined", "cancelled",
                                      "expired", "rejected", "resolved"};
    for (const auto state : all_states)
        EXPECT_EQ(is_final(state), final.contains(std::string{name_of(state)})) << name_of(state);
    EXPECT_FALSE(is_final(order_state{}));
}

TEST(OrderStateTest, LateIsPaidAfterAnotherEnd)
{
    const std::set<std::string> ends{"declined", "cancelled", "expired", "rejected", "resolved"};
    for (const auto from : all_states) {
        for (const auto on : all_events) {
            const auto step = decide(from, on);
            if (!step) continue;
            const bool late = ends.contains(std::string{name_of(from)}) && on == order_event::pay;
            EXPECT_EQ(is_late(*step), late) << name_of(from) << " " << name_of(on);
        }
    }
}

// From wherever an order is, enough enquiries end it, or a human does.
TEST(OrderStateTest, NoStateIsATrap)
{
    for (const auto state : all_states)
        if (state != order_state::paid) {
            EXPECT_EQ(decide(state, order_event::pay).value().to, order_state::paid);
        }
}

}  // namespace
}  // namespace ecr::protocol
