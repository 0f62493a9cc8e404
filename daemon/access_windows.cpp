#include "daemon/access_windows.hpp"

#include "daemon/link/handle_windows.hpp"
#include "store/private_access_windows.hpp"

#include <aclapi.h>
#include <memory>
#include <sddl.h>
#include <string>

namespace ecr::daemon {
namespace {

struct local_free {
    void operator()(void* memory) const noexcept { ::LocalFree(memory); }
};

[[nodiscard]] error_code of_number(DWORD why)
{
    return {static_cast<int>(why), boost::system::system_category()};
}

[[nodiscard]] std::wstring text_of(PSID id)
{
    wchar_t* raw = nullptr;
    if (!::ConvertSidToStringSidW(id, &raw)) return L"?";
    const std::unique_ptr<wchar_t, local_free> text{raw};
    return text.get();
}

/// What a person knows it by: "Users", "Everyone".
[[nodiscard]] std::string name_of(PSID id)
{
    wchar_t name[256];
    wchar_t domain[256];
    DWORD name_size = 256;
    DWORD domain_size = 256;
    SID_NAME_USE use{};
    const bool known =
        ::LookupAccountSidW(nullptr, id, name, &name_size, domain, &domain_size, &use) != 0;
    return std::filesystem::path{known ? std::wstring{name} : text_of(id)}.string();
}

}  // namespace

error_code make_private(const std::filesystem::path& path)
{
    const auto words = store::private_access();
    return words ? set_access(path, *words) : words.error();
}

error_code set_access(const std::filesystem::path& path, const std::wstring& words)
{
    const auto made = store::descriptor_of(words);
    if (!made) return made.error();
    const std::unique_ptr<void, local_free> descriptor{*made};
    BOOL present = FALSE;
    BOOL by_default = FALSE;
    PACL list = nullptr;
    if (!::GetSecurityDescriptorDacl(descriptor.get(), &present, &list, &by_default))
        return last_windows_error();
    auto name = path.wstring();
    return of_number(
        ::SetNamedSecurityInfoW(name.data(), SE_FILE_OBJECT,
                                DACL_SECURITY_INFORMATION | PROTECTED_DACL_SECURITY_INFORMATION,
                                nullptr, nullptr, list, nullptr));
}

result<std::string> others_who_may_read(const std::filesystem::path& path)
{
    const auto words = store::private_access();
    if (!words) return words.error();
    PACL list = nullptr;
    PSECURITY_DESCRIPTOR raw = nullptr;
    auto name = path.wstring();
    if (const auto why =
            ::GetNamedSecurityInfoW(name.data(), SE_FILE_OBJECT, DACL_SECURITY_INFORMATION, nullptr,
                                    nullptr, &list, nullptr, &raw);
        why != ERROR_SUCCESS)
        return of_number(why);
    const std::unique_ptr<void, local_free> descriptor{raw};
    if (list == nullptr) return std::string{"everybody"};
    for (DWORD i = 0; i < list->AceCount; ++i) {
        void* entry = nullptr;
        if (!::GetAce(list, i, &entry)) return last_windows_error();
        const auto& allowed = *static_cast<const ACCESS_ALLOWED_ACE*>(entry);
        if (allowed.Header.AceType != ACCESS_ALLOWED_ACE_TYPE) continue;
        constexpr ACCESS_MASK reading = FILE_READ_DATA | GENERIC_READ | GENERIC_ALL;
        if ((allowed.Mask & reading) == 0) continue;
        auto* const id = const_cast<DWORD*>(&allowed.SidStart);
        const bool trusted = ::IsWellKnownSid(id, WinLocalSystemSid) ||
                             ::IsWellKnownSid(id, WinBuiltinAdministratorsSid) ||
                             words->find(text_of(id) + L")") != std::wstring::npos;
        if (!trusted) return name_of(id);
    }
    return std::string{};
}

}  // namespace ecr::daemon
