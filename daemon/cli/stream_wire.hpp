#pragma once

#include "daemon/cli/replay_wire.hpp"
#include "protocol/errc.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/asio/write.hpp>

#include <array>
#include <memory>
#include <string>
#include <utility>

namespace ecr::cli {

/// The wire over a socket or a port of Asio's.
template <class Stream>
class stream_wire final : public replay_wire {
public:
    stream_wire(std::unique_ptr<asio::io_context> io, Stream stream, cutter_ptr cutter)
        : replay_wire{std::move(cutter)}, io_{std::move(io)}, stream_{std::move(stream)}
    {}

    error_code write(const std::string& bytes, milliseconds patience) override
    {
        error_code failed;
        asio::async_write(stream_, asio::buffer(bytes),
                          [&failed](error_code e, std::size_t) { failed = e; });
        return finish(failed, patience);
    }

    std::string own_name() const override
    {
        if constexpr (requires { stream_.local_endpoint(); }) {
            error_code failed;
            const auto end = stream_.local_endpoint(failed);
            if (failed) return {};
            return end.address().to_string() + ':' + std::to_string(end.port());
        }
        return {};
    }

protected:
    result<std::string> read(milliseconds patience) override
    {
        error_code failed;
        std::size_t size = 0;
        stream_.async_read_some(asio::buffer(buffer_), [&](error_code e, std::size_t n) {
            failed = e;
            size = n;
        });
        if (const auto why = finish(failed, patience)) return why;
        return std::string{buffer_.data(), size};
    }

private:
    /// Runs what was started until it is done, or cuts it short.
    error_code finish(const error_code& outcome, milliseconds patience)
    {
        io_->restart();
        io_->run_for(patience);
        if (io_->stopped()) return outcome;
        error_code ignored;  // whatever became of it, we have stopped waiting
        stream_.cancel(ignored);
        io_->run();
        return make_error_code(errc::timed_out);
    }

    std::unique_ptr<asio::io_context> io_;
    Stream stream_;
    std::array<char, 4096> buffer_{};
};

}  // namespace ecr::cli
