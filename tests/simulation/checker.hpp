#pragma once

#include "tests/simulation/till_model.hpp"
#include "tests/simulator/ledger.hpp"
#include "tests/support/kept_order.hpp"

#include <string>
#include <vector>

/// Compares what tills were told, what the journal says and what really became of the money. It
/// shares nothing with the code that decides about orders.
namespace ecr::simulation {

using problem_list = std::vector<std::string>;

/// At the moment a till is told.
void check_statement(const statement& said, const simulator::ledger& truth, problem_list& problems);

/// When everything is over.
void check_end(const test::journal_content& kept, const simulator::ledger& truth,
               const std::vector<statement>& said, problem_list& problems);

}  // namespace ecr::simulation
