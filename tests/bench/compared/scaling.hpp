#pragma once

namespace ecr::bench {

/// Prints what a payment, a connection, an open order and a start cost, from few to many, and what
/// a week of 20,000 orders a day leaves behind.
void print_scaling();

}  // namespace ecr::bench
