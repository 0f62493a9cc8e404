#include "daemon/link/handle_windows.hpp"
#include "daemon/link/serial_port.hpp"
#include "protocol/errc.hpp"

#include <boost/system/errc.hpp>

#include <string>

namespace ecr::daemon {
namespace {

/// COM10 and above open by this name only; the others, too.
std::wstring device_path(const std::filesystem::path& device)
{
    const auto name = device.wstring();
    return name.starts_with(L"\\\\") ? name : L"\\\\.\\" + name;
}

std::string name_of(const serial_settings& settings)
{
    static constexpr char parities[] = {'N', 'O', 'E'};
    return std::to_string(settings.baud) + " " + std::to_string(settings.data_bits) +
           parities[static_cast<int>(settings.parity_bit)] + std::to_string(settings.stop_bits);
}

serial_opening failure(const std::string& device, DWORD why)
{
    namespace errc = boost::system::errc;
    const error_code failed{static_cast<int>(why), boost::system::system_category()};
    switch (why) {
        case ERROR_FILE_NOT_FOUND:
        case ERROR_PATH_NOT_FOUND:
        case ERROR_DEV_NOT_EXIST:
            return {.port = {},
                    .failed = make_error_code(errc::no_such_file_or_directory),
                    .problem = "there is no " + device +
                               ": is it plugged in? See Ports in the Device Manager"};
        case ERROR_ACCESS_DENIED:  // what Windows says of a port that somebody has open
        case ERROR_SHARING_VIOLATION:
        case ERROR_BUSY:
            return {.port = {},
                    .failed = make_error_code(errc::resource_unavailable_try_again),
                    .problem = device + " is in use by another program, or not permitted"};
        case ERROR_INVALID_FUNCTION:
        case ERROR_INVALID_HANDLE:
            return {.port = {}, .failed = failed, .problem = device + " is not a serial port"};
        default:
            return {.port = {},
                    .failed = failed,
                    .problem = "cannot open " + device + ": " + failed.message()};
    }
}

/// Raw, and without flow control: as on Linux no signal line is waited for, and ours are up.
DCB raw_mode(DCB mode, const serial_settings& settings)
{
    mode.BaudRate = static_cast<DWORD>(settings.baud);
    mode.ByteSize = static_cast<BYTE>(settings.data_bits);
    mode.Parity = settings.parity_bit == parity::none  ? NOPARITY
                  : settings.parity_bit == parity::odd ? ODDPARITY
                                                       : EVENPARITY;
    mode.StopBits = settings.stop_bits == 2 ? TWOSTOPBITS : ONESTOPBIT;
    mode.fBinary = TRUE;
    mode.fParity = settings.parity_bit != parity::none ? TRUE : FALSE;
    // A damaged byte is read as NUL, and reading goes on.
    mode.fErrorChar = mode.fParity;
    mode.ErrorChar = '\0';
    mode.fAbortOnError = FALSE;
    mode.fNull = FALSE;
    mode.fOutxCtsFlow = FALSE;
    mode.fOutxDsrFlow = FALSE;
    mode.fDsrSensitivity = FALSE;
    mode.fOutX = FALSE;
    mode.fInX = FALSE;
    mode.fDtrControl = DTR_CONTROL_ENABLE;
    mode.fRtsControl = RTS_CONTROL_ENABLE;
    return mode;
}

bool take_settings(HANDLE port, const serial_settings& settings)
{
    DCB mode{};
    mode.DCBlength = sizeof mode;
    if (!::GetCommState(port, &mode)) return false;
    mode = raw_mode(mode, settings);
    return ::SetCommState(port, &mode) != 0;
}

/// Reading waits for the first byte as long as it takes, and gives what has come when the line has
/// been quiet for a millisecond. Source: COMMTIMEOUTS.
bool take_timeouts(HANDLE port)
{
    COMMTIMEOUTS waits{};
    waits.ReadIntervalTimeout = 1;
    return ::SetCommTimeouts(port, &waits) != 0;
}

}  // namespace

std::optional<serial_lines> lines_of(int port) noexcept
{
    DWORD bits = 0;
    if (!::GetCommModemStatus(handle_of(port), &bits)) return std::nullopt;
    return serial_lines{.dsr = (bits & MS_DSR_ON) != 0, .cts = (bits & MS_CTS_ON) != 0};
}

serial_opening open_serial_port(const std::filesystem::path& device,
                                const serial_settings& settings)
{
    const auto name = device.string();
    // Shared with nobody: Windows itself sees to it.
    const HANDLE handle = ::CreateFileW(device_path(device).c_str(), GENERIC_READ | GENERIC_WRITE,
                                        0, nullptr, OPEN_EXISTING, FILE_FLAG_OVERLAPPED, nullptr);
    if (handle == INVALID_HANDLE_VALUE) return failure(name, ::GetLastError());
    unique_fd port{descriptor_of(handle)};
    if (!take_timeouts(handle)) return failure(name, ::GetLastError());
    if (!take_settings(handle, settings))
        return {.port = {},
                .failed = make_error_code(errc::bad_parameter),
                .problem = name + " cannot do " + name_of(settings)};
    // Bytes of before belong to no command.
    ::PurgeComm(handle, PURGE_RXCLEAR | PURGE_TXCLEAR);
    return {.port = std::move(port), .failed = {}, .problem = {}};
}

}  // namespace ecr::daemon
