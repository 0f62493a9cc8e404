#pragma once

#include "protocol/order/order.hpp"

#include <filesystem>
#include <string>
#include <vector>

namespace ecr::test {

/// An order as a journal holds it.
struct kept_order {
    protocol::order order;
    std::vector<protocol::order_step> steps;

    /// Whether the cloud may have heard of it.
    [[nodiscard]] bool may_be_sent() const;
    [[nodiscard]] bool has_late_step() const;
};

struct journal_content {
    std::vector<kept_order> orders;
    std::string complaint;  // what is wrong with the file; empty: nothing

    [[nodiscard]] const kept_order* find(const std::string& out_trade_no) const;
};

/// Reads a journal whose bridge is dead, from a copy made in `scratch`: opening it would repair
/// what the next bridge has to find as the dead one left it.
[[nodiscard]] journal_content read_remains(const std::filesystem::path& journal,
                                           const std::filesystem::path& scratch);

/// Reads a journal that no bridge has open.
[[nodiscard]] journal_content read_journal(const std::filesystem::path& journal);

}  // namespace ecr::test
