#include "daemon/private_folder.hpp"

#include <cerrno>
#include <cstdlib>

namespace ecr::daemon {

result<std::filesystem::path> make_private_folder(std::string_view begin)
{
    auto pattern = (std::filesystem::temp_directory_path() / begin).string() + "XXXXXX";
    if (::mkdtemp(pattern.data()) == nullptr)
        return error_code{errno, boost::system::system_category()};
    return std::filesystem::path{pattern};
}

}  // namespace ecr::daemon
