#pragma once

#include "tests/simulator/agenda.hpp"
#include "tests/simulator/book.hpp"
#include "tests/simulator/fault.hpp"
#include "tests/simulator/merchant.hpp"
#include "tests/simulator/plans.hpp"
#include "tests/simulator/request_check.hpp"
#include "tests/simulator/rows.hpp"
#include "tests/simulator/terminal.hpp"

#include <deque>
#include <functional>
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
    std::string key{};                                           // to sign with
    milliseconds hold{0};                      // not answered before this has passed,
    std::function<std::string()> body_then{};  // and then with this
};

class trade_desk;
class notifier;

/// The cloud behind its sockets: takes requests that have arrived, moves terminals, keeps the
/// truth. Belongs to one thread.
class core {
public:
    core(asio::any_io_executor executor, daemon::clock& source, settings initial);
    ~core();
    core(const core&) = delete;
    core& operator=(const core&) = delete;

    /// Carries a request out.
    [[nodiscard]] answer serve(const wire_request& request, const distortion& change);
    /// The fault that hits this request: the next planned one, or what its amount says.
    [[nodiscard]] std::optional<fault> fault_of(const wire_request& request);
    /// True when the request is over the limit; then it is a 429.
    [[nodiscard]] bool over_limit(std::string_view app_code);

    [[nodiscard]] terminal* find_terminal(std::string_view termid);
    terminal& add_terminal(const terminal_setup& setup);
    void plan(shopper next) { for_anyone_.push_back(std::move(next)); }
    void plan(const std::string& termid, shopper next);
    void plan_order(const std::string& out_trade_no, shopper next);
    void plan(fault next) { faults_.add(std::move(next)); }
    /// How the next close or reversal of this order goes; "": of any order.
    void plan_undo(const std::string& out_trade_no, undo_plan next);
    /// What is special about the next notification.
    void plan(notice_plan next);
    void clear_plans();
    void add_merchant(const merchant_setup& setup);
    /// As new: no orders, no plans, no faults, an empty ledger; the settings and terminals of the
    /// start.
    void reset();
    void stop();

    settings behaviour;
    ledger facts;
    std::shared_ptr<agenda> events;  // of the terminals
    fault_plan& faults() { return faults_; }
    /// The merchant of this app code, and of one that is unknown the first one.
    [[nodiscard]] merchant& merchant_of(std::string_view app_code);
    [[nodiscard]] book& orders() { return merchant_of("").orders; }
    [[nodiscard]] const std::map<std::string, merchant, std::less<>>& merchants() const
    {
        return merchants_;
    }
    [[nodiscard]] notifier& notices() { return *notices_; }

    [[nodiscard]] shopper next_shopper(const std::string& termid, const std::string& number,
                                       std::int64_t amount_minor_units);
    [[nodiscard]] std::optional<undo_plan> next_undo(const std::string& out_trade_no);
    [[nodiscard]] std::optional<refusal> refuse_refund(std::int64_t wanted_minor_units,
                                                       const transaction_ptr& of) const;
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
    [[nodiscard]] answer refuse_target(const wire_request& request, std::string_view path) const;
    [[nodiscard]] transaction_ptr by_syssn(const signed_request& request);
    [[nodiscard]] transaction_ptr find(const signed_request& request);
    [[nodiscard]] answer row_of(const transaction& entry, const distortion& change) const;
    /// False: the call names an unbound terminal and is refused for that (13.13).
    [[nodiscard]] bool may_ask(std::string_view termid);

    settings initial_;
    std::map<std::string, merchant, std::less<>> merchants_;
    fault_plan faults_;
    std::unique_ptr<trade_desk> trade_;
    std::unique_ptr<notifier> notices_;
    std::map<std::string, std::unique_ptr<terminal>, std::less<>> terminals_;
    std::map<std::string, std::deque<shopper>, std::less<>> for_terminal_;
    std::map<std::string, std::deque<shopper>, std::less<>> for_order_;
    std::deque<shopper> for_anyone_;
    std::map<std::string, std::deque<undo_plan>, std::less<>> undo_plans_;
};

}  // namespace ecr::simulator
