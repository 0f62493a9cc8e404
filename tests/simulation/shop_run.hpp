#pragma once

#include "tests/simulation/checker.hpp"
#include "tests/simulation/till_model.hpp"
#include "tests/simulation/weather.hpp"

#include <boost/asio/io_context.hpp>

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

namespace ecr::simulation {

namespace asio = boost::asio;

/// A shop as its seed makes it.
struct shop_plan {
    std::uint64_t seed = 0;
    int tills = 1;
    int terminals = 1;
    milliseconds open_for{};
    timestamp start{};
    weather sky{};
    int crashes = 0;            // of the bridge, while the shop is open
    int clock_jumps = 0;        // of the PC's clock
    bool sluggish = false;      // shoppers who take their time, change their mind, walk away
    int disk_troubles = 0;      // the disk is full, or fails, for a while
    bool told_unasked = false;  // QFPay sends notifications; some are late, forged or untrue
    int noise = 0;              // of a thousand messages on serial lines, those that suffer
    bool months_off = false;    // for weeks nobody switches the PC on

    [[nodiscard]] static shop_plan drawn(std::uint64_t seed);
    /// For people: "seed 7: 3 tills, 2 terminals, 20 min, …".
    [[nodiscard]] std::string text() const;
};

/// What came of a run.
struct shop_report {
    std::vector<std::string> problems;  // empty: the promise was kept
    std::size_t orders = 0;
    std::size_t paid = 0;
    std::size_t late = 0;
    std::size_t for_the_operator = 0;
    std::size_t statements = 0;
    int crashes = 0;
    int journal_failures = 0;  // the bridge ended because of its disk, or could not start
    std::size_t doubled = 0;   // requests that arrived twice
    std::size_t hints = 0;     // notifications
    milliseconds simulated{};
    std::uint64_t digest = 0;  // of everything that tills were told: equal seeds, equal digests
    std::vector<std::string> story;  // when asked for
};

/// A whole shop in one thread without a socket: the real bridge with its journal, the simulated
/// cloud, tills, and everything between them that can go wrong, as the seed says.
[[nodiscard]] shop_report run_shop(const shop_plan& plan, bool with_story = false);

}  // namespace ecr::simulation
