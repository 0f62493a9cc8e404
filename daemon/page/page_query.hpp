#pragma once

#include "store/journal.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace ecr::daemon {

/// Which orders somebody looks for.
struct order_query {
    std::string number;                  // empty: not by number
    std::optional<std::int64_t> amount;  // minor units
    store::order_filter filter;
    std::string problem;  // why the query cannot be read, for people; empty: it can
};

/// Reads "number=A1&amount=110&state=paid&attention=yes&since=…&before=…&limit=…". Times are
/// milliseconds since 1970.
[[nodiscard]] order_query read_order_query(std::string_view query);

/// Carries it out. Errors: as the journal's.
[[nodiscard]] result<store::amount_found> search(store::journal& journal,
                                                 const order_query& wanted);

}  // namespace ecr::daemon
