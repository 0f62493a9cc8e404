#include "store/private_file.hpp"

#include <cerrno>
#include <cstdio>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace ecr::store {
namespace {

[[nodiscard]] error_code last_error() noexcept
{
    return {errno, boost::system::system_category()};
}

[[nodiscard]] error_code flush(const std::filesystem::path& path, int flags) noexcept
{
    const int fd = ::open(path.c_str(), flags | O_CLOEXEC);
    if (fd < 0) return last_error();
    const error_code failed = ::fsync(fd) == 0 ? error_code{} : last_error();
    ::close(fd);
    return failed;
}

}  // namespace

error_code create_private_file(const std::filesystem::path& path) noexcept
{
    const auto failed = create_new_private_file(path);
    return failed == boost::system::errc::file_exists ? error_code{} : failed;
}

error_code create_new_private_file(const std::filesystem::path& path) noexcept
{
    // EXCL, and no file that exists is opened here: closing one would drop the POSIX locks that
    // SQLite may hold on it in this process (sqlite.org/howtocorrupt.html, section 2.2).
    const int file = ::open(path.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, S_IRUSR | S_IWUSR);
    if (file < 0) return last_error();
    const int moded = ::fchmod(file, S_IRUSR | S_IWUSR);  // a umask of 0377 would lock us out
    const error_code failed = moded == 0 ? error_code{} : last_error();
    ::close(file);
    return failed;
}

error_code name_new_file(const std::filesystem::path& file,
                         const std::filesystem::path& name) noexcept
{
    if (::renameat2(AT_FDCWD, file.c_str(), AT_FDCWD, name.c_str(), RENAME_NOREPLACE) == 0)
        return {};
    // Not all file systems of a network know that; links they do.
    if (errno != EINVAL && errno != ENOSYS) return last_error();
    if (::link(file.c_str(), name.c_str()) != 0) return last_error();
    ::unlink(file.c_str());
    return {};
}

error_code flush_file(const std::filesystem::path& path) noexcept
{
    return flush(path, O_RDONLY);
}

error_code flush_folder(const std::filesystem::path& folder) noexcept
{
    return flush(folder, O_RDONLY | O_DIRECTORY);
}

long own_process_id() noexcept
{
    return ::getpid();
}

}  // namespace ecr::store
