#pragma once

#include "daemon/setup/setup_talk.hpp"

#include <span>

namespace ecr::daemon {

/// One question of the conversation.
struct setup_topic {
    /// False: it is passed over.
    bool (*wanted)(const setup_talk::state&) = nullptr;
    setup_question (*ask)(const setup_talk::state&) = nullptr;
    /// The answer is a word when the question has choices. Gives why it cannot be; empty: taken.
    std::string (*take)(setup_talk::state&, const std::string&) = nullptr;
    /// How many topics back "one more" goes.
    std::size_t back = 0;
};

/// All of them, in the order in which they are asked: first these, then those.
[[nodiscard]] std::span<const setup_topic> account_topics() noexcept;
[[nodiscard]] std::span<const setup_topic> link_topics() noexcept;

/// An answer that may be left out. Gives why it cannot be; empty: taken.
[[nodiscard]] inline std::string maybe_put(setup_talk::state& s, std::string_view name,
                                           std::string_view key, const std::string& answer,
                                           std::size_t index = 0)
{
    return answer.empty() ? std::string{} : s.plan.try_put(name, key, answer, index);
}

/// Takes "yes" or "no" to "one more?".
[[nodiscard]] std::string take_one_more(setup_talk::state& s, const std::string& answer);

}  // namespace ecr::daemon
