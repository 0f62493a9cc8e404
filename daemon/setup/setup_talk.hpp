#pragma once

#include "daemon/setup/setup_plan.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace ecr::daemon {

struct setup_choice {
    std::string word;
    std::string about;
};

/// One question to a person.
struct setup_question {
    std::string text;
    std::vector<std::string> notes = {};     // what to know before, a line each
    std::vector<setup_choice> choices = {};  // answered by word or number, from 1; empty: free text
    std::string proposal = {};               // what an empty answer means
    bool secret = false;                     // the answer is not to be shown
};

/// What the machine has.
struct setup_surroundings {
    std::vector<std::string> serial_ports;  // stable names first
    bool key_is_stored = false;             // a client key is already where it belongs
    bool key_is_given = false;              // it has come another way
    bool virtual_ports = true;              // the system has them without a driver
};

/// The conversation that leads from nothing to a configuration. Pure: it gives a question, takes an
/// answer, and gives the next. What the plan says at the start is not asked about: each setting of
/// the account, the terminals as a whole, the links as a whole.
class setup_talk {
public:
    setup_talk(setup_plan start, setup_surroundings around);

    /// What to ask next; nothing: all is known.
    [[nodiscard]] std::optional<setup_question> next() const;

    /// Takes an answer to that. Gives why it cannot be, and then the question stands; empty: taken.
    [[nodiscard]] std::string answer(std::string_view text);

    [[nodiscard]] const setup_plan& plan() const noexcept { return state_.plan; }
    /// The key that was typed; empty: none, or it is stored already.
    [[nodiscard]] const std::string& client_key() const noexcept { return state_.client_key; }

    /// What the questions are made from, and the answers go into.
    struct state {
        setup_plan plan;
        setup_surroundings around;
        std::string client_key;
        bool asks_terminals = true;
        bool asks_links = true;
        bool again = false;  // the answer was "one more"

        [[nodiscard]] std::size_t terminal() const { return plan.count("terminal") - 1; }
        [[nodiscard]] std::size_t link() const { return plan.count("link") - 1; }
    };

private:
    void go_to_wanted();

    state state_;
    std::size_t topic_ = 0;
};

/// Why a text cannot be a client key; empty: it can be.
[[nodiscard]] std::string key_problem(std::string_view key);

/// The word behind an answer to a question with choices; nothing: it is none of them.
[[nodiscard]] std::optional<std::string> chosen(const setup_question& question,
                                                std::string_view answer);

}  // namespace ecr::daemon
