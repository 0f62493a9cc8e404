#pragma once

#include "protocol/till/trace_cutter.hpp"

#include <map>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

/// How to read a trace, and how to play it again: each dialect brings one row for each way in which
/// it is wrapped.
namespace ecr::protocol::till {

/// A number by which one side names an order to the other: "order", "syssn", field "65".
struct trace_number {
    std::string name;
    std::string value;

    friend bool operator==(const trace_number&, const trace_number&) = default;
};

struct trace_language {
    std::string_view name;  // in trace files: never rename

    /// What a unit says, a line for each of its parts.
    std::vector<std::string> (*explain)(heading way, std::string_view bytes, std::string_view form);

    /// What kind of reply this is, such as "result paid 00": two courses of events are the same
    /// when these are. Empty: it may come or not, as time will have it.
    std::string (*reply_kind)(std::string_view bytes);

    /// The numbers in a unit that may have to be others when it is played again.
    std::vector<trace_number> (*numbers)(std::string_view bytes);

    /// The unit with other numbers, old to new; whatever depends on them is made anew.
    std::string (*renumbered)(std::string_view bytes, const std::map<std::string, std::string>&);

    /// What goes over the link for it: encrypted with this POS-KEY, if the unit was.
    std::string (*sealed)(std::string_view bytes, std::string_view form, std::string_view pos_key);

    std::unique_ptr<trace_cutter> (*make_cutter)(std::string_view pos_key);
};

[[nodiscard]] std::span<const trace_language> trace_languages() noexcept;
/// nullptr: none of that name.
[[nodiscard]] const trace_language* trace_language_of(std::string_view name) noexcept;

}  // namespace ecr::protocol::till
