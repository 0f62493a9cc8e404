#pragma once

#include "tests/daemon/shop/shop.hpp"
#include "tests/support/cutting_relay.hpp"

#include <functional>
#include <iosfwd>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace ecr::test {

/// What a till does while a connection is cut.
enum class story { payment, refund, cancel, scan };
inline constexpr story every_story[]{story::payment, story::refund, story::cancel, story::scan};

[[nodiscard]] const char* name_of(story what);
void PrintTo(story what, std::ostream* out);

/// The relays of a cut_shop: there before the shop, whose bridge is told their ports.
struct relays_of_shop {
    std::unique_ptr<cutting_relay> to_cloud;
    std::unique_ptr<cutting_relay> to_till;
};

/// A shop whose bridge reaches the cloud, and is reached by its tills, through relays that cut.
/// After every story the till, the journal and the cloud's ledger have to agree.
class cut_shop : private relays_of_shop, public shop {
public:
    /// `host`: the cloud's name, or its address.
    explicit cut_shop(const std::string& host = "127.0.0.1");
    ~cut_shop();

    using problem_list = std::vector<std::string>;

    /// Plays a story after `breaks` has broken something. What is wrong; empty: nothing.
    problem_list play(story what, const std::function<void()>& breaks);
    /// Plays a story while the way to the cloud is cut, if at all.
    problem_list cut_cloud(story what, const std::optional<cut>& where);
    /// The same with the till's link. The till comes back and rings again, or asks; after a cut for
    /// good it never does.
    problem_list cut_till(story what, const std::optional<cut>& where);

    [[nodiscard]] cutting_relay& way_to_cloud() { return *to_cloud; }
    [[nodiscard]] cutting_relay& way_to_till() { return *to_till; }

private:
    /// What the till wants, and how its order may be found.
    struct wish {
        std::string number;
        std::string command;
        std::string of{};  // the payment that a refund gives back
        std::int64_t amount = 0;
        bool cancels = false;
        std::size_t pushes_before = 0;
    };

    [[nodiscard]] wish prepare(story what);
    void say_cancel_when_asked(sample_till& till, const wish& w);
    [[nodiscard]] std::string end_of(sample_till& till, milliseconds limit);
    [[nodiscard]] simulator::movements moved(const wish& w);
    void judge_told(const wish& w, const std::string& line);
    void judge_kept(const wish& w, const std::string& when, bool in_the_end);
    void wait_until_it_ends(const wish& w);
    /// Comes back and has the till told how it stands. What it was told; "": nothing.
    std::string come_back(const wish& w, bool rings);
    problem_list end_story(const wish& w);

    int stories_ = 0;
    std::vector<std::string> told_;  // every end of the present order's commands
    problem_list problems_;
};

}  // namespace ecr::test
