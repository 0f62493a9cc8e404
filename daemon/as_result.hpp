#pragma once

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace ecr {

/// Awaited with it, an operation of Asio gives its error as a value beside its results:
/// `const auto [failed, socket] = co_await acceptor.async_accept(as_result);`
inline constexpr auto as_result = boost::asio::as_tuple(boost::asio::use_awaitable);

}  // namespace ecr
