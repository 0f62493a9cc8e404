#pragma once

#include "tests/simulator/agenda.hpp"
#include "tests/simulator/book.hpp"
#include "tests/simulator/fault.hpp"
#include "tests/simulator/rate_limit.hpp"
#include "tests/simulator/request_check.hpp"
#include "tests/simulator/rows.hpp"
#include "tests/simulator/terminal.hpp"

#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace ecr::simulator {

/// An answer before it is put on the wire.
struct answer {
    int http_status = 200;
    std::string content_type{"application/json"};
    std::string body;
    std::optional<protocol::cloud::sign_algorithm> signed_with;  // nothing: not signed
};

/// The cloud behind its sockets: takes requests that have arrived, moves terminals, keeps the
/// truth. Belongs to one thread.
class core {
public:
    core(asio::any_io_executor executor, daemon::clock& source, settings initial);

    /// Carries a request out.
    [[nodiscard]] answer serve(const wire_request& request, const distortion& change);
    /// The fault that hits this request: the next planned one, or what its amount says.
    [[nodiscard]] std::optional<fault> fault_of(const wire_request& request);
    /// True when the request is over the limit; then it is a 429.
    [[nodiscard]] bool over_limit();

    [[nodiscard]] terminal* find_terminal(std::string_view termid);
    terminal& add_terminal(const terminal_setup& setup);
    void plan(shopper next) { for_anyone_.push_back(std::move(next)); }
    void plan(const std::string& termid, shopper next);
    void plan_order(const std::string& out_trade_no, shopper next);
    void plan(fault next) { faults_.add(std::move(next)); }
    void clear_plans();
    /// As new: no orders, no plans, no faults, an empty ledger; the settings and terminals of the
    /// start.
    void reset();
    void stop();

    settings behaviour;
    ledger facts;
    std::shared_ptr<agenda> events;  // of the terminals
    fault_plan& faults() { return faults_; }
    [[nodiscard]] const book& orders() const { return book_; }
    [[nodiscard]] const std::map<std::string, std::unique_ptr<terminal>, std::less<>>& terminals()
        const
    {
        return terminals_;
    }

private:
    answer call(std::string_view path, const signed_request& request, const distortion& change);
    answer payment(const signed_request& request);
    answer refund(const signed_request& request);
    answer cancel(const signed_request& request);
    answer receipt(const signed_request& request);
    answer summary(const signed_request& request);
    answer enquiry(const signed_request& request, const distortion& change);

    /// Checks number and terminal, and pushes. The code and text of the acknowledgement.
    refusal place(const transaction_ptr& entry, std::string_view success);
    [[nodiscard]] std::optional<refusal> refuse_refund(std::int64_t wanted_minor_units,
                                                       const transaction_ptr& of) const;
    [[nodiscard]] transaction_ptr find(const signed_request& request) const;
    [[nodiscard]] answer row_of(const transaction& entry, const distortion& change) const;
    shopper next_shopper(const std::string& termid, const std::string& number,
                         std::int64_t amount_minor_units);
    /// False: the call names an unbound terminal and is refused for that (13.13).
    [[nodiscard]] bool may_ask(std::string_view termid);

    settings initial_;
    book book_;
    fault_plan faults_;
    rate_limit limit_;
    std::map<std::string, std::unique_ptr<terminal>, std::less<>> terminals_;
    std::map<std::string, std::deque<shopper>, std::less<>> for_terminal_;
    std::map<std::string, std::deque<shopper>, std::less<>> for_order_;
    std::deque<shopper> for_anyone_;
};

}  // namespace ecr::simulator
