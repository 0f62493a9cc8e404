#pragma once

#include "tests/daemon/shop/dialect_shop.hpp"

#include <string>
#include <vector>

namespace ecr::test {

struct hypercom_command {
    std::string code;
    hypercom_till::fields with;
    std::string status;  // of its response
};

/// Every command there is, to be said in this order: the later ones speak of the earlier ones.
/// Source: dialects.md 2.
[[nodiscard]] std::vector<hypercom_command> every_hypercom_command();

/// Without it there is no refund (27) by the number of an invoice.
void refunds_by_reference(daemon::link_config& link);

/// Every request but the cancel, about payment A1, in this order. Source: dialects.md 1.2.
[[nodiscard]] std::vector<qfpay_local_till::content> every_qfpay_request();

}  // namespace ecr::test
