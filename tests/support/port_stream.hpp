#pragma once

#include <boost/asio/io_context.hpp>
#ifdef _WIN32
#include <boost/asio/windows/stream_handle.hpp>
#else
#include <boost/asio/posix/stream_descriptor.hpp>
#endif

#include <filesystem>

namespace ecr::test {

/// A till's end of a serial port, as Asio has it on this system.
#ifdef _WIN32
using port_stream = boost::asio::windows::stream_handle;
#else
using port_stream = boost::asio::posix::stream_descriptor;
#endif

/// Throws std::runtime_error when it cannot be opened.
[[nodiscard]] port_stream open_port_stream(boost::asio::io_context& io,
                                           const std::filesystem::path& device);

}  // namespace ecr::test
