#pragma once

#include "protocol/result.hpp"

#include <type_traits>

namespace ecr {

/// What can go wrong inside the bridge. Starts at 1: an error_code of value 0 means success.
enum class errc {
    bad_amount = 1,      // empty, not all digits, zero, or with a decimal point
    amount_too_large,    // above money::minor_units_max
    bad_parameter,       // a cloud parameter outside the limits of the API
    bad_json,            // not JSON, or JSON of another shape
    bad_form,            // not application/x-www-form-urlencoded
    illegal_transition,  // the order's state does not allow this event
    stale_state,         // the journal holds another state than the caller believed
    duplicate_order,     // the journal already has an order of this number
    unknown_order,       // the journal has no such order
    journal_in_use,      // another process owns the journal
    journal_too_new,     // written by a later version of the bridge
    not_sent,            // proof: no byte of the request left
    no_answer,           // the request may have arrived; nothing usable came back
    timed_out,           // a deadline passed
    busy,                // a queue or a terminal is full
    stopping,            // the daemon is on its way out
    bad_configuration,   // see the report
    unknown_merchant,    // an open order of an account that the configuration does not have
};

[[nodiscard]] const boost::system::error_category& bridge_category() noexcept;

[[nodiscard]] inline error_code make_error_code(errc e) noexcept
{
    return {static_cast<int>(e), bridge_category()};
}

}  // namespace ecr

template <>
struct boost::system::is_error_code_enum<ecr::errc> : std::true_type {};
