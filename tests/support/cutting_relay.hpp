#pragma once

#include <boost/asio/any_io_executor.hpp>

#include <cstddef>
#include <cstdint>
#include <iosfwd>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace ecr::test {

/// Which way bytes go: up, from who has connected to whom the relay leads to; or down.
enum class heading { up, down };

/// What happens to a connection.
enum class ending {
    closed,   // both ends are closed in order
    reset,    // both ends get a TCP reset
    silence,  // both stay open, and nothing passes any more
};

/// Where and how a relay cuts. Bytes and TLS records count from begin() on, over all connections.
struct cut {
    heading way{};
    std::size_t after = 0;  // so many bytes of that way still pass
    /// Instead: the end of this TLS record of that way, from 0, and so many bytes beyond it.
    std::optional<std::size_t> record{};
    int beyond = 0;
    ending how{};
    bool for_good = false;  // those who connect later find the same, or nobody who listens

    [[nodiscard]] std::string text() const;
};

void PrintTo(const cut& c, std::ostream* out);

/// A relay on the loopback, between two that speak TCP, which cuts a connection at any byte.
/// Belongs to the one thread that runs its executor.
class cutting_relay {
public:
    /// Listens on any free port and leads to this one. Throws boost::system::system_error.
    cutting_relay(boost::asio::any_io_executor executor, std::uint16_t leads_to);
    ~cutting_relay();
    cutting_relay(const cutting_relay&) = delete;
    cutting_relay& operator=(const cutting_relay&) = delete;

    [[nodiscard]] std::uint16_t port() const;

    /// Ends the connections that stand, counts from nothing, and cuts where it is told, if at all.
    void begin(std::optional<cut> where = std::nullopt);
    /// From now on everything passes. What was cut stays cut.
    void heal();
    /// Nobody listens from now on, until heal().
    void refuse();

    [[nodiscard]] bool has_cut() const;
    [[nodiscard]] int connections() const;  // since begin()
    [[nodiscard]] std::size_t passed(heading way) const;
    /// TLS records of that way that have begun; bytes that are no TLS make nonsense of it.
    [[nodiscard]] std::size_t records(heading way) const;

private:
    struct parts;
    std::shared_ptr<parts> parts_;
};

}  // namespace ecr::test
