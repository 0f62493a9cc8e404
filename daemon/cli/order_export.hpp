#pragma once

#include "store/journal_extract.hpp"

#include <nlohmann/json_fwd.hpp>

#include <ostream>
#include <span>
#include <string>
#include <string_view>

namespace ecr::cli {

enum class export_format { csv, json };

/// The columns of an export. Spreadsheets and scripts rely on them: never renamed, never moved; new
/// ones come at the end.
[[nodiscard]] std::span<const std::string_view> export_columns() noexcept;

/// An order under these names; times in UTC, amounts both as people write them and in minor units.
/// With its history if `history`.
[[nodiscard]] nlohmann::json export_row(const store::extracted_order& each, bool history);

/// Writes orders one after the other: CSV with a header line (RFC 4180), or one JSON array.
class order_export {
public:
    /// `history`: JSON only.
    order_export(std::ostream& to, export_format format, bool history);

    /// False: it could not be written.
    [[nodiscard]] bool add(const store::extracted_order& each);
    /// To be called once, at the end. False: not all of it could be written.
    [[nodiscard]] bool finish();
    [[nodiscard]] std::size_t count() const { return count_; }

private:
    std::ostream& to_;
    export_format format_;
    bool history_;
    std::size_t count_ = 0;
};

}  // namespace ecr::cli
