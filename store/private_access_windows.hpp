#pragma once

#include "protocol/result.hpp"

#include <string>
#include <string_view>

namespace ecr::store {

/// The name by which Windows knows the service "ecrbridged", and no other, to be this service: made
/// of the SHA-1 of its name in capitals. Source: [MS-DTYP] 2.4.2.4 and RtlCreateServiceSid.
inline constexpr std::wstring_view bridge_service =
    L"S-1-5-80-1169906056-3276038074-2239998374-1463859565-4273720441";

/// Who may look at what this program keeps to itself, in Windows' own words (SDDL): the system, its
/// administrators, the bridge's service, and whoever runs this. A service is meant by its own name,
/// not by the account that it shares with other services. Nothing is inherited from the folder.
///
/// Source: Security Descriptor String Format; ace_strings; [MS-DTYP] 2.5.1.1.
///
/// Errors: system category
[[nodiscard]] result<std::wstring> private_access() noexcept;

/// A descriptor that CreateFileW and others take, of such words; to be freed with LocalFree.
///
/// Errors: system category
[[nodiscard]] result<void*> descriptor_of(const std::wstring& words) noexcept;

/// What Windows' last call in this thread has complained about.
[[nodiscard]] error_code last_windows_error() noexcept;

}  // namespace ecr::store
