// Asio and Beast, compiled once (their separate-compilation mode), so that a change to one of our
// files rebuilds in seconds.
#include <boost/asio/impl/src.hpp>
#include <boost/asio/ssl/impl/src.hpp>
#include <boost/beast/src.hpp>
