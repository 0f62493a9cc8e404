#include "daemon/setup/serial_ports.hpp"

#include <algorithm>
#include <fstream>
#include <set>

namespace ecr::daemon {
namespace {

namespace fs = std::filesystem;

/// The entries of a folder, sorted; none when it cannot be read.
std::vector<fs::path> entries_of(const fs::path& folder)
{
    std::vector<fs::path> found;
    std::error_code failed;
    for (fs::directory_iterator at{folder, failed}, end; !failed && at != end; at.increment(failed))
        found.push_back(at->path());
    std::ranges::sort(found);
    return found;
}

/// Whether a UART is there: the kernel makes ttyS0 to ttyS3 whether or not, and says type 0 then.
bool has_hardware(const fs::path& tty)
{
    std::ifstream in{tty / "type"};
    int type = 0;
    return in >> type && type != 0;
}

}  // namespace

std::vector<std::string> serial_ports(const fs::path& dev, const fs::path& sys)
{
    std::vector<std::string> names;
    std::set<fs::path> known;
    for (const auto* folder : {"serial/by-id", "serial/by-path"}) {
        for (const auto& link : entries_of(dev / folder)) {
            std::error_code failed;
            const auto device = fs::canonical(link, failed);
            if (!failed && known.insert(device).second) names.push_back(link.string());
        }
    }
    for (const auto& tty : entries_of(sys / "class/tty")) {
        const auto name = tty.filename().string();
        if (!name.starts_with("ttyS") && !name.starts_with("ttyAMA")) continue;
        if (has_hardware(tty) && !known.contains(dev / name))
            names.push_back((dev / name).string());
    }
    return names;
}

std::string device_problem(const std::string& device)
{
    return device.starts_with('/') ? "" : "must begin with /, such as /dev/ttyS0";
}

}  // namespace ecr::daemon
