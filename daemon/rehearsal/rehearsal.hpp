#pragma once

#include "daemon/app.hpp"

#include <boost/asio/any_io_executor.hpp>

#include <filesystem>
#include <memory>
#include <string>

namespace ecr::daemon {

/// Everything a bridge needs to be tried without QFPay: a simulated cloud inside, one terminal, and
/// a journal that is thrown away.
class rehearsal {
public:
    struct options {
        std::uint16_t port = 9100;            // of the TCP link; 0 is any free one
        std::uint16_t page_port = 9190;       // of the status page; 0 is any free one
        std::filesystem::path pty;            // name of the virtual serial port; empty: in `folder`
        bool fast = false;                    // shoppers and enquiries hurry
        std::vector<link_config> links = {};  // beside its own: those of a shop, in its dialects
    };

    /// Throws boost::system::system_error.
    rehearsal(asio::any_io_executor executor, clock& time, options how);
    /// Removes the journal.
    ~rehearsal();

    [[nodiscard]] config settings() const;
    [[nodiscard]] std::string client_key() const;
    /// Lines for the person who started it.
    [[nodiscard]] std::string how_to_reach(const app& bridge) const;
    void stop();

private:
    struct parts;
    std::unique_ptr<parts> parts_;
};

}  // namespace ecr::daemon
