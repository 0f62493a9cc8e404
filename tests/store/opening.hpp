#pragma once

#include "store/journal.hpp"

#include <boost/system/system_error.hpp>

#include <filesystem>
#include <string>

namespace ecr::store {

struct failure {
    error_code error;
    std::string text;
};

/// How opening a journal there fails.
[[nodiscard]] inline failure opening(const std::filesystem::path& path)
{
    try {
        const journal opened{path};
    } catch (const boost::system::system_error& failed) {
        return {failed.code(), failed.what()};
    }
    return {};
}

}  // namespace ecr::store
