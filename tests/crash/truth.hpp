#pragma once

#include "tests/support/kept_order.hpp"
#include "tests/crash/sample_till.hpp"
#include "tests/simulator/ledger.hpp"

#include <functional>
#include <string>
#include <vector>

/// What must hold between the journal, the ledger of the simulated cloud, and what the tills were
/// told. Each function appends a sentence for each thing that is wrong.
namespace ecr::crash {

using test::journal_content;
using test::kept_order;
using test::read_remains;

using problem_list = std::vector<std::string>;
using till_list = std::vector<std::reference_wrapper<const sample_till>>;

/// At any moment: journalled before it was sent, sent once at most, charged once at most.
void judge_requests(const journal_content& kept, const simulator::ledger& truth,
                    problem_list& problems);

/// At any moment: every order got where it stands by steps that the table knows.
void judge_histories(const journal_content& kept, problem_list& problems);

/// At any moment: what a till was told of is in the journal.
void judge_promises(const journal_content& kept, const till_list& tills, problem_list& problems);

/// When a till hears that money moved: it has.
void judge_paid(const told& what, const std::string& number, const simulator::ledger& truth,
                problem_list& problems);

/// When everything is over: the journal says what the ledger says, and the tills were told just
/// that.
void judge_ends(const journal_content& kept, const simulator::ledger& truth, const till_list& tills,
                problem_list& problems);

/// When no push was ever answered: each was in doubt before anything was said of it.
void judge_doubts(const journal_content& kept, problem_list& problems);

}  // namespace ecr::crash
