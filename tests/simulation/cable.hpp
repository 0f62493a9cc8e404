#pragma once

#include "daemon/link/byte_channel.hpp"
#include "daemon/link/links.hpp"
#include "tests/simulation/fate.hpp"
#include "tests/simulator/agenda.hpp"
#include "tests/support/till_wire.hpp"

#include <functional>
#include <map>
#include <memory>
#include <string>

namespace ecr::simulation {

/// What lies between a till and the bridge: bytes take their time, arrive in pieces and in order,
/// or not at all. Belongs to the world: it outlives the bridge and the till.
class cable : public std::enable_shared_from_this<cable> {
public:
    /// Without luck everything arrives whole, after 5 ms.
    cable(simulator::agenda& wires, fate* luck) : wires_{wires}, luck_{luck} {}

    /// Of a thousand messages either way so many lose, double or change a byte: a serial line.
    int noise = 0;

    void to_bridge(std::string bytes);
    void to_till(std::string bytes);
    /// The till has finished in good order: the bridge hears of it behind the last byte.
    void till_finishes();
    /// The bridge has: likewise.
    void bridge_finishes();
    /// One end is gone: what is on its way is lost, and the other end may hear of it.
    void cut(bool told);

    [[nodiscard]] bool is_cut() const { return cut_; }
    [[nodiscard]] bool all_arrived() const { return !cut_ && on_the_way_to_till_ == 0; }

    // The till's end.
    std::function<void(std::string_view)> till_hears;
    std::function<void()> till_left_alone;

    // The bridge's end.
    std::string arrived;    // and not read yet
    bool finished = false;  // nothing more will come
    bool broken = false;    // the bridge has been told that the line is dead
    std::function<void()> bridge_wakes;

private:
    void deliver_to_bridge(const std::string& bytes);
    void disturb(std::string& bytes);
    [[nodiscard]] milliseconds arrival(milliseconds& last);
    void later(milliseconds at, std::function<void(cable&)> then);

    simulator::agenda& wires_;
    fate* luck_;
    bool cut_ = false;
    std::size_t on_the_way_to_till_ = 0;
    milliseconds last_to_bridge_{};
    milliseconds last_to_till_{};
};

/// A till's end of a cable.
class memory_wire final : public test::till_wire {
public:
    explicit memory_wire(std::shared_ptr<cable> line);
    ~memory_wire() override;

    void send(std::string bytes) override { line_->to_bridge(std::move(bytes)); }
    void hang_up() override;
    /// As a till whose power is cut: nobody is told.
    void go_dark()
    {
        over_ = true;
        line_->cut(false);
    }
    [[nodiscard]] bool over() const override { return over_; }
    [[nodiscard]] bool over_in_order() const override { return left_alone_; }

    /// Called after what has arrived was heard.
    void on_news(std::function<void()> then) { news_ = std::move(then); }
    void on_end(std::function<void()> then) { end_ = std::move(then); }

private:
    std::shared_ptr<cable> line_;
    bool over_ = false;
    bool left_alone_ = false;  // by the bridge
    std::function<void()> news_;
    std::function<void()> end_;
};

class memory_link;

/// Where tills find the links of the bridge that runs; there may be none.
class link_hub {
public:
    /// Nothing: there is no such link now.
    [[nodiscard]] std::unique_ptr<memory_wire> connect(const std::string& link,
                                                       simulator::agenda& wires, fate* luck);
    /// Makes the links of a bridge.
    [[nodiscard]] std::unique_ptr<daemon::till_link> open(const daemon::link_config& config,
                                                          daemon::till_desk& desk);
    /// See cable::noise; of all cables of this link from now on.
    void make_noisy(const std::string& link, int per_mille) { noise_[link] = per_mille; }
    /// The bridge is gone, all at once.
    void power_off();

private:
    friend class memory_link;
    std::map<std::string, memory_link*> links_;
    std::vector<std::weak_ptr<cable>> cables_;
    std::map<std::string, int> noise_;
};

}  // namespace ecr::simulation
