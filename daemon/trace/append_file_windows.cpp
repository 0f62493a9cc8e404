#include "daemon/access_windows.hpp"
#include "daemon/link/handle_windows.hpp"
#include "daemon/trace/append_file.hpp"
#include "store/private_file.hpp"

namespace ecr::daemon {
namespace {

append_opening failure(const error_code& why)
{
    return {.file = {}, .problem = why.message()};
}

}  // namespace

append_opening open_to_append(const std::filesystem::path& path, std::string_view mark)
{
    if (const auto failed = store::create_private_file(path)) return failure(failed);
    append_opening made;
    // A link that somebody has put there is opened itself, and then is no file of ours.
    const HANDLE file = ::CreateFileW(path.c_str(), GENERIC_READ | FILE_APPEND_DATA | WRITE_DAC,
                                      FILE_SHARE_READ | FILE_SHARE_DELETE, nullptr, OPEN_EXISTING,
                                      FILE_FLAG_OPEN_REPARSE_POINT, nullptr);
    if (file == INVALID_HANDLE_VALUE) return failure(last_windows_error());
    made.file = unique_fd{descriptor_of(file)};
    LARGE_INTEGER size{};
    if (!::GetFileSizeEx(file, &size)) return failure(last_windows_error());
    made.size = static_cast<std::size_t>(size.QuadPart);
    std::string begin(mark.size(), '\0');
    DWORD got = 0;
    if (!::ReadFile(file, begin.data(), static_cast<DWORD>(begin.size()), &got, nullptr))
        return failure(last_windows_error());
    begin.resize(got);
    if (made.size > 0 && begin != mark)
        return {.file = {}, .problem = "it is another file, which is left alone"};
    if (const auto failed = make_private(path)) return failure(failed);
    return made;
}

std::string append_to(int file, std::string_view text)
{
    while (!text.empty()) {
        DWORD written = 0;
        // With the right to append, and no other, Windows writes at the end.
        if (!::WriteFile(handle_of(file), text.data(), static_cast<DWORD>(text.size()), &written,
                         nullptr))
            return last_windows_error().message();
        if (written == 0) return "nothing can be written";
        text.remove_prefix(written);
    }
    return {};
}

}  // namespace ecr::daemon
