#pragma once

#include "daemon/cloud/cloud_transport.hpp"
#include "tests/simulator/core.hpp"

#include <functional>
#include <memory>
#include <optional>
#include <string>

namespace ecr::simulation {

namespace asio = boost::asio;
using std::chrono::milliseconds;

/// What becomes of one request.
struct passage {
    bool refused = false;  // no connection: not a byte has left
    std::optional<simulator::fault> what{};
    milliseconds out{20};  // on the way to the cloud, or until it is refused
    milliseconds back{20};
    /// Something on the way sends it once more, so much later.
    std::optional<milliseconds> again{};
    bool second_is_answered = false;  // then the bridge hears that answer, and not the first
};

/// The way to the simulated cloud, and what becomes of requests on it. Belongs to the world: what
/// has left the bridge goes on when the bridge is dead.
class sky {
public:
    using judge = std::function<passage(const std::string& path)>;

    sky(simulator::core& cloud, simulator::agenda& wires, judge draw)
        : cloud_{cloud}, wires_{wires}, draw_{std::move(draw)}
    {}

    /// The bridge's end.
    [[nodiscard]] std::unique_ptr<daemon::cloud_transport> connect(
        asio::any_io_executor executor, daemon::clock& time,
        const daemon::https_settings& settings);

    /// Requests that arrived once more.
    [[nodiscard]] std::size_t repeated() const { return repeated_; }

    /// One request that waits for its answer. Belongs to the bridge.
    struct exchange;

private:
    class transport;

    void carry(simulator::wire_request request, passage how, std::weak_ptr<exchange> asker);
    void repeat(const simulator::wire_request& request, const passage& how,
                const std::weak_ptr<exchange>& asker);
    void arrive(const simulator::wire_request& request, passage how,
                const std::weak_ptr<exchange>& asker);
    void answer(simulator::answer reply, std::optional<simulator::fault> what,
                const std::weak_ptr<exchange>& asker);

    simulator::core& cloud_;
    simulator::agenda& wires_;
    judge draw_;
    std::size_t repeated_ = 0;
};

}  // namespace ecr::simulation
