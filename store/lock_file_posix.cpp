#include "protocol/errc.hpp"
#include "store/lock_file.hpp"
#include "store/private_file.hpp"
#include "store/sqlite.hpp"

#include <boost/system/system_error.hpp>

#include <array>
#include <cerrno>
#include <charconv>
#include <fcntl.h>
#include <string>
#include <string_view>
#include <sys/file.h>
#include <unistd.h>

namespace ecr::store {
namespace {

// To its callers the journal is one file with one kind of error; the system's own word for it goes
// into the text.
[[noreturn]] void throw_cannot_open(const std::filesystem::path& path, const error_code& why)
{
    const bool full = why == boost::system::errc::no_space_on_device;
    throw boost::system::system_error{make_sqlite_error(full ? SQLITE_FULL : SQLITE_CANTOPEN),
                                      path.string() + ": " + why.message()};
}

[[nodiscard]] error_code last_error() noexcept
{
    return {errno, boost::system::system_category()};
}

/// Zero when the holder has not written it yet.
[[nodiscard]] long holder_of(int file)
{
    std::array<char, 20> text{};
    const auto size = ::pread(file, text.data(), text.size(), 0);
    long pid = 0;
    if (size > 0) std::from_chars(text.data(), text.data() + size, pid);
    return pid;
}

[[noreturn]] void throw_in_use(const std::filesystem::path& path, long holder)
{
    const auto who = holder > 0 ? "process " + std::to_string(holder) : "another process";
    throw boost::system::system_error{make_error_code(errc::journal_in_use),
                                      who + " holds " + path.string()};
}

}  // namespace

lock_file::lock_file(const std::filesystem::path& path)
{
    if (const auto failed = create_private_file(path)) throw_cannot_open(path, failed);
    const int file = ::open(path.c_str(), O_RDWR | O_CLOEXEC);
    if (file < 0) throw_cannot_open(path, last_error());

    if (::flock(file, LOCK_EX | LOCK_NB) != 0) {
        const auto why = last_error();
        const auto holder = holder_of(file);
        ::close(file);
        if (why == boost::system::errc::operation_would_block) throw_in_use(path, holder);
        throw_cannot_open(path, why);
    }

    file_ = file;
    // Nothing depends on the number, so a disk too full for it is left for the database to report.
    const auto pid = std::to_string(::getpid()) + '\n';
    if (::ftruncate(file, 0) == 0) [[maybe_unused]]
        const auto written = ::pwrite(file, pid.data(), pid.size(), 0);
}

lock_file::~lock_file()
{
    // The file stays: unlinking it would let one process lock the old file and one the new.
    [[maybe_unused]] const int emptied = ::ftruncate(static_cast<int>(file_), 0);
    ::close(static_cast<int>(file_));
}

}  // namespace ecr::store
