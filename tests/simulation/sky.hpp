#pragma once

#include "daemon/cloud/cloud_transport.hpp"
#include "tests/simulation/fate.hpp"
#include "tests/simulator/core.hpp"

#include <memory>
#include <optional>
#include <string>

namespace ecr::simulation {

namespace asio = boost::asio;

/// How often something happens to a request on its way to the cloud, in a thousand.
struct weather {
    int refused = 0;     // no connection: not a byte has left
    int lost = 0;        // it never arrives, and nothing comes back
    int unanswered = 0;  // it arrives, and nothing comes back
    int late = 0;        // it arrives when nobody waits for it any more
    int slow = 0;
    int error_page = 0;  // done or not
    int garbled = 0;     // the answer: no JSON, empty, half of it, wrongly signed
    int lying = 0;       // an enquiry: another amount, another order, old news

    [[nodiscard]] static weather drawn(fate& luck);
};

/// The way to the simulated cloud, and what becomes of requests on it. Belongs to the world: what
/// has left the bridge goes on when the bridge is dead.
class sky {
public:
    sky(simulator::core& cloud, simulator::agenda& wires, fate& luck)
        : cloud_{cloud}, wires_{wires}, luck_{luck}
    {}

    weather now;

    /// The bridge's end.
    [[nodiscard]] std::unique_ptr<daemon::cloud_transport> connect(
        asio::any_io_executor executor, daemon::clock& time,
        const daemon::https_settings& settings);

    /// One request that waits for its answer. Belongs to the bridge.
    struct exchange;

private:
    class transport;

    [[nodiscard]] std::optional<simulator::fault> draw(const std::string& path);
    void carry(simulator::wire_request request, std::weak_ptr<exchange> asker);
    void arrive(const simulator::wire_request& request, std::optional<simulator::fault> what,
                const std::weak_ptr<exchange>& asker);
    void answer(simulator::answer reply, std::optional<simulator::fault> what,
                const std::weak_ptr<exchange>& asker);

    simulator::core& cloud_;
    simulator::agenda& wires_;
    fate& luck_;
};

}  // namespace ecr::simulation
