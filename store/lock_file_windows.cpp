#include "protocol/errc.hpp"
#include "store/lock_file.hpp"
#include "store/private_access_windows.hpp"
#include "store/private_file.hpp"
#include "store/sqlite.hpp"

#include <boost/system/system_error.hpp>

#include <windows.h>

#include <array>
#include <charconv>
#include <string>

namespace ecr::store {
namespace {

// Where the lock is: far behind the text, because nobody can read what is locked.
constexpr DWORD lock_offset_high = 0x4000'0000;

[[nodiscard]] HANDLE handle_of(std::intptr_t file) noexcept
{
    return reinterpret_cast<HANDLE>(file);
}

[[noreturn]] void throw_cannot_open(const std::filesystem::path& path, const error_code& why)
{
    const bool full = why == boost::system::errc::no_space_on_device;
    throw boost::system::system_error{make_sqlite_error(full ? SQLITE_FULL : SQLITE_CANTOPEN),
                                      path.string() + ": " + why.message()};
}

/// Zero when the holder has not written it yet.
[[nodiscard]] long holder_of(HANDLE file)
{
    std::array<char, 20> text{};
    DWORD size = 0;
    long pid = 0;
    if (::ReadFile(file, text.data(), static_cast<DWORD>(text.size()), &size, nullptr) && size > 0)
        std::from_chars(text.data(), text.data() + size, pid);
    return pid;
}

[[noreturn]] void throw_in_use(const std::filesystem::path& path, long holder)
{
    const auto who = holder > 0 ? "process " + std::to_string(holder) : "another process";
    throw boost::system::system_error{make_error_code(errc::journal_in_use),
                                      who + " holds " + path.string()};
}

void empty(HANDLE file) noexcept
{
    ::SetFilePointer(file, 0, nullptr, FILE_BEGIN);
    ::SetEndOfFile(file);
}

}  // namespace

lock_file::lock_file(const std::filesystem::path& path)
{
    if (const auto failed = create_private_file(path)) throw_cannot_open(path, failed);
    const HANDLE file = ::CreateFileW(path.c_str(), GENERIC_READ | GENERIC_WRITE,
                                      FILE_SHARE_READ | FILE_SHARE_WRITE, nullptr, OPEN_EXISTING,
                                      FILE_ATTRIBUTE_NORMAL, nullptr);
    if (file == INVALID_HANDLE_VALUE) throw_cannot_open(path, last_windows_error());
    OVERLAPPED where{};
    where.OffsetHigh = lock_offset_high;
    if (!::LockFileEx(file, LOCKFILE_EXCLUSIVE_LOCK | LOCKFILE_FAIL_IMMEDIATELY, 0, 1, 0, &where)) {
        const auto why = ::GetLastError();
        const auto holder = holder_of(file);
        ::CloseHandle(file);
        if (why == ERROR_LOCK_VIOLATION || why == ERROR_IO_PENDING) throw_in_use(path, holder);
        throw_cannot_open(path, {static_cast<int>(why), boost::system::system_category()});
    }
    file_ = reinterpret_cast<std::intptr_t>(file);
    // Nothing depends on the number, so a disk too full for it is left for the database to report.
    const auto pid = std::to_string(own_process_id()) + '\n';
    DWORD written = 0;
    empty(file);
    (void)::WriteFile(file, pid.data(), static_cast<DWORD>(pid.size()), &written, nullptr);
}

lock_file::~lock_file()
{
    // The file stays, as on Linux.
    empty(handle_of(file_));
    ::CloseHandle(handle_of(file_));
}

}  // namespace ecr::store
