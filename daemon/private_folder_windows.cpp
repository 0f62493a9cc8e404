#include "daemon/access_windows.hpp"
#include "daemon/private_folder.hpp"

#include <openssl/rand.h>

#include <cstdint>
#include <string>

namespace ecr::daemon {

result<std::filesystem::path> make_private_folder(std::string_view begin)
{
    std::uint64_t number = 0;
    if (::RAND_bytes(reinterpret_cast<unsigned char*>(&number), sizeof number) != 1)
        return make_error_code(boost::system::errc::io_error);
    const auto name = std::string{begin} + std::to_string(number);
    const auto made = std::filesystem::temp_directory_path() / name;
    std::error_code failed;
    // A folder that is there is somebody else's.
    if (!std::filesystem::create_directory(made, failed) && !failed)
        failed = std::make_error_code(std::errc::file_exists);
    if (failed) return error_code{failed};
    if (const auto open_to_others = make_private(made)) return open_to_others;
    return made;
}

}  // namespace ecr::daemon
