#include "store/private_file.hpp"

#include <cerrno>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace ecr::store {

error_code create_private_file(const std::filesystem::path& path) noexcept
{
    // EXCL, and no file that exists is opened here: closing one would drop the POSIX locks that
    // SQLite may hold on it in this process (sqlite.org/howtocorrupt.html, section 2.2).
    const int file = ::open(path.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, S_IRUSR | S_IWUSR);
    if (file < 0)
        return errno == EEXIST ? error_code{} : error_code{errno, boost::system::system_category()};

    const int moded = ::fchmod(file, S_IRUSR | S_IWUSR);  // a umask of 0377 would lock us out
    const error_code failed =
        moded == 0 ? error_code{} : error_code{errno, boost::system::system_category()};
    ::close(file);
    return failed;
}

}  // namespace ecr::store
