#pragma once

#include "daemon/page/page_shop.hpp"

#include <cstdint>
#include <memory>
#include <vector>

namespace ecr::daemon {

/// Tells browsers that there is something new to see, as server-sent events. What it is they ask
/// themselves: an event that is lost then costs nothing. While nobody listens, nothing is looked
/// at.
///
/// Belongs to the I/O thread.
class page_events {
public:
    page_events(asio::any_io_executor executor, const page_shop& shop);

    /// nullptr: there are too many listeners already.
    [[nodiscard]] std::shared_ptr<http_stream> open();
    /// Something has been done that a look at the orders in hand would not show.
    void touch();
    /// All listeners hear the end. No more are taken.
    void stop();

private:
    void look();
    void tell();

    asio::any_io_executor executor_;
    const page_shop& shop_;
    std::vector<std::weak_ptr<class page_listener>> listeners_;
    std::uint64_t seen_ = 0;
    bool looking_ = false;
    bool stopped_ = false;
    alarm next_look_;
};

}  // namespace ecr::daemon
