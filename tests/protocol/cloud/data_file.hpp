#pragma once

#include <cstddef>
#include <ostream>
#include <string>
#include <string_view>
#include <vector>

namespace ecr::protocol::cloud {

/// The bytes of tests/data/<name>. Throws when there is no such file.
[[nodiscard]] std::string data_file(std::string_view name);

/// A row of a CSV file. As a parameter of a test it is called by its first field.
struct data_row {
    std::vector<std::string> fields;

    [[nodiscard]] const std::string& operator[](std::size_t column) const
    {
        return fields.at(column);
    }
    friend void PrintTo(const data_row& row, std::ostream* out) { *out << row[0]; }
};

/// The rows of a CSV file in tests/data, the heading left out. Fields may be quoted.
[[nodiscard]] std::vector<data_row> data_rows(std::string_view name);

/// The answers that QFPay's own page of /ecr/v1 shows, byte for byte: names of data files.
[[nodiscard]] std::vector<std::string> published_samples();

/// The files of a folder of tests/data, sorted: "folder/name.json".
[[nodiscard]] std::vector<std::string> samples_in(const std::string& folder);

}  // namespace ecr::protocol::cloud
