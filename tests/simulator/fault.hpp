#pragma once

#include "tests/simulator/settings.hpp"
#include "tests/simulator/shopper.hpp"

#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <string_view>

namespace ecr::simulator {

/// What goes wrong between the cloud and its client.
enum class fault_kind {
    close_on_accept,        // before TLS: proof that nothing was sent
    close_after_handshake,  // TLS stands, then the connection ends before a byte is read
    close,                  // the request was read; no answer
    reset,                  // as close, with a TCP reset
    no_answer,              // the connection stays open and silent
    slow,                   // done at once, answered after `delay`
    late_delivery,          // done, and answered, only after `delay`
    status,                 // an HTTP status of `http_status`
    redirect,               // 302 to another host
    garbage,                // 200, bytes that are no JSON
    html,                   // 200, a page
    empty,                  // 200, nothing
    truncated,              // half of the body, then the end
    endless,                // a body that never ends
    trickle,                // the answer byte by byte, `delay` between two
    wrong_signature,
    no_signature,
    wrong_amount,    // the enquiry row: one more
    wrong_currency,  // the enquiry row: 156
    wrong_order,     // the enquiry row of another order
    respcd,          // the answer's code is `respcd`
    row_respcd,      // the enquiry row's code is `respcd`
    stale,           // the enquiry says what it said while the terminal was busy
};

/// One fault. It hits the requests whose path contains `path`, lets `skip` of them pass, then hits
/// `count` of them; a count of -1 is for ever.
struct fault {
    fault_kind kind{};
    std::string path{};  // "payment", "query", "/ecr/v1/refund/async", … or "": every one
    bool done = true;    // false: the request is not carried out
    int count = 1;
    int skip = 0;
    milliseconds delay{10'000};
    int http_status = 500;
    std::string respcd{"1205"};
};

[[nodiscard]] std::string_view name_of(fault_kind value) noexcept;
[[nodiscard]] std::optional<fault_kind> fault_kind_of(std::string_view name) noexcept;

/// True for the two that strike before a request is read; they have no path.
[[nodiscard]] constexpr bool strikes_connection(fault_kind kind) noexcept
{
    return kind == fault_kind::close_on_accept || kind == fault_kind::close_after_handshake;
}

/// The faults to come, in the order they were planned.
class fault_plan {
public:
    void add(fault next) { faults_.push_back(std::move(next)); }
    void clear() { faults_.clear(); }
    [[nodiscard]] std::size_t size() const { return faults_.size(); }

    /// The fault that hits a request on `path`, counted as used.
    [[nodiscard]] std::optional<fault> take(std::string_view path);
    /// The fault that hits a connection at this point.
    [[nodiscard]] bool take_connection(fault_kind kind);

private:
    void use_up(std::deque<fault>::iterator at);

    std::deque<fault> faults_;
};

/// What the last two digits of an amount stand for while settings::magic_amounts is on. The table
/// is in README.md.
struct magic {
    std::optional<shopper> who;
    std::optional<fault> what;
};

[[nodiscard]] magic magic_of(std::int64_t txamt_minor_units, const settings& behaviour);

}  // namespace ecr::simulator
