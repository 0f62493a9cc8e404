#pragma once

#include "protocol/result.hpp"

#include <boost/asio/awaitable.hpp>

#include <string>
#include <string_view>

namespace ecr::daemon {

namespace asio = boost::asio;

/// How bytes reach the bridge and leave it: a socket or a port. Belongs to the I/O thread.
class byte_channel {
public:
    virtual ~byte_channel() = default;

    /// Waits for bytes. The view is into a buffer that all channels share: it ends at the next
    /// suspension. An idle channel therefore owns no buffer at all.
    ///
    /// Errors: asio::error::eof  the other side has finished; anything else: the channel is gone
    [[nodiscard]] virtual asio::awaitable<result<std::string_view>> read() = 0;

    /// Writes all of it, or fails.
    [[nodiscard]] virtual asio::awaitable<error_code> write(std::string bytes) = 0;

    /// Ends everything under way with an error.
    virtual void close() = 0;

    /// Says to the other side that nothing more will come.
    virtual void finish() = 0;

    /// Nothing that was written is still on its way. Evidence only where the other side's kernel
    /// acknowledges; false where that cannot be known.
    [[nodiscard]] virtual bool all_arrived() = 0;

    /// For logs: "127.0.0.1:51234", "/dev/ttyUSB0".
    [[nodiscard]] virtual const std::string& name() const = 0;
};

}  // namespace ecr::daemon
