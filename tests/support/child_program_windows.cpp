#include "tests/support/child_program.hpp"

#include <windows.h>

#include <memory>
#include <stdexcept>
#include <utility>

namespace ecr::test {
namespace {

struct closing {
    void operator()(void* handle) const noexcept { ::CloseHandle(handle); }
};
using owned_handle = std::unique_ptr<void, closing>;

/// As CommandLineToArgvW reads it.
void append_quoted(std::wstring& line, const std::wstring& word)
{
    line += L" \"";
    std::size_t slashes = 0;
    for (const wchar_t c : word) {
        if (c == L'"') line.append(slashes + 1, L'\\');
        slashes = c == L'\\' ? slashes + 1 : 0;
        line += c;
    }
    line.append(slashes, L'\\') += L'"';
}

SECURITY_ATTRIBUTES inherited()
{
    return {.nLength = sizeof(SECURITY_ATTRIBUTES),
            .lpSecurityDescriptor = nullptr,
            .bInheritHandle = TRUE};
}

owned_handle read_file(const std::filesystem::path& name)
{
    auto how = inherited();
    return owned_handle{::CreateFileW(name.c_str(), GENERIC_READ,
                                      FILE_SHARE_READ | FILE_SHARE_WRITE, &how, OPEN_EXISTING,
                                      FILE_ATTRIBUTE_NORMAL, nullptr)};
}

owned_handle written_file(const std::filesystem::path& name)
{
    auto how = inherited();
    return owned_handle{::CreateFileW(name.c_str(), GENERIC_WRITE, FILE_SHARE_READ, &how,
                                      CREATE_ALWAYS, FILE_ATTRIBUTE_NORMAL, nullptr)};
}

/// What a program inherits, and no more: with a socket that listens it would keep a port open.
class inherited_handles {
public:
    explicit inherited_handles(std::vector<HANDLE> handles) : handles_{std::move(handles)}
    {
        SIZE_T size = 0;
        ::InitializeProcThreadAttributeList(nullptr, 1, 0, &size);
        memory_.resize(size);
        if (!::InitializeProcThreadAttributeList(list(), 1, 0, &size) ||
            !::UpdateProcThreadAttribute(list(), 0, PROC_THREAD_ATTRIBUTE_HANDLE_LIST,
                                         handles_.data(), handles_.size() * sizeof(HANDLE), nullptr,
                                         nullptr))
            throw std::runtime_error{"no list of handles"};
    }
    ~inherited_handles() { ::DeleteProcThreadAttributeList(list()); }
    inherited_handles(const inherited_handles&) = delete;
    inherited_handles& operator=(const inherited_handles&) = delete;

    [[nodiscard]] LPPROC_THREAD_ATTRIBUTE_LIST list()
    {
        return reinterpret_cast<LPPROC_THREAD_ATTRIBUTE_LIST>(memory_.data());
    }

private:
    std::vector<HANDLE> handles_;
    std::vector<char> memory_;
};

}  // namespace

int status_of_program(const std::filesystem::path& program,
                      const std::vector<std::string>& arguments, const program_files& files)
{
    auto line = L'"' + program.wstring() + L'"';
    for (const auto& argument : arguments)
        append_quoted(line, std::filesystem::path{argument}.wstring());
    const auto in_file = read_file(files.in.empty() ? "NUL" : files.in);
    const auto out_file = written_file(files.out);
    const auto err_file = written_file(files.err);
    STARTUPINFOEXW start{};
    start.StartupInfo.cb = sizeof start;
    start.StartupInfo.dwFlags = STARTF_USESTDHANDLES;
    start.StartupInfo.hStdInput = in_file.get();
    start.StartupInfo.hStdOutput = out_file.get();
    start.StartupInfo.hStdError = err_file.get();
    inherited_handles only{{in_file.get(), out_file.get(), err_file.get()}};
    start.lpAttributeList = only.list();
    PROCESS_INFORMATION made{};
    if (!::CreateProcessW(nullptr, line.data(), nullptr, nullptr, TRUE,
                          EXTENDED_STARTUPINFO_PRESENT, nullptr, nullptr, &start.StartupInfo,
                          &made))
        return -1;
    const owned_handle process{made.hProcess};
    const owned_handle thread{made.hThread};
    constexpr DWORD patience_ms = 120'000;
    if (::WaitForSingleObject(process.get(), patience_ms) != WAIT_OBJECT_0) {
        ::TerminateProcess(process.get(), 1);
        return -1;
    }
    DWORD status = 0;
    return ::GetExitCodeProcess(process.get(), &status) ? static_cast<int>(status) : -1;
}

void set_variable(const std::string& name, const std::string& value)
{
    ::SetEnvironmentVariableA(name.c_str(), value.empty() ? nullptr : value.c_str());
}

}  // namespace ecr::test
