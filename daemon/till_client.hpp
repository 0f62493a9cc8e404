#pragma once

#include "daemon/config.hpp"
#include "daemon/order/running_order.hpp"
#include "protocol/till/reply.hpp"

#include <memory>
#include <string>

namespace ecr::daemon {

/// A till at the desk, whatever its link.
class till_client {
public:
    virtual ~till_client() = default;

    virtual void tell(const protocol::till::reply& what) = 0;

    /// Keeps an observer alive for as long as the till is there.
    virtual void keep(std::shared_ptr<order_observer> observer) = 0;
    virtual void drop(const order_observer* observer) = 0;

    [[nodiscard]] virtual const link_config& link() const = 0;
    [[nodiscard]] virtual bool is_local() const = 0;

    std::string till;         // who it is
    bool till_named = false;  // by its own word or its link's setting, not by address
    bool greeted = false;     // gave the right token, or none is needed
};

}  // namespace ecr::daemon
