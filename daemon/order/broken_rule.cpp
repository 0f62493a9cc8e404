#include "daemon/order/broken_rule.hpp"

#include "daemon/logging.hpp"

namespace ecr::daemon {

void uphold(std::string_view broken, std::string_view out_trade_no)
{
    if (broken.empty()) return;
    log(log_level::error, "rule.broken", {{"order", out_trade_no}, {"rule", broken}});
    throw broken_rule{std::string{broken} + " (order " + std::string{out_trade_no} + ")"};
}

}  // namespace ecr::daemon
