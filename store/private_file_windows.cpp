#include "store/private_access_windows.hpp"
#include "store/private_file.hpp"

#include <windows.h>

namespace ecr::store {
namespace {

[[nodiscard]] error_code flush(const std::filesystem::path& path, DWORD access,
                               DWORD flags) noexcept
{
    constexpr DWORD with_all = FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE;
    const HANDLE file =
        ::CreateFileW(path.c_str(), access, with_all, nullptr, OPEN_EXISTING, flags, nullptr);
    if (file == INVALID_HANDLE_VALUE) return last_windows_error();
    const error_code failed = ::FlushFileBuffers(file) ? error_code{} : last_windows_error();
    ::CloseHandle(file);
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
    const auto who = private_access();
    if (!who) return who.error();
    const auto access = descriptor_of(*who);
    if (!access) return access.error();
    SECURITY_ATTRIBUTES with_access{.nLength = sizeof(SECURITY_ATTRIBUTES),
                                    .lpSecurityDescriptor = *access,
                                    .bInheritHandle = FALSE};
    const HANDLE file = ::CreateFileW(path.c_str(), GENERIC_READ | GENERIC_WRITE, 0, &with_access,
                                      CREATE_NEW, FILE_ATTRIBUTE_NORMAL, nullptr);
    const error_code failed = file == INVALID_HANDLE_VALUE ? last_windows_error() : error_code{};
    ::LocalFree(*access);
    if (!failed) ::CloseHandle(file);
    return failed;
}

error_code name_new_file(const std::filesystem::path& file,
                         const std::filesystem::path& name) noexcept
{
    // Without REPLACE_EXISTING a name that something has is refused. WRITE_THROUGH: the name is on
    // the disk when this returns, which on Linux takes a flush of the folder.
    if (::MoveFileExW(file.c_str(), name.c_str(), MOVEFILE_WRITE_THROUGH)) return {};
    return last_windows_error();
}

error_code flush_file(const std::filesystem::path& path) noexcept
{
    return flush(path, GENERIC_READ | GENERIC_WRITE, FILE_ATTRIBUTE_NORMAL);
}

error_code flush_folder(const std::filesystem::path&) noexcept
{
    // NTFS keeps its names in a log of its own, and our names are given with WRITE_THROUGH. A
    // folder cannot be flushed by everybody who may write in it.
    return {};
}

long own_process_id() noexcept
{
    return static_cast<long>(::GetCurrentProcessId());
}

}  // namespace ecr::store
