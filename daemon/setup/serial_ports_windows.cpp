#include "daemon/setup/serial_ports.hpp"

#include <windows.h>

#include <algorithm>
#include <charconv>
#include <string_view>

namespace ecr::daemon {
namespace {

/// 3 of COM3; 0: it is no such name.
int number_of(std::string_view name)
{
    int number = 0;
    if (!name.starts_with("COM") && !name.starts_with("com")) return 0;
    const auto* end = name.data() + name.size();
    const auto [last, failed] = std::from_chars(name.data() + 3, end, number);
    return failed == std::errc{} && last == end && number <= 256 ? std::max(number, 0) : 0;
}

}  // namespace

std::vector<std::string> serial_ports(const std::filesystem::path&, const std::filesystem::path&)
{
    std::vector<std::string> names;
    HKEY key = nullptr;
    // Where every driver of serial ports writes what it has.
    if (::RegOpenKeyExW(HKEY_LOCAL_MACHINE, L"HARDWARE\\DEVICEMAP\\SERIALCOMM", 0, KEY_READ,
                        &key) != ERROR_SUCCESS)
        return names;
    for (DWORD i = 0;; ++i) {
        wchar_t driver[256];
        wchar_t port[256] = {};
        DWORD driver_size = 256;
        DWORD port_size = sizeof port - sizeof *port;
        DWORD type = 0;
        if (::RegEnumValueW(key, i, driver, &driver_size, nullptr, &type,
                            reinterpret_cast<BYTE*>(port), &port_size) != ERROR_SUCCESS)
            break;
        if (type == REG_SZ) names.push_back(std::filesystem::path{port}.string());
    }
    ::RegCloseKey(key);
    std::ranges::sort(names, {}, number_of);
    return names;
}

std::string device_problem(const std::string& device)
{
    return number_of(device) > 0 ? "" : "must be COM and a number, such as COM3";
}

}  // namespace ecr::daemon
