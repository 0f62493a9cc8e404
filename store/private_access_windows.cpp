#include "store/private_access_windows.hpp"

#include <windows.h>

#include <memory>
#include <sddl.h>
#include <vector>

namespace ecr::store {
namespace {

struct closed {
    void operator()(HANDLE handle) const noexcept { ::CloseHandle(handle); }
};
struct local_free {
    void operator()(void* memory) const noexcept { ::LocalFree(memory); }
};

/// One piece of what Windows knows about whoever runs this.
[[nodiscard]] result<std::vector<char>> token_information(HANDLE token,
                                                          TOKEN_INFORMATION_CLASS what)
{
    DWORD size = 0;
    ::GetTokenInformation(token, what, nullptr, 0, &size);
    std::vector<char> bytes(size);
    if (size == 0 || !::GetTokenInformation(token, what, bytes.data(), size, &size))
        return last_windows_error();
    return bytes;
}

[[nodiscard]] result<std::wstring> text_of(PSID id)
{
    wchar_t* raw = nullptr;
    if (!::ConvertSidToStringSidW(id, &raw)) return last_windows_error();
    const std::unique_ptr<wchar_t, local_free> text{raw};
    return std::wstring{text.get()};
}

/// A service has a name of its own among its groups: S-1-5-80-… Empty: this is none.
[[nodiscard]] std::wstring service_of(HANDLE token)
{
    const auto groups = token_information(token, TokenGroups);
    if (!groups) return {};
    const auto& all = *reinterpret_cast<const TOKEN_GROUPS*>(groups->data());
    for (DWORD i = 0; i < all.GroupCount; ++i) {
        const auto name = text_of(all.Groups[i].Sid);
        if (name && name->starts_with(L"S-1-5-80-") && *name != L"S-1-5-80-0") return *name;
    }
    return {};
}

[[nodiscard]] result<std::wstring> whoever_runs_this()
{
    HANDLE raw = nullptr;
    if (!::OpenProcessToken(::GetCurrentProcess(), TOKEN_QUERY, &raw)) return last_windows_error();
    const std::unique_ptr<void, closed> token{raw};
    if (auto service = service_of(token.get()); !service.empty()) return service;
    const auto user = token_information(token.get(), TokenUser);
    if (!user) return user.error();
    return text_of(reinterpret_cast<const TOKEN_USER*>(user->data())->User.Sid);
}

}  // namespace

error_code last_windows_error() noexcept
{
    return {static_cast<int>(::GetLastError()), boost::system::system_category()};
}

result<std::wstring> private_access() noexcept
{
    const auto who = whoever_runs_this();
    if (!who) return who.error();
    // Whoever sets the bridge up writes for the service, which reads it under its own name.
    std::wstring words = L"D:P(A;;FA;;;SY)(A;;FA;;;BA)(A;;FA;;;" + std::wstring{bridge_service};
    if (*who != bridge_service) words += L")(A;;FA;;;" + *who;
    return words + L")";
}

result<void*> descriptor_of(const std::wstring& words) noexcept
{
    PSECURITY_DESCRIPTOR made = nullptr;
    if (!::ConvertStringSecurityDescriptorToSecurityDescriptorW(words.c_str(), SDDL_REVISION_1,
                                                                &made, nullptr))
        return last_windows_error();
    return made;
}

}  // namespace ecr::store
