#include "tests/protocol/cloud/data_file.hpp"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <stdexcept>

namespace ecr::protocol::cloud {
namespace {

const std::filesystem::path data_folder = std::filesystem::path{ECR_SOURCE_DIR} / "tests/data";

std::vector<std::string> fields_of(std::string_view line)
{
    std::vector<std::string> fields(1);
    bool quoted = false;
    for (const char c : line) {
        if (c == '"')
            quoted = !quoted;
        else if (c == ',' && !quoted)
            fields.emplace_back();
        else if (c != '\r')
            fields.back() += c;
    }
    return fields;
}

}  // namespace

std::string data_file(std::string_view name)
{
    std::ifstream file{data_folder / name, std::ios::binary};
    if (!file) throw std::runtime_error{"no data file " + std::string{name}};
    return {std::istreambuf_iterator<char>{file}, {}};
}

std::vector<data_row> data_rows(std::string_view name)
{
    std::vector<data_row> rows;
    const auto text = data_file(name);
    for (std::size_t begin = 0; begin < text.size();) {
        const auto end = std::min(text.find('\n', begin), text.size());
        rows.push_back({fields_of(std::string_view{text}.substr(begin, end - begin))});
        begin = end + 1;
    }
    rows.erase(rows.begin());
    return rows;
}

std::vector<std::string> published_samples()
{
    return samples_in("seed_ecr_samples");
}

std::vector<std::string> samples_in(const std::string& folder)
{
    std::vector<std::string> names;
    for (const auto& entry : std::filesystem::directory_iterator{data_folder / folder})
        names.push_back(folder + '/' + entry.path().filename().string());
    std::ranges::sort(names);
    return names;
}

}  // namespace ecr::protocol::cloud
