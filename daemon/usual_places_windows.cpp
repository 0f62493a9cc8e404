#include "daemon/usual_places.hpp"

#include <windows.h>

#include <memory>
#include <shlobj.h>

namespace ecr::daemon {
namespace {

struct task_free {
    void operator()(wchar_t* memory) const noexcept { ::CoTaskMemFree(memory); }
};

/// C:\ProgramData\ecrbridge, wherever this Windows has it.
std::filesystem::path own_folder()
{
    wchar_t* raw = nullptr;
    const auto found = ::SHGetKnownFolderPath(FOLDERID_ProgramData, 0, nullptr, &raw);
    const std::unique_ptr<wchar_t, task_free> path{raw};
    return std::filesystem::path{found == S_OK ? path.get() : L"C:\\ProgramData"} / "ecrbridge";
}

}  // namespace

std::filesystem::path usual_config()
{
    return own_folder() / "ecrbridged.toml";
}

std::filesystem::path usual_journal()
{
    return own_folder() / "journal.db";
}

std::filesystem::path usual_log()
{
    return own_folder() / "ecrbridged.log";
}

std::filesystem::path usual_key()
{
    return own_folder() / "client.key";
}

}  // namespace ecr::daemon
