// The machine under the bridge: disk, journal, log, service, and what sets the clock.
#include "daemon/doctor/looks.hpp"
#include "store/journal_copy.hpp"
#include "store/lock_file.hpp"

#include <boost/system/system_error.hpp>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdio>
#include <fstream>
#include <linux/magic.h>
#include <map>
#include <memory>
#include <sstream>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/timex.h>
#include <sys/vfs.h>
#include <system_error>
#include <unistd.h>

namespace ecr::daemon::doctor {
namespace {

namespace fs = std::filesystem;
using enum symptom;

/// The folder of a file, or the nearest above it that is there.
fs::path existing_folder(const fs::path& file)
{
    std::error_code failed;
    auto folder = fs::absolute(file, failed).parent_path();
    while (!folder.empty() && !fs::is_directory(folder, failed) && folder != folder.root_path())
        folder = folder.parent_path();
    return folder;
}

int kernel_clock_unset()
{
    timex state{};
    const int clock = ::adjtimex(&state);
    if (clock < 0) return -1;
    return clock == TIME_ERROR || (state.status & STA_UNSYNC) != 0 ? 1 : 0;
}

std::string last_error()
{
    return std::generic_category().message(errno);
}

/// What a command writes to its standard output; nothing: it could not be run, or failed.
std::optional<std::string> output_of(const std::string& command)
{
    struct closer {
        void operator()(std::FILE* pipe) const { ::pclose(pipe); }
    };
    // The words are the doctor's own. NOLINTNEXTLINE(cert-env33-c)
    std::unique_ptr<std::FILE, closer> pipe{::popen(command.c_str(), "re")};
    if (!pipe) return std::nullopt;
    std::string text;
    std::array<char, 512> piece{};
    while (const auto size = std::fread(piece.data(), 1, piece.size(), pipe.get()))
        text.append(piece.data(), size);
    return ::pclose(pipe.release()) == 0 ? std::optional{text} : std::nullopt;
}

/// "Key=value" lines.
std::map<std::string, std::string> pairs_of(const std::string& text)
{
    std::map<std::string, std::string> all;
    std::istringstream in{text};
    for (std::string line; std::getline(in, line);)
        if (const auto equals = line.find('='); equals != std::string::npos)
            all[line.substr(0, equals)] = line.substr(equals + 1);
    return all;
}

void look_at_serial_right(const config& settings, const surroundings& around, findings& to)
{
    std::error_code failed;
    if (fs::exists(around.serial_drop_in, failed)) return;
    for (const auto& link : settings.links)
        if (link.kind == link_kind::serial)
            to.push_back({serial_not_for_service, {link.name, around.serial_drop_in.string()}});
}

}  // namespace

running_bridge bridge_of(const fs::path& journal, const fs::path& proc)
{
    // Not by asking for the lock: a bridge that starts at that moment would be refused it.
    const auto lock = store::lock_path_of(journal);
    struct stat facts {};
    if (::stat(lock.c_str(), &facts) != 0) return {};
    long said = 0;
    std::ifstream{lock} >> said;
    std::ifstream locks{proc / "locks"};
    for (std::string line; std::getline(locks, line);) {
        // "12: FLOCK  ADVISORY  WRITE 708 08:01:1311 0 EOF"
        std::istringstream words{line};
        std::string number, kind, manner, use, where;
        long pid = 0;
        words >> number >> kind >> manner >> use >> pid >> where;
        const auto inode = where.substr(where.rfind(':') + 1);
        // Not the device: some file systems give another one to stat(2).
        if (kind == "FLOCK" && inode == std::to_string(facts.st_ino) && pid == said)
            return {.pid = pid};
    }
    return {};
}

std::optional<finding> judge_file_system(const std::string& file, long type)
{
    static const std::map<unsigned long, const char*> networks{
        {NFS_SUPER_MAGIC, "NFS"}, {CIFS_SUPER_MAGIC, "SMB"},  {SMB2_SUPER_MAGIC, "SMB"},
        {SMB_SUPER_MAGIC, "SMB"}, {FUSE_SUPER_MAGIC, "FUSE"}, {CODA_SUPER_MAGIC, "Coda"},
        {AFS_SUPER_MAGIC, "AFS"}, {V9FS_MAGIC, "9P"},         {NCP_SUPER_MAGIC, "NCP"}};
    const auto what = static_cast<unsigned long>(type) & 0xffffffffUL;
    if (what == TMPFS_MAGIC || what == RAMFS_MAGIC) return finding{disk_volatile, {file}};
    const auto found = networks.find(what);
    if (found == networks.end()) return std::nullopt;
    return finding{disk_network, {file, found->second}};
}

void look_at_disk(const config& settings, const surroundings& around, findings& to)
{
    constexpr std::uint64_t mebi = 1024 * 1024;
    const auto file = settings.journal.string();
    const auto folder = existing_folder(settings.journal);
    struct statfs kind {};
    struct statvfs room {};
    if (::statfs(folder.c_str(), &kind) != 0 || ::statvfs(folder.c_str(), &room) != 0) return;
    if (auto bad = judge_file_system(file, static_cast<long>(kind.f_type)))
        to.push_back(std::move(*bad));
    if ((room.f_flag & ST_RDONLY) != 0) return to.push_back({disk_readonly, {file}});
    const auto free_mib = std::uint64_t{room.f_bavail} * room.f_frsize / mebi;
    const auto what = free_mib < around.room_full_mib    ? disk_full
                      : free_mib < around.room_short_mib ? disk_short
                                                         : disk_fine;
    to.push_back({what, {folder.string(), std::to_string(free_mib)}});
}

void look_at_journal(const fs::path& journal, findings& to)
{
    struct stat facts {};
    if (::stat(journal.c_str(), &facts) != 0) {
        if (errno != ENOENT)
            return to.push_back({journal_unseen, {journal.string(), last_error()}});
        std::error_code failed;
        const bool has_place = fs::is_directory(journal.parent_path(), failed);
        // The unit makes its own.
        if (has_place || journal.parent_path() == "/var/lib/ecrbridge")
            return to.push_back({journal_none, {journal.string()}});
        return to.push_back({journal_no_folder, {journal.parent_path().string()}});
    }
    if (::access(journal.c_str(), R_OK) != 0)
        return to.push_back({journal_unseen, {journal.string(), last_error()}});
    try {
        const auto found = store::examine_journal(journal);
        if (!found.problems.empty())
            return to.push_back({journal_damaged, {journal.string(), found.problems.front()}});
        to.push_back({journal_fine,
                      {journal.string(), std::to_string(found.orders),
                       std::to_string(store::count_open_orders(journal))}});
        if (found.attention > 0)
            to.push_back({journal_attention, {std::to_string(found.attention)}});
    } catch (const boost::system::system_error& failed) {
        if (failed.code() == make_error_code(errc::journal_too_new))
            return to.push_back({journal_too_new, {journal.string()}});
        to.push_back({journal_damaged, {journal.string(), failed.code().message()}});
    }
}

void look_at_log(const log_config& settings, const running_bridge& bridge, findings& to)
{
    if (settings.file.empty()) return;
    const auto file = settings.file.string();
    // What runs has opened it; and its folder may be another one to us, in the unit's sandbox.
    std::error_code failed;
    const bool there = fs::exists(settings.file, failed);
    const auto what = there ? settings.file : settings.file.parent_path();
    if (bridge.pid || ::access(what.c_str(), W_OK) == 0) return to.push_back({log_fine, {file}});
    to.push_back({log_denied, {file, last_error()}});
}

void look_at_service(const config& settings, const running_bridge& bridge,
                     const surroundings& around, findings& to)
{
    if (bridge.pid)
        to.push_back({bridge_runs, {std::to_string(*bridge.pid)}});
    else
        to.push_back({bridge_rests, {}});
    std::error_code failed;
    if (!fs::is_directory(around.systemd, failed)) return;
    const auto said = output_of(around.systemctl +
                                " show -p LoadState,UnitFileState,ActiveState,Result "
                                "ecrbridged.service 2>/dev/null");
    if (!said) return;
    auto unit = pairs_of(*said);
    if (unit["LoadState"] != "loaded") return to.push_back({service_absent, {}});
    look_at_serial_right(settings, around, to);
    if (unit["ActiveState"] == "failed")
        to.push_back({service_failed, {unit["Result"]}});
    else if (unit["UnitFileState"] == "enabled")
        to.push_back({service_fine, {unit["ActiveState"]}});
    if (unit["UnitFileState"] != "enabled") to.push_back({service_disabled, {}});
}

void look_at_time_service(const surroundings& around, findings& to)
{
    const int unset = around.clock_unset != nullptr ? around.clock_unset() : kernel_clock_unset();
    if (unset > 0) to.push_back({clock_unsynchronised, {}});
}

}  // namespace ecr::daemon::doctor
