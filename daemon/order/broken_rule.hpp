#pragma once

#include <stdexcept>
#include <string>
#include <string_view>

namespace ecr::daemon {

/// A rule about money that was about to be broken, by a mistake of ours. Nobody catches it: the
/// process ends with an error, what is durable is safe, and the next start goes on from there.
class broken_rule : public std::logic_error {
public:
    using std::logic_error::logic_error;
};

/// `broken` as protocol/order/rules.hpp gives it: nothing, or the end.
///
/// Throws broken_rule, after a line in the log.
void uphold(std::string_view broken, std::string_view out_trade_no);

}  // namespace ecr::daemon
