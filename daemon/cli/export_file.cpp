#include "daemon/cli/export_file.hpp"

#include <iostream>
#include <stdexcept>
#include <system_error>

namespace ecr::cli {

namespace fs = std::filesystem;

export_file::export_file(const fs::path& file)
{
    if (file.empty()) return;
    std::error_code failed;
    const auto before = fs::status(file, failed);
    const bool there = fs::exists(before);
    auto to = file;
    if (!there || fs::is_regular_file(before)) {
        // Through a symbolic link, the file behind it.
        target_ = there ? fs::canonical(file) : file;
        to = fresh_ = fs::path{target_}.concat(".new");
        fs::remove(fresh_, failed);  // of an export that was killed
    }
    into_.open(to, std::ios::binary);
    if (!into_) {
        fresh_.clear();
        throw std::runtime_error{to.string() + " cannot be written"};
    }
    if (there && !fresh_.empty()) fs::permissions(fresh_, before.permissions(), failed);
}

export_file::~export_file()
{
    if (fresh_.empty()) return;
    into_.close();
    std::error_code failed;
    fs::remove(fresh_, failed);
}

std::ostream& export_file::out() noexcept
{
    return into_.is_open() ? into_ : std::cout;
}

bool export_file::take_place()
{
    if (!into_.is_open()) return std::cout.good();
    into_.close();
    if (!into_) return false;
    if (fresh_.empty()) return true;
    std::error_code failed;
    fs::rename(fresh_, target_, failed);
    if (failed) return false;
    fresh_.clear();
    return true;
}

}  // namespace ecr::cli
