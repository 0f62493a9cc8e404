#pragma once

#include "tests/support/till_wire.hpp"

#include <boost/asio/io_context.hpp>

#include <memory>
#include <string>

namespace ecr::test {

/// A serial line: a pseudo-terminal whose bytes take their time, both ways. The bridge opens its
/// device, tills are plugged into the other end. Runs on the test's own context, in real time.
class paced_line {
public:
    /// 8N1: a tenth of the baud rate. Throws std::runtime_error when there is no pseudo-terminal.
    paced_line(boost::asio::io_context& io, int bytes_per_second);
    ~paced_line();
    paced_line(const paced_line&) = delete;
    paced_line& operator=(const paced_line&) = delete;

    /// The device that the bridge opens.
    [[nodiscard]] const std::string& device() const;
    /// A till at the other end, in place of the one before. What comes while there is none, or
    /// after it has hung up, is lost, as with a till that is off.
    [[nodiscard]] std::unique_ptr<till_wire> plug_in();

private:
    struct end;
    class wire;
    std::shared_ptr<end> end_;
};

}  // namespace ecr::test
