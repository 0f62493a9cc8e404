#pragma once

#include <boost/system/error_code.hpp>
#include <boost/system/result.hpp>

namespace ecr {

using boost::system::error_code;

/// A value or the error_code that says why there is none. Every function that returns one is
/// [[nodiscard]].
template <class T>
using result = boost::system::result<T>;

}  // namespace ecr
