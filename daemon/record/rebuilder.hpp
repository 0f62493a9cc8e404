#pragma once

#include "daemon/record/record_book.hpp"
#include "protocol/till/reply.hpp"

#include <set>
#include <string>
#include <vector>

namespace ecr::daemon {

/// Restores into the journal what QFPay has and the journal does not know, so that it can be
/// refunded and asked about. Nothing that is known is moved: an order that QFPay has paid and we do
/// not is asked about by its own course. Done twice, it does nothing the second time.
class rebuilder {
public:
    rebuilder(order_service& orders, record_book& book) : orders_{orders}, book_{book} {}

    /// Restores the next few and gives a row for each; none: it is done, or there is a problem in
    /// the book.
    [[nodiscard]] asio::awaitable<std::vector<protocol::till::row>> next(const std::string& tag);

    [[nodiscard]] std::int64_t restored() const noexcept { return restored_; }
    [[nodiscard]] std::int64_t asked() const noexcept { return asked_; }  // known, and may be late
    [[nodiscard]] std::int64_t left() const noexcept { return left_; }    // could not be restored

private:
    using row = protocol::till::row;

    void plan();
    [[nodiscard]] asio::awaitable<row> restore(const protocol::difference& what,
                                               const std::string& tag);
    [[nodiscard]] asio::awaitable<std::string> make(const protocol::difference& what,
                                                    protocol::order& into);
    [[nodiscard]] asio::awaitable<std::string> find_route(protocol::order& into,
                                                          store::step_facts& facts);
    [[nodiscard]] asio::awaitable<std::string> find_payment(const protocol::difference& what,
                                                            protocol::order& into);
    [[nodiscard]] asio::awaitable<std::string> write(protocol::order& made,
                                                     const store::step_facts& facts);

    order_service& orders_;
    record_book& book_;
    bool planned_ = false;
    std::vector<const protocol::difference*> to_do_;  // payments first: refunds need them
    std::size_t done_ = 0;
    std::set<std::string> used_;  // numbers restored here
    std::int64_t restored_ = 0;
    std::int64_t asked_ = 0;
    std::int64_t left_ = 0;
};

}  // namespace ecr::daemon
