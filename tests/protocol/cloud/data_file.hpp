#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace ecr::protocol::cloud {

/// The bytes of tests/data/<name>. Throws when there is no such file.
[[nodiscard]] std::string data_file(std::string_view name);

/// The rows of a CSV file in tests/data, the heading left out. Fields may be quoted.
[[nodiscard]] std::vector<std::vector<std::string>> data_rows(std::string_view name);

/// The answers that QFPay's own page of /ecr/v1 shows, byte for byte: names of data files.
[[nodiscard]] std::vector<std::string> published_samples();

}  // namespace ecr::protocol::cloud
