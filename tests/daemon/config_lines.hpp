#pragma once

#include "daemon/config.hpp"

#include <gtest/gtest.h>

#include <map>
#include <string>

namespace ecr::daemon {

/// Eleven lines with all that is required. Cases replace lines, and go on at line 12.
inline const std::map<int, std::string> required = {
    {1, "[bridge]"},
    {2, "journal = '/var/lib/j.db'"},
    {3, "[cloud]"},
    {4, "app_code = 'CODE'"},
    {5, "client_key_file = '/etc/k'"},
    {6, "[[terminal]]"},
    {7, "id = 'T1'"},
    {8, "[[link]]"},
    {9, "name = 'lane-1'"},
    {10, "type = 'tcp'"},
    {11, "listen = '127.0.0.1:9100'"},
};

inline std::string with(std::map<int, std::string> changes)
{
    changes.insert(required.begin(), required.end());
    std::string text;
    for (const auto& [line, words] : changes)
        text += words + "\n";
    return text;
}

inline std::string problems_of(const std::string& toml)
{
    config_report report;
    const auto settings = parse_config(toml, report);
    EXPECT_EQ(settings.has_value(), report.problems.empty());
    return report.to_text("x");
}

}  // namespace ecr::daemon
